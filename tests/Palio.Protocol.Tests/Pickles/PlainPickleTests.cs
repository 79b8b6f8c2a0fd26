using CsCheck;
using Palio.Protocol.Pickles;

namespace Palio.Protocol.Tests.Pickles;

/// <summary>What Python and NumPy write for plain data in protocols 0 to 5 crosses.</summary>
public sealed class PlainPickleTests
{
    private static readonly Dictionary<string, byte[]> Plain = Read();

    public static TheoryData<string> Names => [.. Plain.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_PlainData_Passes(string name) => Assert.Null(new PickleChecker().Check(Plain[name]));

    [Fact]
    public void Check_PlainDataCutAnywhere_IsRefused()
    {
        var checker = new PickleChecker();
        foreach (var (name, pickle) in Plain)
        {
            for (var length = 0; length < pickle.Length; length += 1 + (pickle.Length / 200))
            {
                Assert.True(checker.Check(pickle.AsSpan(0, length)) is not null, $"{name} cut to {length} bytes passed");
            }
        }
    }

    [Fact]
    public void Check_PlainDataWithBytesAfterIt_IsRefused()
    {
        var refusal = new PickleChecker().Check([.. Plain["ints/p4"], (byte)'N']);

        Assert.Equal("1 bytes follow the end", refusal?.Reason);
    }

    [Fact]
    public void Check_ChangedBytes_NeverThrows()
    {
        var checker = new PickleChecker();
        var pickles = Plain.Values.Where(pickle => pickle.Length < 2000).ToArray();
        Gen.Select(Gen.Int[0, pickles.Length - 1], Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[1, 4]).Sample(
            (index, changes) =>
            {
                var pickle = pickles[index].ToArray();
                foreach (var (at, value) in changes)
                {
                    pickle[at % pickle.Length] = value;
                }

                checker.Check(pickle);
            },
            threads: 1);
    }

    [Fact]
    public void Check_AnyBytes_NeverThrows()
    {
        var checker = new PickleChecker();
        Gen.Byte.Array[0, 200].Sample(bytes => { checker.Check(bytes); }, threads: 1);
    }

    [Fact]
    public void Check_Again_AllocatesNothing()
    {
        var checker = new PickleChecker();
        var pickle = Plain["starter-feedback-new/p4"];
        Assert.Null(checker.Check(pickle));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            checker.Check(pickle);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Dictionary<string, byte[]> Read()
    {
        using var stream = typeof(PlainPickleTests).Assembly.GetManifestResourceStream("plain-pickles.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => Convert.FromBase64String(parts[1]));
    }
}
