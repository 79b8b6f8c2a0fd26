using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>The instance's own random signing key, made once and kept in the data folder, readable by its owner only.</summary>
internal sealed class TokenKey(IOptions<RegistryOptions> options)
{
    private const int Size = 32;
    private readonly Lazy<byte[]> _key = new(() => LoadOrCreate(options.Value.DataFolder));

    public byte[] Sign(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_key.Value, content);

    private static byte[] LoadOrCreate(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "token.key");
        if (!File.Exists(path))
        {
            Create(path);
        }

        var key = File.ReadAllBytes(path);
        return key.Length == Size
            ? key
            : throw new InvalidOperationException($"The registry's token key {path} is damaged: delete it, and a new one is made at the next start.");
    }

    // Written aside and moved: a crash in between leaves no half a key. When two processes race, the first one's key stays.
    private static void Create(string path)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, access))
        {
            file.Write(RandomNumberGenerator.GetBytes(Size));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }
}
