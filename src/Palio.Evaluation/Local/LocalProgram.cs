namespace Palio.Evaluation.Local;

/// <summary>What plays one side at home.</summary>
public abstract record LocalProgram;

/// <summary>An image of the local engine, or one it can pull; played in the same sandbox as on a server.</summary>
/// <param name="Reference">Its name.</param>
public sealed record ImageProgram(string Reference) : LocalProgram;

/// <summary>A shell command of this machine. It is the user's own, so nothing is kept from it.</summary>
/// <param name="Line">What the shell is given.</param>
/// <param name="Folder">Where it runs.</param>
public sealed record CommandProgram(string Line, string Folder) : LocalProgram;
