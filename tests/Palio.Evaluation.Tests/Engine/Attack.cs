using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>A line of <c>attacks/expected.json</c>: how a program misbehaves, and what it must get.</summary>
public sealed record Attack
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Its number in the catalogue.</summary>
    [JsonPropertyName("attack")]
    public required string Number { get; init; }

    /// <summary>The agent's mode; honest when not told.</summary>
    public string Agent { get; init; } = "honest";

    /// <summary>The environment's mode; honest when not told.</summary>
    public string Environment { get; init; } = "honest";

    /// <summary>The fault; none when play must go on to the usual score.</summary>
    public FaultCode? Fault { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public long? Step { get; init; }

    /// <summary>What the log's tail of the misbehaving side must hold.</summary>
    public string? Log { get; init; }

    public int MemoryMegabytes { get; init; } = 64;

    public RefereeBudgets Budgets { get; init; } = new() { EnvironmentStepMs = 10_000 };

    public static IReadOnlyList<Attack> All { get; } = JsonSerializer.Deserialize<Attack[]>(
        File.ReadAllText(Path.Combine(EngineFixture.AttacksDirectory, "expected.json")), Json)!;

    public string Name => $"{Number} {(Agent is "honest" ? $"environment {Environment}" : $"agent {Agent}")}";
}
