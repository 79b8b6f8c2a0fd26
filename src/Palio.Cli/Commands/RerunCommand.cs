using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Cli.Submitting;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio rerun ID</c> (hosts): a new evaluation of a submission.</summary>
internal static class RerunCommand
{
    public static Command Create(CliSession session)
    {
        var id = Arguments.Id("The submission");
        var wait = Arguments.Flag("--wait", "Follow it to its end; the exit code says how it ended");
        return CommandBuilding.Command("rerun", "Evaluate a submission again (hosts)", [id, wait], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var submission = await client.RerunAsync(parse.GetRequiredValue(id), cancellationToken);
            if (parse.GetValue(wait))
            {
                submission = await SubmissionFollowing.RunAsync(session, client, submission.Summary.Id, cancellationToken);
            }

            session.Printer.Result(submission, ApiJsonContext.Default.SubmissionDetail,
                console => console.WriteLine($"Submission {submission.Summary.Id} is {Words.Of(submission.Summary.State)}."));
            return parse.GetValue(wait) ? SubmissionFollowing.Conclude(session, submission) : ExitCode.Ok;
        });
    }
}
