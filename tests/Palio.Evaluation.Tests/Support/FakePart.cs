using System.Text.Json;
using System.Threading.Channels;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Support;

/// <summary>A program that does what the test says.</summary>
internal class FakePart(PodRole role) : IPodPart
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PodRole Role => role;

    /// <summary>What keeps it from starting.</summary>
    public Fault? StartFault { get; init; }

    /// <summary>Runs when it is killed, before it ends.</summary>
    public Func<Task> OnKill { get; set; } = () => Task.CompletedTask;

    public int Kills { get; private set; }

    /// <summary>The port it listens on; 0 for none.</summary>
    public int Port { get; init; }

    public Task<bool> ListensAsync(int port, CancellationToken cancellationToken) => Task.FromResult(port == Port);

    public int ExitCode { get; private set; }

    public void End(int exitCode)
    {
        ExitCode = exitCode;
        _ended.TrySetResult();
    }

    public Task StartAsync(CancellationToken cancellationToken) => StartFault is { } fault ? Task.FromException(new PodFaultException(fault)) : Task.CompletedTask;

    public Task WaitAsync(CancellationToken cancellationToken) => _ended.Task.WaitAsync(cancellationToken);

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Kills++;
        await OnKill();
        End(137);
    }

    public Task<PartEnding> EndingAsync(bool killedByUs, CancellationToken cancellationToken) => Task.FromResult(new PartEnding(ExitCode, KilledByUs: killedByUs));

    /// <summary>What it has printed so far.</summary>
    public string Printed { get; set; } = "";

    public Task<string> TailAsync(int bytes, CancellationToken cancellationToken) => Task.FromResult(Printed);

    public Task<string> LogAsync(int bytes, CancellationToken cancellationToken) => Task.FromResult($"log of {role}");
}

/// <summary>A referee that says what the test says.</summary>
internal sealed class FakeReferee() : FakePart(PodRole.Referee), IRefereePart
{
    private readonly Channel<(byte[] Bytes, TaskCompletionSource Heard)> _output = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>();
    private long _next;

    /// <summary>Says a line and waits until it was taken.</summary>
    public Task SayAsync(RefereeEvent line) =>
        SayAsync([.. JsonSerializer.SerializeToUtf8Bytes(line with { Sequence = _next++ }, EvaluationJsonContext.Default.RefereeEvent), (byte)'\n']);

    /// <summary>Writes bytes and waits until they were taken.</summary>
    public Task SayAsync(byte[] bytes)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _output.Writer.TryWrite((bytes, heard)) ? heard.Task : throw new InvalidOperationException("It has ended.");
    }

    /// <summary>Ends its output, and itself.</summary>
    public void Finish(int exitCode)
    {
        _output.Writer.TryComplete();
        End(exitCode);
    }

    public Task AttachAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task ReadOutputAsync(Func<ReadOnlyMemory<byte>, ValueTask<bool>> onBytes, CancellationToken cancellationToken)
    {
        await foreach (var (bytes, heard) in _output.Reader.ReadAllAsync(cancellationToken))
        {
            var more = await onBytes(bytes);
            heard.SetResult();
            if (!more)
            {
                return;
            }
        }
    }
}
