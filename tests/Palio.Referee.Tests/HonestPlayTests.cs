using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

public sealed class HonestPlayTests
{
    [Fact]
    public void Play_HonestSides_CountsEveryEpisode()
    {
        using var match = new Match();
        match.Play(Agents.Acting(_ => 0.5f));

        Assert.Equal(RefereeProgram.Played, match.ExitCode);
        Assert.Empty(match.Faults);
        Assert.Equal([0, 1], match.Episodes.Select(e => e.Ordinal));
        Assert.All(match.Episodes, e => Assert.Equal((3, 3.0, EpisodeEnd.StepCap, 2.5), (e.Steps, e.Return, e.End, e.Metrics["m"])));
        Assert.Equal((2, 0, 6L), (match.Result!.Episodes, match.Result.Forfeited, match.Result.Steps));
    }

    [Fact]
    public void Play_HonestSides_TellsWhoGotReady()
    {
        using var match = new Match();
        match.Play(Agents.Acting(_ => 0));
        var ready = match.Events.OfType<SideReady>().ToLookup(said => said.Side);
        Assert.Equal(["hello", "ready"], ready["agent"].Select(said => said.Stage));
        Assert.Equal(["hello", "ready"], ready["environment"].Select(said => said.Stage));
        Assert.Equal("counting 1", ready["environment"].First().Sdk);
        Assert.IsType<RefereeStarted>(match.Events[0]);
        Assert.IsType<PlayResult>(match.Events[^1]);
    }

    [Fact]
    public void Play_EnvironmentTerminates_SaysSoToTheAgentBeforeTheNextEpisode()
    {
        var frames = new List<string>();
        using var match = new Match { Plan = Match.Planned(2, maxSteps: 10) };
        match.Play(
            peer =>
            {
                Agents.Greet(peer);
                for (var (type, body) = peer.Read(); type is not FrameType.None; (type, body) = peer.Read())
                {
                    var entry = type == FrameType.Observe ? RawPeer.Entries(body)[0] : null;
                    frames.Add(entry is null ? type.ToString() : $"{entry.Header.Tick} {entry.Header.Flags} {entry.Header.Reward}");
                    if (entry is { WantsAct: true })
                    {
                        peer.SendEntries(FrameType.Act, Entry.Act(entry.Header.Tick, 1));
                    }
                }
            },
            new CountingEnvironment { Length = _ => 1 }.Play);
        Assert.Equal(
            ["1 First 0", "2 Terminated 1", "EpisodeEnd", "3 First 0", "4 Terminated 1", "EpisodeEnd", "Finish"], frames);
        Assert.All(match.Episodes, e => Assert.Equal(EpisodeEnd.Terminated, e.End));
    }

    [Fact]
    public void Play_SeedsScenariosAndOptions_GoToTheEnvironmentOnly()
    {
        var options = System.Text.Json.JsonDocument.Parse("""{"wind":2}""").RootElement;
        var environment = new CountingEnvironment();
        using var match = new Match
        {
            Plan = Match.Planned(1) with { Episodes = [new(4, 90, "storm", options), new(2, 91)] },
        };
        match.Play(Agents.Acting(_ => 0), environment.Play);
        Assert.Equal([90UL, 91UL], environment.Seeds);
        Assert.Equal(["""{"scenario":"storm","wind":2}""", ""], environment.Options);
        Assert.Equal([(4, "storm"), (2, null)], match.Episodes.Select(e => (e.Ordinal, e.Scenario)));
    }

    [Fact]
    public void Play_ReturnsHidden_TellsTheAgentNone()
    {
        var ends = new List<string>();
        using var match = new Match { Plan = Match.Planned(1) with { RevealReturns = false } };
        match.Play(peer =>
        {
            Agents.Greet(peer);
            for (var (type, body) = peer.Read(); type is not FrameType.None; (type, body) = peer.Read())
            {
                if (type == FrameType.EpisodeEnd)
                {
                    ends.Add(System.Text.Encoding.UTF8.GetString(body));
                }
                else if (type == FrameType.Observe && RawPeer.Entries(body) is [{ WantsAct: true } entry])
                {
                    peer.SendEntries(FrameType.Act, Entry.Act(entry.Header.Tick, 1));
                }
            }
        });
        Assert.Equal(["""{"slot":0,"reason":"step_cap"}"""], ends);
    }

    [Fact]
    public void Play_TheSameTwice_GivesTheSameDigest()
    {
        string Digest(float action)
        {
            using var match = new Match();
            return match.Play(Agents.Acting(_ => action)).Result!.TranscriptDigest;
        }

        var once = Digest(0.5f);
        Assert.Equal(once, Digest(0.5f));
        Assert.NotEqual(once, Digest(0.25f));
    }

    [Fact]
    public void Play_SecondConnection_IsRefused()
    {
        using var match = new Match();
        var refused = false;
        match.Play(peer =>
        {
            Agents.Greet(peer);
            Assert.NotEmpty(peer.ReadEntries(FrameType.Observe));
            try
            {
                using var second = new RawPeer(peer.Path);
                refused = second.Read().Type == FrameType.None;
            }
            catch (System.Net.Sockets.SocketException)
            {
                refused = true;
            }

            peer.SendEntries(FrameType.Act, Entry.Act(1, 0.5f));
            while (peer.ReadEntries(FrameType.Observe) is [var seen, ..])
            {
                if (seen.WantsAct)
                {
                    peer.SendEntries(FrameType.Act, Entry.Act(seen.Header.Tick, 0.5f));
                }
            }
        });
        Assert.True(refused);
        Assert.Empty(match.Faults);
    }
}
