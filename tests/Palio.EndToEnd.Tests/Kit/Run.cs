using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Palio.EndToEnd.Tests.Kit;

/// <summary>A program that was run to its end.</summary>
internal sealed record Run(int Exit, string Output, string Error)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>Standard output as the one JSON document it must be.</summary>
    public JsonNode Json => JsonNode.Parse(Output) ?? throw new InvalidOperationException("The output is JSON's null.");

    /// <summary>Fails the test unless the program ended so.</summary>
    public Run MustEnd(int exit)
    {
        Assert.True(Exit == exit, $"Exit code {Exit} instead of {exit}.\n{Output}\n{Error}");
        return this;
    }

    public static async Task<Run> ProgramAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? variables = null, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!; // a started process is never null without UseShellExecute
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Run(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
