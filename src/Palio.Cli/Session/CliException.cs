namespace Palio.Cli.Session;

/// <summary>A failure a person is told of: what happened, what to run, and the exit code.</summary>
internal sealed class CliException(int exitCode, string message, string? remedy = null, string? code = null, Exception? inner = null)
    : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do next; null when nothing sensible can be said.</summary>
    public string? Remedy { get; } = remedy;

    /// <summary>Stable name of the failure, as in the server's problems (<c>token_expired</c>).</summary>
    public string Code { get; } = code ?? "error";

    public static CliException Invalid(string message, string? remedy = null) =>
        new(Session.ExitCode.InvalidInput, message, remedy, "invalid_input");

    public static CliException Usage(string message, string? remedy = null) =>
        new(Session.ExitCode.Usage, message, remedy, "usage");

    public static CliException NotFound(string message, string? remedy = null) =>
        new(Session.ExitCode.NotFound, message, remedy, "not_found");
}
