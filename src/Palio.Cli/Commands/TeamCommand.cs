using System.CommandLine;
using Palio.Cli.Api;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio team create|list|invite|join|leave</c>.</summary>
internal static class TeamCommand
{
    public static Command Create(CliSession session) => CommandBuilding.Group("team", "Teams that take part or host",
        [CreateTeam(session), List(session), Invite(session), Join(session), Leave(session)]);

    private static Command CreateTeam(CliSession session)
    {
        var name = Arguments.Required("NAME", "Name of the team");
        var host = Arguments.Flag("--host-team", "A team that hosts challenges, not one that takes part");
        var url = Arguments.Text("--url", "Web page of the team", "URL");
        return CommandBuilding.Command("create", "Make a team with you in it", [name, host, url], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var kind = parse.GetValue(host) ? TeamKind.Host : TeamKind.Participant;
            var team = await client.CreateTeamAsync(new CreateTeamRequest { Name = parse.GetRequiredValue(name), Kind = kind, Url = parse.GetValue(url) }, cancellationToken);
            session.Printer.Result(team, ApiJsonContext.Default.TeamSummary,
                console => console.WriteLine(Printable.Of($"Made the {Words.Of(team.Kind)} team {team.Name} (id {team.Id}).")));
        });
    }

    private static Command List(CliSession session) => CommandBuilding.Command("list", "List your teams", [], async (_, cancellationToken) =>
    {
        using var client = session.Client();
        var teams = await client.TeamsAsync(null, cancellationToken);
        session.Printer.Result(teams, ApiJsonContext.Default.IReadOnlyListTeamSummary, console =>
        {
            var table = new Listing(">id", "kind", "name", "members");
            foreach (var team in teams)
            {
                table.Add($"{team.Id}", Words.Of(team.Kind), team.Name, string.Join(", ", team.Members));
            }

            table.Write(console, "No teams yet. Make one: palio team create NAME");
        });
    });

    private static Command Invite(CliSession session)
    {
        var team = Arguments.Required("TEAM", "Name or id of your team");
        return CommandBuilding.Command("invite", "Make an invitation link", [team], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var found = await FindAsync(client, parse.GetRequiredValue(team), null, cancellationToken);
            var invitation = await client.InviteAsync(found, cancellationToken);
            session.Printer.Note($"Good for one person until {Words.Of(invitation.Expires)}. They can open it, or run: palio team join {invitation.Code}");
            session.Printer.Result(invitation, ApiJsonContext.Default.TeamInvitation, console => console.WriteLine(invitation.Link));
        });
    }

    private static Command Join(CliSession session)
    {
        var code = Arguments.Required("CODE", "The code, or the whole link, of an invitation");
        return CommandBuilding.Command("join", "Accept an invitation", [code], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var team = await client.AcceptInvitationAsync(parse.GetRequiredValue(code).TrimEnd('/').Split('/')[^1], cancellationToken);
            session.Printer.Result(team, ApiJsonContext.Default.TeamSummary, console => console.WriteLine(Printable.Of($"You are in the {Words.Of(team.Kind)} team {team.Name}.")));
        });
    }

    private static Command Leave(CliSession session)
    {
        var team = Arguments.Required("TEAM", "Name or id of your team");
        var member = Arguments.Text("--member", "Remove this member instead of yourself", "USER");
        return CommandBuilding.Command("leave", "Leave a team", [team, member], async (parse, cancellationToken) =>
        {
            using var client = session.Client();
            var found = await FindAsync(client, parse.GetRequiredValue(team), null, cancellationToken);
            var user = parse.GetValue(member) ?? (await client.MeAsync(cancellationToken)).UserName;
            await client.RemoveMemberAsync(found, user, cancellationToken);
            session.Printer.Done($"{user} is no longer in {found.Name}.");
        });
    }

    /// <summary>One of the caller's teams, by name, slug or id.</summary>
    public static async Task<TeamSummary> FindAsync(PalioClient client, string text, TeamKind? kind, CancellationToken cancellationToken)
    {
        var teams = await client.TeamsAsync(kind, cancellationToken);
        var found = teams.Where(team => team.Name.Equals(text, StringComparison.OrdinalIgnoreCase) || team.Slug == text || team.Id.ToString(null, null) == text).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw CliException.NotFound($"You are in no team '{text}'.", teams.Count == 0 ? "make one: palio team create NAME" : $"yours are: {string.Join(", ", teams.Select(team => team.Name))}"),
            _ => throw CliException.Usage($"'{text}' is more than one of your teams.", "give the exact name"),
        };
    }
}
