using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Palio.Cli.Session;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;

namespace Palio.Cli.Engine;

/// <summary>The Engine API of Docker, or of Podman's compatible socket.</summary>
internal sealed class DockerEngine : ILocalEngine
{
    private readonly DockerClient _client;
    private readonly Uri _address;

    private DockerEngine(DockerClient client, Uri address)
    {
        _client = client;
        _address = address;
    }

    public static async Task<ILocalEngine> OpenAsync(Func<string, string?> variable, CancellationToken cancellationToken)
    {
        var address = Find(variable);
        var client = new DockerClientBuilder().WithEndpoint(address).WithTimeout(Timeout.InfiniteTimeSpan).Build();
        try
        {
            await client.System.PingAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or DockerApiException or IOException or TimeoutException)
        {
            client.Dispose();
            throw Missing($"The container engine at {address} does not answer: {e.InnerException?.Message ?? e.Message}", e);
        }

        return new DockerEngine(client, address);
    }

    private static Uri Find(Func<string, string?> variable)
    {
        try
        {
            return EngineSocket.Find(null, variable, File.Exists);
        }
        catch (EngineUnavailableException e)
        {
            throw new CliException(ExitCode.PlatformFailed, e.Message, code: "no_engine", inner: e);
        }
    }

    public async Task<EngineInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        var version = await _client.System.GetVersionAsync(cancellationToken);
        var info = await _client.System.GetSystemInfoAsync(cancellationToken);
        var missing = new List<string>();
        Note(missing, info.MemoryLimit, "memory limits");
        Note(missing, info.PidsLimit, "process limits");
        Note(missing, info.CPUCfsQuota, "CPU quotas");
        Note(missing, info.SecurityOptions?.Any(option => option.Contains("seccomp", StringComparison.Ordinal)) ?? false, "seccomp");
        var podman = version.Components?.Any(part => part.Name.Contains("podman", StringComparison.OrdinalIgnoreCase)) ?? false;
        return new EngineInfo(_address.ToString(), podman ? "Podman" : "Docker", version.Version, version.APIVersion, info.OperatingSystem,
            info.Architecture, info.NCPU, info.MemTotal, info.CgroupVersion ?? "1", [.. info.Runtimes?.Keys ?? []], missing);
    }

    public async Task<LocalImage?> FindImageAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.Images.InspectImageAsync(image, cancellationToken);
            return new LocalImage(found.ID, $"{found.Os}/{found.Architecture}", found.Size, [.. found.RepoDigests ?? []]);
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.InternalServerError)
        {
            throw CliException.Invalid($"'{image}' is not an image name.", "names are like my-agent:1, lower case");
        }
    }

    public Task TagAsync(string image, ImageName name, CancellationToken cancellationToken) =>
        _client.Images.TagImageAsync(image, new ImageTagParameters { RepositoryName = name.Repository, Tag = name.Tag }, cancellationToken);

    public async Task<string> PushAsync(ImageName name, RegistryLogin login, IProgress<PushProgress> progress, CancellationToken cancellationToken)
    {
        var stream = new PushStream(progress);
        var auth = new AuthConfig { Username = login.UserName, Password = login.Secret, ServerAddress = login.ServerAddress };
        try
        {
            await _client.Images.PushImageAsync(name.Repository, new ImagePushParameters { Tag = name.Tag }, auth, stream, cancellationToken);
        }
        catch (DockerApiException e)
        {
            throw new CliException(ExitCode.InvalidInput, $"The engine could not push {name}: {e.ResponseBody ?? e.Message}", inner: e);
        }

        return stream.Digest(name);
    }

    public async Task UntagAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await _client.Images.DeleteImageAsync(image, new ImageDeleteParameters(), cancellationToken);
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone already, or in use by somebody else's container: not ours to force.
        }
    }

    public void Dispose() => _client.Dispose();

    private static void Note(List<string> missing, bool has, string what)
    {
        if (!has)
        {
            missing.Add(what);
        }
    }

    private static CliException Missing(string message, Exception? inner = null) => new(ExitCode.PlatformFailed, message,
        "start Docker or Podman (Debian: apt-get install docker.io), or name its socket in DOCKER_HOST", "no_engine", inner);
}
