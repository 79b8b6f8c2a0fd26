using Palio.Cli;
using Palio.Cli.Engine;
using Palio.Cli.Session;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The second Ctrl-C ends the process the hard way.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    interrupted.Cancel();
});

var session = new CliSession
{
    Input = Console.In,
    StandardOutput = Console.Out,
    StandardError = Console.Error,
    Interactive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
    OutputIsTerminal = !Console.IsOutputRedirected,
    ErrorIsTerminal = !Console.IsErrorRedirected,
    Variable = Environment.GetEnvironmentVariable,
    Handler = () => new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.All, AllowAutoRedirect = false },
    OpenEngineAsync = cancellationToken => DockerEngine.OpenAsync(Environment.GetEnvironmentVariable, cancellationToken),
    Time = TimeProvider.System,
    ConfigFolder = ConfigurationFolder.Find(Environment.GetEnvironmentVariable),
    Folder = Environment.CurrentDirectory,
};
return await PalioCli.RunAsync(args, session, interrupted.Token);
