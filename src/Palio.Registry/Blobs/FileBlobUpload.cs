using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Palio.Registry;

/// <summary>An upload as one growing file, with the hash of what it holds carried along beside it.</summary>
internal sealed class FileBlobUpload : IBlobUpload
{
    private const int BufferSize = 1 << 20;

    private readonly string _path;
    private readonly Action<string, Digest> _place;
    private readonly SafeFileHandle _file;
    private readonly string _algorithm;

    // The hash of the first _hashed bytes. It cannot be saved: after a restart it begins at zero and catches up when it is needed.
    private IncrementalHash _hash;
    private long _hashed;
    private long _length;

    public FileBlobUpload(string path, string algorithm, Action<string, Digest> place)
    {
        (_path, _algorithm, _place) = (path, algorithm, place);
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        _length = RandomAccess.GetLength(_file);
        _hash = Digest.CreateHash(algorithm);
    }

    public long Length => Interlocked.Read(ref _length);

    public async ValueTask<long> AppendAsync(Stream body, Func<int, ValueTask> admit, CancellationToken cancellationToken)
    {
        var start = _length;
        var (filling, writing) = (ArrayPool<byte>.Shared.Rent(BufferSize), ArrayPool<byte>.Shared.Rent(BufferSize));
        var pending = Task.CompletedTask;
        try
        {
            int count;
            do
            {
                // What came before a broken connection is kept: the client may go on from there.
                (count, var broken) = await FillAsync(body, filling.AsMemory(0, BufferSize), cancellationToken);
                await pending;
                pending = Task.CompletedTask;
                if (count > 0)
                {
                    await admit(count);
                    (filling, writing) = (writing, filling);
                    pending = KeepAsync(writing.AsMemory(0, count));
                }

                if (broken is not null)
                {
                    await pending;
                    broken.Throw();
                }
            }
            while (count == BufferSize);

            await pending;
            return _length - start;
        }
        finally
        {
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(writing);
        }
    }

    public ValueTask TruncateAsync(long length, CancellationToken cancellationToken)
    {
        if (length < _length)
        {
            RandomAccess.SetLength(_file, length);
            Interlocked.Exchange(ref _length, length);
            ForgetHash();
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> CommitAsync(Digest digest, CancellationToken cancellationToken)
    {
        var hash = digest.Algorithm == _algorithm
            ? await CarriedHashAsync(cancellationToken)
            : await HashFileAsync(digest.Algorithm, cancellationToken);
        if (Digest.FromHash(digest.Algorithm, hash) != digest)
        {
            return false;
        }

        // Not to be given up half-way: once durable, the bytes are put in their place.
        await Task.Run(() => RandomAccess.FlushToDisk(_file), CancellationToken.None);
        _place(_path, digest);
        return true;
    }

    public ValueTask DeleteAsync(CancellationToken cancellationToken)
    {
        File.Delete(_path);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        _hash.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<(int Count, ExceptionDispatchInfo? Broken)> FillAsync(
        Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            while (count < buffer.Length && await body.ReadAsync(buffer[count..], cancellationToken) is var read and > 0)
            {
                count += read;
            }

            return (count, null);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return (count, ExceptionDispatchInfo.Capture(exception));
        }
    }

    // Hashing and writing run beside each other, and both beside the receiving of the next piece.
    private async Task KeepAsync(ReadOnlyMemory<byte> piece)
    {
        var carried = _hashed == _length;
        var hashing = carried ? Task.Run(() => _hash.AppendData(piece.Span)) : Task.CompletedTask;
        try
        {
            await RandomAccess.WriteAsync(_file, piece, _length);
        }
        catch (IOException)
        {
            await hashing;
            ForgetHash(); // it has seen bytes that the file did not take
            throw;
        }

        await hashing;
        if (carried)
        {
            _hashed += piece.Length;
        }

        Interlocked.Add(ref _length, piece.Length);
    }

    private async Task<byte[]> CarriedHashAsync(CancellationToken cancellationToken)
    {
        try
        {
            await HashFromAsync(_hash, _hashed, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            ForgetHash();
            throw;
        }

        _hashed = _length;
        return _hash.GetCurrentHash();
    }

    private void ForgetHash()
    {
        _hash.Dispose();
        _hash = Digest.CreateHash(_algorithm);
        _hashed = 0;
    }

    private async Task<byte[]> HashFileAsync(string algorithm, CancellationToken cancellationToken)
    {
        using var hash = Digest.CreateHash(algorithm);
        await HashFromAsync(hash, 0, cancellationToken);
        return hash.GetCurrentHash();
    }

    private async Task HashFromAsync(IncrementalHash hash, long offset, CancellationToken cancellationToken)
    {
        if (offset == _length)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (offset < _length)
            {
                var read = await RandomAccess.ReadAsync(_file, buffer.AsMemory(0, BufferSize), offset, cancellationToken);
                hash.AppendData(buffer, 0, read);
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
