using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Palio.Protocol.Api;

/// <summary>Makes an account. <c>POST /api/v1/accounts</c>.</summary>
public sealed record RegisterRequest
{
    /// <summary>3 to 50 of letters, digits, <c>-</c>, <c>_</c>, <c>.</c>; unique whatever the case.</summary>
    [Required, StringLength(50, MinimumLength = 3)] public required string UserName { get; init; }

    /// <summary>E-mail address; unique whatever the case.</summary>
    [Required, EmailAddress, StringLength(254)] public required string Email { get; init; }

    /// <summary>At least 10 characters.</summary>
    [Required, StringLength(200, MinimumLength = 10)] public required string Password { get; init; }
}

/// <summary>A new password for somebody who lost theirs. Answer to <c>POST /api/v1/accounts/{userName}/password</c>.</summary>
/// <param name="UserName">Whose.</param>
/// <param name="Password">Shown once; the website asks for another at the first sign-in.</param>
public sealed record GivenPassword(string UserName, string Password);

/// <summary>Trades user name (or e-mail) and password for a token. <c>POST /api/v1/tokens/sign-in</c>.</summary>
public sealed record SignInRequest
{
    /// <summary>User name or e-mail address.</summary>
    [Required, StringLength(254)] public required string UserName { get; init; }

    /// <summary>The password.</summary>
    [Required, StringLength(200)] public required string Password { get; init; }

    /// <summary>Name of the token, shown in the list ("palio on laptop").</summary>
    [StringLength(100)] public string? TokenName { get; init; }
}

/// <summary>The signed-in person. <c>GET /api/v1/me</c>.</summary>
/// <param name="Id">Account id.</param>
/// <param name="UserName">User name.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="IsAdministrator">May approve challenges and see everything.</param>
/// <param name="Teams">Teams the person is in.</param>
/// <param name="TokenScopes">Scopes of the token in use; all of them for a cookie.</param>
/// <param name="TokenExpires">When the token in use ends; null for a cookie.</param>
public sealed record Me(int Id, string UserName, string Email, bool IsAdministrator, IReadOnlyList<TeamSummary> Teams,
    IReadOnlyList<TokenScope> TokenScopes, DateTimeOffset? TokenExpires);

/// <summary>What a token may do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TokenScope>))]
public enum TokenScope
{
    /// <summary>Read what the person may read.</summary>
    [JsonStringEnumMemberName("read")] Read,

    /// <summary>Push and pull images, submit, cancel; implies read.</summary>
    [JsonStringEnumMemberName("submit")] Submit,

    /// <summary>Publish and manage challenges, teams and participation; implies submit.</summary>
    [JsonStringEnumMemberName("host")] Host,

    /// <summary>Administer the instance; only for administrators; implies host.</summary>
    [JsonStringEnumMemberName("admin")] Admin,
}

/// <summary>Makes a personal access token. <c>POST /api/v1/tokens</c>.</summary>
public sealed record CreateTokenRequest
{
    /// <summary>Shown in the list.</summary>
    [Required, StringLength(100, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>The widest scope; the narrower ones are implied. Default submit.</summary>
    public TokenScope Scope { get; set; } = TokenScope.Submit;

    /// <summary>Days until it ends. 1 to 365, default 90.</summary>
    [Range(1, 365)] public int Days { get; set; } = 90;
}

/// <summary>A new token; its secret is shown this once.</summary>
/// <param name="Token">The token without its secret.</param>
/// <param name="Secret">Begins with <c>palio_</c>. Use it as Bearer, or as the password of <c>docker login</c>.</param>
public sealed record CreatedToken(TokenSummary Token, string Secret);

/// <summary>A token in the list. <c>GET /api/v1/tokens</c>.</summary>
public sealed record TokenSummary(int Id, string Name, TokenScope Scope, DateTimeOffset Created, DateTimeOffset Expires,
    DateTimeOffset? LastUsed, DateTimeOffset? Revoked);
