namespace Palio.Protocol.Pickles;

/// <summary>Why a pickle was refused.</summary>
/// <param name="Opcode">Python's name of the opcode: <c>STACK_GLOBAL</c>; null when the bytes end early.</param>
/// <param name="Offset">Where the opcode stands, in bytes from 0.</param>
/// <param name="Name">What it asked for (<c>os.system</c>), printable and short; null when it asked for no name.</param>
/// <param name="Reason">What is wrong with it, for a person.</param>
public sealed record PickleRefusal(string? Opcode, int Offset, string? Name, string Reason)
{
    /// <summary>One sentence with all of it.</summary>
    public override string ToString() => Opcode is null
        ? $"byte {Offset}: {Reason}"
        : $"opcode {Opcode} at byte {Offset}{(Name is null ? "" : $" asks for {Name}")}: {Reason}";
}

/// <summary>Leaves the checker from wherever it stands.</summary>
internal sealed class PickleRefusedException(string reason, string? name = null) : Exception(reason)
{
    public string? Name { get; } = name;
}
