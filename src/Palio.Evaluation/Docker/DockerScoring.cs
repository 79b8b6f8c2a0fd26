using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Scoring;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Docker;

/// <summary>
/// A scoring pod's life on the engine. No path of this machine that a container can influence is opened: what goes in is unpacked by the
/// engine before anything runs, what comes out comes through a container's output.
/// </summary>
internal sealed partial class DockerScoring(
    Engine engine, string refereeImage, PodPlan plan, IPodObserver observer, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan EngineLimit = TimeSpan.FromSeconds(120);
    private readonly ScoringPlan _scoring = plan.Scoring ?? throw new ArgumentException("The plan scores nothing.", nameof(plan));
    private readonly ScoringObjects _objects = new(engine, plan);
    private readonly bool _hasParticipant = plan.Scoring!.HasParticipant;
    private ScoringFacts _facts = new() { Limit = plan.Scoring!.Limit, HasParticipant = plan.Scoring!.HasParticipant };
    private ContainerInspectResponse? _participant;
    private PodOutcome _outcome = new() { Said = RefereeSummary.Nothing, Timings = PodTimings.None };

    /// <summary>Scores; whatever happens, nothing is left on the engine.</summary>
    public async Task<PodOutcome> PlayAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TryAsync(cancellationToken).ConfigureAwait(false);
            _outcome = _outcome with { Scoring = _facts };
            await observer.EndedAsync(_outcome).ConfigureAwait(false);
            return _outcome;
        }
        finally
        {
            await RemoveAsync().ConfigureAwait(false);
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PodFaultException exception)
        {
            _outcome = _outcome with { NotStarted = exception.Fault };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _outcome = _outcome with { Stopped = PodStop.Cancelled };
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            _outcome = _outcome with
            {
                NotStarted = Fault.Of(FaultCode.PlatformEngine, $"Scoring failed at the container engine: {EngineFaults.MessageOf(exception)}"),
            };
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        await observer.PreparingAsync("fetching the images", cancellationToken).ConfigureAwait(false);
        var (participant, script) = await PullAsync(cancellationToken).ConfigureAwait(false);
        var pulled = time.GetTimestamp();
        using var file = _hasParticipant ? await WriteFileAsync(participant!, cancellationToken).ConfigureAwait(false) : null; // pulled
        if (_hasParticipant && (file?.Name is null || ScoringJudge.Judge(_outcome with { Environment = null }, _facts).Fault is { Blame: Blame.Agent }))
        {
            return;
        }

        var written = time.GetTimestamp();
        await LoadAsync(file, cancellationToken).ConfigureAwait(false);
        var loaded = time.GetTimestamp();
        await ScoreAsync(script, cancellationToken).ConfigureAwait(false);
        _outcome = _outcome with
        {
            Timings = PodTimings.None with
            {
                PullMs = time.GetElapsedTime(begun, pulled).TotalMilliseconds,
                StartMs = time.GetElapsedTime(written, loaded).TotalMilliseconds,
                PlayMs = time.GetElapsedTime(pulled, written).TotalMilliseconds + time.GetElapsedTime(loaded).TotalMilliseconds,
            },
        };
    }

    private async Task<(ImageFacts? Participant, ImageFacts Script)> PullAsync(CancellationToken cancellationToken)
    {
        if (plan.Environment.Image.Reference.Length == 0)
        {
            throw new PodFaultException(Fault.Of(FaultCode.HostUnplayable, "There is no image to run the evaluation script in: neither the phase nor the operator names one."));
        }

        using var limit = Limit(plan.PullLimit, cancellationToken);
        try
        {
            var preparation = new ImagePreparation(engine);
            var script = await preparation.PrepareAsync(PodRole.Script, plan.Environment.Image, _ => { }, limit.Token).ConfigureAwait(false);
            return (_hasParticipant ? await preparation.PrepareAsync(PodRole.Agent, plan.Agent.Image, _ => { }, limit.Token).ConfigureAwait(false) : null, script);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PodFaultException(Fault.Of(FaultCode.PlatformPullFailed, $"The images were not pulled within {plan.PullLimit.TotalSeconds:0} s."));
        }
    }

    private async Task<CarriedFile> WriteFileAsync(ImageFacts image, CancellationToken cancellationToken)
    {
        var user = ContainerRequests.UserOf(image.User);
        await _objects.CreateAsync(ScoringRequests.OutputVolume(plan, user), cancellationToken).ConfigureAwait(false);
        var (carrier, _) = await _objects.CreateAsync(
            ScoringRequests.Courier(plan, refereeImage, user, engine.IsPodman), plan.Referee, cancellationToken).ConfigureAwait(false);
        var (id, inspected) = await _objects.CreateAsync(
            ContainerRequests.Container(plan, plan.Agent, image, engine.IsPodman), plan.Agent, cancellationToken).ConfigureAwait(false);
        _participant = inspected;
        _outcome = _outcome with { Policy = PolicyReader.Read(engine, plan, inspected, inspected) };
        using var courier = new AttachedPart(engine, PodRole.Referee, carrier, 8192);
        await courier.AttachAsync(withInput: true, cancellationToken).ConfigureAwait(false);
        await courier.StartAsync(cancellationToken).ConfigureAwait(false); // first: it holds the volume
        await observer.RunningAsync("the image writes its file", cancellationToken).ConfigureAwait(false);
        var part = new ContainerPart(engine, PodRole.Agent, id);
        await part.StartAsync(cancellationToken).ConfigureAwait(false);
        var timedOut = await WaitAsync(part, cancellationToken).ConfigureAwait(false);
        _outcome = _outcome with
        {
            Agent = await part.EndingAsync(timedOut, cancellationToken).ConfigureAwait(false),
            AgentLog = await part.LogAsync(plan.LogBytes, cancellationToken).ConfigureAwait(false),
        };
        var file = new CarriedFile();
        await FetchAsync(courier, file, cancellationToken).ConfigureAwait(false);
        _facts = _facts with { ParticipantTimedOut = timedOut, FileName = file.Name, FileProblem = file.Problem };
        return file;
    }

    // The participant's container is dead: nothing moves any more below the folder.
    private async Task FetchAsync(AttachedPart courier, CarriedFile file, CancellationToken cancellationToken)
    {
        using var limit = Limit(EngineLimit, cancellationToken);
        await courier.TellAsync(limit.Token).ConfigureAwait(false);
        await courier.ReadOutputAsync(
            bytes => file.AddAsync(bytes, _scoring.Job.MaxFileBytes, ScoringPlan.OutputNames), limit.Token).ConfigureAwait(false);
    }

    private async Task LoadAsync(CarriedFile? file, CancellationToken cancellationToken)
    {
        await observer.PreparingAsync("handing over the files", cancellationToken).ConfigureAwait(false);
        await _objects.CreateAsync(ScoringRequests.InputVolume(plan), cancellationToken).ConfigureAwait(false);
        var loader = await _objects.CreateUncheckedAsync(ScoringRequests.Loader(plan, refereeImage), cancellationToken).ConfigureAwait(false);
        using var archive = InputArchive.Open(_scoring, file is { Name: { } name } ? (name, file.Content) : null, cancellationToken);
        await engine.Client.Containers.ExtractArchiveToContainerAsync(
            loader, new CopyToContainerParameters { Path = ScoringPlan.InputDirectory }, archive, cancellationToken).ConfigureAwait(false);
    }

    private async Task ScoreAsync(ImageFacts image, CancellationToken cancellationToken)
    {
        var (id, inspected) = await _objects.CreateAsync(
            ScoringRequests.Script(plan, image, engine.IsPodman), plan.Environment, cancellationToken).ConfigureAwait(false);
        _outcome = _outcome with { Policy = PolicyReader.Read(engine, plan, _participant ?? inspected, inspected) };
        using var part = new AttachedPart(engine, PodRole.Script, id, plan.LogBytes);
        await part.AttachAsync(withInput: false, cancellationToken).ConfigureAwait(false);
        await observer.RunningAsync("the evaluation script runs", cancellationToken).ConfigureAwait(false);
        await part.StartAsync(cancellationToken).ConfigureAwait(false);
        var (result, tooLong) = (new MemoryStream(), false);
        using var reading = new CancellationTokenSource();
        var output = part.ReadOutputAsync(bytes =>
        {
            tooLong |= result.Length + bytes.Length > _scoring.Job.MaxResultBytes;
            if (!tooLong)
            {
                result.Write(bytes.Span);
            }

            return ValueTask.CompletedTask;
        }, reading.Token);
        var timedOut = await WaitAsync(part, cancellationToken).ConfigureAwait(false);
        reading.CancelAfter(EngineLimit);
        await output.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false); // what was read counts
        var log = await part.LogAsync(plan.LogBytes, cancellationToken).ConfigureAwait(false);
        _facts = _facts with { ScriptTimedOut = timedOut, ResultTooLong = tooLong, Result = Encoding.UTF8.GetString(result.GetBuffer(), 0, (int)result.Length) };
        _outcome = _outcome with { Environment = await part.EndingAsync(timedOut, cancellationToken).ConfigureAwait(false) };

        // On EvalAI a team sees what the script says of its file; where an image wrote the file, the team sees what its image said.
        _outcome = _hasParticipant ? _outcome with { EnvironmentLog = log } : _outcome with { AgentLog = log };
    }

    /// <returns>Whether it was still running at its limit, and was ended.</returns>
    private async Task<bool> WaitAsync(ContainerPart part, CancellationToken cancellationToken)
    {
        using var limit = Limit(_scoring.Limit, cancellationToken);
        try
        {
            await part.WaitAsync(limit.Token).ConfigureAwait(false);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await part.KillAsync(cancellationToken).ConfigureAwait(false);
            using var dying = Limit(EngineLimit, cancellationToken);
            await part.WaitAsync(dying.Token).ConfigureAwait(false);
            return true;
        }
    }

    private async Task RemoveAsync()
    {
        using var limit = new CancellationTokenSource(EngineLimit, time);
        try
        {
            await _objects.RemoveAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The next start's sweep finds it by its label.
            LogNotRemoved(exception, plan.Name);
        }
    }

    private TimeLimit Limit(TimeSpan span, CancellationToken cancellationToken) => new(span, time, cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pod {Pod} could not be removed wholly")]
    private partial void LogNotRemoved(Exception exception, string pod);
}
