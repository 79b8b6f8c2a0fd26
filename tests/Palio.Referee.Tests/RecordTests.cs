using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Referee.Events;
using Palio.Referee.Recording;

namespace Palio.Referee.Tests;

public sealed class RecordTests
{
    [Fact]
    public void Record_HonestPlay_HoldsEveryStepAndHashesToTheDigest()
    {
        using var match = new Match { Plan = Match.Planned(3) with { Slots = 2 } };
        match.Play(Agents.Acting(_ => 0.5f), new CountingEnvironment { Slots = 2, Length = seed => seed == 8 ? 2 : 9 }.Play);
        Assert.Equal(match.Result!.TranscriptDigest, DecodedRecord.Digest(match.Events));

        var entries = DecodedRecord.Entries(match.Events, 1);
        Assert.Equal([0x22, 0x11, 0x22, 0x11, 0x22, 0x06], entries.Select(entry => (int)entry.Kind));
        Assert.Equal([1u, 1u, 2u, 2u, 3u, 3u], entries.Select(entry => entry.Entry.Header.Tick));
        Assert.All(entries, entry => Assert.Equal((0, 0, 0u), (entry.Entry.Header.Slot, entry.Entry.Header.Seat, entry.Entry.Header.Value)));
        Assert.Equal(0.5f, BitConverter.ToSingle(entries[1].Entry.Payload));
        Assert.Equal(EntryFlags.Terminated | EntryFlags.Metrics, entries[4].Entry.Header.Flags);
        Assert.Equal((0, 2.0), ((int)entries[5].Entry.Header.Flags, entries[5].Entry.Header.Reward));
    }

    [Fact]
    public void Record_StepCap_SaysTruncated()
    {
        using var match = new Match { Plan = Match.Planned(1, maxSteps: 1) };
        match.Play(Agents.Acting(_ => 0.5f));
        var entries = DecodedRecord.Entries(match.Events, 0);
        Assert.Equal(EntryFlags.Truncated | EntryFlags.Metrics, entries[^2].Entry.Header.Flags);
        Assert.Equal((int)EpisodeEnd.StepCap, (int)entries[^1].Entry.Header.Flags);
    }

    [Fact]
    public void Record_Forfeits_NameTheirFaultAndHashToTheDigest()
    {
        using var match = new Match { Plan = Match.Planned(3) };
        match.Play(Agents.ActingThen(1, (_, _) => { }));
        Assert.Equal(match.Result!.TranscriptDigest, DecodedRecord.Digest(match.Events));
        var (kind, end) = DecodedRecord.Entries(match.Events, 0)[^1];
        Assert.Equal((0x06, 2u, 3), (kind, end.Header.Tick, (int)end.Header.Flags));
        Assert.Equal("AGENT_CRASHED"u8.ToArray(), end.Payload);
        Assert.Equal(0u, Assert.Single(DecodedRecord.Entries(match.Events, 2)).Entry.Header.Tick);
    }

    [Fact]
    public void Record_LongEpisode_ComesInPieces()
    {
        using var match = new Match { Plan = Match.Planned(2, maxSteps: 3000) };
        match.Play(Agents.Acting(seen => seen.Header.Tick % 2 == 0 ? 0.5f : -0.5f));
        Assert.True(match.Events.OfType<RecordChunk>().Count(chunk => chunk.Episode == 1) > 2);
        Assert.Equal(match.Result!.TranscriptDigest, DecodedRecord.Digest(match.Events));
        Assert.Equal(3001 + 3000 + 1, DecodedRecord.Entries(match.Events, 1).Count);
    }

    [Theory]
    [InlineData(1, 65536)]
    [InlineData(64, 16384)]
    [InlineData(1024, 4096)]
    public void Record_ManySlots_WaitWithSmallerPieces(int slots, int bytes) =>
        Assert.Equal(bytes, new RecordOutlet(new EventLog(Stream.Null), wanted: true, slots).PieceBytes);

    [Fact]
    public void Record_ManySlotsLongEpisodes_HashToTheDigest()
    {
        using var match = new Match { Plan = Match.Planned(40, maxSteps: 700) with { Slots = 40 } };
        match.Play(Agents.Acting(seen => seen.Header.Tick % 2 == 0 ? 0.5f : -0.5f), new CountingEnvironment { Slots = 40 }.Play);
        Assert.True(match.Events.OfType<RecordChunk>().Count(chunk => chunk.Episode == 39) > 1);
        Assert.Equal(match.Result!.TranscriptDigest, DecodedRecord.Digest(match.Events));
    }

    [Fact]
    public void Record_LargeObservation_IsItsFingerprint()
    {
        var picture = Enumerable.Range(0, 5000).Select(i => (byte)i).ToArray();
        using var match = new Match { Plan = Match.Planned(1, maxSteps: 1) };
        var environment = new CountingEnvironment
        {
            Space = """{"type":"Box","dtype":"uint8","shape":[5000]}""",
            Twist = (_, _, states) => [states[0] with { Payload = [.. picture, .. BitConverter.GetBytes(2.5)] }],
        };
        match.Play(Agents.Acting(_ => 0.5f), environment.Play);
        var state = DecodedRecord.Entries(match.Events, 0)[0].Entry;
        Assert.Equal([.. System.IO.Hashing.XxHash128.Hash(picture), .. BitConverter.GetBytes(2.5)], state.Payload);
    }

    [Fact]
    public void Record_NotWanted_WritesNoneAndTheSameDigest()
    {
        using var with = new Match();
        using var without = new Match { Plan = with.Plan with { Record = false } };
        with.Play(Agents.Acting(_ => 0.5f));
        without.Play(Agents.Acting(_ => 0.5f));
        Assert.Empty(without.Events.OfType<RecordChunk>());
        Assert.Equal(with.Result!.TranscriptDigest, without.Result!.TranscriptDigest);
    }

    // A plan may have a hundred million steps: its referee had grown by a megabyte a second.
    [Fact]
    public void Record_OfManyPieces_LeavesItsGarbageToTheCollectorEarly()
    {
        var outlet = new RecordOutlet(new EventLog(Stream.Null), wanted: true);
        var before = GC.CollectionCount(0);
        for (var part = 0; part < 4000; part++)
        {
            Assert.True(outlet.TryWrite(0, part, last: false, [1, 2, 3]));
        }

        Assert.True(GC.CollectionCount(0) - before >= 20);
    }

    [Fact]
    public void Record_BudgetUsed_LeavesAGapAtTheEnd()
    {
        using var output = new MemoryStream();
        var record = new EpisodeRecord(new RecordOutlet(new EventLog(output), wanted: true, bytes: 10));
        record.Begin(5);
        record.State(1, EntryFlags.None, 0, [1, 2, 3], []);
        record.End(1, EpisodeEnd.Terminated, 0, "");
        var chunk = System.Text.Json.JsonSerializer.Deserialize(output.ToArray(), EvaluationJsonContext.Default.RefereeEvent);
        Assert.Equal(new RecordChunk { Sequence = 0, Episode = 5, Part = 1, Last = true, Data = "" }, chunk);
    }
}
