using System.Net;
using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;
using Palio.Protocol.Api;

namespace Palio.Cli.Tests.Commands;

public sealed class SignInTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public SignInTests() => _cli.Server.On("GET /me", Sample.Me, ApiJsonContext.Default.Me);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Login_PasswordOnStandardInput_StoresTheToken()
    {
        _cli.Input = "correct horse\n";
        var token = new TokenSummary(4, "palio", TokenScope.Host, Sample.Noon, Sample.Noon.AddDays(90), null, null);
        _cli.Server.On("POST /tokens/sign-in", new CreatedToken(token, "palio_new"), ApiJsonContext.Default.CreatedToken);

        var result = await _cli.RunAsync("login", "--user", "ada", "--password-stdin");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal("correct horse", _cli.Server.Asked("POST /tokens/sign-in").Read(ApiJsonContext.Default.SignInRequest).Password);
        Assert.Equal("palio_new", _cli.Credentials.Read().Find(new Uri(CliHarness.Host))?.Token);
        Assert.DoesNotContain("palio_new", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_OfSomebodyElse_IsPrintedAloneOnStandardOutput()
    {
        _cli.Server.On("POST /accounts/bea/password", new GivenPassword("bea", "fresh and long"), ApiJsonContext.Default.GivenPassword);

        var result = await _cli.SignedIn().RunAsync("password", "bea");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal("fresh and long", result.Output.Trim());
        Assert.Contains("shown once", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_Token_ChecksAndStoresIt()
    {
        var result = await _cli.RunAsync("login", "--token", "palio_given");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal("Bearer palio_given", _cli.Server.Asked("GET /me").Authorization);
        Assert.Equal("palio_given", _cli.Credentials.Read().Find(new Uri(CliHarness.Host))?.Token);
    }

    [Fact]
    public async Task Login_TokenRefused_StoresNothing()
    {
        _cli.Server.Refuse("GET /me", HttpStatusCode.Unauthorized, "token_revoked", "The token was revoked.");

        var result = await _cli.RunAsync("login", "--token", "palio_given");

        Assert.Equal(ExitCode.Auth, result.Exit);
        Assert.Empty(_cli.Credentials.Read().Hosts);
    }

    [Fact]
    public async Task Login_NobodyToAsk_NamesTheOptions()
    {
        var result = await _cli.RunAsync("login", "--user", "ada");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("--password-stdin", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logout_SignedIn_ForgetsTheToken()
    {
        _cli.SignedIn();

        var result = await _cli.RunAsync("logout");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Empty(_cli.Credentials.Read().Hosts);
    }

    [Fact]
    public async Task Whoami_NotSignedIn_SaysWhatToRun()
    {
        var result = await _cli.RunAsync("whoami");

        Assert.Equal(ExitCode.Auth, result.Exit);
        Assert.Contains("run: palio login", result.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Server.Requests);
    }

    [Fact]
    public async Task Whoami_ExpiredToken_SaysSoAndWhatToRun()
    {
        _cli.SignedIn();
        _cli.Server.Refuse("GET /me", HttpStatusCode.Unauthorized, "token_expired", "The token ended on 2026-11-01.");

        var result = await _cli.RunAsync("whoami");

        Assert.Equal(ExitCode.Auth, result.Exit);
        Assert.Contains("ended on 2026-11-01", result.Error, StringComparison.Ordinal);
        Assert.Contains("run: palio login", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoami_TokenInEnvironment_GoesBeforeTheStoredOne()
    {
        _cli.SignedIn();
        _cli.Variables["PALIO_TOKEN"] = "palio_env";

        await _cli.RunAsync("whoami");

        Assert.Equal("Bearer palio_env", _cli.Server.Asked("GET /me").Authorization);
    }

    [Fact]
    public async Task Whoami_Json_IsTheApisDocument()
    {
        _cli.SignedIn();

        var result = await _cli.RunAsync("whoami", "--json");

        Assert.Equal("ada", (string?)result.Json["userName"]);
        Assert.Equal("submit", (string?)result.Json["tokenScopes"]![0]);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task HostSet_Address_IsRememberedForLaterCommands()
    {
        _cli.Variables.Remove("PALIO_HOST");
        _cli.Server.On("GET /instance", Sample.Instance, ApiJsonContext.Default.InstanceInfo);

        var set = await _cli.RunAsync("host", "set", "palio.example.org");
        var show = await _cli.RunAsync("host", "show", "--json");

        Assert.Equal(ExitCode.Ok, set.Exit);
        Assert.Equal("https://palio.example.org/", (string?)show.Json["host"]);
    }

    [Fact]
    public async Task AnyCommand_NoServerSet_SaysHowToSetOne()
    {
        _cli.Variables.Remove("PALIO_HOST");

        var result = await _cli.RunAsync("challenges");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("palio host set URL", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_ServerAway_IsThePlatformsFailure()
    {
        _cli.Server.On("GET /instance", _ => throw new HttpRequestException("Connection refused"));

        var result = await _cli.RunAsync("instance");

        Assert.Equal(ExitCode.PlatformFailed, result.Exit);
        Assert.Contains("cannot be reached", result.Error, StringComparison.Ordinal);
    }
}
