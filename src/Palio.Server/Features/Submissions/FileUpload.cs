using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Palio.Protocol.Api;
using Palio.Server.Errors;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions;

/// <summary>
/// Reads a multipart form with a file, in whatever order its parts come: the file is staged beside the content store. What can be refused
/// is refused before it is read; but all that was sent is taken from the wire, or the sender would see a broken connection and no reason.
/// </summary>
internal static class FileUpload
{
    /// <summary>Between the values of a field that comes several times.</summary>
    public const char Again = '\u001f';

    private const int MostFields = 200;
    private const int LongestField = 1 << 20;
    private const long RoomForFields = 4 << 20;
    private const int LongestBoundary = 200;

    /// <summary>The native door's request in its form.</summary>
    public static (SubmitFileRequest Request, UploadedFile File) RequestOf(ReceivedForm form)
    {
        var (fields, file) = (form.Fields, form.File("file", "The form has no part 'file'.", "Send the file as that part, with a file name."));
        var request = new SubmitFileRequest
        {
            Challenge = fields.GetValueOrDefault("challenge") ?? "",
            Phase = fields.GetValueOrDefault("phase") ?? "",
            MethodName = fields.GetValueOrDefault("methodName"),
            MethodDescription = fields.GetValueOrDefault("methodDescription"),
            ProjectUrl = fields.GetValueOrDefault("projectUrl"),
            PublicationUrl = fields.GetValueOrDefault("publicationUrl"),
            Public = fields.GetValueOrDefault("public") switch
            {
                null or "" => null,
                var text when bool.TryParse(text, out var shown) => shown,
                var text => throw PalioException.Invalid("public", $"'{text}' is neither true nor false.", "Write true or false, or leave it out."),
            },
            Metadata = Metadata(fields.GetValueOrDefault("metadata")),
        };
        var mistakes = new List<ValidationResult>();
        return Validator.TryValidateObject(request, new ValidationContext(request), mistakes, validateAllProperties: true)
            ? (request, file)
            : throw PalioException.Invalid(
                mistakes[0].MemberNames.FirstOrDefault() ?? "form", mistakes[0].ErrorMessage ?? "The form is wrong.", "Compare it with the API's documentation at /api/docs.");
    }

    /// <summary>Any form: its fields as texts, its files staged.</summary>
    /// <param name="http">The request.</param>
    /// <param name="store">Stages files.</param>
    /// <param name="maxBytes">Of a file, whatever the phase takes.</param>
    /// <param name="admit">Asked before a file is read, with the fields so far and the file's name: the most bytes to take of it.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    public static async Task<ReceivedForm> ReadFormAsync(
        HttpRequest http, ContentStore store, long maxBytes, Func<IReadOnlyDictionary<string, string>, string, Task<long>> admit, CancellationToken cancellationToken)
    {
        if (http.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = maxBytes + RoomForFields;
        }

        var form = new ReceivedForm();
        try
        {
            await ReadAsync(new MultipartReader(BoundaryOf(http), http.Body), form, store, admit, cancellationToken);
            return form;
        }
        catch (Exception exception)
        {
            form.Dispose();
            await DrainAsync(http, cancellationToken);
            if (exception is InvalidDataException or IOException and not BadHttpRequestException)
            {
                throw PalioException.Invalid("form", "The form ends early or is damaged.", "Send it again.");
            }

            throw;
        }
    }

    /// <summary>Takes the rest of a request from the wire, as far as its limit goes, so that its sender reads the answer.</summary>
    public static async Task DrainAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        try
        {
            await http.Body.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The sender went away, or sends more than anybody would take: it gets what answer it can.
        }
    }

    private static async Task ReadAsync(
        MultipartReader reader, ReceivedForm form, ContentStore store, Func<IReadOnlyDictionary<string, string>, string, Task<long>> admit, CancellationToken cancellationToken)
    {
        var parts = 0;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (++parts > MostFields)
            {
                throw PalioException.Invalid("form", $"The form has more than {MostFields} parts.", "Send fewer.");
            }

            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || disposition.Name.Value is not { } quoted)
            {
                continue;
            }

            var name = HeaderUtilities.RemoveQuotes(quoted).ToString();
            if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
            {
                var fileName = UploadedFile.NameOf((disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value);
                form.Add(name, new UploadedFile(fileName, await store.StageAsync(section.Body, await admit(form.Fields, fileName), cancellationToken)));
            }
            else
            {
                form.Add(name, await TextAsync(name, section.Body, cancellationToken));
            }
        }
    }

    private static string BoundaryOf(HttpRequest http) =>
        MediaTypeHeaderValue.TryParse(http.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= LongestBoundary } boundary
            ? boundary
            : throw PalioException.Invalid("form", "This is no multipart form.", "Send multipart/form-data with the file as part 'file'.");

    private static async Task<string> TextAsync(string name, Stream body, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[8192];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (text.Length + read > LongestField)
            {
                throw PalioException.Invalid(name, $"'{name}' has more than {LongestField} bytes.", "Shorten it.");
            }

            text.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static Dictionary<string, string>? Metadata(string? json)
    {
        try
        {
            return string.IsNullOrWhiteSpace(json) ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(json);
        }
        catch (JsonException)
        {
            throw PalioException.Invalid("metadata", "'metadata' is not a JSON object of texts.", "Write {\"question\": \"answer\"}.");
        }
    }
}

/// <summary>A form that was read. Its files are gone with it, unless they were kept.</summary>
internal sealed class ReceivedForm : IDisposable
{
    private readonly Dictionary<string, string> _fields = [];
    private readonly Dictionary<string, UploadedFile> _files = [];

    public IReadOnlyDictionary<string, string> Fields => _fields;

    public UploadedFile File(string name, string missing, string remedy) => _files.GetValueOrDefault(name) ?? throw PalioException.Invalid(name, missing, remedy);

    public void Add(string name, string text) => _fields[name] = _fields.TryGetValue(name, out var before) ? before + FileUpload.Again + text : text;

    public void Add(string name, UploadedFile file)
    {
        _files.GetValueOrDefault(name)?.Dispose();
        _files[name] = file;
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }
}
