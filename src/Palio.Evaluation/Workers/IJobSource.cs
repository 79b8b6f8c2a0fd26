using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Workers;

/// <summary>
/// Where work comes from: the queue of the server in the same process, or a server over the network. An exception is taken for a
/// passing trouble and the call is repeated until the lease would be lost; what is final is said by <see cref="LeaseStanding"/>.
/// </summary>
public interface IJobSource
{
    /// <summary>Takes the next job, waiting for one at most <paramref name="wait"/>. Completes as soon as there is work: no polling.</summary>
    /// <returns>The job, or null when there was none in time.</returns>
    Task<EvaluationJob?> LeaseAsync(WorkerDescription worker, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Keeps a lease alive.</summary>
    Task<LeaseStanding> HeartbeatAsync(EvaluationLease lease, CancellationToken cancellationToken);

    /// <summary>Reports on an evaluation. Reports of one lease come one after the other, in order; a repeated one must change nothing.</summary>
    Task<LeaseStanding> ReportAsync(EvaluationLease lease, EvaluationReport report, CancellationToken cancellationToken);

    /// <summary>A file that a job names, from its beginning.</summary>
    /// <param name="lease">The lease of the job.</param>
    /// <param name="file">One of the job's files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Stream> OpenFileAsync(EvaluationLease lease, JobFile file, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This job source hands out no files.");

    /// <summary>Takes the file that a participant's image wrote, so that people may look at what was scored. Nothing is kept of it by default.</summary>
    /// <param name="lease">The lease of the job.</param>
    /// <param name="name">Its name.</param>
    /// <param name="content">The file, from its beginning; not longer than the job allows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task KeepFileAsync(EvaluationLease lease, string name, Stream content, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Gives a lease back at a graceful stop, so that the evaluation is queued again at once.</summary>
    Task ReleaseAsync(EvaluationLease lease, CancellationToken cancellationToken);
}
