using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions;
using Palio.Server.Storage;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>A submission's files behind sealed links.</summary>
internal static partial class SubmissionFiles
{
    private const string Binary = "application/octet-stream";

    /// <summary>The file, whole and uncompressed: EvalAI's client wants to know its length.</summary>
    public static async Task<IResult> ReadAsync(
        string seal, string name, FileLinks links, PalioDbContext db, EvaluationFiles files, ContentStore store, CancellationToken cancellationToken)
    {
        if (links.Open(seal) is not var (submission, file) || name != FileLinks.NameOf(file))
        {
            throw PalioException.NotFound("file; links to files are good for a day");
        }

        if (file == SubmissionFile.Input)
        {
            return await InputAsync(submission, db, store, cancellationToken);
        }

        if (file == SubmissionFile.Written)
        {
            var (digest, written) = await GetSubmittedFile.WrittenAsync(submission, db, cancellationToken);
            return digest is not null && store.Contains(digest) ? Results.File(store.PathOf(digest), Binary, written) : throw PalioException.NotFound("file");
        }

        var text = file switch
        {
            SubmissionFile.Result => await ResultAsync(submission, db, cancellationToken),
            SubmissionFile.Stderr => await FaultAsync(submission, db, cancellationToken),
            _ => await LogAsync(submission, file == SubmissionFile.Stdout ? "agent" : "environment", db, files, cancellationToken),
        };
        return Results.Bytes(Encoding.UTF8.GetBytes(text), Binary, name);
    }

    /// <summary>EvalAI's two-step download: what is asked for by bucket and key is signed, then fetched without a token.</summary>
    public static async Task<IResult> SignAsync(string? key, SubmissionShow show, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var match = Key().Match(key ?? "");
        if (!match.Success || !int.TryParse(match.Groups["submission"].ValueSpan, out var id))
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "Invalid file path");
        }

        var kind = Enum.GetValues<SubmissionFile>().Where(kind => FileLinks.NameOf(kind) == match.Groups["name"].Value).Select(kind => (SubmissionFile?)kind).FirstOrDefault();
        try
        {
            await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.NotFound)
        {
            return EvalAiResults.Error(StatusCodes.Status403Forbidden, "Sorry, you are not authorized to access this file.");
        }

        return kind is { } wanted && (await show.OneAsync(id, cancellationToken)).Link(wanted) is { } link
            ? EvalAiResults.Json(new { signed_url = link })
            : EvalAiResults.Error(StatusCodes.Status400BadRequest, "Invalid file path");
    }

    private static async Task<IResult> InputAsync(int id, PalioDbContext db, ContentStore store, CancellationToken cancellationToken)
    {
        var input = await db.Submissions.AsNoTracking().Where(s => s.Id == id).Select(s => new { s.Repository, s.Digest, s.FileName }).SingleAsync(cancellationToken);
        return input.FileName is null
            ? Results.Bytes(JsonSerializer.SerializeToUtf8Bytes(new { submitted_image_uri = $"{input.Repository}@{input.Digest}" }), Binary, FileLinks.NameOf(SubmissionFile.Input))
            : input.Digest.Length > 0 && store.Contains(input.Digest) ? Results.File(store.PathOf(input.Digest), Binary, input.FileName)
            : throw PalioException.NotFound("file");
    }

    // A list with the values of each split, JSON indeed; what only hosts see of a phase is left out.
    private static async Task<string> ResultAsync(int id, PalioDbContext db, CancellationToken cancellationToken)
    {
        var phase = await db.Submissions.Where(s => s.Id == id).Select(s => s.PhaseId).SingleAsync(cancellationToken);
        var run = await db.Evaluations.Where(e => e.SubmissionId == id && e.State == EvaluationState.Finished).MaxAsync(e => (long?)e.Id, cancellationToken);
        var scores = await db.Scores.AsNoTracking().Where(s => s.EvaluationId == run).ToListAsync(cancellationToken);
        var splits = await db.PhaseSplits.AsNoTracking().Where(s => s.PhaseId == phase && s.IsDeclared && s.Visibility != "host").OrderBy(s => s.Position)
            .Select(s => new { s.Columns, s.DatasetCodename }).ToListAsync(cancellationToken);
        return JsonSerializer.Serialize(splits.Select(split => (JsonSerializer.Deserialize<List<LeaderboardColumn>>(split.Columns) ?? [])
            .Select(column => scores.FirstOrDefault(score => !score.IsHidden && score.Metric == column.Name && (score.Split.Length == 0 || score.Split == split.DatasetCodename)))
            .OfType<Score>().ToDictionary(score => score.Metric, score => score.Value)));
    }

    private static async Task<string> FaultAsync(int id, PalioDbContext db, CancellationToken cancellationToken)
    {
        var json = await db.Evaluations.Where(e => e.SubmissionId == id).OrderByDescending(e => e.Id).Select(e => e.FaultJson).FirstOrDefaultAsync(cancellationToken);
        return json is not null && JsonSerializer.Deserialize(json, EvaluationJsonContext.Default.Fault) is { } fault
            ? $"{fault.Message}\n{fault.Remedy}\n(code {fault.Code}, blame {fault.Blame})\n"
            : "";
    }

    private static async Task<string> LogAsync(int id, string side, PalioDbContext db, EvaluationFiles files, CancellationToken cancellationToken)
    {
        var run = await db.Evaluations.Where(e => e.SubmissionId == id).MaxAsync(e => (long?)e.Id, cancellationToken) ?? throw PalioException.NotFound("log");
        return await files.ReadLogAsync(run, side, cancellationToken);
    }

    [GeneratedRegex(@"^team_[0-9]{1,9}/submission_(?<submission>[0-9]{1,9})/(?<name>[a-z_.]{1,50})\z")]
    private static partial Regex Key();
}
