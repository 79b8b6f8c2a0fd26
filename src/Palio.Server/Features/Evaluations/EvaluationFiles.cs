using System.Globalization;
using Palio.Server.Storage;

namespace Palio.Server.Features.Evaluations;

/// <summary>Logs and records of evaluations, as files below the data folder.</summary>
internal sealed class EvaluationFiles(DataFolder data)
{
    private const int MostLogCharacters = 4 << 20;

    /// <summary>Written aside and moved: a reader and a crash never meet half a file.</summary>
    public async Task WriteRecordAsync(long evaluation, int ordinal, byte[] record, CancellationToken cancellationToken) =>
        await WriteAsync(Folder("records", evaluation), Name(ordinal), stream => stream.WriteAsync(record, cancellationToken).AsTask());

    public string RecordPath(long evaluation, int ordinal) => data["records", Name(evaluation), Name(ordinal)];

    public async Task WriteLogsAsync(long evaluation, string agent, string environment, CancellationToken cancellationToken)
    {
        var folder = Folder("logs", evaluation);
        await WriteTextAsync(folder, "agent", agent, cancellationToken);
        await WriteTextAsync(folder, "environment", environment, cancellationToken);
    }

    /// <summary>What a script returned, whole.</summary>
    public Task WriteResultAsync(long evaluation, string result, CancellationToken cancellationToken) =>
        WriteTextAsync(Folder("results", evaluation), "result.json", result, cancellationToken);

    /// <summary>What a script returned; null when there is nothing of it.</summary>
    public async Task<string?> ReadResultAsync(long evaluation, CancellationToken cancellationToken)
    {
        var path = data["results", Name(evaluation), "result.json"];
        return File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : null;
    }

    /// <summary>The log, empty when there is none, and whether its beginning was cut off.</summary>
    public async Task<string> ReadLogAsync(long evaluation, string side, CancellationToken cancellationToken)
    {
        var path = data["logs", Name(evaluation), side];
        return File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : "";
    }

    /// <summary>The last bytes of a log from the beginning of a line where there is one, empty when there is none.</summary>
    public async Task<string> ReadTailAsync(long evaluation, string side, int bytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new FileStream(data["logs", Name(evaluation), side], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Seek(-Math.Min(stream.Length, bytes), SeekOrigin.End);
            var cut = stream.Position > 0;
            using var reader = new StreamReader(stream);
            var text = await reader.ReadToEndAsync(cancellationToken);
            return cut && text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var line ? text[(line + 1)..] : text;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    private string Folder(string kind, long evaluation) => data.PrivateFolder(kind, Name(evaluation));

    private static Task WriteTextAsync(string folder, string name, string text, CancellationToken cancellationToken) => WriteAsync(folder, name, async stream =>
    {
        await using var writer = new StreamWriter(stream, leaveOpen: true);
        await writer.WriteAsync(text.AsMemory(Math.Max(0, text.Length - MostLogCharacters)), cancellationToken);
    });

    private static async Task WriteAsync(string folder, string name, Func<FileStream, Task> write)
    {
        var (path, temporary) = (Path.Combine(folder, name), Path.Combine(folder, $"{name}.{Guid.NewGuid():N}"));
        await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            await write(stream);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static string Name(long number) => number.ToString(CultureInfo.InvariantCulture);
}
