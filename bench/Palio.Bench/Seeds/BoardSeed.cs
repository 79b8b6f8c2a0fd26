using Microsoft.Data.Sqlite;

namespace Palio.Bench.Seeds;

/// <summary>
/// Adds teams and judged submissions to a stopped server's database, as copies of the newest submission there: every column is the
/// original's but those named here, so that what is seeded is what the server itself writes.
/// </summary>
internal static class BoardSeed
{
    // A value in [0, 1) that looks random and is the same in every run.
    private const string Value = "(((n.i * 2654435761) % 1000003) / 1000003.0)";

    /// <summary>Adds rows.</summary>
    /// <param name="database">The SQLite file.</param>
    /// <param name="submissions">How many submissions.</param>
    /// <param name="teams">Of how many teams, each with a member.</param>
    public static void Add(string database, int submissions, int teams)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA temp_store=MEMORY;");
        Execute(connection, "BEGIN");
        Execute(connection, $"""
            CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i + 1 < {Math.Max(submissions, teams)}) SELECT i FROM c;
            CREATE TEMP TABLE original AS SELECT s.Id AS Submission, s.TeamId AS Team, s.ParticipationId AS Participation, s.PhaseId AS Phase,
                s.SubmittedById AS User, (SELECT max(Id) FROM Evaluations e WHERE e.SubmissionId = s.Id) AS Evaluation,
                (SELECT max(Id) FROM Users) AS LastUser, (SELECT max(Id) FROM Teams) AS LastTeam, (SELECT max(Id) FROM Participations) AS LastParticipation,
                (SELECT max(Id) FROM Evaluations) AS LastEvaluation, (SELECT max(Id) FROM BoardEntries) AS LastEntry
                FROM Submissions s ORDER BY s.Id DESC LIMIT 1;
            """);
        var team = $"n.i < {teams}";
        Copy(connection, "Users", "t.Id = o.User", team, new()
        {
            ["Id"] = "o.LastUser + 1 + n.i",
            ["UserName"] = "'seed' || n.i",
            ["NormalizedUserName"] = "'SEED' || n.i",
            ["Email"] = "'seed' || n.i || '@example.org'",
            ["NormalizedEmail"] = "'SEED' || n.i || '@EXAMPLE.ORG'",
        });
        Copy(connection, "Teams", "t.Id = o.Team", team, new()
        {
            ["Id"] = "o.LastTeam + 1 + n.i",
            ["Name"] = "'Seed team ' || n.i",
            ["NormalizedName"] = "'SEED TEAM ' || n.i",
            ["Slug"] = "'seed-team-' || n.i",
        });
        Copy(connection, "TeamMembers", "t.TeamId = o.Team AND t.UserId = o.User", team, new() { ["TeamId"] = "o.LastTeam + 1 + n.i", ["UserId"] = "o.LastUser + 1 + n.i" });
        Copy(connection, "Participations", "t.Id = o.Participation", team, new() { ["Id"] = "o.LastParticipation + 1 + n.i", ["TeamId"] = "o.LastTeam + 1 + n.i" });
        var submission = $"n.i < {submissions}";
        Copy(connection, "Submissions", "t.Id = o.Submission", submission, new()
        {
            ["Id"] = "o.Submission + 1 + n.i",
            ["TeamId"] = $"o.LastTeam + 1 + n.i % {teams}",
            ["ParticipationId"] = $"o.LastParticipation + 1 + n.i % {teams}",
            ["SubmittedById"] = $"o.LastUser + 1 + n.i % {teams}",
            ["Number"] = $"1 + n.i / {teams}",
            ["Submitted"] = "t.Submitted + n.i",
            ["Score"] = Value,
        });
        Copy(connection, "Evaluations", "t.Id = o.Evaluation", submission, new()
        {
            ["Id"] = "o.LastEvaluation + 1 + n.i",
            ["SubmissionId"] = "o.Submission + 1 + n.i",
            ["TeamId"] = $"o.LastTeam + 1 + n.i % {teams}",
            ["Queued"] = "t.Queued + n.i",
        });
        Copy(connection, "Scores", "t.EvaluationId = o.Evaluation", submission, new() { ["EvaluationId"] = "o.LastEvaluation + 1 + n.i", ["Value"] = Value });
        Copy(connection, "Episodes", "t.EvaluationId = o.Evaluation", submission, new() { ["EvaluationId"] = "o.LastEvaluation + 1 + n.i", ["Return"] = Value });
        AddEntries(connection, submissions, teams);
        Execute(connection, "DROP TABLE temp.n; DROP TABLE temp.original; COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
    }

    /// <summary>Each team's best, as the server keeps it.</summary>
    private static void AddEntries(SqliteConnection connection, int submissions, int teams)
    {
        Execute(connection, $"""
            CREATE TEMP TABLE best AS SELECT i % {teams} AS team, i AS i, max({Value}) AS value FROM n WHERE i < {submissions} GROUP BY i % {teams};
            """.Replace("n.i", "i", StringComparison.Ordinal));
        Copy(connection, "BoardEntries", "t.SubmissionId = o.Submission", "1", new()
        {
            ["Id"] = "o.LastEntry + 1 + n.team",
            ["TeamId"] = "o.LastTeam + 1 + n.team",
            ["SubmissionId"] = "o.Submission + 1 + n.i",
            ["EvaluationId"] = "o.LastEvaluation + 1 + n.i",
            ["Value"] = "n.value",
            ["Scores"] = "json_set(t.Scores, '$[0].Value', n.value)",
        }, numbers: "best");
        Execute(connection, "DROP TABLE temp.best;");
    }

    /// <summary>Copies the original's rows of a table, once for each number, with some columns replaced.</summary>
    private static void Copy(
        SqliteConnection connection, string table, string original, string condition, Dictionary<string, string> replaced, string numbers = "n")
    {
        var columns = Columns(connection, table);
        if (replaced.Keys.FirstOrDefault(name => !columns.Contains(name)) is { } lost)
        {
            throw new InvalidOperationException($"{table} has no column {lost} any more (it has {string.Join(", ", columns)}): mend {nameof(BoardSeed)}.");
        }

        var rows = Execute(connection, $"""
            INSERT INTO "{table}" ({string.Join(", ", columns.Select(Quoted))})
            SELECT {string.Join(", ", columns.Select(name => replaced.GetValueOrDefault(name) ?? $"t.{Quoted(name)}"))}
            FROM temp.original o JOIN "{table}" t ON {original} CROSS JOIN temp.{numbers} n WHERE {condition};
            """);
        if (rows == 0)
        {
            throw new InvalidOperationException($"No row of {table} belongs to the first submission: was it judged? Else mend {nameof(BoardSeed)}.");
        }
    }

    private static string Quoted(string name) => $"\"{name}\"";

    private static List<string> Columns(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_info($table)";
        command.Parameters.AddWithValue("$table", table);
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static int Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
