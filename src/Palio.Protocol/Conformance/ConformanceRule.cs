namespace Palio.Protocol.Conformance;

/// <summary>One rule: a conversation, and how the program must end after it.</summary>
internal sealed record ConformanceRule(
    string Name, string Section, string Remedy, bool EndsWell, Func<ConformancePeer, CancellationToken, Task> PlayAsync)
{
    /// <summary>Plays it with a program of its own.</summary>
    /// <returns>What is wrong; null for nothing.</returns>
    public async Task<string?> TryAsync(ISideUnderTest side, ConformanceBudgets budgets, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var peer = new ConformancePeer(budgets);
        var program = side.RunAsync(peer.Path, ending.Token);
        peer.Program = program;
        try
        {
            await peer.AcceptAsync(cancellationToken).ConfigureAwait(false);
            await PlayAsync(peer, cancellationToken).ConfigureAwait(false);
            return await EndAsync(program, budgets, ending.Token).ConfigureAwait(false);
        }
        catch (ConformanceException exception)
        {
            return exception.Message;
        }
        finally
        {
            // A program that waits for its next frame ends with the connection.
            peer.Close();
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(program).ConfigureAwait(false);
        }
    }

    private async Task<string?> EndAsync(Task<int> program, ConformanceBudgets budgets, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(program, Task.Delay(budgets.Answer, cancellationToken)).ConfigureAwait(false) != program)
        {
            return $"the program did not end within {budgets.Answer.TotalSeconds:0.#} s after the session";
        }

        var code = await program.ConfigureAwait(false);
        return (code == 0) == EndsWell ? null : $"expected exit code {(EndsWell ? "0" : "other than 0")}, got {code}";
    }
}
