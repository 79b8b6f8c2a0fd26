using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Api;

internal sealed partial class PalioClient
{
    /// <summary>How long a server may be away (a restart) before following it is given up.</summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(2);

    /// <summary>The submission's states as they come, to its end. A connection that breaks is made again: the first event is always the present state.</summary>
    public async IAsyncEnumerable<SubmissionEvent> EventsAsync(int id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lost = (long?)null;
        while (true)
        {
            await using var events = ReadEventsAsync(id, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                SubmissionEvent? next;
                try
                {
                    next = await events.MoveNextAsync() ? events.Current : null;
                }
                catch (Exception e) when (IsPassing(e, cancellationToken))
                {
                    lost ??= _time.GetTimestamp();
                    if (_time.GetElapsedTime(lost.Value) > LongestOutage)
                    {
                        throw;
                    }

                    break;
                }

                if (next is null)
                {
                    break;
                }

                lost = null;
                yield return next;
                if (IsFinal(next.State))
                {
                    yield break;
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken);
        }
    }

    public static bool IsFinal(SubmissionState state) => state is SubmissionState.Finished or SubmissionState.Failed or SubmissionState.Cancelled;

    private async IAsyncEnumerable<SubmissionEvent> ReadEventsAsync(int id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"submissions/{id}/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.EventType == "end")
            {
                yield break;
            }

            if (item.EventType == "update" && JsonSerializer.Deserialize(item.Data, ApiJsonContext.Default.SubmissionEvent) is { } update)
            {
                yield return update;
            }
        }
    }

    // A server that restarts refuses, breaks off, or answers 5xx for a moment.
    private static bool IsPassing(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && (e is HttpRequestException or IOException || e is CliException { ExitCode: ExitCode.PlatformFailed });
}
