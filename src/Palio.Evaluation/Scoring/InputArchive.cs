using System.Formats.Tar;
using System.IO.Pipelines;
using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Scoring;

/// <summary>What the script's container sees below <c>/input</c>, as one tar archive that is written while it is read.</summary>
internal static class InputArchive
{
    private const string Runner = "run.py";
    private const string ScriptFolder = "script/evaluation_script/";

    /// <summary>The command that runs it.</summary>
    public static IReadOnlyList<string> Command { get; } = ["python3", "-u", $"{ScoringPlan.InputDirectory}/{Runner}"];

    /// <summary>The archive as a stream. Reading fails with <see cref="InvalidDataException"/> where a file is not what the job says.</summary>
    /// <param name="plan">What is scored.</param>
    /// <param name="written">The file that a participant's image wrote, with its name; null for a submitted file.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public static Stream Open(ScoringPlan plan, (string Name, Stream Content)? written, CancellationToken cancellationToken) =>
        Pipe(target => WriteAsync(target, plan, written, cancellationToken));

    /// <summary>What a participant's image finds in its dataset's folder, in the same way.</summary>
    public static Stream OpenDataset(ScoringPlan plan, JobFile dataset, CancellationToken cancellationToken) => Pipe(async target =>
    {
        var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        await using var closing = tar.ConfigureAwait(false);
        using var content = await OpenAsync(plan, dataset, cancellationToken, tellsLength: false).ConfigureAwait(false);
        await AddFolderAsync(tar, "", content, cancellationToken).ConfigureAwait(false);
    });

    private static Stream Pipe(Func<Stream, Task> write)
    {
        var pipe = new Pipe();
        _ = Task.Run(async () =>
        {
            try
            {
                await write(pipe.Writer.AsStream(leaveOpen: true)).ConfigureAwait(false);
                await pipe.Writer.CompleteAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                await pipe.Writer.CompleteAsync(exception).ConfigureAwait(false); // the reader gets it
            }
        }, CancellationToken.None);
        return pipe.Reader.AsStream();
    }

    /// <summary>What an image that scores by a program of its own is told; the rest is in <c>call.json</c>.</summary>
    public static IReadOnlyDictionary<string, string> Variables(ScoringJob job, string submission) => new Dictionary<string, string>
    {
        ["ANNOTATION_FILE"] = job.Annotations is { } annotations ? $"{ScoringPlan.InputDirectory}/{AnnotationPath(annotations)}" : "",
        ["SUBMISSION_FILE"] = $"{ScoringPlan.InputDirectory}/submission/{submission}",
        ["PHASE_CODENAME"] = job.Phase,
        ["CALL_FILE"] = $"{ScoringPlan.InputDirectory}/call.json",
        ["RESULT_FILE"] = $"{ScoringPlan.ResultDirectory}/{ScoringPlan.ResultName}",
    };

    /// <summary>Writes the archive.</summary>
    public static async Task WriteAsync(Stream target, ScoringPlan plan, (string Name, Stream Content)? written, CancellationToken cancellationToken)
    {
        var job = plan.Job;
        var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        await using var closing = tar.ConfigureAwait(false);
        foreach (var folder in (string[])["script/", ScriptFolder, "annotations/", "submission/"])
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = Folder }, cancellationToken).ConfigureAwait(false);
        }

        await AddAsync(tar, Runner, RunnerText(), cancellationToken).ConfigureAwait(false);
        var submission = $"submission/{written?.Name ?? job.Submission!.Name}"; // there is one or the other
        await AddAsync(tar, "call.json", new MemoryStream(Call(job, submission)), cancellationToken).ConfigureAwait(false);
        if (job.Script is { } archive)
        {
            using var script = await OpenAsync(plan, archive, cancellationToken, tellsLength: false).ConfigureAwait(false);
            await AddFolderAsync(tar, ScriptFolder, script, cancellationToken).ConfigureAwait(false);
        }

        if (job.Annotations is { } annotations)
        {
            using var content = await OpenAsync(plan, annotations, cancellationToken).ConfigureAwait(false);
            await AddAsync(tar, AnnotationPath(annotations), content, cancellationToken).ConfigureAwait(false);
        }

        if (written is { } file)
        {
            await AddAsync(tar, submission, file.Content, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            using var content = await OpenAsync(plan, job.Submission!, cancellationToken).ConfigureAwait(false); // there is one or the other
            await AddAsync(tar, submission, content, cancellationToken).ConfigureAwait(false);
        }
    }

    private const UnixFileMode ReadAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Folder = ReadAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static async Task AddFolderAsync(TarWriter tar, string folder, Stream archive, CancellationToken cancellationToken)
    {
        using var reader = new TarReader(archive);
        while (await reader.GetNextEntryAsync(copyData: true, cancellationToken).ConfigureAwait(false) is { } entry)
        {
            // Made by the server from checked paths; checked again where it is unpacked.
            if (entry.EntryType is not TarEntryType.RegularFile || entry.Name.StartsWith('/') || entry.Name.Split('/').Contains(".."))
            {
                throw new InvalidDataException($"The archive has an entry '{entry.Name}' of type {entry.EntryType}.");
            }

            await AddAsync(tar, folder + entry.Name, entry.DataStream ?? Stream.Null, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task AddAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) =>
        await tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = ReadAll, ModificationTime = DateTimeOffset.UnixEpoch, DataStream = content },
            cancellationToken).ConfigureAwait(false);

    private static async Task<Stream> OpenAsync(ScoringPlan plan, JobFile file, CancellationToken cancellationToken, bool tellsLength = true) =>
        new CheckedStream(await plan.OpenAsync(file, cancellationToken).ConfigureAwait(false), file, tellsLength);

    private static string AnnotationPath(JobFile file) => $"annotations/{file.Name}";

    private static MemoryStream RunnerText()
    {
        using var resource = typeof(InputArchive).Assembly.GetManifestResourceStream($"Palio.Evaluation.Scoring.{Runner}")!; // embedded by the build
        var copy = new MemoryStream();
        resource.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    private static byte[] Call(ScoringJob job, string submission)
    {
        using var metadata = JsonDocument.Parse(job.Metadata);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("phase", job.Phase);
            json.WriteString("submission", $"{ScoringPlan.InputDirectory}/{submission}");
            if (job.Annotations is { } annotations)
            {
                json.WriteString("annotations", $"{ScoringPlan.InputDirectory}/{AnnotationPath(annotations)}");
            }
            else
            {
                json.WriteNull("annotations");
            }

            json.WritePropertyName("metadata");
            metadata.RootElement.WriteTo(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
