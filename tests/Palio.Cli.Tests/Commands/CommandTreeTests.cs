using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;

namespace Palio.Cli.Tests.Commands;

public sealed class CommandTreeTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("push")]
    [InlineData("push", "a:1")]
    [InlineData("status", "twelve")]
    [InlineData("token", "create", "x", "--scope", "everything")]
    public async Task Misuse_Exits2AndNamesTheHelp(params string[] args)
    {
        var result = await _cli.RunAsync(args);

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Misuse_WithJson_GivesTheErrorAsJson()
    {
        var result = await _cli.RunAsync("push", "--json");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Equal("usage", (string?)result.Json["error"]!["code"]);
    }

    [Fact]
    public async Task NoCommand_ShowsTheHelp()
    {
        var result = await _cli.RunAsync();

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Contains("leaderboard", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host set"), InlineData("register"), InlineData("login"), InlineData("logout"), InlineData("whoami"), InlineData("instance")]
    [InlineData("challenge init"), InlineData("challenge validate"), InlineData("challenge publish"), InlineData("challenge show"), InlineData("challenge list")]
    [InlineData("challenge approve"), InlineData("challenge review"), InlineData("challenge participants"), InlineData("challenges"), InlineData("phases")]
    [InlineData("team create"), InlineData("team list"), InlineData("team invite"), InlineData("team join"), InlineData("team leave"), InlineData("participate")]
    [InlineData("push"), InlineData("submit"), InlineData("submissions"), InlineData("status"), InlineData("logs"), InlineData("episodes"), InlineData("cancel")]
    [InlineData("rerun"), InlineData("leaderboard"), InlineData("token create"), InlineData("token list"), InlineData("token revoke"), InlineData("doctor"), InlineData("demo"), InlineData("workers"), InlineData("password")]
    public async Task Command_Help_DescribesIt(string command)
    {
        var result = await _cli.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Contains("--json", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_EngineAndServer_AreToldOf()
    {
        _cli.SignedIn();
        _cli.Server.On("GET /instance", Sample.Instance, Palio.Protocol.Api.ApiJsonContext.Default.InstanceInfo);
        _cli.Server.On("GET /me", Sample.Me, Palio.Protocol.Api.ApiJsonContext.Default.Me);

        var result = await _cli.RunAsync("doctor", "--json");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal("Docker", (string?)result.Json["engine"]!["product"]);
        Assert.All(result.Json["checks"]!.AsArray(), check => Assert.True((bool?)check!["ok"]));
    }
}
