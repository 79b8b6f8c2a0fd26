using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Palio.Cli.Session;

namespace Palio.Cli.Engine;

/// <summary>Adds up what an engine tells of a push: bytes over all layers, and the digest at its end.</summary>
internal sealed partial class PushStream(IProgress<PushProgress> progress) : IProgress<JSONMessage>
{
    private readonly Dictionary<string, (long Done, long Total, bool Ended)> _layers = [];
    private string? _error;
    private string? _digest;

    public void Report(JSONMessage value)
    {
        _error ??= value.Error?.Message;
        if (value.Status is not { } status)
        {
            return;
        }

        if (DigestPattern().Match(status) is { Success: true } match)
        {
            _digest = match.Value;
        }
        else if (value.ID is { Length: > 0 } layer)
        {
            _layers[layer] = Next(_layers.GetValueOrDefault(layer), status, value.Progress);
            progress.Report(new PushProgress(_layers.Values.Sum(one => one.Done), _layers.Values.Sum(one => one.Total),
                _layers.Values.Count(one => one.Ended), _layers.Count));
        }
    }

    /// <summary>The digest, or the error the engine told in the middle of its answer.</summary>
    public string Digest(ImageName name)
    {
        if (_error is not null)
        {
            throw Failure(name, _error);
        }

        return _digest ?? throw new CliException(ExitCode.PlatformFailed, $"The engine ended the push of {name} without naming a digest.",
            "push again; if it stays, see: palio doctor");
    }

    private static (long Done, long Total, bool Ended) Next((long Done, long Total, bool Ended) before, string status, JSONProgress? at)
    {
        if (status is "Pushed" or "Layer already exists" || status.StartsWith("Mounted", StringComparison.Ordinal))
        {
            return (before.Total, before.Total, true);
        }

        // Engines report slightly more than the total at the end of a layer.
        var total = Math.Max(before.Total, at?.Total ?? 0);
        return (Math.Min(Math.Max(before.Done, at?.Current ?? 0), total), total, false);
    }

    private static CliException Failure(ImageName name, string error)
    {
        var denied = error.Contains("denied", StringComparison.OrdinalIgnoreCase) || error.Contains("unauthorized", StringComparison.OrdinalIgnoreCase)
            || error.Contains("authentication required", StringComparison.OrdinalIgnoreCase);
        return denied
            ? new CliException(ExitCode.Auth, $"The registry refused the push of {name}: {error}",
                "run: palio login   (the token may have expired, or the repository is another team's)", "registry_denied")
            : new CliException(ExitCode.PlatformFailed, $"The push of {name} failed: {error}",
                "run the same command again: what was pushed is not pushed twice", "push_failed");
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex DigestPattern();
}
