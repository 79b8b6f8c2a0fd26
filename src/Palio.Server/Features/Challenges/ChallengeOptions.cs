using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Palio.Server.Features.Challenges;

/// <summary>Settings of challenges. Section <c>Challenges</c>.</summary>
internal sealed partial class ChallengeOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Challenges";

    /// <summary>New challenges need no approval by the administrator. Default false.</summary>
    public bool SelfService { get; set; }

    /// <summary>Largest bundle in bytes, packed. 1 KiB to 1 GiB, default 64 MiB.</summary>
    public long MaxBundleBytes { get; set; } = 64L << 20;

    /// <summary>
    /// Registries beside this instance's own that environment images may come from, by digest: host names with commas between them,
    /// <c>docker.io</c> for names without one, <c>*</c> for any. Default none: the machine that pulls may reach what hosts must not.
    /// </summary>
    public string EnvironmentRegistries { get; set; } = "";

    /// <summary>OCI runtimes a phase may ask for, such as <c>runsc</c>, with commas between them. Default none: every phase gets the engine's own.</summary>
    public string Runtimes { get; set; } = "";

    /// <summary>Whether an environment image may come from this registry.</summary>
    public bool AllowsRegistry(string host) => List(EnvironmentRegistries) is var allowed && (allowed.Contains("*") || allowed.Contains(host, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether a phase may ask for this runtime.</summary>
    public bool AllowsRuntime(string runtime) => List(Runtimes).Contains(runtime, StringComparer.Ordinal);

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal sealed partial class Validator : IValidateOptions<ChallengeOptions>
    {
        public ValidateOptionsResult Validate(string? name, ChallengeOptions options)
        {
            var mistakes = new List<string>();
            if (options.MaxBundleBytes is < 1024 or > 1L << 30)
            {
                mistakes.Add($"{Section}:MaxBundleBytes is {options.MaxBundleBytes}; write 1024 to {1L << 30}.");
            }

            mistakes.AddRange(List(options.EnvironmentRegistries).Where(host => host != "*" && !Host().IsMatch(host))
                .Select(host => $"{Section}:EnvironmentRegistries has '{host}'; write host names, with a port where it is not 443, or *."));
            mistakes.AddRange(List(options.Runtimes).Where(runtime => !Runtime().IsMatch(runtime))
                .Select(runtime => $"{Section}:Runtimes has '{runtime}'; write names of the engine's runtimes, such as runsc."));
            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }

        [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?\z")]
        private static partial Regex Host();

        [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]*\z")]
        private static partial Regex Runtime();
    }
}
