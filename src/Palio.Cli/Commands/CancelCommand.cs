using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio cancel ID</c>.</summary>
internal static class CancelCommand
{
    public static Command Create(CliSession session)
    {
        var id = Arguments.Id("The submission");
        return CommandBuilding.Command("cancel", "Stop a submission that waits or runs", [id], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var submission = await client.CancelAsync(parse.GetRequiredValue(id), cancellationToken);
            session.Printer.Result(submission, ApiJsonContext.Default.SubmissionDetail,
                console => console.WriteLine($"Submission {submission.Summary.Id} is {Words.Of(submission.Summary.State)}."));
        });
    }
}
