using System.Net;
using Palio.Server.Features.Administration;
using Palio.Server.Hosting;
using Palio.Server.Storage;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Hosting;

public sealed class ServerStarts
{
    internal static Task<FirstAdministrator?> PrepareAgainAsync(PalioInstance palio) =>
        ServerProgram.PrepareAsync(palio.App, TestContext.Current.CancellationToken);

    [Fact]
    public void Settings_SeveralMistakes_AreListedTogether()
    {
        var folder = Directory.CreateTempSubdirectory("palio-test-");
        try
        {
            var arguments = ServerArguments.Parse([
                "--data", folder.FullName, "--Database:Provider", "oracle", "--Queue:LeaseSeconds", "1", "--Accounts:AdministratorPassword", "changeme",
                "--Worker:Capacity", "0", "--Instance:PublicUrl", "ftp://x/y"]);
            var exception = Assert.Throws<SettingsException>(() => PalioServer.Create(arguments));
            Assert.Contains(exception.Mistakes, m => m.Contains("Database:Provider", StringComparison.Ordinal));
            Assert.Contains(exception.Mistakes, m => m.Contains("Queue:LeaseSeconds", StringComparison.Ordinal));
            Assert.Contains(exception.Mistakes, m => m.Contains("Accounts:AdministratorPassword", StringComparison.Ordinal));
            Assert.Contains(exception.Mistakes, m => m.Contains("Worker:Capacity", StringComparison.Ordinal));
            Assert.Contains(exception.Mistakes, m => m.Contains("Instance:PublicUrl", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Settings_OfTheWrongType_HideNoMistakeBesideThem()
    {
        var folder = Directory.CreateTempSubdirectory("palio-test-");
        try
        {
            var arguments = ServerArguments.Parse([
                "--data", folder.FullName, "--Queue:LeaseSeconds", "soon", "--Worker:Capacity", "2000", "--Worker:Enabled", "perhaps",
                "--Registry:TokenLifetime", "an hour", "--Registry:MaxUploads", "0"]);
            var exception = Assert.Throws<SettingsException>(() => PalioServer.Create(arguments));
            Assert.Equal(5, exception.Mistakes.Count);
            Assert.Contains("Queue:LeaseSeconds is 'soon'; write a whole number.", exception.Mistakes);
            Assert.Contains("Worker:Enabled is 'perhaps'; write true or false.", exception.Mistakes);
            Assert.Contains("Registry:TokenLifetime is 'an hour'; write a time as hours:minutes:seconds, like 00:05:00.", exception.Mistakes);
            Assert.Contains(exception.Mistakes, m => m.Contains("Worker:Capacity is 2000", StringComparison.Ordinal));
            Assert.Contains(exception.Mistakes, m => m.Contains("Registry:MaxUploads", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Host=db;Username=palio;Password=")]
    [InlineData("Host=db;Username=palio;Password=postgres")]
    public void Settings_DefaultOrEmptyDatabasePassword_IsRefused(string connection)
    {
        var result = new Palio.Server.Data.DatabaseOptions.Validator().Validate(null, new Palio.Server.Data.DatabaseOptions { Provider = "postgres", ConnectionString = connection });
        Assert.True(result.Failed);
    }

    [Fact]
    public void CommandLine_UnknownOption_IsAMistake()
    {
        var arguments = ServerArguments.Parse(["--dat", "x", "--urls"]);
        Assert.Equal(3, arguments.Mistakes.Count);
    }

    [Fact]
    public void Settings_ThatDoNotExist_AreNamedWithTheirPlace_WhereverTheyStand()
    {
        var folder = Directory.CreateTempSubdirectory("palio-test-");
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "palio.json"),
                """{"Worker": {"Capasity": 2, "engine": "unix:///run/docker.sock"}, "Workers": {}, "Queue:Lease": 1, "Logging": {"LogLevel": {"Any": "None"}}}""");
            var exception = Assert.Throws<SettingsException>(() => PalioServer.Create(ServerArguments.Parse(["--data", folder.FullName])));
            Assert.Equal(3, exception.Mistakes.Count(m => m.Contains("palio.json", StringComparison.Ordinal)));
            Assert.Contains(exception.Mistakes, m => m.Contains("'Capasity'", StringComparison.Ordinal) && m.Contains("Capacity", StringComparison.Ordinal));
            Assert.Contains(exception.Mistakes, m => m.Contains("'Workers'", StringComparison.Ordinal));
            Assert.Contains(exception.Mistakes, m => m.Contains("'Lease'", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string[] variables = ["PATH", "PALIO_REFEREE", "PALIO__Worker__Capasity", "PALIO__WORKER__CAPACITY", "PALIO__Nothing__At__All", "PALIO__Urls"];
        Assert.Equal(
            ["PALIO__Nothing__At__All", "PALIO__Worker__Capasity"], ServerConfiguration.MistakesInEnvironment(variables).Select(mistake => mistake.Split(':')[0]));
        Assert.Single(ServerArguments.Parse(["--Worker:Capasity", "2", "--Worker:Capacity", "2"]).Mistakes);
    }

    [Fact]
    public void DataFolder_SecondServer_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("palio-test-");
        try
        {
            var data = new DataFolder(folder.FullName);
            using (DataFolderLock.TryTake(data))
            {
                Assert.Null(DataFolderLock.TryTake(data));
            }

            using var free = DataFolderLock.TryTake(data);
            Assert.NotNull(free);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Responses_CarryTheSecurityHeaders()
    {
        await using var palio = await PalioInstance.StartAsync();
        using var response = await palio.Anonymous.SendAsync(HttpMethod.Get, "/api/v1/instance");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_UnsafeRequestFromAnotherSite_IsRefused()
    {
        await using var palio = await PalioInstance.StartAsync();
        palio.Anonymous.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        await palio.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/teams", new { name = "x" }).RefusedAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Documents_AreServed()
    {
        await using var palio = await PalioInstance.StartAsync();
        foreach (var path in new[] { "/openapi/v1.json", "/api/docs/", "/health/live", "/health/ready" })
        {
            using var response = await palio.Anonymous.SendAsync(HttpMethod.Get, path);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        }

        await palio.Anonymous.SendAsync(HttpMethod.Get, "/api/v1/nothing").RefusedAsync(HttpStatusCode.NotFound, "not_found");
    }
}
