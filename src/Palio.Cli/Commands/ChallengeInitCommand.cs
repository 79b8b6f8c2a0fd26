using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Publishing;
using Palio.Cli.Session;

namespace Palio.Cli.Commands;

/// <summary><c>palio challenge init DIR [--template NAME]</c>.</summary>
internal static class ChallengeInitCommand
{
    public static Command Create(CliSession session)
    {
        var folder = Arguments.Required("DIR", "A new folder");
        var template = new Option<string>("--template", "-t", "--language")
        {
            Description = $"Which starter: {string.Join(", ", StarterTemplates.Names)}",
            DefaultValueFactory = _ => "cartpole-python",
        };
        return CommandBuilding.Command("init", "Write a starter challenge into a new folder", [folder, template], (parse, _) =>
        {
            var target = session.FullPath(parse.GetRequiredValue(folder));
            var name = parse.GetRequiredValue(template);
            var written = StarterTemplates.Write(name, target);
            session.Printer.Result(new InitResult(target, name, written), OutputJsonContext.Default.InitResult, console =>
            {
                console.WriteLine($"Wrote {written.Count} files of {name} to {target}. Read README.md there. Next:");
                console.WriteLine($"  cd {parse.GetRequiredValue(folder)}");
                console.WriteLine("  palio run                     # plays its agent in its environment, on this machine");
                console.WriteLine("  palio challenge validate .    # README.md: images, and how it is published");
            });
            return Task.CompletedTask;
        });
    }
}
