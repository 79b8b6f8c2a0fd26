using System.IO.Compression;
using System.Text;

namespace Palio.Referee.Tests;

public sealed class PlanTests
{
    private const string Good = """{"evaluation":"1","episodes":[{"ordinal":0,"seed":1}],"maxSteps":5,"budgets":{"helloMs":0}}""";

    [Theory]
    [InlineData("", "PALIO_PLAN is not set")]
    [InlineData("{", "the plan is not valid")]
    [InlineData("{}", "the plan is not valid")]
    [InlineData("not base64!", "neither JSON nor base64")]
    [InlineData("AAAA", "")]
    [InlineData("""{"evaluation":"1","episodes":[],"maxSteps":0,"slots":2000,"budgets":{"stepMs":-1},"maxMessageBytes":1}""",
        "episodes is 0; it must be from 1 to 1000000; maxSteps is 0")]
    [InlineData("""{"evaluation":"1","episodes":[null],"maxSteps":5,"budgets":{}}""", "an episode is null")]
    [InlineData("""{"evaluation":"1","episodes":[{"ordinal":0,"seed":-1}],"maxSteps":5,"budgets":{}}""", "seeds and ordinals cannot be negative")]
    [InlineData("""{"evaluation":"1","episodes":[{"ordinal":3,"seed":1},{"ordinal":3,"seed":2}],"maxSteps":5,"budgets":{}}""", "the same ordinal")]
    [InlineData("""{"evaluation":"1","episodes":[{"ordinal":0,"seed":1,"options":[1]}],"maxSteps":5,"budgets":{}}""", "must be an object")]
    [InlineData("""{"evaluation":"1","episodes":[{"ordinal":0,"seed":1}],"maxSteps":5,"budgets":{},"metrics":["a b"]}""", "metrics must be")]
    public void Run_PlanIsWrong_SaysSoAndEndsWithTwo(string plan, string complaint)
    {
        var (code, said, output) = Run(["play"], plan);
        Assert.Equal(RefereeProgram.BadPlan, code);
        Assert.Contains(complaint, said, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData]
    [InlineData("serve")]
    [InlineData("play", "--plan")]
    [InlineData("play", "--plan", "/nowhere/at/all")]
    public void Run_ArgumentsAreWrong_EndsWithTwo(params string[] args) => Assert.Equal(RefereeProgram.BadPlan, Run(args, Good).Code);

    [Fact]
    public void Run_PlanIsPacked_IsRead()
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            brotli.Write(Encoding.UTF8.GetBytes(Good));
        }

        foreach (var plan in new[] { Good, Convert.ToBase64String(packed.ToArray()) })
        {
            var (code, _, output) = Run(["play"], plan);
            Assert.Equal(RefereeProgram.Faulted, code);
            Assert.Contains("ENV_START_TIMEOUT", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_PlanIsABomb_IsRefused()
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            var nothing = new byte[1024 * 1024];
            for (var i = 0; i < 70; i++)
            {
                brotli.Write(nothing);
            }
        }

        var (code, said, _) = Run(["play"], Convert.ToBase64String(packed.ToArray()));
        Assert.Equal((RefereeProgram.BadPlan, true), (code, said.Contains("larger than", StringComparison.Ordinal)));
    }

    private static (int Code, string Said, string Output) Run(string[] args, string plan)
    {
        var folder = Directory.CreateTempSubdirectory("palio-");
        try
        {
            string? Variable(string name) => name switch
            {
                "PALIO_PLAN" => plan,
                "PALIO_AGENT_SOCKET" => Path.Combine(folder.FullName, "a"),
                "PALIO_ENVIRONMENT_SOCKET" => Path.Combine(folder.FullName, "e"),
                _ => null,
            };

            using var complaints = new StringWriter();
            using var output = new MemoryStream();
            var code = RefereeProgram.Run(args, Variable, output, complaints, TimeProvider.System);
            return (code, complaints.ToString(), Encoding.UTF8.GetString(output.ToArray()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
