using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Storage;

namespace Palio.Server.Features.Challenges;

/// <summary>Annotations that hosts send in parts, too large for a bundle. They win over the bundle's from then on.</summary>
internal sealed class AnnotationUploads(PalioDbContext db, PartStore parts, ContentStore store, IOptions<ScoringOptions> options, TimeProvider time)
{
    private const string Kind = "annotations";

    public long MostBytes => options.Value.MaxFileBytes;

    /// <summary>A name for an upload of the phase's.</summary>
    public string Begin(Phase phase) => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}-{phase.Id}-{time.GetUtcNow().ToUnixTimeSeconds()}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");

    /// <summary>When an upload of this kind began; null for another kind's name.</summary>
    public static DateTimeOffset? Begun(string upload) =>
        upload.Split('-') is [Kind, _, var seconds, _] && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? DateTimeOffset.FromUnixTimeSeconds(parsed)
            : null;

    /// <summary>Puts the parts together: submissions that are scored from now on are scored by them.</summary>
    /// <param name="phase">The host's phase.</param>
    /// <param name="upload">Its upload's name.</param>
    /// <param name="fileName">The file's name.</param>
    /// <param name="sent">The parts as the sender knows them.</param>
    /// <param name="cancellationToken">Gives up; the parts stay.</param>
    public async Task FinishAsync(Phase phase, string upload, string fileName, IReadOnlyList<SentPart> sent, CancellationToken cancellationToken)
    {
        if (!upload.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{Kind}-{phase.Id}-"), StringComparison.Ordinal))
        {
            throw PalioException.Invalid("upload_id", "This upload is another phase's.", "Send the upload_id that the phase's own upload began with.");
        }

        await using var source = PartStore.Open(SentPart.Match(sent, parts.List(upload)));
        using var staged = await store.StageAsync(source, MostBytes, cancellationToken);
        (phase.AnnotationDigest, phase.AnnotationName) = (staged.Content.Digest, fileName);
        staged.Keep();
        await db.SaveChangesAsync(cancellationToken);
        parts.Remove(upload);
    }
}
