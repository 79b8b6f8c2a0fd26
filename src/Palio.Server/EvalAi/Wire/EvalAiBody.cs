using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Palio.Server.Errors;

namespace Palio.Server.EvalAi.Wire;

/// <summary>
/// What was sent, be it JSON, a form, a multipart form, or nothing at all: EvalAI takes each everywhere, and its clients send each
/// somewhere. As a parameter of an endpoint it is read by itself.
/// </summary>
internal sealed class EvalAiBody
{
    private const long Usual = 16 << 20;

    private readonly IFormCollection? _form;

    private EvalAiBody(JsonElement root, IFormCollection? form) => (Root, _form) = (root, form);

    /// <summary>A JSON body whole; undefined with a form or nothing.</summary>
    public JsonElement Root { get; }

    public static async ValueTask<EvalAiBody> BindAsync(HttpContext context)
    {
        var request = context.Request;
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<UploadLimit>()?.Bytes(context.RequestServices) ?? Usual;
        if (request.ContentLength > limit + Usual)
        {
            throw PalioException.Invalid("input_file", $"The request has {request.ContentLength} bytes; at most {limit} are taken.", "");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit + Usual; // the file, and the fields beside it
        }

        return request.HasFormContentType
            ? new EvalAiBody(default, await ReadFormAsync(request, limit, context.RequestAborted))
            : new EvalAiBody(await ReadJsonAsync(request, context.RequestAborted), null);
    }

    /// <summary>The fields there are.</summary>
    public IReadOnlyList<string> Names =>
        _form is not null ? [.. _form.Keys, .. _form.Files.Select(file => file.Name)]
        : Root.ValueKind == JsonValueKind.Object ? [.. Root.EnumerateObject().Select(property => property.Name)] : [];

    public bool Has(string name) => _form is null ? Value(name).ValueKind != JsonValueKind.Undefined : _form.ContainsKey(name) || _form.Files[name] is not null;

    /// <summary>Null when it is not there or null; what is no text is given as it would be written.</summary>
    public string? Text(string name)
    {
        if (_form is not null)
        {
            return _form[name] is { Count: > 0 } values ? values[^1] : null;
        }

        var value = Value(name);
        return value.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
    }

    /// <summary>Text that is neither missing nor empty.</summary>
    public string? Filled(string name) => Text(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    public int? Number(string name) => Text(name) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw PalioException.Invalid(name, "A valid integer is required.", "");

    /// <summary>Python's words for yes and no are taken too.</summary>
    public bool? Flag(string name) => Text(name)?.ToLowerInvariant() switch
    {
        null or "" or "null" or "none" => null,
        "true" or "1" or "on" or "yes" or "t" => true,
        "false" or "0" or "off" or "no" or "f" => false,
        _ => throw PalioException.Invalid(name, "Must be a valid boolean.", ""),
    };

    /// <summary>A value of any kind: itself, or the JSON that a text holds. Undefined when it is not there.</summary>
    public JsonElement Json(string name)
    {
        var value = Value(name);
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Undefined))
        {
            return value;
        }

        if (Text(name) is not { Length: > 0 } text)
        {
            return default;
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw PalioException.Invalid(name, "Value must be valid JSON.", "");
        }
    }

    public IFormFile? File(string name) => _form?.Files[name];

    /// <summary>The request of a use case, held to the same marks as at the native API's door.</summary>
    /// <param name="request">The request.</param>
    /// <param name="names">Its properties' names in EvalAI.</param>
    public static T Checked<T>(T request, params (string Ours, string Theirs)[] names) where T : notnull
    {
        var results = new List<ValidationResult>();
        if (Validator.TryValidateObject(request, new ValidationContext(request), results, validateAllProperties: true))
        {
            return request;
        }

        var fields = results.SelectMany(result => result.MemberNames.Select(member => (member, result.ErrorMessage)))
            .GroupBy(mistake => mistake.member).ToDictionary(group => group.Key, group => group.Select(mistake => mistake.ErrorMessage ?? "").ToArray());
        throw new PalioException(StatusCodes.Status400BadRequest, RefusalCodes.Validation, string.Join(' ', results.Select(result => result.ErrorMessage)), "")
        {
            Fields = fields,
        }.Renamed(names);
    }

    private JsonElement Value(string name) => Root.ValueKind == JsonValueKind.Object && Root.TryGetProperty(name, out var value) ? value : default;

    private static async Task<IFormCollection> ReadFormAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFormAsync(
                new FormOptions { MultipartBodyLengthLimit = limit, ValueLengthLimit = (int)Usual, ValueCountLimit = 1000 }, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw new PalioException(
                StatusCodes.Status400BadRequest, RefusalCodes.Validation, $"Multipart form parse error - {exception.Message}", "");
        }
    }

    private static async Task<JsonElement> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await request.Body.CopyToAsync(memory, cancellationToken);
        if (memory.Length == 0)
        {
            return default; // 'participate' declares JSON and sends nothing
        }

        if (!request.HasJsonContentType() && !string.IsNullOrEmpty(request.ContentType))
        {
            throw new PalioException(
                StatusCodes.Status415UnsupportedMediaType, RefusalCodes.Validation, $"Unsupported media type \"{request.ContentType}\" in request.", "");
        }

        try
        {
            return JsonElement.Parse(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        }
        catch (JsonException exception)
        {
            throw new PalioException(StatusCodes.Status400BadRequest, RefusalCodes.Validation, $"JSON parse error - {exception.Message}", "");
        }
    }
}

/// <summary>On an endpoint that takes files: the most bytes of its body.</summary>
/// <param name="Bytes">Reads it from the settings.</param>
internal sealed record UploadLimit(Func<IServiceProvider, long> Bytes);
