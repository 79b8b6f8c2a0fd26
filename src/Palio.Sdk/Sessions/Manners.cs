using System.Reflection;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;

namespace Palio.Sdk.Sessions;

/// <summary>How a side behaves from its first byte to its exit code; see docs/protocol.md, part 4.7.</summary>
internal static class Manners
{
    public static SdkName Sdk { get; } = new(
        "palio-csharp", typeof(Manners).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    public static int Run(Dialing dialing, Func<Connection, Session> open, string invalidCode, TextWriter errors)
    {
        try
        {
            using var connection = dialing.Dial();
            var session = open(connection);
            try
            {
                return Play(connection, session, invalidCode, errors);
            }
            finally
            {
                connection.Dispose();
                session.Release(errors);
            }
        }
        catch (SessionEndException end)
        {
            if (end.ExitCode != ExitCodes.Finished)
            {
                errors.WriteLine($"palio: {end.Message}");
            }

            return end.ExitCode;
        }
    }

    public static Hello Hello(string role) => new()
    {
        Role = role,
        Protocol = new ProtocolRange(FrameLimits.Version, FrameLimits.Version),
        Sdk = Sdk,
    };

    private static int Play(Connection connection, Session session, string invalidCode, TextWriter errors)
    {
        try
        {
            session.Play();
            return ExitCodes.Finished;
        }
        catch (InvalidValueException exception)
        {
            connection.SendFault(exception.Message, invalidCode);
            errors.WriteLine($"palio: {exception.Message}");
            return ExitCodes.AuthorFailed;
        }
        catch (Exception exception) when (exception is not SessionEndException)
        {
            connection.SendFault(exception.ToString(), null);
            errors.WriteLine(exception);
            return ExitCodes.AuthorFailed;
        }
    }
}
