using System.Text.Json;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;

namespace Palio.Server.Features.Challenges;

/// <summary>What a phase asks with a submission.</summary>
internal static class GetMetadataForm
{
    public static async Task<IReadOnlyList<MetadataAttribute>> HandleAsync(
        string idOrSlug, string codenameOrId, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await ChallengeAccess.FindAsync(idOrSlug, caller, db, cancellationToken);
        var phase = await ChallengeAccess.FindPhaseAsync(access, codenameOrId, db, cancellationToken);
        return [.. ChallengeViews.Declaration(phase.Current).SubmissionMetaAttributes.Select(attribute => new MetadataAttribute(
            attribute.Name, attribute.Description, attribute.Type.ToString().ToLowerInvariant(), attribute.IsRequired,
            attribute.Options.Count == 0 ? null : JsonSerializer.SerializeToElement(attribute.Options)))];
    }
}
