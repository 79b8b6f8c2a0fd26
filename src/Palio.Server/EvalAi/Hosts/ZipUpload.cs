using Palio.Server.EvalAi.Wire;

namespace Palio.Server.EvalAi.Hosts;

/// <summary>A challenge's zip from EvalAI's own page or a script. The same title from the same team is a revision.</summary>
internal static class ZipUpload
{
    public static async Task<IResult> HandleAsync(int team, EvalAiBody body, SentChallenge sent, CancellationToken cancellationToken)
    {
        var result = await sent.PublishAsync(team, body, source: null, dryRun: false, cancellationToken);
        return result.Refusal ?? EvalAiResults.Created(new { success = result.Text });
    }
}
