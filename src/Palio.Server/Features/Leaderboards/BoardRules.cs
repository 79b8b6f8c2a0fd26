using System.Collections.Concurrent;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Leaderboards;

/// <summary>What a challenge's revision says of its boards. A revision never changes, so that it is read and understood once.</summary>
internal sealed class BoardRules
{
    private const int MostRevisions = 10_000;

    private readonly ConcurrentDictionary<(int Challenge, int Revision), Rules> _revisions = new();

    public async Task<Rules> GetAsync(Challenge challenge, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (_revisions.TryGetValue((challenge.Id, challenge.Revision), out var known))
        {
            return known;
        }

        var declaration = ChallengeViews.Declaration(await ChallengeAccess.RevisionAsync(challenge, db, cancellationToken));
        if (_revisions.Count >= MostRevisions)
        {
            _revisions.Clear();
        }

        return _revisions[(challenge.Id, challenge.Revision)] = new Rules(declaration.AnonymousLeaderboard, declaration.BannedEmailIds);
    }

    /// <summary>Of one revision.</summary>
    /// <param name="IsAnonymous">Teams are shown by their places.</param>
    /// <param name="Banned">Addresses whose owners' teams stand on no board.</param>
    internal sealed record Rules(bool IsAnonymous, IReadOnlyList<string> Banned);
}
