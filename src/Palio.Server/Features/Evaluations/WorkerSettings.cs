using Microsoft.Extensions.Options;

namespace Palio.Server.Features.Evaluations;

/// <summary>Settings of the worker inside the server. Section <c>Worker</c>.</summary>
internal sealed class WorkerSettings
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Worker";

    /// <summary>Evaluations are played in this process. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Evaluations at once, 1 to 1024. Default: by cores and memory.</summary>
    public int? Capacity { get; set; }

    /// <summary>Address of the container engine (<c>unix:///run/docker.sock</c>). Default: the first that answers.</summary>
    public string? Engine { get; set; }

    /// <summary>The static <c>palio-referee</c> program. Default: <c>PALIO_REFEREE</c>, else the file beside the application.</summary>
    public string? RefereePath { get; set; }

    /// <summary>Whether evaluations get cores of their own where there are enough. Default true.</summary>
    public bool PlaceOnCores { get; set; } = true;

    /// <summary>Seconds for which no evaluation begins while many submissions are taken in at once. 0 to 60, default 5.</summary>
    public int YieldSeconds { get; set; } = 5;

    public TimeSpan Yield => TimeSpan.FromSeconds(YieldSeconds);

    internal sealed class Validator : IValidateOptions<WorkerSettings>
    {
        public ValidateOptionsResult Validate(string? name, WorkerSettings options)
        {
            var mistakes = new List<string>();
            if (options.Capacity is < 1 or > 1024)
            {
                mistakes.Add($"{Section}:Capacity is {options.Capacity}; write 1 to 1024, or leave it out.");
            }

            if (options.YieldSeconds is < 0 or > 60)
            {
                mistakes.Add($"{Section}:YieldSeconds is {options.YieldSeconds}; write 0 to 60.");
            }

            if (options.Engine is { } engine && !(Uri.TryCreate(engine, UriKind.Absolute, out var uri) && uri.Scheme is "unix" or "tcp" or "http" or "https"))
            {
                mistakes.Add($"{Section}:Engine is '{options.Engine}'; write an address like unix:///run/docker.sock.");
            }

            if (options.RefereePath is { } path && !File.Exists(path))
            {
                mistakes.Add($"{Section}:RefereePath is '{path}', where there is no file.");
            }

            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }
    }
}
