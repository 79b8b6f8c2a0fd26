using System.Security.Cryptography;

namespace Palio.Server.Storage;

/// <summary>
/// The instance's random id, made once. It labels containers, so that a start removes what this instance left behind and nothing of
/// another instance that shares the engine.
/// </summary>
internal sealed class InstanceIdentity(DataFolder data)
{
    private readonly Lazy<string> _id = new(() => LoadOrCreate(data["instance-id"]));

    public string Id => _id.Value;

    private static string LoadOrCreate(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: 16 } known)
        {
            return known;
        }

        var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        File.WriteAllText(path, id);
        return id;
    }
}
