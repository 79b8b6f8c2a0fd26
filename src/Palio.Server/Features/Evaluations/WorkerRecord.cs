using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Palio.Server.Features.Evaluations;

/// <summary>A worker that has asked for work.</summary>
internal sealed class WorkerRecord
{
    public required string Name { get; init; }

    public required string Engine { get; set; }

    public required int Capacity { get; set; }

    public required DateTimeOffset LastSeen { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<WorkerRecord>
    {
        public void Configure(EntityTypeBuilder<WorkerRecord> builder)
        {
            builder.ToTable("Workers");
            builder.HasKey(worker => worker.Name);
            builder.Property(worker => worker.Name).HasMaxLength(200);
            builder.Property(worker => worker.Engine).HasMaxLength(200);
        }
    }
}
