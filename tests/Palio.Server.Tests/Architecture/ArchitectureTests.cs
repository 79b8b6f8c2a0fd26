using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Architecture;

public sealed class ArchitectureTests
{
    private static readonly string Root = FindRoot();

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Palio.Challenges"] = [],
        ["Palio.Protocol"] = [],
        ["Palio.Sdk"] = ["Palio.Protocol"],
        ["Palio.Referee"] = ["Palio.Protocol"],
        ["Palio.Registry"] = [],
        ["Palio.Evaluation"] = ["Palio.Protocol", "Palio.Challenges"],
        ["Palio.Server"] = ["Palio.Evaluation", "Palio.Challenges", "Palio.Registry", "Palio.Protocol"],
        ["Palio.Cli"] = ["Palio.Evaluation", "Palio.Challenges", "Palio.Protocol"],
    };

    [Fact]
    public void Projects_ReferenceOnlyWhatTheDesignAllows()
    {
        foreach (var (project, allowed) in Allowed)
        {
            var file = File.ReadAllText(Path.Combine(Root, "src", project, $"{project}.csproj"));
            var references = System.Text.RegularExpressions.Regex.Matches(file, "ProjectReference Include=\"[^\"]*?([A-Za-z.]+)\\.csproj\"").Select(m => m.Groups[1].Value);
            Assert.Empty(references.Except(allowed).Select(reference => $"{project} → {reference}"));
        }
    }

    [Fact]
    public void SourceFiles_HaveAtMost400Lines() =>
        Assert.Empty(Sources().Where(file => File.ReadLines(file).Count() > 400).Select(file => Path.GetRelativePath(Root, file)));

    [Fact]
    public void Types_HaveNamesThatSayWhatTheyDo()
    {
        string[] endings = ["Manager", "Helper", "Util", "Utils", "Common", "Impl", "Repository"];
        Assert.DoesNotContain(Sources().Select(Path.GetFileNameWithoutExtension), name => endings.Any(ending => name!.EndsWith(ending, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Endpoints_OfTheApi_HaveNameTagAndAuthorization()
    {
        await using var palio = await PalioInstance.StartAsync();
        var endpoints = palio.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText is { } path && (path.StartsWith("/api/v1", StringComparison.Ordinal) || path.StartsWith("/health", StringComparison.Ordinal)))
            .ToList();
        Assert.True(endpoints.Count > 30);
        Assert.All(endpoints, endpoint =>
        {
            var path = endpoint.RoutePattern.RawText;
            Assert.True(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null, $"{path} has no name");
            Assert.True(endpoint.Metadata.GetMetadata<ITagsMetadata>() is not null, $"{path} has no tag");
            Assert.True(endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null, $"{path} has no authorization");
        });
    }

    private static IEnumerable<string> Sources() => new[] { "src", "tests", "bench" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Palio.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository.");
    }
}
