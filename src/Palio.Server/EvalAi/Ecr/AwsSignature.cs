using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Palio.Server.EvalAi.Ecr;

/// <summary>Checks AWS's signature, version 4, of a request to the one service that is answered here.</summary>
internal static partial class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Service = "ecr";

    private static readonly string[] MustBeSigned = ["host", "x-amz-date", "x-amz-target"];
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);

    /// <summary>Null when the request is signed with these keys; else what is wrong, in AWS's words for it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">Its path as it was sent.</param>
    /// <param name="body">Its body.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="hosts">The names this server may have been called by; a proxy may have changed the header.</param>
    /// <param name="now">The time.</param>
    public static AwsError? Check(HttpRequest request, string path, byte[] body, PushKeys keys, IEnumerable<string> hosts, DateTimeOffset now)
    {
        if (Header().Match(request.Headers.Authorization.ToString()) is not { Success: true } parts)
        {
            return new AwsError("IncompleteSignatureException", $"The Authorization header must be {Algorithm} with Credential, SignedHeaders and Signature.");
        }

        var (date, region, signed) = (parts.Groups["date"].Value, parts.Groups["region"].Value, parts.Groups["headers"].Value.Split(';'));
        var stamp = request.Headers["X-Amz-Date"].ToString();
        if (parts.Groups["key"].Value != keys.AccessKeyId || parts.Groups["service"].Value != Service || !MustBeSigned.All(signed.Contains))
        {
            return new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        if (!DateTimeOffset.TryParseExact(
                stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var sent)
            || !stamp.StartsWith(date, StringComparison.Ordinal) || (now - sent).Duration() > Skew)
        {
            return new AwsError("InvalidSignatureException", "Signature expired: the clocks differ by more than 15 minutes.");
        }

        var given = parts.Groups["signature"].Value;
        return hosts.Any(host => Same(given, Sign(keys.SecretAccessKey, date, region, stamp, Canonical(request, path, body, signed, host))))
            ? null
            : new AwsError("InvalidSignatureException", "The request signature does not match the one calculated from the keys that were issued.");
    }

    private static string Canonical(HttpRequest request, string path, byte[] body, string[] signed, string host)
    {
        var text = new StringBuilder().Append(request.Method).Append('\n').Append(path).Append('\n').Append(request.QueryString.Value?.TrimStart('?')).Append('\n');
        foreach (var name in signed)
        {
            var value = name == "host" ? host : Spaces().Replace(request.Headers[name].ToString().Trim(), " ");
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', signed).Append('\n').Append(Hash(body)).ToString();
    }

    private static string Sign(string secret, string date, string region, string stamp, string canonical)
    {
        var text = $"{Algorithm}\n{stamp}\n{date}/{region}/{Service}/aws4_request\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[date, region, Service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static bool Same(string left, string right) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    [GeneratedRegex(
        @"^AWS4-HMAC-SHA256 +Credential=(?<key>[A-Z0-9]{16,40})/(?<date>[0-9]{8})/(?<region>[a-z0-9-]{1,40})/(?<service>[a-z]{1,20})/aws4_request, *" +
        @"SignedHeaders=(?<headers>[a-z0-9;-]{1,500}), *Signature=(?<signature>[0-9a-f]{64})\z")]
    private static partial Regex Header();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}

/// <summary>An error by AWS's name for it.</summary>
internal sealed record AwsError(string Type, string Message);
