using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Palio.Cli.Session;

namespace Palio.Cli.Output;

/// <summary>Results go to standard output, all else to standard error; with <c>--json</c> a result is one JSON document.</summary>
internal sealed class Printer(CliSession session)
{
    private const int WidthOfNoTerminal = 200;

    /// <summary>For people, on standard output.</summary>
    public IAnsiConsole Console => field ??= Open(session.StandardOutput, session.OutputIsTerminal);

    /// <summary>For progress and remarks, on standard error.</summary>
    public IAnsiConsole Remarks => field ??= Open(session.StandardError, session.ErrorIsTerminal);

    /// <summary>Gives a command's result: JSON when asked for, else what <paramref name="show"/> writes.</summary>
    public void Result<T>(T value, JsonTypeInfo<T> type, Action<IAnsiConsole> show)
    {
        if (session.Json)
        {
            session.StandardOutput.WriteLine(JsonSerializer.Serialize(value, type));
            return;
        }

        show(Console);
    }

    /// <summary>A result that is only that it was done.</summary>
    public void Done(string text) => Result(new Done(text), OutputJsonContext.Default.Done, console => console.WriteLine(Printable.Of(text)));

    /// <summary>A remark for a person.</summary>
    public void Note(string text) => Remarks.WriteLine(Printable.Of(text));

    /// <summary>A warning for a person.</summary>
    public void Warn(string text) => Remarks.MarkupLineInterpolated($"[yellow]warning:[/] {Printable.Of(text)}");

    /// <summary>Tells of a failure: what, why, what to run; with <c>--json</c> also on standard output.</summary>
    public void Failure(CliException failure)
    {
        if (session.Json)
        {
            var error = new ErrorDocument(new ErrorBody(failure.Code, failure.Message, failure.Remedy, failure.ExitCode));
            session.StandardOutput.WriteLine(JsonSerializer.Serialize(error, OutputJsonContext.Default.ErrorDocument));
        }

        Remarks.MarkupLineInterpolated($"[red]error:[/] {Printable.Of(failure.Message)}");
        if (failure.Remedy is { } remedy)
        {
            Remarks.MarkupLineInterpolated($"[cyan]  try:[/] {Printable.Of(remedy)}");
        }
    }

    private static IAnsiConsole Open(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!terminal)
        {
            console.Profile.Width = WidthOfNoTerminal;
        }

        return console;
    }
}
