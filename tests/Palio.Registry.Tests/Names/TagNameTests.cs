namespace Palio.Registry.Tests.Names;

public sealed class TagNameTests
{
    [Theory]
    [InlineData("latest", true)]
    [InlineData("1.0-rc_2", true)]
    [InlineData("_x", true)]
    [InlineData("UPPER", true)]
    [InlineData("", false)]
    [InlineData(".x", false)]
    [InlineData("-x", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void IsValid_Text_AsTheSpecificationSays(string text, bool valid) => Assert.Equal(valid, TagName.IsValid(text));

    [Fact]
    public void IsValid_Length_EndsAt128()
    {
        Assert.True(TagName.IsValid(new string('a', 128)));
        Assert.False(TagName.IsValid(new string('a', 129)));
    }
}
