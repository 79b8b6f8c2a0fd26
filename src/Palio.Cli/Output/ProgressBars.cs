using Palio.Cli.Session;

namespace Palio.Cli.Output;

/// <summary>A bar that moves.</summary>
internal interface IProgressBar
{
    /// <param name="share">0 to 1.</param>
    /// <param name="text">What happens now.</param>
    void Show(double share, string text);
}

/// <summary>Bars on standard error: moving ones on a terminal, else a line at each change worth one.</summary>
internal static class ProgressBars
{
    public static async Task<T> RunAsync<T>(CliSession session, IReadOnlyList<string> labels, Func<IReadOnlyList<IProgressBar>, Task<T>> work)
    {
        if (!session.ErrorIsTerminal)
        {
            return await work([.. labels.Select(label => new ProgressLines(session, label))]);
        }

        return await session.Printer.Remarks.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async context => await work([.. labels.Select(label => new LiveBar(context.AddTask(Markup.Escape(label), maxValue: 1), label))]));
    }

    private sealed class LiveBar(ProgressTask task, string label) : IProgressBar
    {
        public void Show(double share, string text)
        {
            task.Value = share;
            task.Description = $"{Markup.Escape(label)} [grey]{Markup.Escape(Printable.Of(text))}[/]";
        }
    }

    private sealed class ProgressLines(CliSession session, string label) : IProgressBar
    {
        private const int Steps = 4;
        private string _words = "";
        private int _step = -1;

        public void Show(double share, string text)
        {
            // Numbers change all the time; other words, and every further quarter, are worth a line.
            var words = string.Concat(text.TakeWhile(c => !char.IsAsciiDigit(c)));
            var step = (int)(share * Steps);
            if (words == _words && step <= _step)
            {
                return;
            }

            (_words, _step) = (words, step);
            session.Printer.Note($"{label}: {text}");
        }
    }
}
