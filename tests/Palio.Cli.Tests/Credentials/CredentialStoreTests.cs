using Palio.Cli.Credentials;
using Palio.Cli.Session;

namespace Palio.Cli.Tests.Credentials;

public sealed class CredentialStoreTests : IDisposable
{
    private static readonly Uri Host = new("https://palio.example.org/");

    private readonly string _folder = Directory.CreateTempSubdirectory("palio-credentials-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_NewFile_IsForTheOwnerOnly()
    {
        var store = new CredentialStore(Path.Combine(_folder, "sub", "credentials.json"));

        store.Write(CredentialFile.Empty.With(Host, new Credential("ada", "palio_x", null)));

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(store.Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "sub")));
    }

    [Fact]
    public void Read_OtherHost_FindsNothing()
    {
        var store = new CredentialStore(Path.Combine(_folder, "credentials.json"));
        store.Write(CredentialFile.Empty.With(Host, new Credential("ada", "palio_x", null)));

        Assert.Equal("palio_x", store.Read().Find(Host)?.Token);
        Assert.Null(store.Read().Find(new Uri("https://other.example.org/")));
    }

    [Fact]
    public void Read_BrokenFile_SaysWhatToDo()
    {
        var path = Path.Combine(_folder, "credentials.json");
        File.WriteAllText(path, "{");

        var failure = Assert.Throws<CliException>(() => new CredentialStore(path).Read());

        Assert.Contains("delete", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8080", "http://localhost:8080/")]
    [InlineData("palio.example.org", "https://palio.example.org/")]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("https://example.org/palio/", "https://example.org/palio/")]
    public void HostAddress_AsTyped_IsCompleted(string text, string expected) => Assert.Equal(expected, HostAddress.Parse(text).AbsoluteUri);

    [Theory]
    [InlineData("ftp://example.org")]
    [InlineData("https://me:secret@example.org")]
    [InlineData("::")]
    public void HostAddress_Nonsense_IsRefused(string text) => Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => HostAddress.Parse(text)).ExitCode);
}
