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
    private readonly WritingFolder _output = new(plan.Agent.Sockets[0], ScoringPlan.OutputNames, plan.Scoring!.Job.MaxFileBytes);
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

        if (file?.Name is { } name)
        {
            await _scoring.KeepAsync(name, file.Content, cancellationToken).ConfigureAwait(false);
        }

        var written = time.GetTimestamp();
        await LoadAsync(file, cancellationToken).ConfigureAwait(false);
        var loaded = time.GetTimestamp();
        await (_scoring.ScoresByImage
            ? ScoreByImageAsync(script, file?.Name ?? _scoring.Job.Submission!.Name, cancellationToken) // there is one or the other
            : ScoreByScriptAsync(script, cancellationToken)).ConfigureAwait(false);
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
        if (_scoring.Job.Dataset is { } dataset)
        {
            await FillAsync(
                ScoringRequests.DatasetVolume, plan.Agent.Sockets[1], () => InputArchive.OpenDataset(_scoring, dataset, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        var writing = await Writer().RunAsync(plan.Agent, image, _output, inspected =>
        {
            _participant = inspected;
            _outcome = _outcome with { Policy = PolicyReader.Read(engine, plan, inspected, inspected) };
            return observer.RunningAsync("the image writes its file", cancellationToken);
        }, cancellationToken).ConfigureAwait(false);
        _outcome = _outcome with { Agent = writing.Ending, AgentLog = writing.Log };
        _facts = _facts with { ParticipantTimedOut = writing.TimedOut, FileName = writing.File.Name, FileProblem = writing.File.Problem };
        return writing.File;
    }

    private WritingPart Writer() => new(engine, _objects, plan, refereeImage, time);

    private async Task LoadAsync(CarriedFile? file, CancellationToken cancellationToken)
    {
        await observer.PreparingAsync("handing over the files", cancellationToken).ConfigureAwait(false);
        await FillAsync(
            (pod, _) => ScoringRequests.InputVolume(pod), ScoringRequests.InputMount(plan),
            () => InputArchive.Open(_scoring, file is { Name: { } name } ? (name, file.Content) : null, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    // The engine unpacks it, through a container that is never started.
    private async Task FillAsync(
        Func<PodPlan, SocketMount, VolumesCreateParameters> volume, SocketMount mount, Func<Stream> open, CancellationToken cancellationToken)
    {
        await _objects.CreateAsync(volume(plan, mount), cancellationToken).ConfigureAwait(false);
        var loader = await _objects.CreateUncheckedAsync(ScoringRequests.Loader(plan, mount, refereeImage), cancellationToken).ConfigureAwait(false);
        using var archive = open();
        await engine.Client.Containers.ExtractArchiveToContainerAsync(
            loader, new CopyToContainerParameters { Path = mount.Path }, archive, cancellationToken).ConfigureAwait(false);
    }

    // Its own program, its own standard output: what counts is the file that it writes.
    private async Task ScoreByImageAsync(ImageFacts image, string submission, CancellationToken cancellationToken)
    {
        var program = plan.Environment with
        {
            Variables = new Dictionary<string, string>(plan.Environment.Variables.Concat(InputArchive.Variables(_scoring.Job, submission))),
        };
        var folder = new WritingFolder(plan.Environment.Sockets[1], [ScoringPlan.ResultName], _scoring.Job.MaxResultBytes);
        var writing = await Writer().RunAsync(program, image, folder, inspected =>
        {
            _outcome = _outcome with { Policy = PolicyReader.Read(engine, plan, _participant ?? inspected, inspected) };
            return observer.RunningAsync("the evaluation image runs", cancellationToken);
        }, cancellationToken).ConfigureAwait(false);
        using var result = writing.File;
        using var reader = new StreamReader(result.Content);
        _facts = _facts with
        {
            ScriptTimedOut = writing.TimedOut,
            ScoredByImage = true,
            ResultProblem = result.Problem,
            Result = result.Name is null ? "" : await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false),
        };
        Told(writing.Ending, writing.Log);
    }

    // On EvalAI a team sees what the script says of its file; where an image wrote the file, the team sees what its image said.
    private void Told(PartEnding ending, string log)
    {
        _outcome = _outcome with { Environment = ending };
        _outcome = _hasParticipant ? _outcome with { EnvironmentLog = log } : _outcome with { AgentLog = log };
    }

    private async Task ScoreByScriptAsync(ImageFacts image, CancellationToken cancellationToken)
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
        var timedOut = await LimitedWait.ForAsync(part, _scoring.Limit, time, cancellationToken).ConfigureAwait(false);
        reading.CancelAfter(EngineLimit);
        await output.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false); // what was read counts
        var log = await part.LogAsync(plan.LogBytes, cancellationToken).ConfigureAwait(false);
        _facts = _facts with { ScriptTimedOut = timedOut, ResultTooLong = tooLong, Result = Encoding.UTF8.GetString(result.GetBuffer(), 0, (int)result.Length) };
        Told(await part.EndingAsync(timedOut, cancellationToken).ConfigureAwait(false), log);
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
