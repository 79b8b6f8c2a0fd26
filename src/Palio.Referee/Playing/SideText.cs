using System.Text;

namespace Palio.Referee.Playing;

/// <summary>Text that came from a side, made safe to show.</summary>
internal static class SideText
{
    public const int MaxName = 100;

    public const int MaxMessage = 8 * 1024;

    /// <summary>Of a fault that costs an episode only: there may be as many as episodes.</summary>
    public const int MaxForfeit = 1000;

    public static string Clean(string? text, int most)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (clean.Length >= most)
            {
                break;
            }

            clean.Append(rune.Value is '\n' or '\t' || !Rune.IsControl(rune) ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString();
    }
}
