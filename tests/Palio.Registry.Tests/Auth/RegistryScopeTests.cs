namespace Palio.Registry.Tests.Auth;

public sealed class RegistryScopeTests
{
    [Theory]
    [InlineData("repository:a/b:pull", "repository:a/b:pull")]
    [InlineData("repository:a/b:push,pull", "repository:a/b:pull,push")]
    [InlineData("repository:a/b:*", "repository:a/b:pull,push,delete")]
    [InlineData("repository:a:pull repository:a:pull,push", "repository:a:pull,push")]
    [InlineData("repository:a:pull repository:b:pull", "repository:a:pull repository:b:pull")]
    [InlineData("repository:a:pull,unknown", "repository:a:pull")]
    [InlineData("registry:catalog:*", "")]
    [InlineData("repository:a:unknown", "")]
    [InlineData("repository:a", "")]
    [InlineData("repository", "")]
    [InlineData("repository::pull", "")]
    [InlineData("repository:A:pull", "")]
    [InlineData("repository:host:5000/a:pull", "")]
    [InlineData("  ", "")]
    [InlineData(null, "")]
    public void Parse_Text_KeepsWhatIsUnderstood(string? text, string expected) =>
        Assert.Equal(expected, string.Join(' ', RegistryScope.Parse([text])));

    [Fact]
    public void Parse_RepeatedParameters_AreOneList() =>
        Assert.Equal("repository:a:pull,push repository:b:pull",
            string.Join(' ', RegistryScope.Parse(["repository:a:pull", "repository:b:pull repository:a:push"])));
}
