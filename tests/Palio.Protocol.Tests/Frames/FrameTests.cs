using CsCheck;
using Palio.Protocol.Frames;

namespace Palio.Protocol.Tests.Frames;

public sealed class FrameTests
{
    private static readonly Gen<(byte Type, byte[] Body)[]> SomeFrames =
        Gen.Select(Gen.Byte, Gen.Byte.Array[0, 10_000]).Array[1, 10];

    [Fact]
    public void FrameBuffer_FramesInPiecesOfAnySize_GivesThemOutWhole() =>
        Gen.Select(SomeFrames, Gen.Int[1, 5000]).Sample((frames, piece) =>
        {
            var writer = new FrameWriter();
            var bytes = frames.SelectMany(frame => writer.Compose((FrameType)frame.Type, frame.Body).ToArray()).ToArray();
            var buffer = new FrameBuffer(FrameLimits.DefaultMaxMessage);
            List<(byte, byte[])> read = [];
            for (var at = 0; at < bytes.Length;)
            {
                var space = buffer.GetSpace();
                var size = Math.Min(Math.Min(piece, space.Length), bytes.Length - at);
                bytes.AsSpan(at, size).CopyTo(space);
                buffer.Advance(size);
                at += size;
                while (buffer.TryRead(out var frame) == FrameStatus.Complete)
                {
                    read.Add(((byte)frame.Type, frame.Body.ToArray()));
                }
            }

            Assert.Equal(frames.Length, read.Count);
            Assert.All(frames.Zip(read), pair => Assert.True(pair.First.Type == pair.Second.Item1 && pair.First.Body.SequenceEqual(pair.Second.Item2)));
            Assert.Equal(0, buffer.Waiting);
        }, iter: 200);

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, FrameStatus.Empty)]
    [InlineData(new byte[] { 101, 0, 0, 0 }, FrameStatus.TooLong)]
    [InlineData(new byte[] { 255, 255, 255, 255, 1 }, FrameStatus.TooLong)]
    [InlineData(new byte[] { 0, 0, 0, 128, 1 }, FrameStatus.TooLong)]
    [InlineData(new byte[] { 100, 0, 0, 0, 1 }, FrameStatus.Incomplete)]
    [InlineData(new byte[] { 100, 0, 0 }, FrameStatus.Incomplete)]
    public void FrameBuffer_LengthsThatAreNone_AreToldBeforeTheBodyIsThere(byte[] bytes, FrameStatus status) =>
        Assert.Equal(status, Filled(bytes, 100).TryRead(out _));

    [Fact]
    public void FrameBuffer_HugeLengthWithoutBody_TakesNoMemoryForIt()
    {
        var buffer = Filled([255, 255, 255, 3, 1], FrameLimits.CeilingMaxMessage);
        Assert.Equal(FrameStatus.Incomplete, buffer.TryRead(out _));
        Assert.InRange(buffer.GetSpace().Length, 1, 16 * 1024);
    }

    [Fact]
    public void FrameBuffer_LongestFrameAllowed_IsTaken()
    {
        var buffer = Filled([3, 0, 0, 0, 9, 1, 2], 3);
        Assert.Equal(FrameStatus.Complete, buffer.TryRead(out var frame));
        Assert.Equal([1, 2], frame.Body.ToArray());
    }

    [Fact]
    public void FrameBuffer_AdvanceBeyondTheSpace_IsRefused()
    {
        var buffer = new FrameBuffer(100);
        var size = buffer.GetSpace().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(size + 1));
    }

    [Fact]
    public void FrameWriter_ExampleOfTheSpecification_IsItByteForByte()
    {
        var writer = new FrameWriter();
        writer.Begin(FrameType.Observe);
        writer.Add(new EntryHeader(1, 0, 0, EntryFlags.First, 0, 10_000, 0), Convert.FromHexString("bd6ce03c8448c8bbb7e1123d12afa13c"));
        Assert.Equal(
            "2c0000001000010001000000000000010000000000000000" + "1027000010000000" + "bd6ce03c8448c8bbb7e1123d12afa13c",
            Convert.ToHexStringLower(writer.End()));
        writer.Begin(FrameType.Act);
        writer.Add(new EntryHeader(1, 0, 0, EntryFlags.None, 0, 0, 0), [1, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal("2400000011000100010000000000000000000000000000000000000008000000" + "0100000000000000", Convert.ToHexStringLower(writer.End()));
    }

    [Fact]
    public void HotFrameReader_AnyEntries_ReadsWhatWasWritten() =>
        Gen.Select(Gen.UInt, Gen.UShort, Gen.Byte, Gen.Byte, Gen.Double, Gen.UInt, Gen.Byte.Array[0, 300]).Array[1, 50].Sample(entries =>
        {
            var writer = new FrameWriter();
            writer.Begin(FrameType.State);
            foreach (var (tick, slot, seat, flags, reward, value, payload) in entries)
            {
                writer.Add(new EntryHeader(tick, slot, seat, (EntryFlags)flags, reward, value, 0), payload);
            }

            Assert.Equal(entries.Length, writer.Count);
            var reader = new HotFrameReader(writer.End()[FrameLimits.HeaderSize..].ToArray());
            Assert.Equal(entries.Length, reader.Count);
            foreach (var (tick, slot, seat, flags, reward, value, payload) in entries)
            {
                Assert.True(reader.TryNext(out var header, out var read));
                Assert.Equal(new EntryHeader(tick, slot, seat, (EntryFlags)flags, reward, value, payload.Length), header);
                Assert.True(read.SequenceEqual(payload));
            }

            Assert.False(reader.TryNext(out _, out _));
            Assert.Null(reader.Error);
        }, iter: 200);

    [Fact]
    public void HotFrameReader_AnyBytes_NeverThrowsAndNeverReadsBeyond() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var reader = new HotFrameReader(bytes);
        var taken = FrameLimits.HotHeaderSize;
        while (reader.TryNext(out var header, out var payload))
        {
            taken += EntryHeader.ByteCount + payload.Length;
            Assert.Equal(header.Size, payload.Length);
        }

        Assert.True(reader.Error is not null || taken == bytes.Length);
    });

    [Theory]
    [InlineData("", "at least 3 bytes")]
    [InlineData("0000", "at least 3 bytes")]
    [InlineData("010100", "count of 1 to 1024")]
    [InlineData("000000", "count of 1 to 1024")]
    [InlineData("000104", "count of 1 to 1024")]
    [InlineData("000100", "header is cut off")]
    [InlineData("00010000000000000000000000000000000000000000000000ffffffff", "header is cut off|size is larger")]
    [InlineData("000100000000000000000000000000000000000000000000000000008000", "size is larger|behind the last")]
    public void HotFrameReader_FramesThatDoNotAddUp_SaysWhatIsWrong(string hex, string error)
    {
        var reader = new HotFrameReader(Convert.FromHexString(hex));
        while (reader.TryNext(out _, out _))
        {
        }

        Assert.Matches(error, reader.Error);
    }

    [Theory]
    [InlineData(0x7fffffffu)]
    [InlineData(0x80000000u)]
    [InlineData(0xffffffffu)]
    [InlineData(1u)]
    public void HotFrameReader_SizeBeyondTheFrame_IsAnError(uint size)
    {
        var body = new byte[FrameLimits.HotHeaderSize + EntryHeader.ByteCount];
        body[1] = 1;
        BitConverter.TryWriteBytes(body.AsSpan(^4), size);
        var reader = new HotFrameReader(body);
        Assert.False(reader.TryNext(out _, out _));
        Assert.Equal("an entry's size is larger than its frame", reader.Error);
    }

    private static FrameBuffer Filled(byte[] bytes, int most)
    {
        var buffer = new FrameBuffer(most);
        bytes.CopyTo(buffer.GetSpace());
        buffer.Advance(bytes.Length);
        return buffer;
    }
}
