using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Recording;

/// <summary>The record of the episode in one slot; see docs/protocol.md, part 5. No time is in it. Used again for the slot's next episode.</summary>
internal sealed class EpisodeRecord(RecordOutlet outlet)
{
    // Larger observations stand in the record as their fingerprint.
    private const int LargestObservation = 4096;

    private readonly Sha256 _digest = new();
    private readonly byte[] _fingerprint = new byte[16];
    private byte[] _data = new byte[Math.Min(8192, outlet.PieceBytes)];
    private int _end;
    private int _ordinal;
    private int _part;
    private bool _whole;

    public void Begin(int ordinal)
    {
        (_ordinal, _part, _end, _whole) = (ordinal, 0, 0, outlet.IsOpen);
    }

    public void State(uint tick, EntryFlags flags, double reward, ReadOnlySpan<byte> observation, ReadOnlySpan<byte> metrics)
    {
        if (observation.Length > LargestObservation)
        {
            XxHash128.Hash(observation, _fingerprint);
            observation = _fingerprint;
        }

        var header = new EntryHeader(tick, 0, 0, flags, reward, 0, observation.Length + metrics.Length);
        var payload = Append((byte)FrameType.State, header);
        observation.CopyTo(payload);
        metrics.CopyTo(payload[observation.Length..]);
    }

    public void Act(uint tick, ReadOnlySpan<byte> action) =>
        action.CopyTo(Append((byte)FrameType.Act, new EntryHeader(tick, 0, 0, EntryFlags.None, 0, 0, action.Length)));

    /// <summary>Ends the record and gives its digest.</summary>
    public byte[] End(uint tick, EpisodeEnd reason, double total, string code)
    {
        var header = new EntryHeader(tick, 0, 0, (EntryFlags)(byte)reason, total, 0, code.Length);
        Encoding.ASCII.GetBytes(code, Append((byte)FrameType.EpisodeEnd, header));
        Flush(last: true);
        return _digest.Finish();
    }

    private Span<byte> Append(byte kind, EntryHeader header)
    {
        var size = 1 + EntryHeader.ByteCount + header.Size;
        if (_end > 0 && _end + size > outlet.PieceBytes)
        {
            Flush(last: false);
        }

        if (_data.Length - _end < size)
        {
            Array.Resize(ref _data, Math.Max(_data.Length * 2, _end + size));
        }

        var space = _data.AsSpan(_end, size);
        _end += size;
        space[0] = kind;
        header.Write(space[1..]);
        return space[(1 + EntryHeader.ByteCount)..];
    }

    private void Flush(bool last)
    {
        var data = _data.AsSpan(0, _end);
        _digest.Append(data);
        _end = 0;
        do
        {
            // One large action must not make one large line.
            var piece = data[..Math.Min(data.Length, outlet.PieceBytes)];
            data = data[piece.Length..];
            Write(piece, last && data.IsEmpty);
        }
        while (!data.IsEmpty);
    }

    private void Write(ReadOnlySpan<byte> piece, bool last)
    {
        if (_whole)
        {
            _whole = outlet.TryWrite(_ordinal, _part, last, piece);
            _part += _whole ? 1 : 0;
        }

        if (last && !_whole)
        {
            outlet.WriteGap(_ordinal, _part);
        }
    }
}

/// <summary>Chains the digests of episodes.</summary>
internal static class Transcript
{
    public static string Digest(IEnumerable<(int Ordinal, byte[] Digest)> episodes)
    {
        var chain = Sha256.Hash("palio.record.v1"u8);
        var link = new byte[Sha256.ByteCount + sizeof(uint) + Sha256.ByteCount];
        foreach (var (ordinal, digest) in episodes)
        {
            chain.CopyTo(link, 0);
            BinaryPrimitives.WriteInt32LittleEndian(link.AsSpan(Sha256.ByteCount), ordinal);
            digest.CopyTo(link, Sha256.ByteCount + sizeof(uint));
            chain = Sha256.Hash(link);
        }

        return Convert.ToHexStringLower(chain);
    }
}
