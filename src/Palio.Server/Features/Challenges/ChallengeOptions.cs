using Microsoft.Extensions.Options;

namespace Palio.Server.Features.Challenges;

/// <summary>Settings of challenges. Section <c>Challenges</c>.</summary>
internal sealed class ChallengeOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Challenges";

    /// <summary>New challenges need no approval by the administrator. Default false.</summary>
    public bool SelfService { get; set; }

    /// <summary>Largest bundle in bytes, packed. 1 KiB to 1 GiB, default 64 MiB.</summary>
    public long MaxBundleBytes { get; set; } = 64L << 20;

    internal sealed class Validator : IValidateOptions<ChallengeOptions>
    {
        public ValidateOptionsResult Validate(string? name, ChallengeOptions options) =>
            options.MaxBundleBytes is >= 1024 and <= 1L << 30
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"{Section}:MaxBundleBytes is {options.MaxBundleBytes}; write 1024 to {1L << 30}.");
    }
}
