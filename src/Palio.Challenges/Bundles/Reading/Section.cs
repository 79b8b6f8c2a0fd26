using Palio.Challenges.Bundles.Schema;
using Palio.Challenges.Bundles.Yaml;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>
/// A mapping read by its table. Making one reports unknown, unused and missing keys; each getter reports a wrong value and then gives
/// the default, so that one mistake does not hide the next.
/// </summary>
internal sealed partial class Section
{
    private readonly Dictionary<string, YamlEntry> _entries = [];
    private readonly KeyTable _table;

    public Section(BundleContext context, YamlMap map, KeyTable table, string path)
    {
        (Context, Map, _table, Path) = (context, map, table, path);
        foreach (var entry in map.Entries)
        {
            Admit(entry);
        }

        foreach (var key in table.Keys.Where(key => key.IsRequired && !Has(key.Name)))
        {
            var (line, what) = _entries.TryGetValue(key.Name, out var entry) ? (entry, "has no value") : (null, "is missing");
            var message = $"{table.Name} needs '{key.Name}', which {what}.";
            var remedy = $"Add it. {key.About}";
            if (line is null)
            {
                context.Error(map, PathOf(key.Name), Capital(message), remedy);
            }
            else
            {
                context.Error(line, PathOf(key.Name), Capital(message), remedy);
            }
        }
    }

    public BundleContext Context { get; }

    public YamlMap Map { get; }

    public string Path { get; }

    /// <summary>Whether the key is there with a value.</summary>
    public bool Has(string key) => Node(key) is not null;

    /// <summary>The key's value; null when it is not there, or null.</summary>
    public YamlNode? Node(string key) =>
        _entries.TryGetValue(key, out var entry) && entry.Value is not YamlText { IsNull: true } ? entry.Value : null;

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>Reports an error at a key's value, or at the mapping when the key is not there.</summary>
    public void Error(string key, string message, string remedy) => Context.Error(Node(key) ?? Map, PathOf(key), message, remedy);

    /// <summary>Reports a warning at a key's value, or at the mapping when the key is not there.</summary>
    public void Warning(string key, string message, string remedy) => Context.Warning(Node(key) ?? Map, PathOf(key), message, remedy);

    /// <summary>The mapping that is the key's value.</summary>
    public Section? Child(string key) => Node(key) switch
    {
        null => null,
        YamlMap map => new Section(Context, map, _table[key].Children!, PathOf(key)),
        _ => Wrong<Section>(key, "keys and values", $"{key}: followed by indented keys"),
    };

    /// <summary>The mappings in the list that is the key's value; what is not a mapping is reported and left out.</summary>
    public IReadOnlyList<Section> Children(string key)
    {
        if (Node(key) is not YamlList list)
        {
            if (Has(key))
            {
                Wrong<Section>(key, "a list", $"{key}: followed by lines that begin with '- '");
            }

            return [];
        }

        var spec = _table[key];
        if (list.Items.Count > spec.Max)
        {
            Error(key, $"There are {list.Items.Count} entries; at most {spec.Max} are allowed.", "Use fewer.");
            return [];
        }

        if (list.Items.Count == 0 && spec.IsRequired)
        {
            Error(key, $"'{key}' is empty.", $"Add at least one entry. {spec.About}");
        }

        return SectionsOf(list, spec.Children!, PathOf(key));
    }

    /// <summary>The mappings of a list.</summary>
    public IReadOnlyList<Section> SectionsOf(YamlList list, KeyTable table, string path)
    {
        var sections = new List<Section>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (list.Items[i] is YamlMap map)
            {
                sections.Add(new Section(Context, map, table, $"{path}[{i}]"));
            }
            else
            {
                Context.Error(list.Items[i], $"{path}[{i}]", $"Expected {table.Name} with its keys, found {Describe(list.Items[i])}.", "Write '- ' followed by its keys.");
            }
        }

        return sections;
    }

    /// <summary>The entries of a mapping whose keys the host chooses.</summary>
    public IReadOnlyList<YamlEntry> FreeEntries(string key)
    {
        switch (Node(key))
        {
            case null:
                return [];
            case YamlMap map when map.Entries.Count <= (_table[key].Max ?? int.MaxValue):
                return map.Entries;
            case YamlMap map:
                Error(key, $"There are {map.Entries.Count} entries; at most {_table[key].Max} are allowed.", "Use fewer.");
                return [];
            default:
                Wrong<Section>(key, "keys and values", $"{key}: followed by indented keys");
                return [];
        }
    }

    private T? Wrong<T>(string key, string expected, string remedy)
        where T : class
    {
        Error(key, $"Expected {expected}, found {Describe(Node(key)!)}.", $"Write {remedy}.");
        return null;
    }

    private static string Describe(YamlNode node) => node switch
    {
        YamlText { IsNull: true } => "nothing",
        YamlText text => $"'{BundlePath.Printable(text.Value)}'",
        YamlList => "a list",
        _ => "keys and values",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private void Admit(YamlEntry entry)
    {
        var key = _table.Find(entry.Key);
        if (key is null && _table.Keys.FirstOrDefault(candidate => candidate.Aliases.Contains(entry.Key)) is { } meant)
        {
            Context.Warning(entry, PathOf(entry.Key), $"'{entry.Key}' is not a key, did you mean '{meant.Name}'? It is taken as that.", $"Write {meant.Name}.");
            _entries.TryAdd(meant.Name, entry);
        }
        else if (key is null)
        {
            Unknown(entry);
        }
        else
        {
            _entries[key.Name] = entry;
            if (key.Use == KeyUse.Unused)
            {
                Context.Unused.Add(key.Name);
            }
        }
    }

    private void Unknown(YamlEntry entry)
    {
        var name = BundlePath.Printable(entry.Key);
        if (_table.Misplaced.TryGetValue(entry.Key, out var known))
        {
            Context.Warning(entry, PathOf(name), known.Message, known.Remedy);
        }
        else if (Nearest.Find(entry.Key, _table.Keys.Where(key => key.Use != KeyUse.Quiet && !_entries.ContainsKey(key.Name)).Select(key => key.Name)) is { } near)
        {
            Context.Warning(entry, PathOf(name), $"Unknown key '{name}', did you mean '{near}'?", $"Write {near}. As it stands, it is not used.");
        }
        else if (BundleSchema.Tables.FirstOrDefault(table => table != _table && table.Find(entry.Key) is { Use: KeyUse.Read }) is { } other)
        {
            Context.Warning(entry, PathOf(name), $"'{name}' is not a key of {_table.Name} but of {other.Name}.", "Move it there. As it stands, it is not used.");
        }
        else
        {
            Context.Warning(entry, PathOf(name), $"Unknown key '{name}' in {_table.Name}.", "Remove it; it is not used.");
        }
    }
}
