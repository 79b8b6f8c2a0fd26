using System.Text.Json;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Tests.Messages;

public sealed class StepMessageTests
{
    [Fact]
    public void Hello_ExampleOfTheSpecification_ReadsAndWrites()
    {
        const string Json = """{"role":"agent","protocol":{"min":1,"max":1},"sdk":{"name":"palio-python","version":"0.1.0"},"capabilities":[]}""";
        Assert.Equal(Json, JsonSerializer.Serialize(JsonSerializer.Deserialize(Json, StepJsonContext.Default.Hello)!, StepJsonContext.Default.Hello));
    }

    [Fact]
    public void Hello_WithoutOptionalKeys_HasTheirDefaults()
    {
        var hello = JsonSerializer.Deserialize("""{"role":"agent","protocol":{"min":1,"max":1},"later":[1]}""", StepJsonContext.Default.Hello)!;
        Assert.Null(hello.Sdk);
        Assert.Empty(hello.Capabilities);
    }

    [Theory]
    [InlineData("""{"protocol":{"min":1,"max":1}}""")]
    [InlineData("""{"role":"agent"}""")]
    [InlineData("""{"role":null,"protocol":{"min":1,"max":1}}""")]
    [InlineData("""{"role":"agent","role":"environment","protocol":{"min":1,"max":1}}""")]
    [InlineData("""{"role":"agent","protocol":{"min":NaN,"max":1}}""")]
    [InlineData("""{"role":"agent","protocol":{"min":1}}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    public void Hello_ThatIsNone_IsAJsonException(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, StepJsonContext.Default.Hello));

    [Fact]
    public void Spec_SpaceThatIsNone_NamesThePlace()
    {
        var exception = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(
            """{"slots":1,"seats":[{"observation_space":{"type":"Discrete","n":0},"action_space":{"type":"Discrete","n":1}}]}""",
            StepJsonContext.Default.Spec));
        Assert.Contains("n is 0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spec_WithoutMetrics_HasNone()
    {
        var spec = JsonSerializer.Deserialize(
            """{"slots":2,"seats":[{"observation_space":{"type":"Discrete","n":3},"action_space":{"type":"Discrete","n":1}}]}""",
            StepJsonContext.Default.Spec)!;
        Assert.Empty(spec.Metrics);
        Assert.Equal(3, Assert.IsType<DiscreteSpace>(spec.Seats.Single().ObservationSpace).N);
    }

    [Fact]
    public void EpisodeEnd_Forfeited_IsWrittenByItsNames()
    {
        var json = JsonSerializer.Serialize(
            new EpisodeEndMessage { Slot = 3, Reason = EpisodeEnd.Forfeited, Code = FaultCode.AgentStepTimeout, Message = "slow" },
            StepJsonContext.Default.EpisodeEndMessage);
        Assert.Equal("""{"slot":3,"reason":"forfeited","code":"AGENT_STEP_TIMEOUT","message":"slow"}""", json);
    }

    [Theory]
    [InlineData("terminated", EpisodeEnd.Terminated)]
    [InlineData("truncated", EpisodeEnd.Truncated)]
    [InlineData("step_cap", EpisodeEnd.StepCap)]
    [InlineData("forfeited", EpisodeEnd.Forfeited)]
    [InlineData("void", EpisodeEnd.Void)]
    public void EpisodeEnd_Reasons_AreTheSpecifications(string name, EpisodeEnd reason) => Assert.Equal(
        reason, JsonSerializer.Deserialize($$"""{"slot":0,"reason":"{{name}}"}""", StepJsonContext.Default.EpisodeEndMessage)!.Reason);

    [Fact]
    public void Fault_OfASide_NeedsNothingButAMessage()
    {
        var fault = JsonSerializer.Deserialize("""{"message":"boom"}""", StepJsonContext.Default.FaultMessage)!;
        Assert.Equal((null, "boom", true), (fault.Code, fault.Message, fault.Fatal));
    }

    [Fact]
    public void FaultCatalog_EveryCode_HasARemedy() =>
        Assert.All(Enum.GetValues<FaultCode>(), code => Assert.True(FaultCatalog.RemedyOf(code).Length > 10));

    [Fact]
    public void Json_65Levels_IsRefused()
    {
        var json = $$"""{"message":"x","deep":{{new string('[', 70)}}{{new string(']', 70)}}}""";
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, StepJsonContext.Default.FaultMessage));
    }
}
