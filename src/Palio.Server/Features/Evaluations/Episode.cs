using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Protocol.Evaluations;

namespace Palio.Server.Features.Evaluations;

/// <summary>One play. Stored once by its ordinal and never changed.</summary>
internal sealed class Episode
{
    public required long EvaluationId { get; init; }

    public required int Ordinal { get; init; }

    public string? Scenario { get; init; }

    public int Seat { get; init; }

    public required long Steps { get; init; }

    public required double Return { get; init; }

    public required EpisodeEnd End { get; init; }

    public FaultCode? Fault { get; init; }

    public string? Metrics { get; init; }

    public double AgentMs { get; init; }

    public double EnvironmentMs { get; init; }

    public double SlowestActionMs { get; init; }

    public bool HasRecord { get; init; }

    public static Episode Of(long evaluation, EpisodeResult result, bool hasRecord) => new()
    {
        EvaluationId = evaluation,
        Ordinal = result.Ordinal,
        Scenario = result.Scenario,
        Seat = result.Seat,
        Steps = result.Steps,
        Return = result.Return,
        End = result.End,
        Fault = result.Fault,
        Metrics = result.Metrics.Count == 0 ? null : JsonSerializer.Serialize(result.Metrics),
        AgentMs = result.AgentMs,
        EnvironmentMs = result.EnvironmentMs,
        SlowestActionMs = result.SlowestActionMs,
        HasRecord = hasRecord,
    };

    public EpisodeResult ToResult() => new()
    {
        Ordinal = Ordinal,
        Scenario = Scenario,
        Seat = Seat,
        Steps = Steps,
        Return = Return,
        Metrics = Metrics is null ? new Dictionary<string, double>() : JsonSerializer.Deserialize<Dictionary<string, double>>(Metrics) ?? [],
        End = End,
        Fault = Fault,
        AgentMs = AgentMs,
        EnvironmentMs = EnvironmentMs,
        SlowestActionMs = SlowestActionMs,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Episode>
    {
        public void Configure(EntityTypeBuilder<Episode> builder)
        {
            builder.ToTable("Episodes");
            builder.HasKey(episode => new { episode.EvaluationId, episode.Ordinal });
            builder.Property(episode => episode.Scenario).HasMaxLength(200);
            builder.HasOne<EvaluationRun>().WithMany().HasForeignKey(episode => episode.EvaluationId);
        }
    }
}

/// <summary>A metric's value over an evaluation's episodes.</summary>
internal sealed class Score
{
    public required long EvaluationId { get; init; }

    /// <summary>Codename of the dataset split it is for; empty when it is for all of the phase's.</summary>
    public string Split { get; init; } = "";

    public required string Metric { get; init; }

    /// <summary>Not told to the team with its submission: the host said so, or the split's boards are the hosts' alone.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Place in the phase's declaration, from 0.</summary>
    public required int Position { get; init; }

    public required double Value { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }

    public required int Valid { get; init; }

    public required int Total { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<Score>
    {
        public void Configure(EntityTypeBuilder<Score> builder)
        {
            builder.ToTable("Scores");
            builder.HasKey(score => new { score.EvaluationId, score.Split, score.Metric });
            builder.Property(score => score.Split).HasMaxLength(100);
            builder.Property(score => score.Metric).HasMaxLength(200);
            builder.HasOne<EvaluationRun>().WithMany().HasForeignKey(score => score.EvaluationId);
        }
    }
}
