using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Evaluation.Scoring;

/// <summary>What a courier hands over, piece by piece: a line with name and size, then exactly that many bytes, into a file of the worker's.</summary>
internal sealed class CarriedFile : IDisposable
{
    private const int LongestLine = 4096;
    private readonly List<byte> _line = [];
    private readonly FileStream _spool;
    private CarriedHeader? _header;

    /// <summary>Begins with nothing. The file is the worker's alone, and goes with the stream.</summary>
    public CarriedFile()
    {
        var path = Path.Combine(Path.GetTempPath(), "palio-" + Guid.NewGuid().ToString("N"));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _spool = new FileStream(path, options);
    }

    /// <summary>Its name; null as long as the whole file has not come.</summary>
    public string? Name => Problem is null && _header is { Name: { } name } && _spool.Length == _header.Bytes ? name : null;

    /// <summary>Why there is no file, or nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>The file, from its beginning.</summary>
    public Stream Content
    {
        get
        {
            _spool.Position = 0;
            return _spool;
        }
    }

    /// <summary>Takes what comes. More than was announced, or than may be, is a problem and is dropped.</summary>
    /// <param name="bytes">The next piece.</param>
    /// <param name="most">Largest file.</param>
    /// <param name="names">Names that it may have.</param>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> bytes, long most, IReadOnlyList<string> names)
    {
        if (Problem is not null)
        {
            return;
        }

        if (_header is null)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            _line.AddRange(bytes.Span[..(end < 0 ? bytes.Length : end)]);
            if (_line.Count > LongestLine)
            {
                Problem = "The file's first line cannot be read.";
                return;
            }

            if (end < 0)
            {
                return;
            }

            Begin(most, names);
            bytes = bytes[(end + 1)..];
        }

        if (Problem is null && _spool.Length + bytes.Length > _header!.Bytes) // Begin sets the header or the problem
        {
            Problem = "The file is longer than it was announced.";
        }
        else if (Problem is null)
        {
            await _spool.WriteAsync(bytes).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _spool.Dispose();

    private void Begin(long most, IReadOnlyList<string> names)
    {
        try
        {
            _header = JsonSerializer.Deserialize(_line.ToArray(), CarriedJsonContext.Default.CarriedHeader);
        }
        catch (JsonException)
        {
            Problem = "The file's first line cannot be read.";
            return;
        }

        Problem = _header switch
        {
            null => "The file's first line cannot be read.",
            { Problem: { } problem } => problem,
            { Name: { } name } when !names.Contains(name) => "The file has another name than was asked for.",
            { Bytes: var length } when length <= 0 || length > most => $"The file has {length} bytes; at most {most} are taken.",
            { Name: null } => "The file has no name.",
            _ => null,
        };
    }
}

/// <summary>The first line.</summary>
internal sealed record CarriedHeader(string? Name, long Bytes, string? Problem);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CarriedHeader))]
internal sealed partial class CarriedJsonContext : JsonSerializerContext;
