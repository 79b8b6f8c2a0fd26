using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace Palio.Bench.Seeds;

/// <summary>The Django board over the same submissions: its database made from ours, its server on a free port, both gone with it.</summary>
internal sealed class PeerBoard : IAsyncDisposable
{
    /// <summary>The one board in it.</summary>
    private const int Split = 1;

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private PeerBoard(Process process, DirectoryInfo folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    public Uri Board => new(Url, $"board/{Split}");

    public static async Task<PeerBoard> StartAsync(string root, string database, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("palio-bench-");
        var rows = Path.Combine(folder.FullName, "board.sqlite3");
        Fill(rows, database);
        var url = new Uri($"http://127.0.0.1:{FreePort()}/");
        var start = new ProcessStartInfo(BenchPrograms.Python,
            ["-m", "gunicorn", "--workers", "2", "--timeout", "600", "--bind", url.Authority, "--log-level", "error", "wsgi"])
        {
            WorkingDirectory = Path.Combine(root, "bench", "peers", "board"),
        };
        start.Environment["BOARD_DATABASE"] = rows;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        var process = Process.Start(start) ?? throw new InvalidOperationException("gunicorn did not start");
        await AnswersAsync(new Uri(url, "empty"), process, cancellationToken);
        return new PeerBoard(process, folder, url);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until something answers.</summary>
    public static async Task AnswersAsync(Uri url, Process process, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        while (true)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{process.StartInfo.FileName} ended with code {process.ExitCode}");
            }

            try
            {
                using var answer = await http.GetAsync(url, cancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The tables as Django's migrations would make them, and our rows in them.</summary>
    private static void Fill(string rows, string database)
    {
        using var connection = new SqliteConnection($"Data Source={rows};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"""
            PRAGMA synchronous=OFF;
            ATTACH DATABASE '{database}' AS palio;
            CREATE TABLE participant_team (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, team_name varchar(100) NOT NULL);
            CREATE TABLE submission (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, status varchar(30) NOT NULL, is_public bool NOT NULL, is_flagged bool NOT NULL,
                is_baseline bool NOT NULL, submitted_at bigint NOT NULL, method_name varchar(1000) NULL,
                participant_team_id integer NOT NULL REFERENCES participant_team (id) DEFERRABLE INITIALLY DEFERRED);
            CREATE TABLE leaderboard_data (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, challenge_phase_split integer NOT NULL, result text NOT NULL, error text NULL,
                is_disabled bool NOT NULL, submission_id integer NOT NULL REFERENCES submission (id) DEFERRABLE INITIALLY DEFERRED);
            INSERT INTO participant_team SELECT Id, Name FROM palio.Teams;
            INSERT INTO submission SELECT Id, lower(State), IsPublic, IsFlagged, IsBaseline, Submitted, MethodName, TeamId FROM palio.Submissions;
            INSERT INTO leaderboard_data SELECT e.Id, {Split}, json_object('score', s.Value), NULL, 0, e.SubmissionId
                FROM palio.Evaluations e JOIN palio.Scores s ON s.EvaluationId = e.Id;
            CREATE INDEX submission_team ON submission (participant_team_id);
            CREATE INDEX submission_status ON submission (status);
            CREATE INDEX submission_at ON submission (submitted_at);
            CREATE INDEX leaderboard_data_split ON leaderboard_data (challenge_phase_split);
            CREATE INDEX leaderboard_data_submission ON leaderboard_data (submission_id);
            DETACH DATABASE palio;
            """;
        command.ExecuteNonQuery();
    }
}
