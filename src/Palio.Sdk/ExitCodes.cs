namespace Palio.Sdk;

/// <summary>What the programs' exit codes mean; see docs/protocol.md, part 4.7.</summary>
public static class ExitCodes
{
    /// <summary>There were no more episodes.</summary>
    public const int Finished = 0;

    /// <summary>The author's code failed.</summary>
    public const int AuthorFailed = 1;

    /// <summary>The referee ended the session with a fault.</summary>
    public const int RefereeFault = 2;

    /// <summary>No connection, a lost one, no version in common, or bytes that are no message.</summary>
    public const int ConnectionFailed = 3;
}
