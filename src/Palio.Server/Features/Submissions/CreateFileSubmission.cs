using System.Text.Json;
using Microsoft.Extensions.Options;
using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions;

/// <summary>
/// Takes a file as a team's entry to a phase. The door streams it beside the <see cref="ContentStore"/> and hands it here, so that no file is
/// ever in memory, and one that is refused is not kept. Repeating it, by key or by content, changes nothing.
/// </summary>
internal static class CreateFileSubmission
{
    /// <summary>Longest name that is kept.</summary>
    public const int LongestName = 255;

    /// <summary>The submission, and whether it was made just now.</summary>
    /// <param name="request">What is submitted, apart from the file.</param>
    /// <param name="file">The file; whoever staged it disposes of it.</param>
    /// <param name="key">Idempotency key; null for none.</param>
    /// <param name="again">Submit although the same file is there already.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="db">Database.</param>
    /// <param name="queue">Is woken.</param>
    /// <param name="options">The operator's limits.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(SubmissionSummary Submission, bool IsNew)> HandleAsync(
        SubmitFileRequest request, UploadedFile file, string? key, bool again, CurrentUser caller, PalioDbContext db, EvaluationQueue queue,
        IOptions<ScoringOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        SubmissionIntake.CheckKey(key);
        await using var connection = await db.OpenAsync(cancellationToken);
        var hash = Secrets.Hash($"{JsonSerializer.Serialize(request, ApiJsonContext.Default.SubmitFileRequest)}\n{file.Content.Digest}");
        var once = new EntryOnce(key, hash, again);
        if (await SubmissionIntake.FindByKeyAsync(once, caller, db, cancellationToken) is { } repeated)
        {
            return (await SubmissionViews.SummaryAsync(repeated, db, cancellationToken), false);
        }

        var texts = EntryRequest.Of(request);
        var entry = await SubmissionIntake.PrepareAsync(texts, isFile: true, caller, db, queue, time, cancellationToken);
        Check(file, entry.Declaration, options.Value);
        var content = new EntryContent("", file.Content.Digest, file.Name, file.Content.Bytes) { StoredAsync = KeepAsync };
        var (id, isNew) = await SubmissionIntake.StoreAsync(entry, content, texts, once, caller, db, time, cancellationToken);
        if (isNew)
        {
            queue.Wake();
        }

        return (await SubmissionViews.SummaryAsync(id, db, cancellationToken), isNew);

        // Within the transaction: a crash in between leaves a file too many, never a submission without one.
        Task KeepAsync()
        {
            file.Staged.Keep();
            return Task.CompletedTask;
        }
    }

    /// <summary>Refuses a file that the phase does not take.</summary>
    private static void Check(UploadedFile file, PhaseDeclaration phase, ScoringOptions options)
    {
        CheckName(file.Name, phase);
        CheckSize(file.Content.Bytes, phase, options);
    }

    /// <summary>Refuses a kind of file that the phase does not take.</summary>
    public static void CheckName(string name, PhaseDeclaration phase)
    {
        if (!FileTypes.Allows(phase.AllowedSubmissionFileTypes, name))
        {
            throw new PalioException(
                StatusCodes.Status422UnprocessableEntity, RefusalCodes.FileType, $"The phase does not take '{name}'.",
                $"Give a file that ends in one of {string.Join(", ", FileTypes.Parse(phase.AllowedSubmissionFileTypes))}.");
        }
    }

    /// <summary>Refuses a file that is empty, or larger than the phase takes.</summary>
    public static void CheckSize(long bytes, PhaseDeclaration phase, ScoringOptions options)
    {
        if (bytes > MostBytes(phase, options))
        {
            throw TooLarge($"{bytes}", MostBytes(phase, options));
        }

        if (bytes == 0)
        {
            throw new PalioException(StatusCodes.Status422UnprocessableEntity, RefusalCodes.FileEmpty, "The file is empty.", "Write your results into it first.");
        }
    }

    /// <summary>The largest file that the phase takes.</summary>
    public static long MostBytes(PhaseDeclaration phase, ScoringOptions options) => Math.Min(options.MaxFileBytes, phase.Evaluation?.MaxFileBytes ?? options.MaxFileBytes);

    /// <param name="bytes">The file's size, or what is known of it.</param>
    /// <param name="most">What is taken.</param>
    public static PalioException TooLarge(string bytes, long most) => new(
        StatusCodes.Status413PayloadTooLarge, RefusalCodes.FileTooLarge, $"The file has {bytes} bytes; the phase takes at most {most}.",
        "Make it smaller: fewer digits, or packed, if the phase takes packed files.");
}

/// <summary>A file that somebody sent.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="Staged">Where it waits.</param>
internal sealed record UploadedFile(string Name, StagedContent Staged) : IDisposable
{
    public StoredContent Content => Staged.Content;

    /// <summary>A name as a sender's program gives it: without folders, printable, not too long, its ending kept.</summary>
    public static string NameOf(string? sent)
    {
        var name = (sent ?? "").Split('/', '\\')[^1].Trim();
        name = string.Concat(name.Select(c => char.IsControl(c) ? '_' : c));
        if (name.Length > CreateFileSubmission.LongestName)
        {
            name = name[^CreateFileSubmission.LongestName..];
        }

        return name is "" or "." or ".." ? "submission" : name;
    }

    public void Dispose() => Staged.Dispose();
}
