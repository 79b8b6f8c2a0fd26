using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Docker;

/// <summary>Finds the container engine's address.</summary>
public static class EngineSocket
{
    /// <summary>
    /// The address told, else DOCKER_HOST, else the first socket that is there of Docker, rootless Docker, Podman (root's, then the user's),
    /// Docker Desktop. Throws <see cref="EngineUnavailableException"/> saying what was looked at.
    /// </summary>
    public static Uri Find(string? told) => Find(told, Environment.GetEnvironmentVariable, File.Exists);

    /// <summary>The same with other variables and files than this process's.</summary>
    /// <param name="told">Address from the settings; null when there is none.</param>
    /// <param name="variable">Value of an environment variable.</param>
    /// <param name="exists">Whether a file is there.</param>
    public static Uri Find(string? told, Func<string, string?> variable, Func<string, bool> exists)
    {
        var address = told ?? variable("DOCKER_HOST");
        if (!string.IsNullOrWhiteSpace(address))
        {
            return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "unix" or "tcp" or "http" or "https" or "npipe"
                ? uri
                : throw new EngineUnavailableException($"'{address}' is no engine address: write unix:///run/docker.sock or tcp://host:port.");
        }

        var candidates = Candidates(variable("XDG_RUNTIME_DIR"), variable("HOME")).ToArray();
        var found = candidates.FirstOrDefault(exists) ?? throw new EngineUnavailableException(
            $"No container engine: none of {string.Join(", ", candidates)} is there. Install one (Debian: apt-get install docker.io), "
            + "start it, or name it in DOCKER_HOST.");
        return new Uri($"unix://{found}");
    }

    private static IEnumerable<string> Candidates(string? runtimeDirectory, string? home)
    {
        yield return "/run/docker.sock";
        yield return "/var/run/docker.sock";
        if (!string.IsNullOrEmpty(runtimeDirectory))
        {
            yield return $"{runtimeDirectory}/docker.sock";
        }

        yield return "/run/podman/podman.sock";
        if (!string.IsNullOrEmpty(runtimeDirectory))
        {
            yield return $"{runtimeDirectory}/podman/podman.sock";
        }

        if (!string.IsNullOrEmpty(home))
        {
            yield return $"{home}/.docker/run/docker.sock";
            yield return $"{home}/.docker/desktop/docker.sock";
        }
    }
}
