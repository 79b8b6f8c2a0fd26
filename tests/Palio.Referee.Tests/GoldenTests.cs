using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Spaces;

namespace Palio.Referee.Tests;

/// <summary>The conversations of tests/golden: given what both sides say, the referee must say its part byte for byte.</summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "golden");

    // Without a plan it is a session for the sides only.
    public static TheoryData<string> Sessions { get; } = [.. Directory.EnumerateFiles(Folder, "*.txt")
        .Where(file => File.ReadLines(file).First().StartsWith("plan ", StringComparison.Ordinal))
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Play_GoldenSession_SaysItByteForByte(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, $"{name}.txt"));
        var plan = JsonSerializer.Deserialize(lines.Single(line => line.StartsWith("plan ", StringComparison.Ordinal))[5..], EvaluationJsonContext.Default.RefereePlan)!;
        using var match = new Match { Plan = plan };
        List<string> wrong = [];
        match.Play(peer => Say(peer, lines, "agent", wrong), peer => Say(peer, lines, "environment", wrong));

        Assert.Empty(wrong);
        Assert.Equal(lines.Single(line => line.StartsWith("exit referee ", StringComparison.Ordinal))[13..], match.ExitCode.ToString(CultureInfo.InvariantCulture));
    }

    private static void Say(RawPeer peer, string[] lines, string side, List<string> wrong)
    {
        foreach (var line in lines.Where(line => line.StartsWith(side, StringComparison.Ordinal)))
        {
            var words = line.Split(' ', 4);
            var (hot, text) = (words[2] == "hot", words[3]);
            if (words[1] == ">" && hot)
            {
                peer.Send(Convert.FromHexString(text));
            }
            else if (words[1] == ">")
            {
                peer.SendJson(Type(text), text[3..]);
            }
            else if (peer.Read() is var (type, body) && !IsSame(type, body, hot, text))
            {
                // The session cannot go on; closing ends it for the other side too.
                lock (wrong)
                {
                    wrong.Add($"{side}: expected {text}, got {type} {(hot ? Convert.ToHexStringLower(body) : Encoding.UTF8.GetString(body))}");
                }

                return;
            }
        }
    }

    private static bool IsSame(FrameType type, byte[] body, bool hot, string text) => hot
        ? Convert.ToHexStringLower(new FrameWriter().Compose(type, body)) == text
        : type == Type(text) && JsonNode.DeepEquals(Meaning(type, text[3..]), Meaning(type, Encoding.UTF8.GetString(body)));

    private static JsonNode? Meaning(FrameType type, string json)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        foreach (var seat in value["seats"]?.AsArray() ?? [])
        {
            foreach (var key in new[] { "observation_space", "action_space" })
            {
                seat![key] = JsonNode.Parse(SpaceJson.Parse(seat[key]!.ToJsonString()).ToString());
            }
        }

        return type == FrameType.Fault ? value["code"]?.DeepClone() : value;
    }

    private static FrameType Type(string text) => (FrameType)Convert.ToByte(text[..2], 16);
}
