using System.Text.Json;

namespace Palio.Server.Hosting;

/// <summary>Settings by file, environment and command line; what comes later wins.</summary>
internal static class ServerConfiguration
{
    public const string EnvironmentPrefix = "PALIO__";

    /// <summary>Fills the configuration and returns the mistakes found in the file.</summary>
    public static IReadOnlyList<string> Load(IConfigurationManager configuration, ServerArguments arguments)
    {
        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft"] = "Warning",
            ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
        });
        var file = arguments.Config ?? Path.Combine(arguments.Data, "palio.json");
        var mistakes = new List<string>();
        if (File.Exists(file))
        {
            mistakes.AddRange(Mistakes(file));
            if (mistakes.Count == 0)
            {
                configuration.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
            }
        }
        else if (arguments.Config is not null)
        {
            mistakes.Add($"{file} does not exist; leave --config out to do without a file.");
        }

        configuration.AddEnvironmentVariables(EnvironmentPrefix);
        configuration.AddInMemoryCollection(arguments.Settings);
        return mistakes;
    }

    private static List<string> Mistakes(string file)
    {
        JsonDocument document;
        var failure = "";
        try
        {
            document = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException exception)
        {
            document = JsonDocument.Parse("{}");
            failure = $"{file}:{exception.LineNumber + 1}: is not JSON: {exception.Message}";
        }

        using (document)
        {
            if (failure.Length > 0)
            {
                return [failure];
            }

            return document.RootElement.ValueKind != JsonValueKind.Object
                ? [$"{file}: must be a JSON object of sections."]
                : document.RootElement.EnumerateObject().Where(section => !ServerArguments.IsSection(section.Name) && section.Name != "Urls")
                    .Select(section => $"{file}: '{section.Name}' is not a section Palio knows.").ToList();
        }
    }
}
