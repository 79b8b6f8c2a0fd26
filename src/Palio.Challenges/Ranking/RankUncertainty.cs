using Palio.Challenges.Bundles;
using Palio.Challenges.Scoring;

namespace Palio.Challenges.Ranking;

/// <summary>An entry's episodes, to tell how certain its rank is.</summary>
/// <param name="Key">What identifies the entry.</param>
/// <param name="Episodes">All its episodes.</param>
public sealed record RankCandidate(string Key, IReadOnlyCollection<ScoredEpisode> Episodes);

/// <summary>How certain a rank is.</summary>
/// <param name="Key">The entry.</param>
/// <param name="Best">The best rank of its 95 % interval, from 1.</param>
/// <param name="Worst">The worst rank of its 95 % interval.</param>
public sealed record RankInterval(string Key, int Best, int Worst);

/// <summary>
/// How certain the ranks of a board are. Everybody plays the same seeds, so that the bootstrap draws the same episodes for all entries:
/// luck with the seeds falls on all alike and cancels out.
/// </summary>
public static class RankUncertainty
{
    /// <summary>Most entries that are compared with one another.</summary>
    public const int MaxCandidates = 200;

    private const int Replicates = 2_000;
    private const double Tail = 0.025;

    /// <summary>Computes the ranks' intervals.</summary>
    /// <param name="declaration">The declaration all of them were played under.</param>
    /// <param name="metric">The metric that ranks.</param>
    /// <param name="descending">Whether the highest value is first.</param>
    /// <param name="candidates">In the board's order. What was not played in full, or is beyond <see cref="MaxCandidates"/>, is left out.</param>
    public static IReadOnlyList<RankInterval> Compute(
        EvaluationDeclaration declaration, MetricDeclaration metric, bool descending, IReadOnlyList<RankCandidate> candidates)
    {
        var compared = candidates.Where(candidate => EpisodeChecks.Check(declaration, candidate.Episodes).Count == 0).Take(MaxCandidates).ToArray();
        if (compared.Length == 0)
        {
            return [];
        }

        var samples = compared.Select(candidate =>
            MetricSample.Create(declaration, metric, [.. candidate.Episodes.OrderBy(episode => episode.Ordinal)])).ToArray();
        var values = Resample(samples, descending ? -1 : 1);
        var ranks = Ranks(values);
        return [.. compared.Select((candidate, i) => new RankInterval(candidate.Key, ranks[i].Best, ranks[i].Worst))];
    }

    /// <summary>The value of each entry in each replicate, with the sign that makes the lowest the best.</summary>
    private static double[][] Resample(MetricSample[] samples, int sign)
    {
        var values = samples.Select(_ => new double[Replicates]).ToArray();
        var counts = new int[samples[0].Values.Length];
        var weights = new double[counts.Length];
        var random = Bootstrap.NewRandom();
        for (var replicate = 0; replicate < Replicates; replicate++)
        {
            Bootstrap.Draw(samples[0].Strata, ref random, counts);
            for (var i = 0; i < samples.Length; i++)
            {
                Bootstrap.Weigh(samples[i], counts, weights);
                values[i][replicate] = sign * samples[i].Value(weights);
            }
        }

        return values;
    }

    private static (int Best, int Worst)[] Ranks(double[][] values)
    {
        var histograms = values.Select(_ => new int[values.Length]).ToArray();
        var worse = values.Select(_ => new int[values.Length]).ToArray();
        var (column, entries) = (new double[values.Length], new int[values.Length]);
        for (var replicate = 0; replicate < Replicates; replicate++)
        {
            for (var i = 0; i < values.Length; i++)
            {
                (column[i], entries[i]) = (values[i][replicate], i);
            }

            Array.Sort(column, entries);
            for (var (first, next) = (0, 1); first < column.Length; (first, next) = (next, next + 1))
            {
                // Equal values share the ranks from the first to the last of them.
                while (next < column.Length && column[next] == column[first])
                {
                    next++;
                }

                foreach (var entry in entries.AsSpan(first..next))
                {
                    histograms[entry][first]++;
                    worse[entry][next - 1]++;
                }
            }
        }

        return [.. histograms.Select((histogram, i) => (Quantile(histogram, Tail), Quantile(worse[i], 1 - Tail)))];
    }

    private static int Quantile(int[] histogram, double share)
    {
        var (reached, needed) = (0, share * Replicates);
        for (var i = 0; i < histogram.Length; i++)
        {
            reached += histogram[i];
            if (reached >= needed && reached > 0)
            {
                return i + 1;
            }
        }

        return histogram.Length;
    }
}
