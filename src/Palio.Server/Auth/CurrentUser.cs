using System.Globalization;
using System.Security.Claims;
using Palio.Protocol.Api;
using Palio.Server.Errors;

namespace Palio.Server.Auth;

/// <summary>Who asks, as the cookie or token says. One for each request.</summary>
internal sealed class CurrentUser
{
    private readonly int? _id;

    public CurrentUser(IHttpContextAccessor accessor)
        : this(accessor.HttpContext?.User)
    {
    }

    public CurrentUser(ClaimsPrincipal? principal)
    {
        if (principal?.Identity?.IsAuthenticated != true
            || !int.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        UserName = principal.FindFirstValue(ClaimTypes.Name) ?? "";
        if (int.TryParse(principal.FindFirstValue(PalioClaims.WorksFor), CultureInfo.InvariantCulture, out var challenge))
        {
            WorksFor = challenge; // and nobody otherwise: no rule that asks for an account lets it through
            return;
        }

        _id = id;
        Email = principal.FindFirstValue(ClaimTypes.Email) ?? "";
        MustChangePassword = principal.HasClaim(PalioClaims.MustChangePassword, "true");
        Scope = Enum.TryParse<TokenScope>(principal.FindFirstValue(PalioClaims.Scope), out var scope) ? scope : null;
        IsAdministrator = principal.HasClaim(PalioClaims.Administrator, "true") && Scope is null or TokenScope.Admin;
        TokenExpires = DateTimeOffset.TryParse(principal.FindFirstValue(PalioClaims.TokenExpires), CultureInfo.InvariantCulture, out var expires)
            ? expires
            : null;
    }

    public bool IsSignedIn => _id is not null;

    /// <summary>Account id; 0 for nobody, which no row has.</summary>
    public int IdOrZero => _id ?? 0;

    /// <summary>Account id; for those who must be signed in.</summary>
    public int Id => _id ?? throw new PalioException(
        StatusCodes.Status401Unauthorized, RefusalCodes.AuthRequired, "This needs an account.", "Run 'palio login', or sign in on the website.");

    public string UserName { get; } = "";

    public string Email { get; } = "";

    /// <summary>With a token: only when its scope is admin.</summary>
    public bool IsAdministrator { get; }

    /// <summary>The challenge whose workers' token this is; null for a person.</summary>
    public int? WorksFor { get; }

    public bool MustChangePassword { get; }

    /// <summary>The token's scope; null with a cookie.</summary>
    public TokenScope? Scope { get; }

    public DateTimeOffset? TokenExpires { get; }

    /// <summary>The scopes in force, the implied ones among them.</summary>
    public IReadOnlyList<TokenScope> Scopes =>
        WorksFor is not null ? [] : [.. Enum.GetValues<TokenScope>().Where(scope => scope <= (Scope ?? (IsAdministrator ? TokenScope.Admin : TokenScope.Host)))];
}

/// <summary>Claims beside the usual ones.</summary>
internal static class PalioClaims
{
    public const string Administrator = "palio:admin";
    public const string MustChangePassword = "palio:must-change-password";
    public const string Scope = "palio:scope";
    public const string TokenId = "palio:token";
    public const string WorksFor = "palio:works-for";
    public const string TokenExpires = "palio:token-expires";
}
