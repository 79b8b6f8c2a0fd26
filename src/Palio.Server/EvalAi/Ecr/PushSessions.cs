using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Palio.Server.EvalAi.Ecr;

/// <summary>
/// Short-lived keys and registry logins for EvalAI's command line, good for one team's repository. Nothing is stored: what a session
/// may stands inside its secrets, sealed with the server's keys.
/// </summary>
internal sealed class PushSessions(IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>Begins every registry password of this kind; no token of another kind begins so.</summary>
    public const string LoginPrefix = "palio-push-";

    private const string KeyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The client asks for the login at once.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromMinutes(15);

    /// <summary>Large images take long; who loses the token or leaves the team is stopped before that.</summary>
    private static readonly TimeSpan LoginLifetime = TimeSpan.FromHours(6);

    private readonly IDataProtector _keys = protection.CreateProtector("Palio.EvalAi.Ecr.Keys");
    private readonly IDataProtector _logins = protection.CreateProtector("Palio.EvalAi.Ecr.Logins");

    public PushKeys Issue(PushGrant grant)
    {
        var sealedKeys = new SealedKeys(
            grant, "ASIA" + RandomNumberGenerator.GetString(KeyLetters, 16), RandomNumberGenerator.GetString(SecretLetters, 40), time.GetUtcNow() + KeyLifetime);
        return new PushKeys(grant, sealedKeys.AccessKeyId, sealedKeys.SecretAccessKey, _keys.Protect(JsonSerializer.Serialize(sealedKeys)), sealedKeys.Expires, IsExpired: false);
    }

    /// <summary>The keys that a session token stands for; null when we did not issue it.</summary>
    public PushKeys? Open(string sessionToken) => Unseal<SealedKeys>(_keys, sessionToken) is { } keys
        ? new PushKeys(keys.Grant, keys.AccessKeyId, keys.SecretAccessKey, sessionToken, keys.Expires, keys.Expires <= time.GetUtcNow())
        : null;

    /// <summary>A password for the registry; without a colon, which EvalAI's client could not take.</summary>
    public PushLogin IssueLogin(PushGrant grant)
    {
        var login = new SealedLogin(grant, time.GetUtcNow() + LoginLifetime);
        return new PushLogin(LoginPrefix + _logins.Protect(JsonSerializer.Serialize(login)), login.Expires);
    }

    /// <summary>What a registry password allows; null when it is none of ours, or old.</summary>
    public PushGrant? OpenLogin(string password) =>
        password.StartsWith(LoginPrefix, StringComparison.Ordinal) && Unseal<SealedLogin>(_logins, password[LoginPrefix.Length..]) is { } login
            && login.Expires > time.GetUtcNow()
                ? login.Grant
                : null;

    private static T? Unseal<T>(IDataProtector protector, string text) where T : class
    {
        try
        {
            return text.Length <= 4096 ? JsonSerializer.Deserialize<T>(protector.Unprotect(text)) : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }

    private sealed record SealedKeys(PushGrant Grant, string AccessKeyId, string SecretAccessKey, DateTimeOffset Expires);

    private sealed record SealedLogin(PushGrant Grant, DateTimeOffset Expires);
}

/// <summary>Who may push where.</summary>
/// <param name="UserId">The account.</param>
/// <param name="TokenId">The token it was asked with; null for a cookie. It ends what rests on it.</param>
/// <param name="Repository">The one repository.</param>
internal sealed record PushGrant(int UserId, int? TokenId, string Repository);

/// <summary>Keys as AWS has them.</summary>
internal sealed record PushKeys(PushGrant Grant, string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expires, bool IsExpired);

/// <summary>A password for the registry.</summary>
internal sealed record PushLogin(string Password, DateTimeOffset Expires);
