using System.Security.Cryptography;
using System.Text.Json;

namespace Palio.Cli.Demo;

/// <summary>The demo's accounts with their random passwords, so that a second run uses them again. In the data folder, for its owner only.</summary>
internal sealed record DemoAccounts
{
    public string? Administrator { get; init; }

    public IReadOnlyDictionary<string, string> Passwords { get; init; } = new Dictionary<string, string>();

    public static string FileIn(string data) => Path.Combine(data, "demo-accounts.json");

    public static DemoAccounts Read(string data) =>
        File.Exists(FileIn(data)) ? JsonSerializer.Deserialize(File.ReadAllBytes(FileIn(data)), DemoJsonContext.Default.DemoAccounts) ?? new() : new();

    public DemoAccounts With(string user, string? password = null) =>
        Passwords.ContainsKey(user) && password is null ? this
            : this with { Passwords = new Dictionary<string, string>(Passwords) { [user] = password ?? RandomNumberGenerator.GetHexString(24, lowercase: true) } };

    public void Write(string data)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(FileIn(data), options);
        JsonSerializer.Serialize(file, this, DemoJsonContext.Default.DemoAccounts);
    }
}
