namespace Palio.Challenges.Bundles.Yaml;

/// <summary>A value of the file with its place. Text only: what a plain <c>no</c> or <c>010</c> means is for the schema to say.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>Values in it, itself included and aliases counted as often as they are used.</summary>
    public required long Size { get; init; }
}

/// <summary>A scalar.</summary>
internal sealed record YamlText(int Line, int Column, string Value, bool IsQuoted) : YamlNode(Line, Column)
{
    /// <summary>Whether it stands for nothing.</summary>
    public bool IsNull => !IsQuoted && Value is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column);

/// <summary>A mapping.</summary>
internal sealed record YamlMap(int Line, int Column, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line, Column)
{
    public YamlEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

/// <summary>A key and its value.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="Line">The key's line.</param>
/// <param name="Column">The key's column.</param>
/// <param name="Value">The value.</param>
internal sealed record YamlEntry(string Key, int Line, int Column, YamlNode Value);
