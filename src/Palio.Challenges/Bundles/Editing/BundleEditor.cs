using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Palio.Challenges.Bundles.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Palio.Challenges.Bundles.Editing;

/// <summary>
/// Changes single values of a valid bundle's configuration. What it makes is to be read and checked like any other bundle; comments in the
/// configuration are lost.
/// </summary>
public static class BundleEditor
{
    /// <summary>The bundle's files with the edits made.</summary>
    /// <param name="bundle">A bundle without errors, read from the files.</param>
    /// <param name="files">Its files.</param>
    /// <param name="edits">What changes.</param>
    /// <param name="limits">Default <see cref="BundleLimits.Default"/>.</param>
    public static BundleFilesReading Apply(ChallengeBundle bundle, BundleFiles files, BundleEdits edits, BundleLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(edits);
        var (stream, root) = Load(files, bundle.ConfigPath);
        foreach (var item in edits.Removed)
        {
            foreach (var entry in Entries(root, item))
            {
                ((YamlSequenceNode)root.Children[item.List]).Children.Remove(entry);
            }
        }

        foreach (var edit in edits.Values)
        {
            var (targets, table) = edit.Item is { } item ? (Entries(root, item), ChallengeKeys.Table.Find(item.List)?.Children) : ([root], ChallengeKeys.Table);
            foreach (var target in targets)
            {
                Set(target, edit.Key.Split('.'), edit.Value, table);
            }
        }

        var changed = files.All.ToDictionary(file => file.Key, file => file.Value);
        changed[bundle.ConfigPath] = Write(stream);
        var folder = bundle.ConfigPath[..(bundle.ConfigPath.LastIndexOf('/') + 1)];
        foreach (var (path, content) in edits.Files)
        {
            changed[folder + path] = content;
        }

        return BundleFiles.Create(changed, limits);
    }

    private static (YamlStream Stream, YamlMappingNode Root) Load(BundleFiles files, string path)
    {
        var content = files.TryGet(path, out var bytes) ? bytes : throw new ArgumentException($"The bundle has no file '{path}'.", nameof(files));
        using var reader = new StreamReader(new MemoryStream(content.ToArray(), writable: false), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        var stream = new YamlStream();
        stream.Load(reader);
        return (stream, (YamlMappingNode)stream.Documents[0].RootNode);
    }

    private static byte[] Write(YamlStream stream)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        stream.Save(text, assignAnchors: false);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<YamlMappingNode> Entries(YamlMappingNode root, BundleItem item) =>
        root.Children.TryGetValue(item.List, out var list) && list is YamlSequenceNode entries
            ? [.. entries.Children.OfType<YamlMappingNode>().Where(entry => item.Where.All(wanted => Number(entry, wanted.Key) == wanted.Value))]
            : [];

    private static int? Number(YamlMappingNode entry, string key) =>
        entry.Children.TryGetValue(key, out var value) && value is YamlScalarNode { Value: { } text } && int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Set(YamlMappingNode target, ReadOnlySpan<string> path, JsonNode? value, KeyTable? table)
    {
        var key = path[0];
        if (path.Length > 1)
        {
            if (!target.Children.TryGetValue(key, out var inner) || inner is not YamlMappingNode mapping)
            {
                target.Children[key] = mapping = [];
            }

            Set(mapping, path[1..], value, table?.Find(key)?.Children);
            return;
        }

        foreach (var alias in table?.Find(key)?.Aliases ?? [])
        {
            target.Children.Remove(alias);
        }

        if (value is null)
        {
            target.Children.Remove(key);
        }
        else
        {
            target.Children[key] = Node(value);
        }
    }

    private static YamlNode Node(JsonNode? value) => value switch
    {
        null => new YamlScalarNode("null"),
        JsonArray list => new YamlSequenceNode(list.Select(Node)),
        JsonObject map => new YamlMappingNode(map.Select(pair => KeyValuePair.Create<YamlNode, YamlNode>(new YamlScalarNode(pair.Key), Node(pair.Value)))),
        _ when value.GetValueKind() == System.Text.Json.JsonValueKind.String => new YamlScalarNode(value.GetValue<string>()) { Style = ScalarStyle.DoubleQuoted },
        _ => new YamlScalarNode(value.ToJsonString()),
    };
}
