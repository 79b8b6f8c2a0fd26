using System.CommandLine;
using Palio.Cli.Session;
using Palio.Cli.Submitting;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio status ID [--follow]</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(CliSession session)
    {
        var id = Arguments.Id("The submission: palio submissions");
        var follow = new Option<bool>("--follow", "-f") { Description = "Follow it to its end; the exit code says how it ended" };
        return CommandBuilding.Command("status", "Where a submission is", [id, follow], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var number = parse.GetRequiredValue(id);
            var submission = parse.GetValue(follow)
                ? await SubmissionFollowing.RunAsync(session, client, number, cancellationToken)
                : await client.SubmissionAsync(number, cancellationToken);
            session.Printer.Result(submission, ApiJsonContext.Default.SubmissionDetail, console => SubmissionView.Write(console, submission));
            return parse.GetValue(follow) ? SubmissionFollowing.Conclude(session, submission) : ExitCode.Ok;
        });
    }
}
