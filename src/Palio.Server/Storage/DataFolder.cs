namespace Palio.Server.Storage;

/// <summary>The instance's folder. All that must not be readable by others on the machine is in folders of mode 0700.</summary>
internal sealed class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public DataFolder(string path)
    {
        Root = Path.GetFullPath(path);
        Create(Root);
    }

    public string Root { get; }

    public string this[params string[] parts] => Path.Combine([Root, .. parts]);

    /// <summary>A folder below the root, made when it is not there.</summary>
    public string PrivateFolder(params string[] parts)
    {
        var folder = this[parts];
        Create(folder);
        return folder;
    }

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }
}

/// <summary>Keeps a second server from the same data folder for as long as this one runs; the kernel lets go when the process dies.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Null when another server holds it.</summary>
    public static DataFolderLock? TryTake(DataFolder data)
    {
        try
        {
            return new DataFolderLock(new FileStream(data["lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
