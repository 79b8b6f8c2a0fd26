using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Server.Data;
using Palio.Server.Features.Administration;
using Palio.Server.Storage;

namespace Palio.Server.Hosting;

/// <summary>Start and end of the process. Exit code 0: stopped; 1: failed; 2: wrong settings.</summary>
internal static class ServerProgram
{
    private const int WrongSettings = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = ServerArguments.Parse(args);
        if (arguments.Help)
        {
            Console.WriteLine(ServerArguments.Usage);
            return 0;
        }

        using var priority = new ProcessorPriority();
        WebApplication app;
        try
        {
            app = PalioServer.Create(arguments);
        }
        catch (SettingsException exception)
        {
            return Refuse([.. arguments.Mistakes, .. exception.Mistakes]);
        }
        catch (UnauthorizedAccessException exception)
        {
            return Refuse([.. arguments.Mistakes, NoAccess(arguments, exception)]);
        }

        await using (app)
        {
            return arguments.Mistakes.Count > 0 ? Refuse(arguments.Mistakes) : await ClaimAndRunAsync(app, arguments);
        }
    }

    private static string NoAccess(ServerArguments arguments, UnauthorizedAccessException exception) =>
        $"{exception.Message} Make {arguments.Data} a folder of the user {Environment.UserName}, or give --data another folder.";

    private static async Task<int> ClaimAndRunAsync(WebApplication app, ServerArguments arguments)
    {
        try
        {
            using var claim = DataFolderLock.TryTake(app.Services.GetRequiredService<DataFolder>());
            if (claim is null)
            {
                return Refuse([$"Another server runs on the data folder {app.Services.GetRequiredService<DataFolder>().Root}; stop it, or give --data another folder."]);
            }

            return await RunAsync(app, arguments);
        }
        catch (UnauthorizedAccessException exception)
        {
            return Refuse([NoAccess(arguments, exception)]);
        }
    }

    /// <summary>Brings the database up to date and makes the administrator on the first start.</summary>
    public static async Task<FirstAdministrator?> PrepareAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PalioDbContext>().Database;

        // Migrating compares the whole model with the migrations' even when there is nothing to do, and that at each start.
        if ((await database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            await database.MigrateAsync(cancellationToken);
        }

        return await FirstStart.HandleAsync(scope.ServiceProvider, cancellationToken);
    }

    private static async Task<int> RunAsync(WebApplication app, ServerArguments arguments)
    {
        var administrator = await PrepareAsync(app, CancellationToken.None);
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The address is taken, as a rule, or its port is one for root alone: the words say so.
            await Console.Error.WriteLineAsync($"palio serve: {exception.Message} Give --urls another address.");

            // Else what runs in the background is cut off by being disposed of, and takes that for a failure worth a stack trace.
            await app.StopAsync();
            return WrongSettings;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Announce(addresses, app.Services.GetRequiredService<DataFolder>().Root, administrator);
        if (arguments.ReadyFile is { } file)
        {
            WriteReadyFile(file, addresses.FirstOrDefault() ?? "", administrator);
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private static void Announce(IEnumerable<string> addresses, string data, FirstAdministrator? administrator)
    {
        Console.WriteLine($"Palio listens at {string.Join(", ", addresses)}; data in {data}");
        if (administrator is not null)
        {
            Console.WriteLine($"First start. Administrator: {administrator.UserName}  password: {administrator.Password}");
            Console.WriteLine("This password is shown once; the website asks for a new one at the first sign-in.");
        }
    }

    // Written aside and moved, so that whoever waits for the file never reads half of it; for the owner only, as it may hold a password.
    private static void WriteReadyFile(string file, string url, FirstAdministrator? administrator)
    {
        var temporary = $"{file}.{Environment.ProcessId}";
        var access = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, access))
        {
            JsonSerializer.Serialize(stream, new
            {
                url,
                pid = Environment.ProcessId,
                administrator = administrator?.UserName,
                password = administrator?.Password,
            });
        }

        File.Move(temporary, file, overwrite: true);
    }

    private static int Refuse(IEnumerable<string> mistakes)
    {
        Console.Error.WriteLine("palio serve cannot start:");
        foreach (var mistake in mistakes)
        {
            Console.Error.WriteLine($"  - {mistake}");
        }

        return WrongSettings;
    }
}

/// <summary>All that is wrong with the settings.</summary>
internal sealed class SettingsException(IReadOnlyList<string> mistakes) : Exception(string.Join(' ', mistakes))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;

    /// <summary>The messages of one failed check or of several.</summary>
    public static SettingsException From(Exception exception) => new(exception switch
    {
        OptionsValidationException failed => [.. failed.Failures],
        AggregateException several => [.. several.InnerExceptions.SelectMany(inner => From(inner).Mistakes)],
        _ => [exception.InnerException is { } cause ? $"{exception.Message} {cause.Message}" : exception.Message],
    });
}
