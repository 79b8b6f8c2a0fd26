using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Scoring;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Data;

namespace Palio.Server.Features.Evaluations;

/// <summary>Scores that were not counted here: those of a host's script, of a scoring environment, of a host's own worker.</summary>
internal static class SubmittedScores
{
    /// <summary>The boards that a result of the phase may fill.</summary>
    public static async Task<IReadOnlyList<ResultBoard>> BoardsAsync(int phaseId, PalioDbContext db, CancellationToken cancellationToken)
    {
        var splits = await db.PhaseSplits.AsNoTracking().Where(s => s.PhaseId == phaseId && s.IsDeclared).OrderBy(s => s.Position)
            .Select(s => new { s.DatasetCodename, s.Columns }).ToListAsync(cancellationToken);
        return [.. splits.Select(s => new ResultBoard(
            s.DatasetCodename, [.. (JsonSerializer.Deserialize<List<LeaderboardColumn>>(s.Columns) ?? []).Select(column => column.Name)]))];
    }

    /// <summary>Adds checked scores to an evaluation; the caller saves them with it.</summary>
    /// <param name="run">The evaluation.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="db">Database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="hidden">Splits that the host keeps from the team; null for none.</param>
    /// <returns>What stands beside the submission: the ranking metric of the first board that has a value and is not the hosts' alone.</returns>
    public static async Task<double?> AddAsync(
        EvaluationRun run, IReadOnlyList<SplitScores> scores, PalioDbContext db, CancellationToken cancellationToken, IReadOnlySet<string>? hidden = null)
    {
        var boards = await db.PhaseSplits.AsNoTracking().Where(s => s.PhaseId == run.PhaseId && s.IsDeclared).OrderBy(s => s.Position)
            .Select(s => new { s.DatasetCodename, s.OrderBy, s.Visibility }).ToListAsync(cancellationToken);
        var seen = boards.Where(board => board.Visibility != "host").ToList();
        var position = 0;
        foreach (var split in scores)
        {
            db.Scores.AddRange(split.Values.Select(value => new Score
            {
                EvaluationId = run.Id,
                Split = split.Split,
                Metric = value.Key,
                IsHidden = hidden?.Contains(split.Split) == true || seen.TrueForAll(board => board.DatasetCodename != split.Split),
                Position = position++,
                Value = value.Value,
                Valid = 0,
                Total = 0,
            }));
        }

        return seen.OrderBy(board => board.Visibility != "public")
            .Select(board => scores.FirstOrDefault(s => s.Split == board.DatasetCodename)?.Values is { } values && values.TryGetValue(board.OrderBy, out var value)
                ? value : (double?)null)
            .FirstOrDefault(value => value is not null);
    }

    public static Fault FaultOf(EvaluationRun run, IReadOnlyList<string> problems) => Fault.Of(
        run.Judging is Judging.Environment ? FaultCode.EnvironmentSpecViolation : FaultCode.ScriptBadResult, string.Join(' ', problems.Take(5)));
}
