using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Uploads;

/// <summary>
/// Addresses that take a part of a file and need no token, since EvalAI's clients send none with them: sealed, and good for as long as the
/// upload has. Whoever makes one has checked who asks.
/// </summary>
internal sealed class PartLinks(IDataProtectionProvider protection, InstanceAddress address, IOptions<ScoringOptions> options, TimeProvider time)
{
    public const string Route = "/api/jobs/uploads";

    private readonly IDataProtector _parts = protection.CreateProtector("evalai-parts");
    private readonly IDataProtector _uploads = protection.CreateProtector("evalai-uploads");

    /// <summary>An address for each part, from 1.</summary>
    /// <param name="upload">The upload's name.</param>
    /// <param name="count">How many.</param>
    /// <param name="mostBytes">Of all parts together.</param>
    public IReadOnlyList<EvalAiPart> Of(string upload, int count, long mostBytes)
    {
        var expires = (time.GetUtcNow() + options.Value.UploadTime).ToUnixTimeSeconds();
        return [.. Enumerable.Range(1, count).Select(number => new EvalAiPart(
            number, $"{address.PublicUrl}{Route}/{_parts.Protect(string.Create(CultureInfo.InvariantCulture, $"{upload}/{number}/{mostBytes}/{expires}"))}"))];
    }

    /// <summary>What an address was made for; null when nobody made it, or it is over.</summary>
    public SealedPart? Open(string seal) =>
        Unprotect(_parts, seal)?.Split('/') is [var upload, var number, var most, var expires]
        && time.GetUtcNow().ToUnixTimeSeconds() < long.Parse(expires, CultureInfo.InvariantCulture)
            ? new SealedPart(upload, int.Parse(number, CultureInfo.InvariantCulture), long.Parse(most, CultureInfo.InvariantCulture))
            : null;

    /// <summary>The <c>upload_id</c> of an upload, and of the file's name.</summary>
    public string IdOf(string upload, string fileName) => _uploads.Protect($"{upload}/{fileName}");

    /// <summary>The upload of an <c>upload_id</c>; null when nobody made it.</summary>
    public (string Upload, string FileName)? OpenId(string id) => Unprotect(_uploads, id)?.Split('/', 2) is [var upload, var fileName] ? (upload, fileName) : null;

    private static string? Unprotect(IDataProtector protector, string seal)
    {
        try
        {
            return protector.Unprotect(seal);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>A part and where to send it.</summary>
internal sealed record EvalAiPart([property: System.Text.Json.Serialization.JsonPropertyName("partNumber")] int PartNumber, string Url);

/// <summary>What a part's address says.</summary>
internal sealed record SealedPart(string Upload, int Number, long MostBytes);
