using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Palio.Protocol.Frames;

namespace Palio.Protocol.Conformance;

/// <summary>The kit's end of the socket: a referee that does as it is told.</summary>
internal sealed class ConformancePeer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palio-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly FrameBuffer _buffer = new(FrameLimits.DefaultMaxMessage);
    private readonly FrameWriter _writer = new();
    private readonly byte[] _piece = new byte[64 * 1024];
    private readonly ConformanceBudgets _budgets;
    private Socket? _socket;

    public ConformancePeer(ConformanceBudgets budgets)
    {
        _budgets = budgets;
        Path = System.IO.Path.Combine(_folder.FullName, "s");
    }

    public string Path { get; }

    /// <summary>Set when the program ends; a wait for a frame of a program that is gone is in vain.</summary>
    public Task<int>? Program { get; set; }

    public async Task AcceptAsync(CancellationToken cancellationToken)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        Open();
        _listener.Listen(1);
        _socket = await WithinAsync(_budgets.Start, "connection", token => _listener.AcceptAsync(token).AsTask(), cancellationToken).ConfigureAwait(false);
    }

    public Task SendAsync<T>(FrameType type, T message, JsonTypeInfo<T> json, CancellationToken cancellationToken) =>
        SendAsync(_writer.Compose(type, JsonSerializer.SerializeToUtf8Bytes(message, json)).ToArray(), cancellationToken);

    public Task SendAsync(FrameType type, string json, CancellationToken cancellationToken) =>
        SendAsync(_writer.Compose(type, Encoding.UTF8.GetBytes(json)).ToArray(), cancellationToken);

    public Task SendHotAsync(FrameType type, CancellationToken cancellationToken, params IEnumerable<(EntryHeader Header, byte[] Payload)> entries) =>
        SendAsync(Hot(type, entries), cancellationToken);

    public byte[] Hot(FrameType type, params IEnumerable<(EntryHeader Header, byte[] Payload)> entries)
    {
        _writer.Begin(type);
        foreach (var (header, payload) in entries)
        {
            _writer.Add(header, payload);
        }

        return _writer.End().ToArray();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket!.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
            }
        }
        catch (SocketException)
        {
            throw new ConformanceException("the connection was closed while the session went on");
        }
    }

    /// <summary>The next frame, of this type.</summary>
    public async Task<byte[]> ExpectAsync(FrameType type, TimeSpan within, CancellationToken cancellationToken)
    {
        var (got, body) = await WithinAsync(within, type.ToString(), ReceiveAsync, cancellationToken).ConfigureAwait(false);
        return got == type ? body : throw new ConformanceException(got switch
        {
            FrameType.None => $"expected {type}, got the end of the connection",
            FrameType.Fault => $"expected {type}, got Fault: {Encoding.UTF8.GetString(body)}",
            _ => $"expected {type}, got frame type 0x{(int)got:x2}",
        });
    }

    public async Task<T> ExpectAsync<T>(FrameType type, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        var body = await ExpectAsync(type, _budgets.Start, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, json) ?? throw new ConformanceException($"{type} is null");
        }
        catch (JsonException exception)
        {
            throw new ConformanceException($"{type} is not valid: {exception.Message}");
        }
    }

    /// <summary>The entries of the next frame, of this type.</summary>
    public async Task<IReadOnlyList<(EntryHeader Header, byte[] Payload)>> ExpectHotAsync(FrameType type, CancellationToken cancellationToken)
    {
        var body = await ExpectAsync(type, _budgets.Answer, cancellationToken).ConfigureAwait(false);
        var entries = new List<(EntryHeader, byte[])>();
        var reader = new HotFrameReader(body);
        while (reader.TryNext(out var header, out var payload))
        {
            entries.Add((header, payload.ToArray()));
        }

        return reader.Error is null ? entries : throw new ConformanceException($"a {type} does not add up: {reader.Error}");
    }

    /// <summary>Waits until the side has closed; a Fault before it is in order.</summary>
    public Task ExpectCloseAsync(bool allowFault, CancellationToken cancellationToken) => WithinAsync(
        _budgets.Answer,
        "end of the connection",
        async token =>
        {
            while (await ReceiveAsync(token).ConfigureAwait(false) is var (type, _) && type != FrameType.None)
            {
                if (!allowFault || type != FrameType.Fault)
                {
                    throw new ConformanceException($"expected the end of the connection, got frame type 0x{(int)type:x2}");
                }
            }

            return true;
        },
        cancellationToken);

    public void Close() => _socket?.Dispose();

    public void Dispose()
    {
        Close();
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>A program in a container has a user of its own.</summary>
    private void Open()
    {
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode ReadAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
                | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            File.SetUnixFileMode(Path, ReadAndWrite);
            File.SetUnixFileMode(
                _folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    private async Task<(FrameType Type, byte[] Body)> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (_buffer.TryRead(out var frame))
            {
                case FrameStatus.Complete:
                    return (frame.Type, frame.Body.ToArray());
                case FrameStatus.TooLong or FrameStatus.Empty:
                    throw new ConformanceException($"a frame's length is 0 or more than {_buffer.MaxLength}");
            }

            int got;
            try
            {
                got = await _socket!.ReceiveAsync(_piece, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                got = 0;
            }

            if (got == 0)
            {
                return _buffer.Waiting == 0 ? (FrameType.None, []) : throw new ConformanceException("the connection ended within a frame");
            }

            for (var at = 0; at < got;)
            {
                var space = _buffer.GetSpace();
                var size = Math.Min(space.Length, got - at);
                _piece.AsSpan(at, size).CopyTo(space);
                _buffer.Advance(size);
                at += size;
            }
        }
    }

    private async Task<T> WithinAsync<T>(TimeSpan within, string what, Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = wait(limit.Token);
        var late = Task.Delay(within, limit.Token);
        var program = what == "connection" ? Program! : late;
        var first = await Task.WhenAny(waiting, late, program).ConfigureAwait(false);
        if (first == waiting)
        {
            await limit.CancelAsync().ConfigureAwait(false);
            return await waiting.ConfigureAwait(false);
        }

        await limit.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == late)
        {
            throw new ConformanceException($"no {what} within {within.TotalSeconds:0.#} s");
        }

        // Throws what kept the program from being started at all.
        var code = await Program!.ConfigureAwait(false);
        throw new ConformanceException($"the program ended with exit code {code} before it connected");
    }
}
