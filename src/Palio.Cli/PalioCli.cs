using System.CommandLine;
using System.CommandLine.Invocation;
using Palio.Cli.Commands;
using Palio.Cli.Session;

namespace Palio.Cli;

/// <summary>The program: the tree of commands, and the one place where failures become messages and exit codes.</summary>
internal static class PalioCli
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliSession session, CancellationToken cancellationToken)
    {
        var parse = Tree(session).Parse(args.Count == 0 ? ["--help"] : args);
        session.Json = parse.GetValue(Arguments.Json);
        session.HostOption = parse.GetValue(Arguments.Host);
        if (parse.Action is ParseErrorAction || (parse.Errors.Count > 0 && parse.Action is null))
        {
            return Misused(parse, session);
        }

        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // the process's own Ctrl-C handler cancels the token
            Output = session.StandardOutput,
            Error = session.StandardError,
        };
        try
        {
            return await parse.InvokeAsync(invocation, cancellationToken);
        }
        catch (CliException e)
        {
            session.Printer.Failure(e);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            session.Printer.Note("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Printer.Failure(new CliException(ExitCode.PlatformFailed, e.Message, code: "io", inner: e));
            return ExitCode.PlatformFailed;
        }
    }

    private static RootCommand Tree(CliSession session) => new("Palio: code-upload challenges for reinforcement learning")
    {
        Arguments.Json,
        Arguments.Host,
        HostCommand.Create(session),
        RegisterCommand.Create(session),
        LoginCommand.Create(session),
        LogoutCommand.Create(session),
        WhoamiCommand.Create(session),
        InstanceCommand.Create(session),
        TokenCommand.Create(session),
        TeamCommand.Create(session),
        ChallengeCommand.Create(session),
        ChallengesCommand.Create(session),
        PhasesCommand.Create(session),
        ParticipateCommand.Create(session),
        PushCommand.Create(session),
        SubmitCommand.Create(session),
        SubmissionsCommand.Create(session),
        StatusCommand.Create(session),
        LogsCommand.Create(session),
        EpisodesCommand.Create(session),
        CancelCommand.Create(session),
        RerunCommand.Create(session),
        LeaderboardCommand.Create(session),
        WorkersCommand.Create(session),
        PasswordCommand.Create(session),
        RunCommand.Create(session),
        CheckCommand.Create(session),
        DoctorCommand.Create(session),
        DemoCommand.Create(session),
    };

    private static int Misused(ParseResult parse, CliSession session)
    {
        var message = string.Join(' ', parse.Errors.Select(error => error.Message));
        var path = string.Join(' ', CommandPath(parse.CommandResult.Command));
        session.Printer.Failure(CliException.Usage(message.Length > 0 ? message : "This is not a command.", $"run: {path} --help"));
        return ExitCode.Usage;
    }

    private static IEnumerable<string> CommandPath(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? ["palio"] : CommandPath(parent).Append(command.Name);
    }
}
