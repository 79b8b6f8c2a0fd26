using System.Text;
using Microsoft.Extensions.Time.Testing;
using Palio.Protocol.Evaluations;

namespace Palio.Referee.Tests.Legacy;

/// <summary>The environment's result: taken once, when it is its own submission's and fits the boards.</summary>
public sealed class LegacyResultTests
{
    [Fact]
    public async Task Put_Result_EndsWithTheScores()
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();
        await match.CallAsync(LegacyMatch.One);

        var (status, body) = await match.PutAsync(LegacyMatch.Result(10));
        var (exit, said) = await match.EndAsync();

        Assert.Equal(200, status);
        Assert.Contains("\"success\"", body, StringComparison.Ordinal);
        Assert.Equal(RefereeProgram.Played, exit);
        var scored = Assert.IsType<EnvironmentScored>(said[^1]);
        Assert.Equal(("""{"result":[{"train_split":{"score":10}}]}""", 1L), (scored.Result, scored.Calls));
    }

    [Fact]
    public async Task Put_ResultAsJsonBody_IsTaken()
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();
        const string Body = """{"challenge_phase": 5, "submission": 7, "submission_status": "finished", "result": "[{\"split\": \"train_split\", \"accuracies\": {\"score\": 1.5}}]"}""";

        var (status, _) = await match.SendAsync(HttpMethod.Put, new StringContent(Body, Encoding.UTF8, "application/json"));
        var (_, said) = await match.EndAsync();

        Assert.Equal(200, status);
        Assert.Equal("""{"result":[{"train_split":{"score":1.5}}]}""", Assert.IsType<EnvironmentScored>(said[^1]).Result);
    }

    [Theory]
    [InlineData("""{"split": "train_split"}""", "JSON list")]
    [InlineData("[]", "JSON list")]
    [InlineData("""[{"split": "other", "accuracies": {"score": 1}}]""", "'other' is none of this phase: train_split, test_split")]
    [InlineData("""[{"split": "train_split", "accuracies": {"sc0re": 1}}]""", "'sc0re' is none of the board's: score")]
    [InlineData("""[{"split": "train_split", "accuracies": {"score": NaN}}]""", "NaN and Infinity")]
    [InlineData("""[{"split": "train_split", "accuracies": {"score": 1e999}}]""", "not a finite number")]
    [InlineData("""[{"split": "train_split", "accuracies": {"score": true}}]""", "not a finite number")]
    [InlineData("""[{"split": "train_split", "accuracies": {"score": "1"}}]""", "not a finite number")]
    [InlineData("""[{"split": "train_split", "accuracies": {}}]""", "no accuracies")]
    [InlineData("""[{"split": "test_split", "accuracies": {"score": 1}}]""", "'length' is missing")]
    [InlineData("""[{"split": "train_split", "accuracies": {"score": 1, "score": 2}}]""", "twice")]
    [InlineData("""[{"split": "train_split", "accuracies": {"score": 1}}, {"split": "train_split", "accuracies": {"score": 2}}]""", "twice")]
    [InlineData("""[{"split": 1, "accuracies": {"score": 1}}]""", "n entry of the result")]
    [InlineData("not json", "not JSON")]
    public async Task Put_ResultThatDoesNotFit_IsRefusedAndNothingEnds(string result, string why)
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        var (status, body) = await match.PutAsync(result);
        var over = match.IsOver;
        await match.PutAsync(LegacyMatch.Result(1));
        var (_, said) = await match.EndAsync();

        Assert.Equal((400, false), (status, over));
        Assert.Contains(why, System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        var refused = Assert.Single(said.OfType<FaultRaised>());
        Assert.Equal((FaultCode.EnvironmentSpecViolation, false), (refused.Fault.Code, refused.Fatal));
        Assert.IsType<EnvironmentScored>(said[^1]);
    }

    [Fact]
    public async Task Run_TotalPassesAfterARefusedResult_TellsOfThatAndNotOfTheAgent()
    {
        await using var match = new LegacyMatch();
        var time = new FakeTimeProvider();
        await match.StartAsync(time);
        await match.CallAsync(LegacyMatch.One);
        await match.PutAsync("[]");

        time.Advance(TimeSpan.FromMilliseconds(match.Plan.TotalMs));
        var (_, said) = await match.EndAsync();

        var fault = Assert.IsType<FaultRaised>(said[^1]);
        Assert.Equal((FaultCode.EnvironmentSpecViolation, true), (fault.Fault.Code, fault.Fatal));
    }

    [Theory]
    [InlineData("submission", "8")]
    [InlineData("submission", "")]
    [InlineData("challenge_phase", "6")]
    [InlineData("submission_status", "DONE")]
    public async Task Put_ForAnotherSubmissionPhaseOrState_IsRefused(string field, string value)
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();
        var fields = LegacyMatch.Fields(LegacyMatch.Result(1));
        fields[field] = value;

        var (status, body) = await match.SendAsync(HttpMethod.Put, fields);

        Assert.Equal(400, status);
        Assert.Contains(field, body, StringComparison.Ordinal);
        Assert.False(match.IsOver);
    }

    [Theory]
    [InlineData("wrong", "/api/jobs/challenge/3/update_submission/", 401)]
    [InlineData("", "/api/jobs/challenge/3/update_submission/", 401)]
    [InlineData("secret", "/api/jobs/challenge/4/update_submission/", 404)]
    [InlineData("secret", "/api/challenges/challenge/3", 404)]
    [InlineData("secret", "/api/jobs/challenge/3/update_submission", 200)]
    [InlineData("secret", "//api/jobs/challenge/3/update_submission/", 200)]
    public async Task Put_TokenAndAddress_AreChecked(string token, string path, int expected)
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        var (status, body) = await match.SendAsync(HttpMethod.Put, LegacyMatch.Fields(LegacyMatch.Result(1)), token, path);

        Assert.Equal(expected, status);
        Assert.StartsWith("{", body, StringComparison.Ordinal);
        if (status == 401)
        {
            Assert.Equal("""{"detail": "Invalid token"}""", body);
        }
    }

    [Theory]
    [InlineData("RUNNING", 200)]
    [InlineData("queued", 200)]
    [InlineData("finished", 400)]
    public async Task Patch_Progress_IsNotedAndEndsNothing(string state, int expected)
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        var (status, _) = await match.SendAsync(HttpMethod.Patch, new Dictionary<string, string> { ["submission"] = "7", ["submission_status"] = state });

        Assert.Equal(expected, status);
        Assert.False(match.IsOver);
    }

    [Fact]
    public async Task Patch_WithTheResult_IsTakenAsByPut()
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        var (status, _) = await match.SendAsync(HttpMethod.Patch, LegacyMatch.Fields(LegacyMatch.Result(4)));
        var (_, said) = await match.EndAsync();

        Assert.Equal(200, status);
        Assert.Contains("4", Assert.IsType<EnvironmentScored>(said[^1]).Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_Failed_EndsWithTheEnvironmentsWordOnIt()
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        var (status, _) = await match.PutAsync("", "FAILED");
        var (_, said) = await match.EndAsync();

        Assert.Equal(200, status);
        var fault = Assert.IsType<FaultRaised>(said[^1]).Fault;
        Assert.Equal(Blame.Environment, fault.Blame);
        Assert.Contains("standard_error", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_Twice_TheFirstStands()
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        await match.PutAsync(LegacyMatch.Result(1));
        await match.PutAsync(LegacyMatch.Result(2));
        var (_, said) = await match.EndAsync();

        Assert.Equal("""{"result":[{"train_split":{"score":1}}]}""", Assert.Single(said.OfType<EnvironmentScored>()).Result);
    }
}
