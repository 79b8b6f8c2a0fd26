using CsCheck;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Tests.Spaces;

public sealed class SpaceJsonTests
{
    [Fact]
    public void Write_AnySpace_ReadsBackEqual() => AnySpace.Gen3.Sample(space =>
    {
        var json = space.ToString();
        var read = SpaceJson.Parse(json);
        Assert.Equal(json, read.ToString());
        Assert.Equal((space.MinSize, space.IsFixedSize), (read.MinSize, read.IsFixedSize));
    }, iter: 500);

    [Fact]
    public void Create_EveryElementType_KeepsItsRange()
    {
        Assert.Equal(
            """{"type":"Box","dtype":"uint8","shape":[1],"low":0,"high":255}""", BoxSpace.Create<byte>([1]).ToString());
        Assert.Contains("\"low\":-128,\"high\":127", BoxSpace.Create<sbyte>([1]).ToString(), StringComparison.Ordinal);
        Assert.Contains("\"low\":0,\"high\":65535", BoxSpace.Create<ushort>([1]).ToString(), StringComparison.Ordinal);
        Assert.Contains("\"low\":0,\"high\":4294967295", BoxSpace.Create<uint>([1]).ToString(), StringComparison.Ordinal);
        Assert.Contains("\"low\":0,\"high\":18446744073709551615", BoxSpace.Create<ulong>([1]).ToString(), StringComparison.Ordinal);
        Assert.Contains("\"low\":-9223372036854775808,", BoxSpace.Create<long>([1]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AnyText_IsASpaceOrASpaceException() => Gen.String.Sample(text =>
    {
        try
        {
            SpaceJson.Parse(text);
        }
        catch (SpaceException)
        {
            // What it is for.
        }
    });

    [Theory]
    [InlineData("""{"type":"Box","dtype":"float32","shape":[4],"low":[-4.8,"-inf",-0.41887903,"-inf"],"high":[4.8,"inf",0.41887903,"inf"]}""", "Box float32 [4]", 16)]
    [InlineData("""{"type":"Discrete","n":2}""", "Discrete 2", 8)]
    [InlineData("""{"type":"Discrete","n":9223372036854775807}""", "Discrete 9223372036854775807", 8)]
    [InlineData("""{"type":"MultiDiscrete","nvec":[2,3]}""", "MultiDiscrete [2]", 16)]
    [InlineData("""{"type":"Box","dtype":"bool","shape":[]}""", "Box bool []", 1)]
    [InlineData("""{"type":"Dict","spaces":{"camera":{"type":"Box","dtype":"uint8","shape":[84,84,4],"low":0,"high":255},"goal":{"type":"Text","max_length":80}}}""", "Dict with camera, goal", 28228)]
    public void Parse_SpecificationsExamples_AreSpaces(string json, string description, int size)
    {
        var space = SpaceJson.Parse(json);
        Assert.Equal((description, size), (space.Describe(), space.MinSize));
    }

    [Theory]
    [InlineData("""[]""", "expected an object")]
    [InlineData("""{}""", "\"type\" is missing")]
    [InlineData("""{"type":"Graph"}""", "unknown type \"Graph\"")]
    [InlineData("""{"type":"Box","dtype":"complex64","shape":[1]}""", "unknown dtype \"complex64\"")]
    [InlineData("""{"type":"Box","dtype":"float32"}""", "\"shape\" is missing")]
    [InlineData("""{"type":"Box","dtype":"float32","shape":[0]}""", "at least 1")]
    [InlineData("""{"type":"Box","dtype":"float32","shape":[-1]}""", "at least 1")]
    [InlineData("""{"type":"Box","dtype":"float32","shape":[1,1,1,1,1,1,1,1,1]}""", "at most 8")]
    [InlineData("""{"type":"Box","dtype":"float32","shape":[100000,100000]}""", "more than")]
    [InlineData("""{"type":"Box","dtype":"float32","shape":[2],"low":[0]}""", "has 1 elements; the shape has 2")]
    [InlineData("""{"type":"Box","dtype":"float32","shape":[2],"low":1,"high":0}""", "above high")]
    [InlineData("""{"type":"Box","dtype":"uint8","shape":[2],"low":-1}""", "cannot hold")]
    [InlineData("""{"type":"Box","dtype":"int8","shape":[2],"high":128}""", "cannot hold")]
    [InlineData("""{"type":"Box","dtype":"int8","shape":[2],"high":"inf"}""", "cannot hold")]
    [InlineData("""{"type":"Discrete","n":0}""", "at least 1")]
    [InlineData("""{"type":"Discrete","n":1.5}""", "whole number")]
    [InlineData("""{"type":"Discrete","n":9223372036854775807,"start":2}""", "beyond 64 bits")]
    [InlineData("""{"type":"MultiDiscrete","nvec":[2,0]}""", "no range")]
    [InlineData("""{"type":"MultiDiscrete","nvec":[2,2],"shape":[3]}""", "needs 3")]
    [InlineData("""{"type":"Text","max_length":0}""", "no range")]
    [InlineData("""{"type":"Text","max_length":2,"min_length":3}""", "no range")]
    [InlineData("""{"type":"Dict","spaces":{}}""", "at least one member")]
    [InlineData("""{"type":"Dict","spaces":{"":{"type":"Discrete","n":2}}}""", "1 to 200")]
    [InlineData("""{"type":"Tuple","spaces":[]}""", "at least one member")]
    [InlineData("""{"type":"Tuple","spaces":[{"type":"Dict","spaces":{"a":{"type":"Discrete"}}}]}""", "[0].a")]
    public void Parse_WhatIsNoSpace_SaysWhatAndWhere(string json, string message) =>
        Assert.Contains(message, Assert.Throws<SpaceException>(() => SpaceJson.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_SeventeenLevels_IsRefused() =>
        Assert.Throws<SpaceException>(() => SpaceJson.Parse(string.Concat(Enumerable.Repeat("""{"type":"Tuple","spaces":[""", 16)) + """{"type":"Discrete","n":2}""" + string.Concat(Enumerable.Repeat("]}", 16))));

    [Fact]
    public void Parse_SixteenLevels_IsTaken() =>
        Assert.Equal(8, SpaceJson.Parse(string.Concat(Enumerable.Repeat("""{"type":"Tuple","spaces":[""", 15)) + """{"type":"Discrete","n":2}""" + string.Concat(Enumerable.Repeat("]}", 15))).MinSize);

    [Fact]
    public void TupleSpace_257Leaves_IsRefused()
    {
        Space[] leaves = [.. Enumerable.Range(0, 257).Select(_ => new DiscreteSpace(2))];
        Assert.Contains("256", Assert.Throws<SpaceException>(() => new TupleSpace(leaves)).Message, StringComparison.Ordinal);
        Assert.Equal(256 * 8, new TupleSpace(leaves[1..]).MinSize);
    }

    [Fact]
    public void DictSpace_Names_AreOrderedByCodePoint()
    {
        var one = new DiscreteSpace(2);
        var dict = new DictSpace(new[] { "\U0001f3c7", "\uff21", "a", "Z", "é" }.Select(name => KeyValuePair.Create<string, Space>(name, one)));
        Assert.Equal(["Z", "a", "é", "\uff21", "\U0001f3c7"], dict.Spaces.Select(member => member.Key));
    }
}
