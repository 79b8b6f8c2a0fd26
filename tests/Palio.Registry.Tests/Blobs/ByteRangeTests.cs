namespace Palio.Registry.Tests.Blobs;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData(null, "Whole", 0, 0)]
    [InlineData("", "Whole", 0, 0)]
    [InlineData("bytes=0-9", "Part", 0, 10)]
    [InlineData("bytes=5-5", "Part", 5, 1)]
    [InlineData("bytes=90-", "Part", 90, 10)]
    [InlineData("bytes=90-1000", "Part", 90, 10)]
    [InlineData("bytes=-10", "Part", 90, 10)]
    [InlineData("bytes=-1000", "Part", 0, 100)]
    [InlineData("BYTES=0-0", "Part", 0, 1)]
    [InlineData("bytes=100-", "Unsatisfiable", 0, 0)]
    [InlineData("bytes=100-200", "Unsatisfiable", 0, 0)]
    [InlineData("bytes=50-10", "Unsatisfiable", 0, 0)]
    [InlineData("bytes=-0", "Unsatisfiable", 0, 0)]
    [InlineData("bytes=0-1,5-6", "Whole", 0, 0)]
    [InlineData("items=0-1", "Whole", 0, 0)]
    [InlineData("bytes=a-b", "Whole", 0, 0)]
    [InlineData("bytes=1", "Whole", 0, 0)]
    [InlineData("bytes=-", "Whole", 0, 0)]
    [InlineData("bytes=0-99999999999999999999", "Whole", 0, 0)]
    public void Parse_OfHundredBytes_IsThatPart(string? header, string kind, long offset, long count)
    {
        var range = ByteRange.Parse(header, 100);

        Assert.Equal((kind, offset, count), (range.Kind.ToString(), range.Offset, range.Count));
    }

    [Fact]
    public void Parse_EmptyBlob_HasNoPart() => Assert.Equal(RangeKind.Unsatisfiable, ByteRange.Parse("bytes=0-0", 0).Kind);
}
