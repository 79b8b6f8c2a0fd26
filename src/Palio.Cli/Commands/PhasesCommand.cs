using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio phases CHALLENGE</c>, and <c>pause</c> and <c>resume</c> for hosts.</summary>
internal static class PhasesCommand
{
    public static Command Create(CliSession session)
    {
        var challenge = Arguments.Required("CHALLENGE", "Slug or id");
        var pause = Arguments.Text("--pause", "Pause this phase (hosts)", "PHASE");
        var resume = Arguments.Text("--resume", "Resume this phase (hosts)", "PHASE");
        return CommandBuilding.Command("phases", "The phases of a challenge, their limits and what is left", [challenge, pause, resume], async (parse, cancellationToken) =>
        {
            using var client = session.OpenClient();
            var name = parse.GetRequiredValue(challenge);
            foreach (var (verb, phase) in new[] { ("pause", parse.GetValue(pause)), ("resume", parse.GetValue(resume)) })
            {
                if (phase is not null)
                {
                    await client.SwitchPhaseAsync(name, phase, verb, cancellationToken);
                }
            }

            var detail = await client.ChallengeAsync(name, cancellationToken);
            session.Printer.Result(detail, ApiJsonContext.Default.ChallengeDetail, console => Write(console, detail));
        });
    }

    private static void Write(IAnsiConsole console, ChallengeDetail detail)
    {
        var table = new Listing("phase", "name", "state", "from", "to", ">total", ">a day", ">a month", ">at once", "left for you");
        foreach (var phase in detail.Phases)
        {
            table.Add($"{detail.Summary.Slug}/{phase.Codename}", phase.Name, phase.State, Words.Of(phase.Starts), Words.Of(phase.Ends),
                Words.Limit(phase.MaxSubmissions), Words.Limit(phase.MaxPerDay), Words.Limit(phase.MaxPerMonth), Words.Limit(phase.MaxConcurrent),
                phase.Remaining is { } left ? $"{Words.Limit(left.Today)} today, {Words.Limit(left.Total)} in all" : "");
        }

        table.Write(console, "No phases.");
    }
}
