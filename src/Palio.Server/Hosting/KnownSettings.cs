using System.Reflection;
using Palio.Registry;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Accounts;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Hosting;

/// <summary>The settings there are: a misspelt one must not pass for a default.</summary>
internal static class KnownSettings
{
    private const string Addresses = "Urls";
    private const string Logging = "Logging"; // its keys are the names of loggers

    private static readonly Dictionary<string, string[]> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        [InstanceOptions.Section] = KeysOf<InstanceOptions>(),
        [DatabaseOptions.Section] = KeysOf<DatabaseOptions>(),
        [AccountOptions.Section] = KeysOf<AccountOptions>(),
        [ChallengeOptions.Section] = KeysOf<ChallengeOptions>(),
        [QueueOptions.Section] = KeysOf<QueueOptions>(),
        [ScoringOptions.Section] = KeysOf<ScoringOptions>(),
        [WorkerSettings.Section] = KeysOf<WorkerSettings>(),
        [EvalAiOptions.Section] = KeysOf<EvalAiOptions>(),
        [RegistryOptions.Section] = KeysOf<RegistryOptions>(),
        [Logging] = [],
    };

    /// <summary>What is wrong with a setting's name (<c>Worker:Capacity</c>, or a section's alone); null when Palio knows it.</summary>
    public static string? MistakeIn(string name)
    {
        var (section, key) = name.Split(':', 2) is [var first, var rest] ? (first, rest) : (name, null);
        if (string.Equals(name, Addresses, StringComparison.OrdinalIgnoreCase) || string.Equals(section, Logging, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (!Sections.TryGetValue(section, out var keys))
        {
            return $"'{section}' is not a section Palio knows; there are {string.Join(", ", Sections.Keys)}.";
        }

        return key is null || keys.Contains(key, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"'{key}' is not a setting of '{section}'; there are {string.Join(", ", keys)}.";
    }

    private static string[] KeysOf<TOptions>() => [.. typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => p.Name).Order(StringComparer.Ordinal)];
}
