namespace Palio.Bench.Seeds;

/// <summary>
/// Data folders of a server that has judged so many submissions. Made once in a run: the challenge and its first submission by the product
/// itself, the others by copying that submission's rows.
/// </summary>
internal sealed class SeededServers : IAsyncDisposable
{
    private readonly Dictionary<int, DirectoryInfo> _folders = [];
    private DirectoryInfo? _first;
    private (string? Own, string? Host) _tokens;

    /// <summary>What to submit to the challenge.</summary>
    public Palio.Protocol.Api.SubmitRequest Submission { get; private set; } = new() { Challenge = "", Phase = "", Digest = "" };

    /// <summary>Starts a server that holds so many submissions, signed in as a participant.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="submissions">How many.</param>
    /// <param name="options">Further options of <c>palio serve</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BenchServer> StartAsync(string root, int submissions, string[] options, CancellationToken cancellationToken)
    {
        var server = await BenchServer.StartOnAsync(root, await FolderAsync(root, submissions, cancellationToken), options, cancellationToken);
        (server.Token, server.HostToken) = _tokens;
        return server;
    }

    /// <summary>The database with so many submissions; of a server that is stopped.</summary>
    public async Task<string> DatabaseAsync(string root, int submissions, CancellationToken cancellationToken) =>
        DatabaseOf(await FolderAsync(root, submissions, cancellationToken));

    public ValueTask DisposeAsync()
    {
        foreach (var folder in _folders.Values.Append(_first).OfType<DirectoryInfo>())
        {
            folder.Delete(recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private async Task<DirectoryInfo> FolderAsync(string root, int submissions, CancellationToken cancellationToken)
    {
        if (_folders.TryGetValue(submissions, out var present))
        {
            return present;
        }

        _first ??= await FirstAsync(root, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("palio-bench-");
        _folders[submissions] = folder;
        Copy(_first, folder);
        Console.Error.WriteLine($"  seeding {submissions:N0} submissions");
        BoardSeed.Add(DatabaseOf(folder), submissions, Math.Max(100, Math.Min(10_000, submissions / 10)));
        return folder;
    }

    private async Task<DirectoryInfo> FirstAsync(string root, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("palio-bench-");
        await using var server = await BenchServer.StartOnAsync(root, folder, [], cancellationToken);
        await server.SignInAsync(cancellationToken);
        Submission = await OneStepChallenge.PrepareAsync(server, root, cancellationToken);
        _tokens = (server.Token, server.HostToken);
        return folder;
    }

    private static string DatabaseOf(DirectoryInfo folder) => Path.Combine(folder.FullName, "data", "palio.db");

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var file in from.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to.FullName, Path.GetRelativePath(from.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? to.FullName);
            file.CopyTo(target);
        }
    }
}
