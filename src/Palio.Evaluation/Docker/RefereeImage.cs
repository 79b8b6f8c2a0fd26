using System.Globalization;
using System.Security.Cryptography;
using Docker.DotNet;
using Docker.DotNet.Models;
using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Docker;

/// <summary>
/// Brings the referee to the engine: one layer with one static program, made in memory and loaded as an archive. Tagged by its content,
/// so that a new version is a new image and an old one is found again. No registry takes part.
/// </summary>
internal static class RefereeImage
{
    private const string Repository = "palio/referee";
    private const string ProgramName = "palio-referee";

    /// <summary>Where the program is: told, <c>PALIO_REFEREE</c>, or beside the application.</summary>
    public static string FindProgram(string? told)
    {
        var named = told ?? Environment.GetEnvironmentVariable("PALIO_REFEREE");
        var path = string.IsNullOrWhiteSpace(named) ? Path.Combine(AppContext.BaseDirectory, ProgramName) : Path.GetFullPath(named);
        return File.Exists(path)
            ? path
            : throw new EngineUnavailableException(
                $"The referee's program is not at {path}: publish src/Palio.Referee and name the file in PALIO_REFEREE or the worker's options.");
    }

    /// <summary>The id of the referee's image in this engine, loaded if need be.</summary>
    public static async Task<string> EnsureAsync(Engine engine, string program, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(program, cancellationToken).ConfigureAwait(false);
        var architecture = engine.Description.Architecture;
        var tag = $"{Repository}:{architecture}-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}";
        if (await FindAsync(engine, tag, cancellationToken).ConfigureAwait(false) is { } present)
        {
            return present;
        }

        var user = string.Create(CultureInfo.InvariantCulture, $"{PodPlanner.RefereeUser}:{PodPlanner.RefereeUser}");
        using var archive = ImageArchive.Write(
            tag, [(ProgramName, bytes)], new ImageArchive.Configuration(["/" + ProgramName, "play"], user, architecture));
        string? error = null;
        await engine.Client.Images.LoadImageAsync(
            new ImageLoadParameters { Quiet = true },
            archive,
            new Immediate<JSONMessage>(message => error ??= message.Error?.Message),
            cancellationToken).ConfigureAwait(false);
        return await FindAsync(engine, tag, cancellationToken).ConfigureAwait(false)
            ?? throw new EngineUnavailableException($"The engine did not take the referee's image: {error ?? "no reason given"}");
    }

    private static async Task<string?> FindAsync(Engine engine, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.Client.Images.InspectImageAsync(tag, cancellationToken).ConfigureAwait(false)).ID;
        }
        catch (DockerApiException exception) when (exception.StatusCode is System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

/// <summary>Progress told on the caller's thread: <see cref="Progress{T}"/> would post it somewhere and reorder.</summary>
internal sealed class Immediate<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
