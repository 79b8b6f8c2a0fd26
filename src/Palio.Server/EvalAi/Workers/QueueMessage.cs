using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.EvalAi.Workers;

/// <summary>
/// An evaluation as a message of its challenge's queue. The evaluation is the truth; this is only when it is handed out next. It is made
/// when it is handed out for the first time.
/// </summary>
internal sealed class QueueMessage
{
    /// <summary>Amazon's queues hand a message out again after as long; EvalAI's workers take that for their clock.</summary>
    public static readonly TimeSpan Hidden = TimeSpan.FromSeconds(30);

    public required long EvaluationId { get; init; }

    public required DateTimeOffset VisibleAt { get; init; }

    /// <summary>By which the worker that holds it deletes it.</summary>
    public required string Receipt { get; init; }

    public bool IsDeleted { get; private set; }

    internal sealed class Configuration : IEntityTypeConfiguration<QueueMessage>
    {
        public void Configure(EntityTypeBuilder<QueueMessage> builder)
        {
            builder.ToTable("QueueMessages");
            builder.HasKey(message => message.EvaluationId);
            builder.Property(message => message.EvaluationId).ValueGeneratedNever();
            builder.Property(message => message.Receipt).HasMaxLength(64);
            builder.HasIndex(message => message.Receipt).IsUnique();
            builder.HasOne<EvaluationRun>().WithOne().HasForeignKey<QueueMessage>(message => message.EvaluationId);
        }
    }
}
