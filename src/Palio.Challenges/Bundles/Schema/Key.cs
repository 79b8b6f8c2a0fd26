namespace Palio.Challenges.Bundles.Schema;

/// <summary>What a key's value is.</summary>
internal enum ValueKind
{
    Text,
    Flag,
    Integer,
    Number,
    Date,
    Duration,
    Seconds,
    Size,
    Page,
    Asset,
    Texts,
    Map,
    Maps,
    Json,

    /// <summary>More than one form, read by its section.</summary>
    Other,
}

/// <summary>How a key takes part.</summary>
internal enum KeyUse
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>EvalAI's, and of no use here: said once for all of them.</summary>
    Unused,

    /// <summary>In the stock file, and read by nobody: not worth a word.</summary>
    Quiet,
}

/// <summary>One key of the configuration. Reader, JSON Schema and reference all follow from it.</summary>
internal sealed record Key(string Name, ValueKind Kind, string About)
{
    public bool IsRequired { get; init; }

    public KeyUse Use { get; init; } = KeyUse.Read;

    /// <summary>The default as the file would say it; null when the key has none.</summary>
    public string? Default { get; init; }

    /// <summary>Least number; for durations seconds, for sizes bytes.</summary>
    public double? Min { get; init; }

    /// <summary>Largest number, or longest text or list.</summary>
    public double? Max { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Names that hosts are known to write by mistake; taken, with a warning.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What the value's own keys are, for <see cref="ValueKind.Map"/> and <see cref="ValueKind.Maps"/>.</summary>
    public KeyTable? Children { get; init; }

    /// <summary>Whether the value's keys are names that the host chooses; <see cref="Children"/> then describes each of their values.</summary>
    public bool HasFreeKeys { get; init; }
}

/// <summary>The keys of one mapping.</summary>
/// <param name="Name">What the mapping is called in messages.</param>
/// <param name="Keys">Its keys, in the reference's order.</param>
internal sealed record KeyTable(string Name, IReadOnlyList<Key> Keys)
{
    private readonly Dictionary<string, Key> _byName = Keys.ToDictionary(key => key.Name);

    public Key this[string name] => _byName[name];

    public Key? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What to say about names that stand in the wrong place, beyond what the other tables tell.</summary>
    public IReadOnlyDictionary<string, (string Message, string Remedy)> Misplaced { get; init; } =
        new Dictionary<string, (string, string)>();
}
