namespace Palio.Cli.Session;

/// <summary>Stable exit codes; scripts rely on them.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Usage = 2;
    public const int Auth = 3;
    public const int NotFound = 4;
    public const int Quota = 5;
    public const int InvalidInput = 6;
    public const int AgentFailed = 7;
    public const int EnvironmentFailed = 8;
    public const int PlatformFailed = 9;

    /// <summary>What the shell shows for a program ended by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
