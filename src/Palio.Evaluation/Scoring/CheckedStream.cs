using System.Security.Cryptography;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Scoring;

/// <summary>A job's file while it is read once, of a known length, checked against its digest at its end.</summary>
internal sealed class CheckedStream(Stream source, JobFile file, bool tellsLength = true) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;

    /// <summary>True so that an archive asks for the length before it takes the content; the position itself cannot be moved.</summary>
    public override bool CanSeek => tellsLength;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override long Length => file.Bytes;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count), source.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Take(buffer, source.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Take(buffer.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => Length + offset };
        return target == _position ? target : throw new NotSupportedException("The file is read once, from its beginning.");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(ReadOnlySpan<byte> buffer, int read)
    {
        _hash.AppendData(buffer[..read]);
        _position += read;
        if (_position > Length || (read == 0 && buffer.Length > 0 && _position < Length))
        {
            throw new InvalidDataException($"{file.Name} has not the {Length} bytes that it should have.");
        }

        if (read > 0 && _position == Length && "sha256:" + Convert.ToHexStringLower(_hash.GetCurrentHash()) != file.Digest)
        {
            throw new InvalidDataException($"{file.Name} is not the file with the digest {file.Digest}.");
        }

        return read;
    }
}
