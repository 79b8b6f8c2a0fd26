using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Cli.Session;

namespace Palio.Cli.Credentials;

/// <summary>What is stored for one server.</summary>
internal sealed record Credential(string User, string Token, DateTimeOffset? Expires);

/// <summary>The file as a whole.</summary>
internal sealed record CredentialFile
{
    public static CredentialFile Empty { get; } = new();

    /// <summary>The server commands talk to when none is named.</summary>
    public string? Current { get; init; }

    public IReadOnlyDictionary<string, Credential> Hosts { get; init; } = new Dictionary<string, Credential>();

    public Credential? Find(Uri host) => Hosts.GetValueOrDefault(host.AbsoluteUri);

    public CredentialFile With(Uri host, Credential credential) =>
        this with { Current = host.AbsoluteUri, Hosts = new Dictionary<string, Credential>(Hosts) { [host.AbsoluteUri] = credential } };

    public CredentialFile Without(Uri host)
    {
        var hosts = new Dictionary<string, Credential>(Hosts);
        hosts.Remove(host.AbsoluteUri);
        return this with { Hosts = hosts };
    }
}

/// <summary>Tokens by server, in one file only the owner can read.</summary>
internal sealed class CredentialStore(string path)
{
    public string Path { get; } = path;

    public CredentialFile Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path), CredentialJsonContext.Default.CredentialFile) ?? CredentialFile.Empty;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return CredentialFile.Empty;
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCode.InvalidInput, $"{Path} cannot be read: {e.Message}", "delete the file, then run: palio login", inner: e);
        }
    }

    public void Write(CredentialFile file)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!; // the path is always a file in the configuration folder
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        else
        {
            Directory.CreateDirectory(folder);
        }

        // Written beside and moved over, so that a crash leaves the old file, and made private before anything secret is in it.
        var fresh = Path + "." + Guid.NewGuid().ToString("n")[..8];
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, options))
        {
            JsonSerializer.Serialize(stream, file, CredentialJsonContext.Default.CredentialFile);
        }

        File.Move(fresh, Path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(CredentialFile))]
internal sealed partial class CredentialJsonContext : JsonSerializerContext;
