using System.Diagnostics;

namespace Palio.Server.Tests.Support;

/// <summary>A PostgreSQL of its own from the system's programs, on a Unix socket in a temporary folder.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("palio-pg-").FullName;
    private readonly string _programs = FindPrograms();

    private PostgresServer()
    {
    }

    public string ConnectionString => $"Host={_folder};Username=palio;Database=postgres;Pooling=true;Maximum Pool Size=60";

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "postgres", server._folder); // the server refuses to run as root
        }

        await server.AsServerAsync("initdb", "-D", $"{server._folder}/data", "-U", "palio", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C");
        await server.AsServerAsync(
            "pg_ctl", "-D", $"{server._folder}/data", "-w", "-l", $"{server._folder}/log", "-o",
            $"-c listen_addresses='' -c unix_socket_directories={server._folder} -c fsync=off -c max_connections=100", "start");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        await AsServerAsync("pg_ctl", "-D", $"{_folder}/data", "-w", "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private static string FindPrograms() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin")).Last(Directory.Exists)
            : throw new InvalidOperationException("The data tests need PostgreSQL's programs: apt-get install postgresql.");

    private Task AsServerAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return Environment.UserName == "root"
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Not redirected: the server that pg_ctl leaves behind would keep a pipe open.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
