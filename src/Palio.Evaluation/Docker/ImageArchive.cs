using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;

namespace Palio.Evaluation.Docker;

/// <summary>Images of one layer made in memory, as <c>docker load</c> takes them. The same bytes for the same input.</summary>
internal static class ImageArchive
{
    /// <summary>What an image says of itself.</summary>
    internal sealed record Configuration(IReadOnlyList<string> Entrypoint, string User, string Architecture, IReadOnlyList<string>? Volumes = null);

    /// <summary>An archive of an image of executable files.</summary>
    public static MemoryStream Write(string tag, IReadOnlyList<(string Name, byte[] Bytes)> programs, Configuration configuration)
    {
        using var files = Tar([.. programs.Select(program => (program.Name, program.Bytes, true))]);
        var layer = files.ToArray();
        var config = Config(configuration, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(layer)));
        var configName = Convert.ToHexStringLower(SHA256.HashData(config)) + ".json";
        return Tar([("manifest.json", Manifest(tag, configName), false), (configName, config, false), ("layer.tar", layer, false)]);
    }

    private static byte[] Manifest(string tag, string configName) => Write(json =>
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("Config", configName);
        WriteList(json, "RepoTags", [tag]);
        WriteList(json, "Layers", ["layer.tar"]);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static byte[] Config(Configuration configuration, string layer) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("architecture", configuration.Architecture);
        json.WriteString("os", "linux");
        json.WriteString("created", "2000-01-01T00:00:00Z");
        json.WriteStartObject("config");
        json.WriteString("User", configuration.User);
        WriteList(json, "Entrypoint", configuration.Entrypoint);
        json.WriteStartObject("Volumes");
        foreach (var volume in configuration.Volumes ?? [])
        {
            json.WriteStartObject(volume);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteString("WorkingDir", "/");
        json.WriteEndObject();
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        WriteList(json, "diff_ids", [layer]);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static MemoryStream Tar((string Name, byte[] Bytes, bool Executable)[] files)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, bytes, executable) in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead
                        | (executable ? UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : 0),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(bytes),
                });
            }
        }

        stream.Position = 0;
        return stream;
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return buffer.ToArray();
    }
}
