using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Accounts;

namespace Palio.Server.Auth;

/// <summary>Personal access tokens as <c>Authorization: Bearer</c>.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    PalioDbContext db, TokenUses uses, TimeProvider time, IProblemDetailsService problems)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Token";

    private static readonly string[] Keywords = ["Bearer ", "Token "];

    private static readonly CompiledQuery<Func<PalioDbContext, string, CancellationToken, Task<AccessToken?>>> ByHash = new(() =>
        EF.CompileAsyncQuery((PalioDbContext db, string hash, CancellationToken _) => db.AccessTokens.AsNoTracking().Include(t => t.User).FirstOrDefault(t => t.Hash == hash)));

    private PalioException _challenge = new(
        StatusCodes.Status401Unauthorized, RefusalCodes.AuthRequired, "This needs an account.",
        "Run 'palio login', or send 'Authorization: Bearer' with a personal access token.");

    /// <summary>What follows <c>Bearer</c>, or EvalAI's <c>Token</c>.</summary>
    public static string? BearerOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var keyword = Keywords.FirstOrDefault(keyword => header.StartsWith(keyword, StringComparison.OrdinalIgnoreCase));
        return keyword is null ? null : header[keyword.Length..].Trim();
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerOf(Request) is not { } secret)
        {
            return AuthenticateResult.NoResult();
        }

        var now = time.GetUtcNow();
        var found = await FindAsync(db, secret, Context.RequestAborted);
        switch (found?.Token.StateAt(now))
        {
            case null:
                return Refuse(RefusalCodes.AuthRequired, "This token is not known here.", "Run 'palio login' to get a new one.");
            case TokenState.Expired:
                return Refuse(RefusalCodes.TokenExpired,
                    $"The token '{found.Token.Name}' expired on {found.Token.Expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC.", "Run 'palio login' to get a new one.");
            case TokenState.Revoked:
                return Refuse(RefusalCodes.TokenRevoked, $"The token '{found.Token.Name}' was revoked.", "Run 'palio login' to get a new one.");
        }

        uses.Note(found.Token);
        return AuthenticateResult.Success(new AuthenticationTicket(Principal(found), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        await ProblemResponses.WriteAsync(problems, Context, _challenge);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        await ProblemResponses.WriteAsync(problems, Context, new PalioException(
            StatusCodes.Status403Forbidden, RefusalCodes.Scope, "This token's scope is not wide enough for that.",
            "Make a token with a wider scope on the tokens page, or run 'palio login' again."));

    /// <summary>The token with its account, whatever its state. The look-up is by hash, so that timing tells nothing.</summary>
    public static async Task<FoundToken?> FindAsync(PalioDbContext db, string secret, CancellationToken cancellationToken)
    {
        if (!secret.StartsWith(Secrets.TokenPrefix, StringComparison.Ordinal) || secret.Length > 100)
        {
            return null;
        }

        var token = await ByHash.On(db)(db, Secrets.Hash(secret), cancellationToken);
        return token is null ? null : new FoundToken(token, token.User);
    }

    private static ClaimsPrincipal Principal(FoundToken found)
    {
        var (token, user) = found;
        var scope = token.Scope == TokenScope.Admin && !user.IsAdministrator ? TokenScope.Host : token.Scope;
        return new ClaimsPrincipal(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, user.UserName ?? ""),
            new(ClaimTypes.Email, user.Email ?? ""),
            new(PalioClaims.Administrator, user.IsAdministrator ? "true" : "false"),
            new(PalioClaims.Scope, scope.ToString()),
            new(PalioClaims.TokenId, token.Id.ToString(CultureInfo.InvariantCulture)),
            new(PalioClaims.TokenExpires, token.Expires.ToString("O", CultureInfo.InvariantCulture)),
            .. token.WorksForId is { } challenge ? [new Claim(PalioClaims.WorksFor, challenge.ToString(CultureInfo.InvariantCulture))] : Array.Empty<Claim>(),
        ],
        SchemeName));
    }

    private AuthenticateResult Refuse(string code, string message, string remedy)
    {
        _challenge = new PalioException(StatusCodes.Status401Unauthorized, code, message, remedy);
        return AuthenticateResult.Fail(message);
    }
}

/// <summary>A token and whose it is.</summary>
internal sealed record FoundToken(AccessToken Token, User User);
