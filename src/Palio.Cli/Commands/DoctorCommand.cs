using System.CommandLine;
using Palio.Cli.Engine;
using Palio.Cli.Output;
using Palio.Cli.Session;

namespace Palio.Cli.Commands;

/// <summary><c>palio doctor</c>: what is here, what is missing, what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliSession session) =>
        CommandBuilding.Command("doctor", "Check this machine: engine, limits, server, sign-in", [], async (_, cancellationToken) =>
        {
            var checks = new List<DoctorCheck>();
            var engine = await EngineAsync(session, checks, cancellationToken);
            await ServerAsync(session, checks, cancellationToken);
            var report = new DoctorReport(CliVersion.Text, engine, checks);
            session.Printer.Result(report, OutputJsonContext.Default.DoctorReport, console =>
            {
                foreach (var check in checks)
                {
                    console.Write(new Spectre.Console.Markup(check.Ok ? "[green]ok  [/]" : "[red]no  [/]"));
                    console.Write(new Spectre.Console.Text(Printable.Of($"{check.Name}: {check.Text}\n" + (check.Remedy is null ? "" : $"      try: {check.Remedy}\n"))));
                }
            });
            return checks.All(check => check.Ok) ? ExitCode.Ok : ExitCode.PlatformFailed;
        });

    private static async Task<EngineInfo?> EngineAsync(CliSession session, List<DoctorCheck> checks, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = await session.OpenEngineAsync(cancellationToken);
            var info = await engine.DescribeAsync(cancellationToken);
            checks.Add(new("engine", true, $"{info.Product} {info.Version} (API {info.ApiVersion}) at {info.Address}, {info.OperatingSystem}", null));
            checks.Add(new("machine", true, $"{info.Cpus} cores, {Words.Bytes(info.MemoryBytes)}, {info.Architecture}, cgroup v{info.CgroupVersion}, runtimes {string.Join(", ", info.Runtimes)}", null));
            checks.Add(info.Missing.Count == 0
                ? new("limits", true, "memory, processes, CPU and system calls can be limited", null)
                : new("limits", false, $"the engine cannot give: {string.Join(", ", info.Missing)}", "run the engine as root, or with cgroup v2 delegation; see docs/operator.md"));
            return info;
        }
        catch (CliException e)
        {
            checks.Add(new("engine", false, e.Message, e.Remedy));
            return null;
        }
    }

    private static async Task ServerAsync(CliSession session, List<DoctorCheck> checks, CancellationToken cancellationToken)
    {
        try
        {
            using var anonymous = session.AnonymousClient();
            var instance = await anonymous.InstanceAsync(cancellationToken);
            checks.Add(new("server", true, $"{instance.Name} {instance.Version} at {session.Host()}, registry {instance.RegistryHost}", null));
            using var client = session.Client();
            var me = await client.MeAsync(cancellationToken);
            checks.Add(new("sign-in", true, $"{me.UserName}, until {Words.Of(me.TokenExpires)}", null));
        }
        catch (CliException e)
        {
            checks.Add(new(e.ExitCode == ExitCode.Auth ? "sign-in" : "server", e.Code == "no_host", e.Message, e.Remedy));
        }
    }
}
