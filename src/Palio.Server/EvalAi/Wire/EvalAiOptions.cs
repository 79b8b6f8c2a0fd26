using Microsoft.Extensions.Options;

namespace Palio.Server.EvalAi.Wire;

/// <summary>Settings of EvalAI's API. Section <c>EvalAi</c>.</summary>
internal sealed class EvalAiOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "EvalAi";

    /// <summary>Requests of one address in a minute without signing in. 1 to 1000000, default 300.</summary>
    public int AnonymousRequestsPerMinute { get; set; } = 300;

    /// <summary>
    /// Requests of one account in a minute, its workers' among them. 1 to 1000000, default 1200: a worker with several jobs asks every
    /// few seconds for each.
    /// </summary>
    public int UserRequestsPerMinute { get; set; } = 1200;

    internal sealed class Validator : IValidateOptions<EvalAiOptions>
    {
        public ValidateOptionsResult Validate(string? name, EvalAiOptions options)
        {
            var mistakes = new List<string>();
            Check(nameof(AnonymousRequestsPerMinute), options.AnonymousRequestsPerMinute);
            Check(nameof(UserRequestsPerMinute), options.UserRequestsPerMinute);
            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

            void Check(string key, int value)
            {
                if (value is < 1 or > 1_000_000)
                {
                    mistakes.Add($"{Section}:{key} is {value}; write 1 to 1000000.");
                }
            }
        }
    }
}
