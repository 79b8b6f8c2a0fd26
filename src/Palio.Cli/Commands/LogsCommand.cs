using System.CommandLine;
using Palio.Cli.Api;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio logs ID</c>: what the containers of a submission's newest evaluation printed.</summary>
internal static class LogsCommand
{
    public static Command Create(CliSession session)
    {
        var id = Arguments.Id("The submission");
        var environment = Arguments.Flag("--environment", "The environment's output instead of the agent's (hosts, and where the phase allows)");
        return CommandBuilding.Command("logs", "What the agent printed", [id, environment], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var evaluation = await NewestAsync(client, parse.GetRequiredValue(id), cancellationToken);
            var log = await client.LogAsync(evaluation.Id, cancellationToken);
            var text = parse.GetValue(environment)
                ? log.Environment ?? throw new CliException(ExitCode.Auth, "The environment's output is not open in this phase.", "ask the hosts", "forbidden")
                : log.Agent;
            session.Printer.Result(log, ApiJsonContext.Default.EvaluationLog, _ => session.StandardOutput.Write(Printable.Of(text)));
            if (log.Truncated)
            {
                session.Printer.Note("The output was longer than is kept; its middle was left out.");
            }
        });
    }

    /// <summary>The submission's newest evaluation.</summary>
    public static async Task<EvaluationDetail> NewestAsync(PalioClient client, int submission, CancellationToken cancellationToken)
    {
        var found = await client.SubmissionAsync(submission, cancellationToken);
        return found.Evaluations.Count > 0 ? found.Evaluations[0] : throw CliException.NotFound($"Submission {submission} has no evaluation yet.");
    }
}
