using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio challenge participants CHALLENGE</c> (hosts): who takes part; approve, disqualify, reinstate.</summary>
internal static class ChallengeParticipantsCommand
{
    private static readonly string[] Verdicts = ["approve", "disqualify", "reinstate"];

    public static Command Create(CliSession session)
    {
        var challenge = Arguments.Required("CHALLENGE", "Slug or id");
        var options = Verdicts.ToDictionary(verdict => verdict, verdict => new Option<int?>("--" + verdict) { Description = $"Id of a participant to {verdict}", HelpName = "ID" });
        return CommandBuilding.Command("participants", "Who takes part (hosts)", [challenge, .. options.Values], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var name = parse.GetRequiredValue(challenge);
            foreach (var (verdict, option) in options)
            {
                if (parse.GetValue(option) is { } id)
                {
                    await client.JudgeParticipantAsync(name, id, verdict, cancellationToken);
                }
            }

            var page = await client.ParticipantsAsync(name, cancellationToken);
            session.Printer.Result(page, ApiJsonContext.Default.PageParticipantRow, console =>
            {
                var table = new Listing(">id", "team", "members", "standing", ">submissions", "joined");
                foreach (var row in page.Items)
                {
                    var standing = row.Participation.Disqualified ? "disqualified" : row.Participation.Approved ? "approved" : "waits for approval";
                    table.Add($"{row.Participation.Id}", row.Participation.Team.Name, string.Join(", ", row.Participation.Team.Members), standing,
                        $"{row.Submissions}", Words.Of(row.Participation.Joined));
                }

                table.Write(console, "Nobody takes part yet.");
            });
        });
    }
}
