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

/// <summary>Reads a multipart form with a file, in whatever order its parts come: the file goes straight to the content store.</summary>
internal static class FileUpload
{
    /// <summary>Between the values of a field that comes several times.</summary>
    public const char Again = '\u001f';

    private const int MostFields = 200;
    private const int LongestField = 1 << 20;
    private const long RoomForFields = 4 << 20;
    private const int LongestBoundary = 200;

    /// <summary>The native door's form.</summary>
    public static async Task<(SubmitFileRequest Request, UploadedFile File)> ReadAsync(
        HttpRequest http, ContentStore store, long maxBytes, CancellationToken cancellationToken)
    {
        var (fields, files) = await ReadFormAsync(http, store, maxBytes, cancellationToken);
        var file = files.GetValueOrDefault("file") ?? throw PalioException.Invalid("file", "The form has no part 'file'.", "Send the file as that part, with a file name.");
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

    /// <summary>Any form: its fields as texts, its files stored.</summary>
    public static async Task<(Dictionary<string, string> Fields, Dictionary<string, UploadedFile> Files)> ReadFormAsync(
        HttpRequest http, ContentStore store, long maxBytes, CancellationToken cancellationToken)
    {
        if (http.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = maxBytes + RoomForFields;
        }

        var reader = new MultipartReader(BoundaryOf(http), http.Body);
        var (fields, files) = (new Dictionary<string, string>(), new Dictionary<string, UploadedFile>());
        var parts = 0;
        try
        {
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
                    var fileName = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;
                    files[name] = new UploadedFile(UploadedFile.NameOf(fileName), await store.PutAsync(section.Body, maxBytes, cancellationToken));
                }
                else
                {
                    var text = await TextAsync(name, section.Body, cancellationToken);
                    fields[name] = fields.TryGetValue(name, out var before) ? before + Again + text : text;
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw PalioException.Invalid("form", "The form ends early or is damaged.", "Send it again.");
        }

        return (fields, files);
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
