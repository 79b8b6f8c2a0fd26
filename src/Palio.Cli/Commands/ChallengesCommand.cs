using System.CommandLine;
using Palio.Cli.Session;

namespace Palio.Cli.Commands;

/// <summary><c>palio challenges</c>: short for <c>palio challenge list</c>.</summary>
internal static class ChallengesCommand
{
    public static Command Create(CliSession session) => ChallengeCommand.List(session, "challenges");
}
