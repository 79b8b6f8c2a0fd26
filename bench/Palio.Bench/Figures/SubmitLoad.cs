using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;
using Palio.Protocol.Api;

namespace Palio.Bench.Figures;

/// <summary>Many teams submit at once, more than their quota, while evaluations run.</summary>
internal sealed class SubmitLoad(SeededServers seeds) : IFigure
{
    private const int Parallel = 50;
    private const int TriesOfATeam = OneStepChallenge.Limit + 2;
    private const double LongestMs = 250;

    // What was called often is compiled anew, on a thread of the runtime's, after that; and once more when it is known what it is called with.
    private static TimeSpan Compiling(BenchOptions options) => TimeSpan.FromSeconds(options.Quick ? 3 : 5);

    public string Name => "submit";

    public string Question => "how long does an accepted submission take while 50 submit at once, and are quotas exact?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var server = await seeds.StartAsync(cancellationToken);
        var submission = seeds.Submission with { Phase = "limited" };
        var image = await ImageCopy.ReadAsync(server, OneStepChallenge.Repository, submission.Digest, cancellationToken);
        var teams = await JoinAsync(server, "team", options.Quick ? 40 : 200, image, cancellationToken);

        // A server that has been up for a while: what compiles, and what connections open, at its first rush is not what is asked.
        var warming = await JoinAsync(server, "warming", teams.Length / 4, image, cancellationToken);
        foreach (var part in warming.Chunk((warming.Length + 1) / 2))
        {
            await RushAsync(part, submission, cancellationToken);
            await Task.Delay(Compiling(options), cancellationToken);
        }

        foreach (var team in warming)
        {
            team.Dispose();
        }

        var processor = server.ProcessorMs;
        var answers = await RushAsync(teams, submission, cancellationToken);
        var used = (server.ProcessorMs - processor) / answers.Count;
        double[] sorted = [.. answers.Select(answer => answer.Ms).Order()];
        var p99 = BenchRow.Quantile(sorted, 0.99);
        yield return new BenchRow($"submit, {teams.Length} teams, {Parallel} at once, p99", p99, LongestMs, "ms", "the bound; evaluations run",
            p99 / LongestMs, BenchRow.Quantile(sorted, 0.25) / LongestMs, BenchRow.Quantile(sorted, 0.75) / LongestMs, "under 250 ms", p99 < LongestMs);
        var taken = answers.Where(answer => answer.Accepted).CountBy(answer => answer.Team).ToDictionary();
        var wrong = teams.Count(team => taken.GetValueOrDefault(team) != OneStepChallenge.Limit);
        yield return new BenchRow("teams whose quota was not exact", wrong, 0, "", $"quota of {OneStepChallenge.Limit}", wrong, wrong, wrong, "none", wrong is 0);
        yield return BenchRow.OfSamples("the server's processor time for each, its evaluations among it", "ms", [used], null, "reported");
        foreach (var team in teams)
        {
            team.Dispose();
        }
    }

    // All try as often, taking turns.
    private static async Task<IReadOnlyCollection<Answer>> RushAsync(HttpClient[] teams, SubmitRequest submission, CancellationToken cancellationToken)
    {
        var answers = new ConcurrentBag<Answer>();
        var tries = Enumerable.Range(0, TriesOfATeam).SelectMany(_ => teams);
        await System.Threading.Tasks.Parallel.ForEachAsync(tries, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (team, stop) =>
            {
                var start = Stopwatch.GetTimestamp();
                var accepted = await BenchSubmission.TrySubmitAsync(team, submission, stop) is not null;
                answers.Add(new Answer(team, Stopwatch.GetElapsedTime(start).TotalMilliseconds, accepted));
            });
        return answers;
    }

    private static async Task<HttpClient[]> JoinAsync(BenchServer server, string name, int count, ImageCopy image, CancellationToken cancellationToken)
    {
        var teams = new HttpClient[count];
        await System.Threading.Tasks.Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (i, stop) => teams[i] = await JoinAsync(server, $"{name}-{i}", image, stop));
        return teams;
    }

    private static async Task<HttpClient> JoinAsync(BenchServer server, string name, ImageCopy image, CancellationToken cancellationToken)
    {
        var person = await server.RegisterAsync(name, cancellationToken);
        var http = server.ClientOf(person);
        using var made = await http.PostAsJsonAsync("api/v1/teams", new CreateTeamRequest { Name = name }, cancellationToken);
        made.EnsureSuccessStatusCode();
        using var joined = await http.PostAsJsonAsync("api/v1/challenges/one-step/participation", new ParticipateRequest { AcceptTerms = true }, cancellationToken);
        joined.EnsureSuccessStatusCode();
        await image.WriteAsync(server, name, person, $"one-step/{name}", cancellationToken);
        return http;
    }

    private readonly record struct Answer(HttpClient Team, double Ms, bool Accepted);
}
