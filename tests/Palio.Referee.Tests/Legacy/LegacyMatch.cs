using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Palio.Protocol.Evaluations;
using Palio.Referee.Events;
using Palio.Referee.Legacy;

namespace Palio.Referee.Tests.Legacy;

/// <summary>A legacy referee between an environment made of a function and an agent that is the test.</summary>
internal sealed class LegacyMatch : IAsyncDisposable
{
    /// <summary>The number 1 as Python pickles it.</summary>
    public static readonly byte[] One = [0x80, 4, (byte)'K', 1, (byte)'.'];

    private readonly string _folder = Directory.CreateTempSubdirectory("palio-legacy-").FullName;
    private readonly MemoryStream _output = new();
    private readonly HttpClient _agent;
    private readonly HttpClient _api = new();
    private readonly CancellationTokenSource _over = new();
    private LegacyReferee? _referee;
    private Task<int>? _play;

    public LegacyMatch()
    {
        _agent = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_folder, "palio.sock")), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    public LegacyPlan Plan { get; init; } = Planned;

    public static LegacyPlan Planned { get; } = new()
    {
        Token = "secret",
        Challenge = 3,
        Phase = 5,
        Submission = 7,
        Boards = [new LegacyBoard("train_split", ["score"]), new LegacyBoard("test_split", ["score", "length"])],
    };

    /// <summary>What the environment answers to a call.</summary>
    public FakeEnvironment Environment { get; } = new();

    public static string Result(double score) => $$"""[{"split": "train_split", "show_to_participant": true, "accuracies": {"score": {{score}} } }]""";

    public async Task StartAsync(TimeProvider? time = null, int? environmentPort = null)
    {
        await Environment.StartAsync();
        var addresses = new LegacyAddresses(Path.Combine(_folder, "palio.sock"), 0, environmentPort ?? Environment.Port);
        _referee = new LegacyReferee(Plan, addresses, new EventLog(_output), time ?? TimeProvider.System);
        await _referee.StartAsync(TestContext.Current.CancellationToken);
        _play = _referee.RunAsync(_over.Token);
    }

    /// <summary>Calls as the agent does.</summary>
    public async Task<(int Status, string Message, byte[] Payload)> CallAsync(byte[] pickle, string method = "act_on_environment")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://localhost:8085/evaluation.Environment/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcMessage.Wrap(pickle)) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        using var response = await _agent.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var trailers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        var message = trailers.TryGetValues("grpc-message", out var texts) ? Uri.UnescapeDataString(texts.Single()) : "";
        return (int.Parse(trailers.GetValues("grpc-status").Single(), System.Globalization.CultureInfo.InvariantCulture), message,
            body.Length == 0 ? [] : GrpcMessage.Unwrap(body).Payload!.Value.ToArray());
    }

    /// <summary>Sends a form as the environment does.</summary>
    public Task<(int Status, string Body)> SendAsync(HttpMethod method, Dictionary<string, string> fields, string token = "secret", string path = "/api/jobs/challenge/3/update_submission/") =>
        SendAsync(method, new FormUrlEncodedContent(fields), token, path);

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, HttpContent content, string token = "secret", string path = "/api/jobs/challenge/3/update_submission/")
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://127.0.0.1:{_referee!.ApiPort}{path}")) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _api.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task<(int Status, string Body)> PutAsync(string result, string status = "FINISHED") => SendAsync(HttpMethod.Put, Fields(result, status));

    public static Dictionary<string, string> Fields(string result, string status = "FINISHED") => new()
    {
        ["challenge_phase"] = "5",
        ["submission"] = "7",
        ["stdout"] = "standard_output",
        ["stderr"] = "standard_error",
        ["submission_status"] = status,
        ["result"] = result,
    };

    /// <summary>Waits for the end and gives all that was said.</summary>
    public async Task<(int Exit, IReadOnlyList<RefereeEvent> Said)> EndAsync()
    {
        var exit = await _play!.WaitAsync(TestContext.Current.CancellationToken);
        return (exit, [.. System.Text.Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, EvaluationJsonContext.Default.RefereeEvent)!)]);
    }

    public bool IsOver => _play!.IsCompleted;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _agent.Dispose();
        _api.Dispose();
        if (_play is not null)
        {
            await _play.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        if (_referee is not null)
        {
            await _referee.DisposeAsync();
        }

        await Environment.DisposeAsync();
        _over.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>An environment's gRPC server, its answers given by the test.</summary>
internal sealed class FakeEnvironment : IHttpApplication<DefaultHttpContext>, IAsyncDisposable
{
    private readonly KestrelServer _server;

    public FakeEnvironment()
    {
        var options = new KestrelServerOptions();
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        _server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
    }

    /// <summary>Answers a call's path and pickle: with a pickle, or with a gRPC status.</summary>
    public Func<string, byte[], Task<(int Status, byte[] Pickle)>> Answer { get; set; } = (_, _) => Task.FromResult((0, LegacyMatch.One));

    public int Port => new Uri(_server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Port;

    /// <summary>Pickles that arrived.</summary>
    public List<byte[]> Seen { get; } = [];

    public Task StartAsync() => _server.StartAsync(this, TestContext.Current.CancellationToken);

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    public async Task ProcessRequestAsync(DefaultHttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var pickle = GrpcMessage.Unwrap(body.ToArray()).Payload!.Value.ToArray();
        Seen.Add(pickle);
        var (status, answer) = await Answer(context.Request.Path, pickle);
        context.Response.ContentType = "application/grpc";
        if (status == 0)
        {
            await context.Response.BodyWriter.WriteAsync(GrpcMessage.Wrap(answer));
        }

        var trailers = context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        trailers["grpc-status"] = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        trailers["grpc-message"] = "Exception%20calling%20application";
    }

    public void DisposeContext(DefaultHttpContext context, Exception? exception)
    {
        // Nothing is kept.
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        await _server.StopAsync(now.Token);
        _server.Dispose();
    }
}
