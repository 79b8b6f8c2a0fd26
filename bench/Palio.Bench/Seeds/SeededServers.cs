using System.Diagnostics;
using System.Globalization;
using Palio.Protocol.Api;

namespace Palio.Bench.Seeds;

/// <summary>
/// Servers that begin with the challenge, its images and one judged submission, made by the product itself once in a run; and on demand
/// with very many more submissions, copies of that one's rows.
/// </summary>
internal sealed class SeededServers(BenchOptions options) : IAsyncDisposable
{
    private readonly Dictionary<SeedSize, DirectoryInfo> _folders = [];
    private readonly Dictionary<SeedSize, List<double>> _starts = [];
    private Task<First>? _first;
    private BenchServer? _judging;

    /// <summary>What to submit to the challenge; known when a server was started.</summary>
    public SubmitRequest Submission { get; private set; } = new() { Challenge = "", Phase = "", Digest = "" };

    /// <summary>Starts a server that holds the challenge and one judged submission, signed in as its participant; nothing of it stays.</summary>
    /// <param name="settings">Settings beside the defaults, as environment variables without their prefix ("Worker__Capacity").</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BenchServer> StartAsync(CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? settings = null)
    {
        var first = await FirstAsync(cancellationToken);
        return SignedIn(await BenchServer.StartOwnAsync(options.Root, Copy(first.Folder), settings, cancellationToken), first);
    }

    /// <summary>A server that judges as many at once as there are cores, for all figures that ask no more of it than that; it goes with this.</summary>
    public async Task<BenchServer> JudgingAsync(CancellationToken cancellationToken) => _judging ??= await StartAsync(
        cancellationToken, new Dictionary<string, string> { ["Worker__Capacity"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture) });

    /// <summary>Starts a server that holds so many submissions, signed in as a participant.</summary>
    /// <param name="size">How many.</param>
    /// <param name="arguments">Further options of <c>palio serve</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BenchServer> StartAsync(SeedSize size, string[] arguments, CancellationToken cancellationToken)
    {
        var server = await BenchServer.StartOnAsync(options.Root, await FolderAsync(size, cancellationToken), arguments, cancellationToken);
        StartsOf(size).Add(server.StartTime.TotalMilliseconds);
        return SignedIn(server, await FirstAsync(cancellationToken));
    }

    /// <summary>Milliseconds from the process to its word that it is ready, of at least so many starts in this run after the first.</summary>
    public async Task<IReadOnlyList<double>> StartTimesAsync(SeedSize size, int least, CancellationToken cancellationToken)
    {
        while (StartsOf(size).Count <= least)
        {
            await using var server = await StartAsync(size, ["--no-worker"], cancellationToken);
        }

        return [.. StartsOf(size).Skip(1)];
    }

    /// <summary>The database with so many submissions; of a server that is stopped.</summary>
    public async Task<string> DatabaseAsync(SeedSize size, CancellationToken cancellationToken) => DatabaseOf(await FolderAsync(size, cancellationToken));

    /// <summary>Makes what all others begin with, if it is not there yet.</summary>
    public Task<First> FirstAsync(CancellationToken cancellationToken) => _first ??= MakeFirstAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_judging is not null)
        {
            await _judging.DisposeAsync();
        }

        foreach (var folder in _folders.Values)
        {
            folder.Delete(recursive: true);
        }

        if (_first is { IsCompletedSuccessfully: true } first)
        {
            (await first).Folder.Delete(recursive: true);
        }
    }

    private static BenchServer SignedIn(BenchServer server, First first)
    {
        (server.Token, server.HostToken) = (first.Token, first.HostToken);
        return server;
    }

    private List<double> StartsOf(SeedSize size) => _starts.TryGetValue(size, out var starts) ? starts : _starts[size] = [];

    private async Task<DirectoryInfo> FolderAsync(SeedSize size, CancellationToken cancellationToken)
    {
        if (_folders.TryGetValue(size, out var present))
        {
            return present;
        }

        var first = await FirstAsync(cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        var folder = _folders[size] = Copy(first.Folder);
        BoardSeed.Add(DatabaseOf(folder), size.Submissions, size.Teams);
        Console.Error.WriteLine($"  seeded {size.Submissions:N0} submissions of {size.Teams:N0} teams ({Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s)");
        return folder;
    }

    private async Task<First> MakeFirstAsync(CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var folder = Directory.CreateTempSubdirectory("palio-bench-");
        await using var server = await BenchServer.StartOnAsync(options.Root, folder, [], cancellationToken);
        await server.SignInAsync(cancellationToken);
        Submission = await OneStepChallenge.PrepareAsync(server, options.Root, cancellationToken);
        Console.Error.WriteLine($"  published a challenge, pushed and judged an agent ({Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s)");
        return new First(folder, server.Token ?? "", server.HostToken ?? "");
    }

    private static string DatabaseOf(DirectoryInfo folder) => Path.Combine(folder.FullName, "data", "palio.db");

    private static DirectoryInfo Copy(DirectoryInfo from)
    {
        var to = Directory.CreateTempSubdirectory("palio-bench-");
        foreach (var file in from.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to.FullName, Path.GetRelativePath(from.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? to.FullName);
            file.CopyTo(target);
        }

        return to;
    }

    /// <summary>What all others begin with.</summary>
    /// <param name="Folder">Of a server that was stopped.</param>
    /// <param name="Token">The participant's.</param>
    /// <param name="HostToken">The host's.</param>
    internal sealed record First(DirectoryInfo Folder, string Token, string HostToken);
}
