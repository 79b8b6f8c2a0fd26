using System.Security.Cryptography;
using System.Text;
using Palio.Referee.Recording;

namespace Palio.Referee.Tests;

public sealed class Sha256Tests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1")]
    public void Hash_PublishedMessage_IsThePublishedDigest(string message, string digest) =>
        Assert.Equal(digest, Convert.ToHexStringLower(Sha256.Hash(Encoding.ASCII.GetBytes(message))));

    [Fact]
    public void Hash_AMillionTimesA_IsThePublishedDigest() => Assert.Equal(
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        Convert.ToHexStringLower(Sha256.Hash(Encoding.ASCII.GetBytes(new string('a', 1_000_000)))));

    [Fact]
    public void Append_AnyCut_IsTheDigestOfTheWhole()
    {
        var random = new Random(5);
        var hash = new Sha256();
        for (var length = 0; length < 300; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            for (var at = 0; at < length;)
            {
                var some = Math.Min(random.Next(1, 100), length - at);
                hash.Append(data.AsSpan(at, some));
                at += some;
            }

            Assert.Equal(SHA256.HashData(data), hash.Finish());
        }
    }
}
