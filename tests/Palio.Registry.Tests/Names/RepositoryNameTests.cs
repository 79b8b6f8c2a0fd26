namespace Palio.Registry.Tests.Names;

public sealed class RepositoryNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("cartpole/team-7")]
    [InlineData("a.b/c_d/e__f/g-h/i--j/k---l")]
    [InlineData("manifests/blobs/uploads/tags/list")]
    public void TryParse_Valid_KeepsIt(string text)
    {
        Assert.True(RepositoryName.TryParse(text, out var name));
        Assert.Equal(text, name.Value);
    }

    [Theory]
    [InlineData("pole__players", "pole/players")]
    [InlineData("a__b__team-7", "a__b/team-7")]
    [InlineData("pole/players", "pole/players")]
    [InlineData("a__b/c", "a__b/c")]
    [InlineData("pole/host/environment", "pole/host/environment")]
    [InlineData("pole", "pole")]
    public void TryParseWritten_NameInOnePiece_IsTheNameInTwo(string text, string value)
    {
        Assert.True(RepositoryName.TryParseWritten(text, out var name));
        Assert.Equal(value, name.Value);
    }

    [Theory]
    [InlineData("a__")]
    [InlineData("__a")]
    [InlineData("a___b")]
    public void TryParseWritten_BrokenJoint_IsNoName(string text) => Assert.False(RepositoryName.TryParseWritten(text, out _));

    [Fact]
    public void InOnePiece_IsReadAgainAsTheSameName()
    {
        var name = RepositoryName.Parse("a__b/team-7");
        Assert.True(RepositoryName.TryParseWritten(name.InOnePiece, out var again));
        Assert.Equal(name, again);
        Assert.Equal("pole/host/environment", RepositoryName.Parse("pole/host/environment").InOnePiece);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("A")]
    [InlineData("ä")]
    [InlineData("a b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a-.b")]
    [InlineData("_a")]
    [InlineData("a_")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a%2fb")]
    [InlineData("a:b")]
    [InlineData("a\0b")]
    [InlineData("a/_blobs")]
    public void TryParse_Invalid_IsRefused(string? text) => Assert.False(RepositoryName.TryParse(text, out _));

    [Fact]
    public void TryParse_TooLong_IsRefused()
    {
        Assert.True(RepositoryName.TryParse(new string('a', RepositoryName.MaxLength), out _));
        Assert.False(RepositoryName.TryParse(new string('a', RepositoryName.MaxLength + 1), out _));
    }
}
