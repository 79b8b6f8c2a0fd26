using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Issues and checks the registry's bearer tokens.</summary>
public sealed class RegistryTokens
{
    private const string Issuer = "palio-registry";
    private const int LeewaySeconds = 60;
    private const int LongestToken = 16 * 1024;

    // The one header we issue and accept: there is no choice of algorithm to attack.
    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"HS256"}"""u8);

    private readonly TokenKey _key;
    private readonly IOptions<RegistryOptions> _options;
    private readonly TimeProvider _time;

    internal RegistryTokens(TokenKey key, IOptions<RegistryOptions> options, TimeProvider time) =>
        (_key, _options, _time) = (key, options, time);

    /// <summary>
    /// A token that reads one repository and nothing else, for a worker: it needs no account, and no later permission check undoes it.
    /// Good as a bearer token (an engine's <c>registrytoken</c>) and, with any user name, as a password.
    /// </summary>
    /// <param name="subject">Who it is for, as it shall stand in logs: <c>worker:3</c>.</param>
    /// <param name="repository">The one repository.</param>
    /// <param name="lifetime">How long it is good for; at least a minute.</param>
    public string IssuePullToken(string subject, RepositoryName repository, TimeSpan lifetime) =>
        Sign(Claims(new RegistryIdentity(subject), [new RegistryScope(repository, RegistryActions.Pull)], lifetime) with { Standalone = true });

    internal (string Token, TokenClaims Claims) Issue(RegistryIdentity identity, IEnumerable<RegistryScope> granted)
    {
        var claims = Claims(identity, granted, _options.Value.TokenLifetime);
        return (Sign(claims), claims);
    }

    /// <summary>Turns a standalone token, given as a password, into one of the same reach or less, which ends when it ends.</summary>
    internal (string Token, TokenClaims Claims) Narrow(TokenClaims original, IEnumerable<RegistryScope> granted)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = original with { IssuedAt = now, NotBefore = now, Id = NewId(), Access = [.. granted.Select(g => g.ToAccess())] };
        return (Sign(claims), claims);
    }

    internal TokenCheck Check(string token)
    {
        var parts = token.Length <= LongestToken ? token.Split('.') : [];
        if (parts.Length != 3 || parts[0] != Header || !TryDecode(parts[2], out var signature)
            || !CryptographicOperations.FixedTimeEquals(signature, _key.Sign(Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}")))
            || !TryDecode(parts[1], out var payload)
            || JsonSerializer.Deserialize(payload, RegistryJson.Default.TokenClaims) is not { } claims
            || claims.Issuer != Issuer || claims.Audience != _options.Value.Service)
        {
            return new TokenCheck(null, Expired: false);
        }

        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        return now > claims.Expires + LeewaySeconds || now < claims.NotBefore - LeewaySeconds
            ? new TokenCheck(null, Expired: true)
            : new TokenCheck(claims, Expired: false);
    }

    private TokenClaims Claims(RegistryIdentity identity, IEnumerable<RegistryScope> granted, TimeSpan lifetime)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        return new TokenClaims
        {
            Issuer = Issuer,
            Audience = _options.Value.Service,
            Subject = identity.Subject,
            CredentialId = identity.CredentialId,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Math.Max(60, (long)lifetime.TotalSeconds),
            Id = NewId(),
            Access = [.. granted.Select(g => g.ToAccess())],
        };
    }

    private string Sign(TokenClaims claims)
    {
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, RegistryJson.Default.TokenClaims));
        var signed = $"{Header}.{payload}";
        return $"{signed}.{Base64Url.EncodeToString(_key.Sign(Encoding.UTF8.GetBytes(signed)))}";
    }

    private static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        return bytes.Length > 0;
    }
}

/// <summary>A token's claims when it is good.</summary>
internal readonly record struct TokenCheck(TokenClaims? Claims, bool Expired);
