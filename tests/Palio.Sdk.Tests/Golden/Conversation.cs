using System.Text;
using System.Text.Json.Nodes;
using Palio.Protocol.Frames;
using Palio.Protocol.Spaces;

namespace Palio.Sdk.Tests.Golden;

/// <summary>One side's lines of a file of tests/golden; see the README there.</summary>
internal sealed class Conversation
{
    private readonly List<(bool FromSide, string Kind, string Text)> _frames = [];

    public Conversation(string name, string side)
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "golden", $"{name}.txt")))
        {
            var words = line.Split(' ', 3);
            if (words[0] == "play" && words[1] == side)
            {
                Program = words[2];
            }
            else if (words[0] == "exit" && words[1] == side)
            {
                ExitCode = int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture);
            }
            else if (words[0] == side)
            {
                var frame = words[2].Split(' ', 2);
                _frames.Add((words[1] == ">", frame[0], frame[1]));
            }
        }
    }

    public string Program { get; } = "";

    public int ExitCode { get; }

    /// <summary>The observation space of the Spec in the file.</summary>
    public Space ObservationSpace()
    {
        var spec = _frames.First(frame => frame.Kind == "json" && frame.Text.StartsWith("05", StringComparison.Ordinal)).Text[3..];
        return SpaceJson.Parse(JsonNode.Parse(spec)!["seats"]![0]!["observation_space"]!.ToJsonString());
    }

    public void Say(ScriptedReferee referee)
    {
        foreach (var (fromSide, kind, text) in _frames)
        {
            if (fromSide)
            {
                Hear(referee, kind, text);
            }
            else if (kind == "hot")
            {
                referee.Send(Convert.FromHexString(text));
            }
            else
            {
                referee.Send((FrameType)Convert.ToByte(text[..2], 16), text[3..]);
            }
        }

        Assert.Equal(FrameType.None, referee.Receive().Type);
    }

    private static void Hear(ScriptedReferee referee, string kind, string text)
    {
        var (type, body) = referee.Receive();
        if (kind == "hot")
        {
            Assert.Equal(text, Convert.ToHexStringLower(new FrameWriter().Compose(type, body)));
            return;
        }

        Assert.Equal((FrameType)Convert.ToByte(text[..2], 16), type);
        var (expected, said) = (Meaning(type, text[3..]), Meaning(type, Encoding.UTF8.GetString(body)));
        Assert.True(JsonNode.DeepEquals(expected, said), $"expected {expected?.ToJsonString()}, got {said?.ToJsonString()}");
    }

    private static JsonNode? Meaning(FrameType type, string json)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        value.Remove("sdk");
        foreach (var seat in value["seats"]?.AsArray() ?? [])
        {
            foreach (var key in new[] { "observation_space", "action_space" })
            {
                seat![key] = JsonNode.Parse(SpaceJson.Parse(seat[key]!.ToJsonString()).ToString());
            }
        }

        return type == FrameType.Fault ? value["code"]?.DeepClone() : value;
    }
}
