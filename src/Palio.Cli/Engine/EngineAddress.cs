namespace Palio.Cli.Engine;

/// <summary>Where the local engine answers: <c>DOCKER_HOST</c>, else the first socket that is there.</summary>
internal static class EngineAddress
{
    public static Uri? Find(Func<string, string?> variable, Func<string, bool> exists)
    {
        if (variable("DOCKER_HOST") is { Length: > 0 } given)
        {
            return Uri.TryCreate(given, UriKind.Absolute, out var uri) ? uri : null;
        }

        return Candidates(variable).Where(exists).Select(path => new Uri("unix://" + path)).FirstOrDefault();
    }

    public static IEnumerable<string> Candidates(Func<string, string?> variable)
    {
        yield return "/run/docker.sock";
        yield return "/var/run/docker.sock";
        if (variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
        {
            yield return Path.Combine(runtime, "docker.sock");
            yield return Path.Combine(runtime, "podman/podman.sock");
        }

        yield return "/run/podman/podman.sock";
        if (variable("HOME") is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".docker/run/docker.sock");
            yield return Path.Combine(home, ".docker/desktop/docker.sock");
        }
    }
}
