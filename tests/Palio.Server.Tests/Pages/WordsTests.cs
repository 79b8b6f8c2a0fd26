using Palio.Protocol.Evaluations;
using Palio.Server.Web;

namespace Palio.Server.Tests.Pages;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(499.12, "499.12")]
    [InlineData(1234567.5, "1,234,567.5")]
    [InlineData(-0.00004, "-0")]
    public void Number_WithoutDeclaredPrecision_SaysAtMostFourDigits(double value, string text) =>
        Assert.Equal(text.TrimStart('-'), Words.Number(value).TrimStart('-'));

    [Theory]
    [InlineData(1.005, 2, "1.00")]
    [InlineData(500, 0, "500")]
    [InlineData(double.NaN, 2, "NaN")]
    [InlineData(1e300, 2, "1E+300")]
    public void Number_WithPrecision_KeepsIt(double value, int decimals, string text) => Assert.Equal(text, Words.Number(value, decimals));

    [Theory]
    [InlineData(0.5, "0.5 ms")]
    [InlineData(412.4, "412 ms")]
    [InlineData(24_000, "24.0 s")]
    [InlineData(125_000, "2 min 5 s")]
    public void Milliseconds_OfAnyLength_AreReadable(double milliseconds, string text) => Assert.Equal(text, Words.Milliseconds(milliseconds));

    [Theory]
    [InlineData(EvaluationState.Queued, 4, null, "Waiting (place 4)")]
    [InlineData(EvaluationState.Running, null, null, "Running 17/50")]
    [InlineData(EvaluationState.Finished, null, null, "Done")]
    [InlineData(EvaluationState.Failed, null, FaultCode.AgentCrashed, "Stopped (agent)")]
    [InlineData(EvaluationState.Cancelled, null, FaultCode.ParticipantCancelled, "Stopped (you)")]
    [InlineData(EvaluationState.Failed, null, FaultCode.HostImageMissing, "Stopped (host)")]
    public void Status_OfEachState_IsTheAgreedWord(EvaluationState state, int? place, FaultCode? fault, string word)
    {
        var evaluation = Samples.Evaluation() with
        {
            State = state, QueuePlace = place, EpisodesDone = 17, EpisodesTotal = 50, Fault = fault is { } code ? Fault.Of(code, "…") : null,
        };
        Assert.Equal(word, Words.Of(evaluation));
    }
}
