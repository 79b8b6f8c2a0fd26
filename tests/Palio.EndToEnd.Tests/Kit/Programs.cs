namespace Palio.EndToEnd.Tests.Kit;

/// <summary>The programs under test: as the launcher names them, else those built beside these tests.</summary>
internal static class Programs
{
    public static string Server => Find("PALIO_SERVER_DLL", "Palio.Server", "Palio.Server.dll");

    public static string Cli => Find("PALIO_CLI_DLL", "Palio.Cli", "palio.dll");

    public static string Referee
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("PALIO_REFEREE") is { Length: > 0 } named
                ? named
                : Path.Combine(Artifacts(), "publish", "Palio.Referee", "release", "palio-referee");
            Assert.True(File.Exists(path), $"The referee is not at {path}: run ./palio test, which builds it.");
            return path;
        }
    }

    private static string Find(string variable, string project, string file)
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var path = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named ? named : Path.Combine(Artifacts(), "bin", project, built, file);
        Assert.True(File.Exists(path), $"{file} is not at {path}: run ./palio test, which builds it.");
        return path;
    }

    // artifacts/bin/Palio.EndToEnd.Tests/release/
    private static string Artifacts() => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));
}
