using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Palio.Challenges.Bundles.Yaml;

/// <summary>Builds the tree from the parser's events.</summary>
internal sealed class YamlTreeBuilder(string file, string text, BundleLimits limits, ProblemList problems)
{
    private static readonly HashSet<string> CoreTags = new(
        ["str", "int", "float", "bool", "null", "map", "seq", "timestamp"], StringComparer.Ordinal);

    private readonly Parser _parser = new(new StringReader(text));
    private readonly Dictionary<AnchorName, YamlNode?> _anchors = [];
    private long _size;

    /// <summary>How far reading has come.</summary>
    public Mark Place => _parser.Current?.End ?? Mark.Empty;

    /// <summary>The only document's root; null for an empty file.</summary>
    public YamlNode? Build()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = Node(depth: 1);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? throw new YamlStopException(second.Start, "A second YAML document begins here.", "Remove the line '---' and what follows, or join the two.")
            : root;
    }

    private YamlNode Node(int depth)
    {
        var start = _parser.Current!.Start;
        if (depth > limits.MaxYamlDepth)
        {
            throw new YamlStopException(start, $"Values are nested more than {limits.MaxYamlDepth} deep.", "Nest less.");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Alias(alias);
        }

        Count(1, start);
        var node = _parser.Consume<NodeEvent>();
        CheckTag(node);
        if (!node.Anchor.IsEmpty)
        {
            // Until it is complete, an alias to it would be part of itself.
            _anchors[node.Anchor] = null;
        }

        YamlNode value = node switch
        {
            Scalar scalar => new YamlText((int)start.Line, (int)start.Column, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)) { Size = 1 },
            SequenceStart => List(start, depth),
            _ => Map(start, depth),
        };
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = value;
        }

        return value;
    }

    private YamlNode Alias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var node))
        {
            throw new YamlStopException(alias.Start, $"'*{alias.Value.Value}' refers to an anchor that is not above it.", "Write the value itself.");
        }

        if (node is null)
        {
            throw new YamlStopException(alias.Start, $"'*{alias.Value.Value}' is part of what it refers to.", "Write the value itself.");
        }

        Count(node.Size, alias.Start);
        return node;
    }

    private YamlList List(Mark start, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return new YamlList((int)start.Line, (int)start.Column, items) { Size = 1 + items.Sum(item => item.Size) };
    }

    private YamlMap Map(Mark start, int depth)
    {
        var entries = new Dictionary<string, YamlEntry>();
        var merged = new List<YamlMap>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyStart = _parser.Current!.Start;
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not YamlText { IsQuoted: var isQuoted, Value: var name })
            {
                Error(keyStart, "A key is not a text.", "Write a plain key.");
            }
            else if (name == "<<" && !isQuoted)
            {
                Merge(value, keyStart, merged);
            }
            else if (!entries.TryAdd(name, new YamlEntry(name, (int)keyStart.Line, (int)keyStart.Column, value)))
            {
                Error(keyStart, $"'{name}' is given a second time (first in line {entries[name].Line}).", "Join the two, or remove one.", name);
            }
        }

        foreach (var entry in merged.SelectMany(map => map.Entries))
        {
            entries.TryAdd(entry.Key, entry);
        }

        YamlEntry[] all = [.. entries.Values];
        return new YamlMap((int)start.Line, (int)start.Column, all) { Size = 1 + all.Sum(entry => 1 + entry.Value.Size) };
    }

    private void Merge(YamlNode value, Mark mark, List<YamlMap> merged)
    {
        IReadOnlyList<YamlNode> sources = value is YamlList list ? list.Items : [value];
        merged.AddRange(sources.OfType<YamlMap>());
        if (sources.Any(source => source is not YamlMap))
        {
            Error(mark, "'<<' merges something that has no keys.", "Refer to a mapping, such as '<<: *defaults'.");
        }
    }

    private void CheckTag(NodeEvent node)
    {
        const string core = "tag:yaml.org,2002:";
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific)
        {
            return;
        }

        var tag = node.Tag.Value;
        if (!tag.StartsWith(core, StringComparison.Ordinal) || !CoreTags.Contains(tag[core.Length..]))
        {
            Error(node.Start, $"The tag '{BundlePath.Printable(tag)}' asks for a type; values are plain here.", "Remove the tag.");
        }
    }

    private void Count(long size, Mark mark)
    {
        _size += size;
        if (_size > limits.MaxYamlNodes)
        {
            throw new YamlStopException(mark, $"The file has more than {limits.MaxYamlNodes} values, aliases counted as often as they are used.", "Use fewer.");
        }
    }

    private void Error(Mark mark, string message, string remedy, string path = "") => problems.Add(new BundleProblem
    {
        Severity = BundleSeverity.Error,
        File = file,
        Line = (int)mark.Line,
        Column = (int)mark.Column,
        Path = path,
        Message = message,
        Remedy = remedy,
    });
}
