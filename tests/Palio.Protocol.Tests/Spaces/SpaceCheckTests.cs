using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Tests.Spaces;

public sealed class SpaceCheckTests
{
    [Fact]
    public void Check_AnyBytes_NeverThrowsAndTakesNothingTooShort() =>
        Gen.Select(AnySpace.Gen3, Gen.Byte.Array[0, 400]).Sample((space, bytes) =>
            Assert.True(space.Check(bytes, MemberRule.Observation) is not null || bytes.Length >= space.MinSize), iter: 1000);

    [Fact]
    public void Check_FixedSize_RefusesShorterAndLonger() => AnySpace.Gen3.Where(space => space.IsFixedSize).Sample(space =>
    {
        Assert.NotNull(space.Check(new byte[space.MinSize - 1], MemberRule.Action));
        Assert.NotNull(space.Check(new byte[space.MinSize + 1], MemberRule.Action));
    }, iter: 200);

    [Theory]
    [InlineData(-1f, null)]
    [InlineData(1f, null)]
    [InlineData(1.0000001f, "expected a finite float32 from -1 to 1 at [1], got 1.0000001")]
    [InlineData(float.NaN, "expected a finite float32 from -1 to 1 at [1], got NaN")]
    [InlineData(float.PositiveInfinity, "expected a finite float32 from -1 to 1 at [1], got inf")]
    public void Check_FloatAction_IsFiniteAndWithinInclusiveBounds(float value, string? error) =>
        Assert.Equal(error, BoxSpace.Create<float>([3], -1, 1).Check(Bytes(0, value, 0), MemberRule.Action));

    [Theory]
    [InlineData(float.PositiveInfinity, MemberRule.Observation, true)]
    [InlineData(float.NegativeInfinity, MemberRule.Observation, false)]
    [InlineData(float.NaN, MemberRule.Observation, false)]
    [InlineData(float.PositiveInfinity, MemberRule.Action, false)]
    [InlineData(float.MaxValue, MemberRule.Action, true)]
    public void Check_InfiniteNumber_OnlyWhereAnObservationsBoundIs(float value, MemberRule rule, bool isMember) =>
        Assert.Equal(isMember, BoxSpace.Create<float>([1], low: -1f).Check(Bytes(value), rule) is null);

    [Theory]
    [InlineData(7f, 1f)]
    [InlineData(-7f, -1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, -1f)]
    [InlineData(0.5f, 0.5f)]
    public void Check_ClippedAction_MovesToTheNearestBound(float value, float expected)
    {
        var bytes = Bytes(value);
        Assert.Null(BoxSpace.Create<float>([1], -1, 1).Check(bytes, MemberRule.ClippedAction));
        Assert.Equal(expected, BinaryPrimitives.ReadSingleLittleEndian(bytes));
    }

    [Fact]
    public void Check_ClippedNaN_IsNoMember() =>
        Assert.NotNull(BoxSpace.Create<float>([1], -1, 1).Check(Bytes(float.NaN), MemberRule.ClippedAction));

    [Fact]
    public void Check_ClippedDiscrete_IsNoMember() =>
        Assert.NotNull(new DiscreteSpace(2).Check(BitConverter.GetBytes(2L), MemberRule.ClippedAction));

    [Theory]
    [InlineData(-1L, true)]
    [InlineData(1L, true)]
    [InlineData(-2L, false)]
    [InlineData(2L, false)]
    [InlineData(long.MinValue, false)]
    [InlineData(long.MaxValue, false)]
    public void Check_Discrete_IsFromItsStartOn(long value, bool isMember) =>
        Assert.Equal(isMember, new DiscreteSpace(3, -1).Check(BitConverter.GetBytes(value), MemberRule.Action) is null);

    [Fact]
    public void Check_DiscreteOfAllNumbers_DoesNotOverflow()
    {
        var space = new DiscreteSpace(long.MaxValue, 1);
        Assert.Null(space.Check(BitConverter.GetBytes(long.MaxValue), MemberRule.Action));
        Assert.NotNull(space.Check(BitConverter.GetBytes(long.MinValue), MemberRule.Action));
    }

    [Fact]
    public void Check_MultiDiscrete_NamesTheElement() => Assert.Equal(
        "expected a whole number from -2 to 2 at [1], got 3",
        new MultiDiscreteSpace([3, 5], start: [0, -2]).Check(MemoryMarshal.AsBytes<long>(new long[] { 2, 3 }).ToArray(), MemberRule.Action));

    [Theory]
    [InlineData(0, 1, null)]
    [InlineData(0, 2, "expected 0 or 1 at [1], got 2")]
    public void Check_MultiBinary_IsZeroOrOne(byte first, byte second, string? error) =>
        Assert.Equal(error, new MultiBinarySpace(2).Check(new[] { first, second }, MemberRule.Action));

    [Fact]
    public void Check_BoolBox_IsZeroOrOne() => Assert.NotNull(BoxSpace.Create<bool>([1]).Check(new byte[] { 2 }, MemberRule.Observation));

    [Theory]
    [InlineData("ab", true)]
    [InlineData("", false)]
    [InlineData("aaaa", false)]
    [InlineData("😀😀😀", true)]
    [InlineData("b", true)]
    [InlineData("x", false)]
    public void Check_Text_CountsCodePointsAndKnowsItsCharacters(string text, bool isMember) =>
        Assert.Equal(isMember, new TextSpace(3, 1, "ab😀").Check(Text(Encoding.UTF8.GetBytes(text)), MemberRule.Action) is null);

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc3 })]
    [InlineData(new byte[] { 0xc0, 0x80 })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    public void Check_TextThatIsNoUtf8_IsNoMember(byte[] bytes) => Assert.NotNull(new TextSpace(9, 0).Check(Text(bytes), MemberRule.Observation));

    [Theory]
    [InlineData(new byte[] { 255, 255, 255, 255 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 65 })]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 65, 66 })]
    public void Check_TextWhoseCountLies_IsNoMember(byte[] bytes) => Assert.NotNull(new TextSpace(9, 0).Check(bytes, MemberRule.Observation));

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(2, 2, true)]
    [InlineData(3, 3, false)]
    [InlineData(2, 1, false)]
    [InlineData(1, 2, false)]
    [InlineData(-1, 0, false)]
    public void Check_Sequence_HasAsManyElementsAsItSays(int count, int elements, bool isMember) => Assert.Equal(
        isMember,
        new SequenceSpace(new MultiBinarySpace(1), 2).Check([.. BitConverter.GetBytes(count), .. new byte[elements]], MemberRule.Action) is null);

    [Fact]
    public void Check_Nested_NamesThePlace()
    {
        var space = new DictSpace([KeyValuePair.Create<string, Space>("arm", new TupleSpace(new DiscreteSpace(2), new DiscreteSpace(2)))]);
        Assert.Equal("arm: [1]: expected a whole number from 0 to 1, got 2", space.Check(MemoryMarshal.AsBytes<long>(new long[] { 1, 2 }).ToArray(), MemberRule.Action));
    }

    [Fact]
    public void Check_Members_AllocatesNothing()
    {
        var space = BoxSpace.Create<float>([84, 84], 0, 1);
        var bytes = new byte[space.MinSize];
        space.Check(bytes, MemberRule.Observation);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            space.Check(bytes, MemberRule.Observation);
            space.Check(bytes, MemberRule.ClippedAction);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Bytes(params ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).ToArray();

    private static byte[] Text(byte[] text) => [.. BitConverter.GetBytes(text.Length), .. text];
}
