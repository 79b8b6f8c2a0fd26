using Palio.Cli.Commands;
using Palio.Cli.Output;
using Palio.Cli.Publishing;
using Palio.Cli.Session;
using Palio.Cli.Submitting;
using Palio.Protocol.Api;

namespace Palio.Cli.Demo;

/// <summary>The demo, act by act; each does by the very code of the commands what a person would type.</summary>
internal sealed class DemoShow(CliSession session, string data)
{
    private const string Starter = "cartpole-python";
    private const string Images = "palio/cartpole-python-";
    private const string Phase = "dev";

    private readonly List<string> _tags = [];

    public async Task<int> RunAsync(int port, bool once, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data);
        try
        {
            Say($"starting the server; data in {data}");
            await using var server = await DemoServer.StartAsync(session, data, port, cancellationToken);
            var host = new Uri(server.Ready.Url.TrimEnd('/') + "/");
            Say($"the server listens at {host}");
            var exit = await PlayAsync(server, host, cancellationToken);
            await UntagAsync();
            if (!once && exit == ExitCode.Ok)
            {
                session.Printer.Console.WriteLine("The server runs until Ctrl-C.");
                await StayAsync(server, cancellationToken);
            }

            return exit;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Say("interrupted");
            return ExitCode.Interrupted;
        }
        finally
        {
            await UntagAsync();
            session.StandardOutput.WriteLine($"All that is left is the data folder {data}");
        }
    }

    private async Task<int> PlayAsync(DemoServer server, Uri host, CancellationToken cancellationToken)
    {
        var accounts = Accounts(server.Ready);
        using var hosting = await ComeAsync("demo-host");
        var challenge = await HostAsync(hosting, accounts, host, cancellationToken);
        using var ada = await ComeAsync("ada");
        using var bob = await ComeAsync("bob");
        var good = await EnterAsync(ada, "Ada's Balancers", challenge, "agent", "linear policy, trained", cancellationToken);
        var hopeless = await EnterAsync(bob, "Bob's Dice", challenge, "random-agent", "random", cancellationToken);

        var ended = await ProgressBars.RunAsync(session, [good.Team, hopeless.Team], async bars => await Task.WhenAll(
            SubmissionFollowing.FollowAsync(ada.Client, good.Id, bars[0], cancellationToken),
            SubmissionFollowing.FollowAsync(bob.Client, hopeless.Id, bars[1], cancellationToken)));

        var board = await ada.Client.LeaderboardAsync(challenge, Phase, null, null, null, cancellationToken);
        session.Printer.Result(board, ApiJsonContext.Default.Leaderboard, console => BoardView.Write(console, board));
        foreach (var submission in ended.Where(one => one.Summary.State != SubmissionState.Finished))
        {
            SubmissionView.Write(session.Printer.Remarks, submission);
        }

        session.Printer.Note($"The page: {new Uri(host, $"challenges/{challenge}/leaderboard/{Phase}")}");
        session.Printer.Note($"To sign in there: names and passwords are in {DemoAccounts.FileIn(data)}");
        return ended.Select(SubmissionFollowing.Exit).Max();

        Task<DemoPerson> ComeAsync(string name) => DemoPerson.ComeAsync(session, data, host, name, accounts.Passwords[name], register: true, cancellationToken);
    }

    private DemoAccounts Accounts(ReadyDocument ready)
    {
        var accounts = DemoAccounts.Read(data).With("demo-host").With("ada").With("bob");
        if (ready is { Administrator: { } administrator, Password: { } password })
        {
            accounts = (accounts with { Administrator = administrator }).With(administrator, password);
        }

        // Written before they are used: an interrupted run must find its own accounts again.
        accounts.Write(data);
        return accounts;
    }

    private async Task<string> HostAsync(DemoPerson hosting, DemoAccounts accounts, Uri host, CancellationToken cancellationToken)
    {
        Say("publishing the starter challenge");
        var team = await hosting.TeamAsync(TeamKind.Host, "Palio demo", cancellationToken);
        var folder = Path.Combine(data, "demo-challenge");
        if (!Directory.Exists(folder))
        {
            StarterTemplates.Write(Starter, folder);
        }

        var result = await new BundlePublication(hosting.Session, hosting.Client).RunAsync(folder, Images + "environment:latest", team.Id, dryRun: false, cancellationToken);
        await NoteTagsAsync(hosting, folder, cancellationToken);
        if (result.Challenge is not { } challenge)
        {
            ProblemListing.Write(session.Printer.Remarks, ProblemListing.Rows(result.Problems));
            throw CliException.Invalid("The starter challenge was not taken.", $"if {folder} was changed: mend or delete it");
        }

        if (challenge.State == ChallengeState.Waiting)
        {
            Say("approving it as the administrator");
            var administrator = accounts.Administrator ?? throw CliException.Invalid("The administrator's password is not known.", "give the demo another folder: --data DIR");
            using var admin = await DemoPerson.ComeAsync(session, data, host, administrator, accounts.Passwords[administrator], register: false, cancellationToken);
            await admin.Client.ReviewAsync(challenge.Slug, new ReviewRequest { Approve = true }, cancellationToken);
        }

        return challenge.Slug;
    }

    private async Task<SubmissionSummary> EnterAsync(DemoPerson person, string team, string challenge, string image, string method, CancellationToken cancellationToken)
    {
        var name = $"{Images}{image}:latest";
        Say($"{person.Name} pushes {name}");
        var mine = await person.TeamAsync(TeamKind.Participant, team, cancellationToken);
        var detail = await person.Client.ChallengeAsync(challenge, cancellationToken);
        if (detail.Participation is null)
        {
            await person.Client.ParticipateAsync(challenge, new ParticipateRequest { TeamId = mine.Id, AcceptTerms = true }, cancellationToken);
        }

        var found = await PhaseFinder.FindAsync(person.Client, $"{challenge}/{Phase}", cancellationToken);
        if (found.Challenge.Repository is { } repository)
        {
            _tags.Add($"{repository}:latest");
        }

        return await PushCommand.PushAndSubmitAsync(person.Session, person.Client, found, name,
            digest => new SubmitRequest { Challenge = challenge, Phase = Phase, Digest = digest, MethodName = method }, again: false, cancellationToken);
    }

    private async Task NoteTagsAsync(DemoPerson hosting, string folder, CancellationToken cancellationToken)
    {
        var registry = (await hosting.Client.InstanceAsync(cancellationToken)).RegistryHost;
        if (BundleFolder.Read(folder).Bundle is { } bundle)
        {
            _tags.AddRange(EnvironmentImages.Named(bundle, registry).Select(name => $"{registry}/{name}"));
        }
    }

    /// <summary>The names given for pushing go; the starter's own images stay for the next run.</summary>
    private async Task UntagAsync()
    {
        if (_tags.Count == 0)
        {
            return;
        }

        // Also after Ctrl-C, so without the command's token.
        using var engine = await session.OpenEngineAsync(CancellationToken.None);
        foreach (var tag in _tags)
        {
            await engine.UntagAsync(tag, CancellationToken.None);
        }

        _tags.Clear();
    }

    private static async Task StayAsync(DemoServer server, CancellationToken cancellationToken)
    {
        try
        {
            await server.EndAsync(cancellationToken);
            throw new CliException(ExitCode.PlatformFailed, "The server ended by itself.", "its log is in the data folder: demo-server.log");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how the demo ends.
        }
    }

    private void Say(string text) => session.Printer.Note("demo: " + text);
}
