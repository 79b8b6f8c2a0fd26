namespace Palio.Registry;

/// <summary>Files that are there whole or not at all, also after a crash.</summary>
internal static class AtomicFile
{
    /// <summary>Writes aside, makes durable, renames into place.</summary>
    public static void Write(string temporaryFolder, string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(temporaryFolder);
        var temporary = Path.Combine(temporaryFolder, Guid.NewGuid().ToString("N"));
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!); // our paths lie below the data folder
        File.Move(temporary, path, overwrite: true);
    }
}
