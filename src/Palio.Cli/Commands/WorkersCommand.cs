using System.CommandLine;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio workers</c> (administrators): who judges, and how much of it.</summary>
internal static class WorkersCommand
{
    public static Command Create(CliSession session) =>
        CommandBuilding.Command("workers", "List the workers (administrators)", [], async (_, cancellationToken) =>
        {
            using var client = session.Client();
            var workers = await client.WorkersAsync(cancellationToken);
            session.Printer.Result(workers, ApiJsonContext.Default.IReadOnlyListWorkerRow, console =>
            {
                var table = new Listing("worker", "engine", ">running", ">capacity", "last seen");
                foreach (var worker in workers)
                {
                    table.Add(worker.Name, worker.Engine, $"{worker.Running}", $"{worker.Capacity}", Words.Of(worker.LastSeen));
                }

                table.Write(console, "No workers.");
            });
        });
}
