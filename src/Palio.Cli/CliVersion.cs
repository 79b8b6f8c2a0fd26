using System.Reflection;

namespace Palio.Cli;

/// <summary>The version of this program.</summary>
internal static class CliVersion
{
    public static string Text { get; } = typeof(CliVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
