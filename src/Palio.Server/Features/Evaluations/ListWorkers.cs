using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;

namespace Palio.Server.Features.Evaluations;

/// <summary>The workers, for the operator.</summary>
internal static class ListWorkers
{
    public static async Task<IReadOnlyList<WorkerRow>> HandleAsync(CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        caller.IsAdministrator
            ? await db.Workers.AsNoTracking().OrderBy(w => w.Name).Take(1000)
                .Select(w => new WorkerRow(w.Name, w.Engine, w.Capacity,
                    db.Evaluations.Count(e => e.Worker == w.Name && e.State != EvaluationState.Finished && e.State != EvaluationState.Failed && e.State != EvaluationState.Cancelled),
                    w.LastSeen))
                .ToListAsync(cancellationToken)
            : throw PalioException.Forbidden("Only administrators see the workers.", "Ask the administrator.");
}
