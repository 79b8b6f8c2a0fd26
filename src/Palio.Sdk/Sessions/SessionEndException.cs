namespace Palio.Sdk.Sessions;

/// <summary>The session is over for a reason that is not the author's; the message says which.</summary>
internal sealed class SessionEndException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
