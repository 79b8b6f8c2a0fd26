using System.Collections;
using System.Text.Json;

namespace Palio.Server.Hosting;

/// <summary>Settings by file, environment and command line; what comes later wins.</summary>
internal static class ServerConfiguration
{
    public const string EnvironmentPrefix = "PALIO__";

    /// <summary>Fills the configuration and returns the mistakes found in file and environment.</summary>
    public static IReadOnlyList<string> Load(IConfigurationManager configuration, ServerArguments arguments)
    {
        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft"] = "Warning",
            ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",

            // A failed command is an exception, told where it lands; the first start's look for a table that is not there yet is none.
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "None",
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

        mistakes.AddRange(MistakesInEnvironment(Environment.GetEnvironmentVariables().Keys));
        configuration.AddEnvironmentVariables(EnvironmentPrefix);
        configuration.AddInMemoryCollection(arguments.Settings);
        return mistakes;
    }

    /// <summary>Variables with Palio's prefix that name no setting.</summary>
    internal static IEnumerable<string> MistakesInEnvironment(ICollection names) => names.OfType<string>()
        .Where(name => name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
        .Select(name => (Name: name, Mistake: KnownSettings.MistakeIn(name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal))))
        .Where(found => found.Mistake is not null).Select(found => $"{found.Name}: {found.Mistake}");

    private static List<string> Mistakes(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().SelectMany(Mistakes).Select(mistake => $"{file}: {mistake}")]
                : [$"{file}: must be a JSON object of sections."];
        }
        catch (JsonException exception)
        {
            return [$"{file}:{exception.LineNumber + 1}: is not JSON: {exception.Message}"];
        }
    }

    // "Section": {"Key": …}, or "Section:Key": …, as the configuration reads both.
    private static IEnumerable<string> Mistakes(JsonProperty section)
    {
        if (KnownSettings.MistakeIn(section.Name) is { } unknown)
        {
            return [unknown];
        }

        return section.Value.ValueKind == JsonValueKind.Object && !section.Name.Contains(':', StringComparison.Ordinal)
            ? section.Value.EnumerateObject().Select(key => KnownSettings.MistakeIn($"{section.Name}:{key.Name}")).OfType<string>()
            : [];
    }
}
