using System.IO.Compression;
using System.Text.Json;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Referee.Playing;

namespace Palio.Referee;

/// <summary>Where the two sockets are made.</summary>
/// <param name="Agent">Path of the agent's.</param>
/// <param name="Environment">Path of the environment's.</param>
internal sealed record SocketPaths(string Agent, string Environment);

/// <summary>The arguments or the plan are wrong; the message says how.</summary>
internal sealed class PlanException(string message) : Exception(message);

/// <summary>Reads the program's arguments, variables and plan.</summary>
internal static class RefereeArguments
{
    private const string Usage = "usage: palio-referee play [--plan FILE]   (the plan is otherwise in PALIO_PLAN)";

    // A plan of 100 000 episodes with options is a few MB; more is a mistake, or a bomb behind the compression.
    private const int MaxPlanBytes = 64 * 1024 * 1024;

    public static (RefereePlan Plan, SocketPaths Paths) Read(string[] args, Func<string, string?> variable)
    {
        var plan = args switch
        {
            ["play"] => variable("PALIO_PLAN") is { Length: > 0 } text ? Decode(text) : throw new PlanException($"PALIO_PLAN is not set; {Usage}"),
            ["play", "--plan", var file] => ReadFile(file),
            _ => throw new PlanException(Usage),
        };
        var paths = new SocketPaths(
            variable("PALIO_AGENT_SOCKET") ?? "/palio/agent/palio.sock", variable("PALIO_ENVIRONMENT_SOCKET") ?? "/palio/environment/palio.sock");
        return (Check(Parse(plan)), paths);
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PlanException($"cannot read the plan: {exception.Message}");
        }
    }

    private static byte[] Decode(string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            return System.Text.Encoding.UTF8.GetBytes(text);
        }

        try
        {
            using var packed = new BrotliStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = packed.Read(buffer)) > 0 && plain.Length <= MaxPlanBytes;)
            {
                plain.Write(buffer, 0, read);
            }

            return plain.Length <= MaxPlanBytes ? plain.ToArray() : throw new PlanException($"the plan is larger than {MaxPlanBytes} bytes");
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or InvalidDataException)
        {
            throw new PlanException($"PALIO_PLAN is neither JSON nor base64 of Brotli-compressed JSON: {exception.Message}");
        }
    }

    private static RefereePlan Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EvaluationJsonContext.Default.RefereePlan) ?? throw new PlanException("the plan is null");
        }
        catch (JsonException exception)
        {
            throw new PlanException($"the plan is not valid: {exception.Message}");
        }
    }

    private static RefereePlan Check(RefereePlan plan)
    {
        List<string> wrong = [];
        Range(wrong, "episodes", plan.Episodes.Count, 1, 1_000_000);
        Range(wrong, "maxSteps", plan.MaxSteps, 1, 10_000_000);
        Range(wrong, "slots", plan.Slots, 1, FrameLimits.MaxEntries);
        Range(wrong, "maxMessageBytes", plan.MaxMessageBytes, 1024, FrameLimits.CeilingMaxMessage);
        var budgets = plan.Budgets;
        int[] times =
        [
            budgets.HelloMs, budgets.ReadyMs, budgets.FirstActionMs, budgets.StepMs, budgets.BankMs, budgets.EnvironmentStepMs, budgets.TotalMs,
        ];
        if (times.Any(time => time < 0))
        {
            wrong.Add("budgets cannot be negative");
        }

        CheckEpisodes(wrong, plan);
        if (!SpecMetrics.AreNames(plan.Metrics))
        {
            wrong.Add(SpecMetrics.Rule);
        }

        return wrong.Count == 0 ? plan : throw new PlanException($"the plan is not valid: {string.Join("; ", wrong)}");
    }

    private static void CheckEpisodes(List<string> wrong, RefereePlan plan)
    {
        if (plan.Episodes.Any(episode => episode is null))
        {
            wrong.Add("an episode is null");
            return;
        }

        if (plan.Episodes.Any(episode => episode.Seed < 0 || episode.Ordinal < 0))
        {
            wrong.Add("seeds and ordinals cannot be negative");
        }

        if (plan.Episodes.DistinctBy(episode => episode.Ordinal).Count() != plan.Episodes.Count)
        {
            wrong.Add("two episodes have the same ordinal");
        }

        if (plan.Episodes.Any(episode => episode.Options is { ValueKind: not JsonValueKind.Object }))
        {
            wrong.Add("the options of an episode must be an object");
        }
        else if (plan.Episodes.Any(episode => ResetOptions.Of(episode).Length > plan.MaxMessageBytes / 2))
        {
            wrong.Add("the options of an episode are longer than half a message");
        }
    }

    private static void Range(List<string> wrong, string name, int value, int low, int high)
    {
        if (value < low || value > high)
        {
            wrong.Add($"{name} is {value}; it must be from {low} to {high}");
        }
    }
}
