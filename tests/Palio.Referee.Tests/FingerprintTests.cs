using System.IO.Hashing;
using Palio.Referee.Recording;

namespace Palio.Referee.Tests;

public sealed class FingerprintTests
{
    [Fact]
    public void Take_AnyLength_IsTheLibrarysXxh3()
    {
        var data = new byte[70_000];
        new Random(3).NextBytes(data);
        var (ours, theirs) = (new byte[Fingerprint.ByteCount], new byte[Fingerprint.ByteCount]);
        foreach (var length in Enumerable.Range(1, 2200).Concat([4095, 4096, 4097, 5119, 5120, 5121, 28_224, 65_535, 65_536, 65_537, 70_000]))
        {
            Fingerprint.Take(data.AsSpan(0, length), ours);
            XxHash128.Hash(data.AsSpan(0, length), theirs);
            Assert.Equal(theirs, ours);
        }
    }
}
