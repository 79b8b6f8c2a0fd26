using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio challenge …</c>: the group, and its commands that only ask the server.</summary>
internal static class ChallengeCommand
{
    public static Command Create(CliSession session) => CommandBuilding.Group("challenge", "Host, approve and look at challenges",
    [
        ChallengeInitCommand.Create(session),
        ChallengeValidateCommand.Create(session),
        ChallengePublishCommand.Create(session),
        Show(session),
        List(session, "list"),
        Approve(session),
        Review(session),
        ChallengeParticipantsCommand.Create(session),
    ]);

    public static Command List(CliSession session, string name)
    {
        var state = Arguments.Text("--state", "waiting, upcoming, ongoing, past or refused", "STATE");
        var mine = Arguments.Flag("--mine", "Those you host or take part in");
        var page = new Option<int>("--page") { Description = "Page of the list, from 1", DefaultValueFactory = _ => 1 };
        return CommandBuilding.Command(name, "List challenges", [state, mine, page], async (parse, cancellationToken) =>
        {
            using var client = session.OpenClient();
            var list = await client.ChallengesAsync(parse.GetValue(state), parse.GetValue(mine), parse.GetValue(page), cancellationToken);
            session.Printer.Result(list, ApiJsonContext.Default.PageChallengeSummary, console =>
            {
                var table = new Listing("challenge", "title", "state", "from", "to", "host", ">teams");
                foreach (var one in list.Items)
                {
                    table.Add(one.Slug, one.Title, Words.Of(one.State), Words.Of(one.Starts), Words.Of(one.Ends), one.Host, $"{one.Participants}");
                }

                table.Write(console, "No challenges.");
            });
        });
    }

    private static Command Show(CliSession session)
    {
        var challenge = Arguments.Required("CHALLENGE", "Slug or id");
        return CommandBuilding.Command("show", "Show a challenge and its terms", [challenge], async (parse, cancellationToken) =>
        {
            using var client = session.OpenClient();
            var detail = await client.ChallengeAsync(parse.GetRequiredValue(challenge), cancellationToken);
            session.Printer.Result(detail, ApiJsonContext.Default.ChallengeDetail, console => Write(console, detail, session.Host()));
        });
    }

    private static void Write(IAnsiConsole console, ChallengeDetail detail, Uri host)
    {
        var summary = detail.Summary;
        var rows = new Facts(console);
        rows.Add("challenge", $"{summary.Title} ({summary.Slug})");
        rows.Add("about", summary.ShortDescription);
        rows.Add("host", summary.Host);
        rows.Add("state", $"{Words.Of(summary.State)}, {Words.Of(summary.Starts)} to {Words.Of(summary.Ends)}");
        rows.Add("phases", string.Join(", ", detail.Phases.Select(phase => $"{summary.Slug}/{phase.Codename} ({phase.State})")));
        rows.Add("revision", $"{detail.Revision}");
        rows.Add("your team", detail.Participation is { } part ? part.Team.Name + (part.Approved ? "" : " (waits for the hosts' approval)") : "does not take part");
        rows.Add("push to", detail.Repository);
        rows.Add("page", new Uri(host, $"challenges/{summary.Slug}").AbsoluteUri);
        rows.Write();
        if (PlainText.OfHtml(detail.TermsHtml) is { Length: > 0 } terms)
        {
            console.WriteLine();
            console.MarkupLine("[grey]terms[/]");
            console.WriteLine(Printable.Of(terms));
        }
    }

    private static Command Approve(CliSession session)
    {
        var challenge = Arguments.Required("CHALLENGE", "Slug or id");
        return CommandBuilding.Command("approve", "Approve a waiting challenge (administrators)", [challenge],
            (parse, cancellationToken) => ReviewAsync(session, parse.GetRequiredValue(challenge), true, null, cancellationToken));
    }

    private static Command Review(CliSession session)
    {
        var challenge = Arguments.Required("CHALLENGE", "Slug or id");
        var approve = Arguments.Flag("--approve", "Open it");
        var refuse = Arguments.Flag("--refuse", "Refuse it, or take it down");
        var note = Arguments.Text("--note", "Shown to the hosts", "TEXT");
        return CommandBuilding.Command("review", "Approve or refuse a challenge (administrators)", [challenge, approve, refuse, note], (parse, cancellationToken) =>
            parse.GetValue(approve) == parse.GetValue(refuse)
                ? throw CliException.Usage("Say one of --approve and --refuse.")
                : ReviewAsync(session, parse.GetRequiredValue(challenge), parse.GetValue(approve), parse.GetValue(note), cancellationToken));
    }

    private static async Task ReviewAsync(CliSession session, string challenge, bool approve, string? note, CancellationToken cancellationToken)
    {
        using var client = session.Client();
        await client.ReviewAsync(challenge, new ReviewRequest { Approve = approve, Note = note }, cancellationToken);
        session.Printer.Done($"Challenge {challenge} is {(approve ? "approved" : "refused")}.");
    }
}
