using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Palio.Protocol.Api;

namespace Palio.Server.Features.Submissions;

/// <summary>A submission's changes as they happen: <c>update</c> for each, <c>end</c> after a final state.</summary>
internal static class StreamSubmissionEvents
{
    // Reverse proxies and browsers give up on a silent connection; the same state again does no harm.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    // Progress may come faster than anybody reads.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>The access is decided by the caller, before the response begins.</summary>
    public static async IAsyncEnumerable<SseItem<SubmissionEvent>> HandleAsync(
        AccessedSubmission access, SubmissionFeed feed, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var changes = feed.Listen(access.Submission.Id);
        string? told = "";
        while (await changes.ReadAsync(access).WaitAsync(cancellationToken) is { } read)
        {
            var now = read.AgentLog == told ? read with { AgentLog = null } : read;
            told = read.AgentLog;
            yield return new SseItem<SubmissionEvent>(now, "update");
            if (now.State is SubmissionState.Finished or SubmissionState.Failed or SubmissionState.Cancelled)
            {
                yield return new SseItem<SubmissionEvent>(now, "end");
                yield break;
            }

            // The pause comes before the wait: a change after a quiet time is told at once.
            await Task.Delay(Pace, time, cancellationToken);
            await changes.NextAsync(Silence, cancellationToken);
        }
    }
}
