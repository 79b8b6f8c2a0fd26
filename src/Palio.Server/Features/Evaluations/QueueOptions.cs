using Microsoft.Extensions.Options;

namespace Palio.Server.Features.Evaluations;

/// <summary>Settings of the queue of evaluations. Section <c>Queue</c>.</summary>
internal sealed class QueueOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Queue";

    /// <summary>Seconds after which a lease is lost without a heartbeat. 5 to 3600, default 60.</summary>
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>Times an evaluation may fail by Palio's own fault before it is given up. 1 to 20, default 3.</summary>
    public int MaxPlatformFaults { get; set; } = 3;

    /// <summary>Seconds before the first retry; doubled for each further one. 0 to 3600, default 5.</summary>
    public int RetrySeconds { get; set; } = 5;

    /// <summary>Evaluations of one team that run at once. 0 for no limit, the default.</summary>
    public int MaxRunningPerTeam { get; set; }

    /// <summary>Evaluations of one phase that run at once. 0 for no limit, the default.</summary>
    public int MaxRunningPerPhase { get; set; }

    /// <summary>Evaluations of one challenge that run at once. 0 for no limit, the default.</summary>
    public int MaxRunningPerChallenge { get; set; }

    /// <summary>Seconds an evaluation may be scored. 10 to 3600, default 300.</summary>
    public int ScoringSeconds { get; set; } = 300;

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    internal sealed class Validator : IValidateOptions<QueueOptions>
    {
        public ValidateOptionsResult Validate(string? name, QueueOptions options)
        {
            var mistakes = new List<string>();
            Range(options.LeaseSeconds, 5, 3600, nameof(options.LeaseSeconds));
            Range(options.MaxPlatformFaults, 1, 20, nameof(options.MaxPlatformFaults));
            Range(options.RetrySeconds, 0, 3600, nameof(options.RetrySeconds));
            Range(options.MaxRunningPerTeam, 0, 10_000, nameof(options.MaxRunningPerTeam));
            Range(options.MaxRunningPerPhase, 0, 10_000, nameof(options.MaxRunningPerPhase));
            Range(options.MaxRunningPerChallenge, 0, 10_000, nameof(options.MaxRunningPerChallenge));
            Range(options.ScoringSeconds, 10, 3600, nameof(options.ScoringSeconds));
            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

            void Range(int value, int least, int most, string setting)
            {
                if (value < least || value > most)
                {
                    mistakes.Add($"{Section}:{setting} is {value}; write {least} to {most}.");
                }
            }
        }
    }
}
