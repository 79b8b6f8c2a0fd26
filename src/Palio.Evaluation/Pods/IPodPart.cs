using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Pods;

/// <summary>One of a pod's three programs: a container, or in local play a process.</summary>
internal interface IPodPart
{
    /// <summary>Which of the three it is.</summary>
    PodRole Role { get; }

    /// <summary>Starts it. Throws <see cref="PodFaultException"/> with the typed fault when it cannot be started.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Completes when it has ended.</summary>
    Task WaitAsync(CancellationToken cancellationToken);

    /// <summary>Ends it and all it started with SIGKILL. Does nothing when it has ended.</summary>
    Task KillAsync(CancellationToken cancellationToken);

    /// <summary>How it ended.</summary>
    Task<PartEnding> EndingAsync(bool killedByUs, CancellationToken cancellationToken);

    /// <summary>Whether something in it listens on a TCP port; false where that cannot be seen.</summary>
    Task<bool> ListensAsync(int port, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Its output, the last bytes of it, safe to show.</summary>
    Task<string> LogAsync(int bytes, CancellationToken cancellationToken);

    /// <summary>The last of its output while it runs, safe to show; empty where nobody follows it.</summary>
    Task<string> TailAsync(int bytes, CancellationToken cancellationToken) => Task.FromResult("");
}

/// <summary>The referee's part: its standard output is read as it comes.</summary>
internal interface IRefereePart : IPodPart
{
    /// <summary>Makes ready to read, before the start, so that no line is lost.</summary>
    Task AttachAsync(CancellationToken cancellationToken);

    /// <summary>Reads standard output until its end. Called once, after <see cref="AttachAsync"/>.</summary>
    /// <param name="onBytes">Takes the bytes; while it waits the referee is held back. False stops the reading.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task ReadOutputAsync(Func<ReadOnlyMemory<byte>, ValueTask<bool>> onBytes, CancellationToken cancellationToken);
}

/// <summary>Preparing a pod failed, with a verdict.</summary>
internal sealed class PodFaultException(Fault fault, Exception? innerException = null) : Exception(fault.Message, innerException)
{
    /// <summary>The verdict.</summary>
    public Fault Fault { get; } = fault;
}
