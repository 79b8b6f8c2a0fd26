using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio participate CHALLENGE --team TEAM --accept-terms</c>.</summary>
internal static class ParticipateCommand
{
    public static Command Create(CliSession session)
    {
        var challenge = Arguments.Required("CHALLENGE", "Slug or id");
        var team = Arguments.Text("--team", "Name or id of your team; needed when you have several", "TEAM");
        var accept = new Option<bool>("--accept-terms", "--accept") { Description = "Accept the challenge's terms: palio challenge show CHALLENGE" };
        var leave = Arguments.Flag("--leave", "Leave the challenge instead (while nothing was submitted)");
        return CommandBuilding.Command("participate", "Take part in a challenge", [challenge, team, accept, leave], async (parse, cancellationToken) =>
        {
            var name = parse.GetRequiredValue(challenge);
            using var client = session.Client();
            if (parse.GetValue(leave))
            {
                await client.LeaveChallengeAsync(name, cancellationToken);
                session.Printer.Done($"Your team does not take part in {name} any more.");
                return;
            }

            if (!parse.GetValue(accept))
            {
                throw new CliException(ExitCode.InvalidInput, $"To take part in {name} its terms must be accepted.",
                    $"read them: palio challenge show {name}   then add --accept-terms", "terms_not_accepted");
            }

            int? id = parse.GetValue(team) is { } given ? (await TeamCommand.FindAsync(client, given, TeamKind.Participant, cancellationToken)).Id : null;
            var part = await client.ParticipateAsync(name, new ParticipateRequest { TeamId = id, AcceptTerms = true }, cancellationToken);
            session.Printer.Result(part, ApiJsonContext.Default.Participation, console => console.WriteLine(Printable.Of(
                $"{part.Team.Name} takes part in {name}." + (part.Approved ? $" Next: palio push IMAGE:TAG --phase {name}/PHASE" : " The hosts must approve the team first."))));
        });
    }
}
