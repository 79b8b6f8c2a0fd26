using Palio.Protocol.Pickles;
using static Palio.Protocol.Tests.Pickles.PickleBytes;

namespace Palio.Protocol.Tests.Pickles;

/// <summary>Pickles that are small on the wire and large for whoever reads them.</summary>
public sealed class PickleBombTests
{
    [Fact]
    public void Check_SharedListsDoublingThirtyTimes_IsRefused()
    {
        var refusal = new PickleChecker().Check(Whole(Nested(30)));

        Assert.StartsWith("shared values that unfold", refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SharedListsDoublingTenTimes_Passes() => Assert.Null(new PickleChecker().Check(Whole(Nested(10))));

    [Fact]
    public void Check_TuplesOneInAnother_AreRefusedPastTheDepth()
    {
        var checker = new PickleChecker();

        Assert.Null(checker.Check(Whole(')', Enumerable.Repeat((byte)0x85, 63).ToArray())));
        Assert.Contains("64 deep", checker.Check(Whole(')', Enumerable.Repeat((byte)0x85, 64).ToArray()))?.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('N', "values at one time")]
    [InlineData('(', "marks")]
    [InlineData(')', "containers")]
    public void Check_TooManyOfOneKind_IsRefused(char opcode, string what)
    {
        var limits = new PickleLimits { MaxStack = opcode == ')' ? 1 << 18 : 1000, MaxContainers = 1000 };

        var refusal = new PickleChecker(limits).Check(Whole(Enumerable.Repeat((byte)opcode, 2000).ToArray()));

        Assert.Contains($"more than 1000 {what}", refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_TooManyMemoEntries_IsRefused()
    {
        var refusal = new PickleChecker(new PickleLimits { MaxMemo = 100 }).Check(Whole('N', Enumerable.Repeat((byte)0x94, 101).ToArray()));

        Assert.Equal(("MEMOIZE", "more than 100 memo entries"), (refusal?.Opcode, refusal?.Reason));
    }

    [Fact]
    public void Check_TooManyKeys_IsRefused()
    {
        var keys = Enumerable.Range(0, 11).SelectMany(i => Join(Int(i), 'N')).ToArray();

        var refusal = new PickleChecker(new PickleLimits { MaxEntries = 10 }).Check(Whole('}', '(', keys, 'u'));

        Assert.Contains("more than 10 entries", refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WholeNumberTooLong_IsRefused()
    {
        var checker = new PickleChecker();

        Assert.Equal("LONG4", checker.Check(Whole(0x8b, 1, 4, 0, 0, new byte[1025]))?.Opcode);
        Assert.Equal("LONG", checker.Check(Join('L', new string('9', 1025), "L\n."))?.Opcode);
        Assert.Null(checker.Check(Join('L', new string('9', 1024), "L\n.")));
    }

    [Fact]
    public void Check_PickleLargerThanAllowed_IsRefusedUnread() =>
        Assert.Contains("at most 100", new PickleChecker(new PickleLimits { MaxBytes = 100 }).Check(new byte[101])?.Reason, StringComparison.Ordinal);

    private static byte[] Nested(int levels)
    {
        // Each level is memoised once it is filled: index i is the list of level i.
        var body = new List<byte>(Join(']', 'N', 'a', 'q', 0));
        for (var i = 0; i < levels; i++)
        {
            body.AddRange(Join('h', i, 0x86, 'q', i + 1));
        }

        return [.. body];
    }
}
