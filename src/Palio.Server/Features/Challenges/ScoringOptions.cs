using Microsoft.Extensions.Options;

namespace Palio.Server.Features.Challenges;

/// <summary>Settings of submitted files and of the scripts that score them. Section <c>Scoring</c>.</summary>
internal sealed class ScoringOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Scoring";

    /// <summary>
    /// Image that runs hosts' scripts in phases that name none: Python 3 and the packages scripts may expect, by digest
    /// (<c>registry/name@sha256:…</c>), or one that the workers' engines have already. Default: none; such phases take no submissions.
    /// </summary>
    public string? Image { get; set; }

    /// <summary>Largest file anybody may submit, in bytes, whatever a phase allows. 1 KiB to 64 GiB, default 1 GiB.</summary>
    public long MaxFileBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Minutes that a file which is sent in parts has to come whole; what is left of it then is removed. A phase that ends meanwhile
    /// still takes it. 5 to 10080, default 60.
    /// </summary>
    public int UploadMinutes { get; set; } = 60;

    internal TimeSpan UploadTime => TimeSpan.FromMinutes(UploadMinutes);

    internal sealed class Validator : IValidateOptions<ScoringOptions>
    {
        public ValidateOptionsResult Validate(string? name, ScoringOptions options)
        {
            var mistakes = new List<string>();
            if (options.MaxFileBytes is < 1024 or > 64L << 30)
            {
                mistakes.Add($"{Section}:MaxFileBytes is {options.MaxFileBytes}; write 1024 to {64L << 30}.");
            }

            if (options.UploadMinutes is < 5 or > 10_080)
            {
                mistakes.Add($"{Section}:UploadMinutes is {options.UploadMinutes}; write 5 to 10080.");
            }

            if (options.Image is { } image && (image.Length is 0 or > 500 || image.Any(char.IsWhiteSpace)))
            {
                mistakes.Add($"{Section}:Image is '{image}'; write an image's name such as registry.example.org/python@sha256:…, or leave it out.");
            }

            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }
    }
}
