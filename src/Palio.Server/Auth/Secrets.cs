using System.Security.Cryptography;
using System.Text;

namespace Palio.Server.Auth;

/// <summary>Random secrets for people to carry, and what is kept of them.</summary>
internal static class Secrets
{
    public const string TokenPrefix = "palio_";

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // Without characters that are mistaken for one another when read from a screen.
    private const string Readable = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";

    public static string NewToken() => TokenPrefix + RandomNumberGenerator.GetString(Base62, 43);

    public static string NewCode() => RandomNumberGenerator.GetString(Base62, 32);

    public static string NewPassword() => RandomNumberGenerator.GetString(Readable, 20);

    /// <summary>SHA-256 as lower-case hex.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
