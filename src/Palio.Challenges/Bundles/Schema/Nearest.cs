namespace Palio.Challenges.Bundles.Schema;

/// <summary>Finds what somebody probably meant to write.</summary>
internal static class Nearest
{
    private const int LongestCompared = 64;

    /// <summary>The most similar candidate, if it is similar enough; null when none is.</summary>
    public static string? Find(string written, IEnumerable<string> candidates)
    {
        if (written.Length > LongestCompared)
        {
            return null;
        }

        // One slip in a short word, two in a longer one, three in one of a dozen letters.
        var most = written.Length <= 4 ? 1 : written.Length < 12 ? 2 : 3;
        return candidates
            .Where(candidate => candidate.Length <= LongestCompared)
            .Select(candidate => (candidate, distance: Distance(written.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance <= most)
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between two texts.</summary>
    public static int Distance(string left, string right)
    {
        var (beforeLast, last, current) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[right.Length];
    }
}
