using Docker.DotNet.Models;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Scoring;

namespace Palio.Evaluation.Docker;

/// <summary>
/// A container whose program writes one file. Its folder is a small file system in memory; a courier of ours holds it, for memory goes
/// with its last user, and hands the file out when the program is dead.
/// </summary>
internal sealed class WritingPart(Engine engine, ScoringObjects objects, PodPlan plan, string refereeImage, TimeProvider time)
{
    private static readonly TimeSpan EngineLimit = TimeSpan.FromSeconds(120);

    /// <summary>Runs it to its end, or to its limit.</summary>
    /// <param name="program">The container, with the folder among its mounts.</param>
    /// <param name="image">Its image.</param>
    /// <param name="folder">Where it writes, and what.</param>
    /// <param name="running">Is called when the container is there and about to start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Writing> RunAsync(
        ContainerPlan program, ImageFacts image, WritingFolder folder, Func<ContainerInspectResponse, ValueTask> running, CancellationToken cancellationToken)
    {
        var user = ContainerRequests.UserOf(image.User);
        await objects.CreateAsync(ScoringRequests.OutputVolume(plan, folder, user), cancellationToken).ConfigureAwait(false);
        var (carrier, _) = await objects.CreateAsync(
            ScoringRequests.Courier(plan, folder, refereeImage, user, engine.IsPodman), plan.Referee, cancellationToken).ConfigureAwait(false);
        var (id, inspected) = await objects.CreateAsync(
            ContainerRequests.Container(plan, program, image, engine.IsPodman), program, cancellationToken).ConfigureAwait(false);
        using var courier = new AttachedPart(engine, PodRole.Referee, carrier, 8192);
        await courier.AttachAsync(withInput: true, cancellationToken).ConfigureAwait(false);
        await courier.StartAsync(cancellationToken).ConfigureAwait(false); // first: it holds the volume
        await running(inspected).ConfigureAwait(false);
        var part = new ContainerPart(engine, program.Role, id);
        await part.StartAsync(cancellationToken).ConfigureAwait(false);
        var timedOut = await LimitedWait.ForAsync(part, plan.Scoring!.Limit, time, cancellationToken).ConfigureAwait(false); // a scoring pod's part
        var file = new CarriedFile();
        try
        {
            var writing = new Writing(
                file, await part.EndingAsync(timedOut, cancellationToken).ConfigureAwait(false),
                await part.LogAsync(plan.LogBytes, cancellationToken).ConfigureAwait(false), timedOut);
            await FetchAsync(courier, file, folder, cancellationToken).ConfigureAwait(false);
            return writing;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // The program is dead: nothing moves any more below the folder.
    private async Task FetchAsync(AttachedPart courier, CarriedFile file, WritingFolder folder, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(EngineLimit, time, cancellationToken);
        await courier.TellAsync(limit.Token).ConfigureAwait(false);
        await courier.ReadOutputAsync(bytes => file.AddAsync(bytes, folder.MostBytes, folder.Names), limit.Token).ConfigureAwait(false);
    }
}

/// <summary>Where a program writes its file.</summary>
/// <param name="Mount">The folder, as the program has it.</param>
/// <param name="Names">Names the file may have, in the order they are looked for.</param>
/// <param name="MostBytes">Largest file.</param>
internal sealed record WritingFolder(SocketMount Mount, IReadOnlyList<string> Names, long MostBytes);

/// <summary>What came of it.</summary>
/// <param name="File">The file, or why there is none. The receiver disposes it.</param>
/// <param name="Ending">How the program ended.</param>
/// <param name="Log">Its output.</param>
/// <param name="TimedOut">It was still running at its limit, and was ended.</param>
internal sealed record Writing(CarriedFile File, PartEnding Ending, string Log, bool TimedOut);

/// <summary>Waits for a container to end, and ends it at its limit.</summary>
internal static class LimitedWait
{
    private static readonly TimeSpan EngineLimit = TimeSpan.FromSeconds(120);

    /// <returns>Whether it was still running, and was ended.</returns>
    public static async Task<bool> ForAsync(ContainerPart part, TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(longest, time, cancellationToken);
        try
        {
            await part.WaitAsync(limit.Token).ConfigureAwait(false);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await part.KillAsync(cancellationToken).ConfigureAwait(false);
            using var dying = new TimeLimit(EngineLimit, time, cancellationToken);
            await part.WaitAsync(dying.Token).ConfigureAwait(false);
            return true;
        }
    }
}
