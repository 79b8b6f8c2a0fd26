using System.Text.Json;
using Palio.Protocol.Api;

namespace Palio.Cli.Tests.Kit;

/// <summary>Server-sent events as the server writes them.</summary>
internal static class Events
{
    public static string Of(params SubmissionEvent[] updates) =>
        string.Concat(updates.Select(update => $"event: update\ndata: {JsonSerializer.Serialize(update, ApiJsonContext.Default.SubmissionEvent)}\n\n"));
}
