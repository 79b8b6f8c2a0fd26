using System.Text.Json;
using Palio.Cli.Output;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Playing;

/// <summary>Moves the bar, and writes the referee's events to a file when there is one: one JSON object a line, as docs/protocol.md has them.</summary>
internal sealed class RunObserver(IProgressBar bar, TextWriter? record) : IPodObserver
{
    public ValueTask PreparingAsync(string detail, CancellationToken cancellationToken)
    {
        bar.Show(0, detail);
        return ValueTask.CompletedTask;
    }

    public async ValueTask EventAsync(RefereeEvent refereeEvent, CancellationToken cancellationToken)
    {
        if (record is not null)
        {
            await record.WriteLineAsync(JsonSerializer.Serialize(refereeEvent, EvaluationJsonContext.Default.RefereeEvent).AsMemory(), cancellationToken);
        }

        switch (refereeEvent)
        {
            case RefereeStarted:
                bar.Show(0, "waiting for both programs");
                break;
            case SideReady { Stage: "hello" } side:
                bar.Show(0, $"{side.Side} connected");
                break;
            case PlayProgress { Total: > 0 } at:
                bar.Show((double)at.Done / at.Total, $"{at.Done}/{at.Total} episodes, {at.Steps} steps");
                break;
        }
    }
}
