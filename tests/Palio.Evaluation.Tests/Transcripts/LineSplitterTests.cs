using System.Text;
using Palio.Evaluation.Transcripts;

namespace Palio.Evaluation.Tests.Transcripts;

public sealed class LineSplitterTests
{
    private readonly List<string> _lines = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    public void Add_PiecesOfAnySize_GivesTheLines(int piece)
    {
        var splitter = new LineSplitter(100, 1000);

        Assert.All(Encoding.UTF8.GetBytes("one\n\nthree\nrest").Chunk(piece), bytes => Assert.True(splitter.Add(bytes, Take)));

        Assert.Equal(["one", "", "three"], _lines);
        Assert.Equal(4, splitter.Unfinished);
    }

    [Fact]
    public void Add_LineTooLong_StopsWithoutGrowing()
    {
        var splitter = new LineSplitter(10, 1000);

        Assert.True(splitter.Add("0123456789"u8, Take));
        Assert.False(splitter.Add("x"u8, Take));
        Assert.Empty(_lines);
    }

    [Fact]
    public void Add_TooMuchInAll_Stops()
    {
        var splitter = new LineSplitter(100, 10);

        Assert.True(splitter.Add("12345678\n"u8, Take));
        Assert.False(splitter.Add("12\n"u8, Take));
        Assert.Equal(["12345678"], _lines);
    }

    [Fact]
    public void Add_TakerRefuses_StopsAtOnce()
    {
        Assert.False(new LineSplitter(100, 1000).Add("a\nb\nc\n"u8, line => Take(line) && _lines.Count < 2));
        Assert.Equal(["a", "b"], _lines);
    }

    private bool Take(ReadOnlyMemory<byte> line)
    {
        _lines.Add(Encoding.UTF8.GetString(line.Span));
        return true;
    }
}
