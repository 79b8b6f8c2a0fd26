using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Palio.Challenges.Bundles;
using Palio.Challenges.Seeds;
using Palio.Challenges.Tests.Scoring;

namespace Palio.Challenges.Tests.Seeds;

public sealed class SeedTests
{
    private static readonly PhaseSecret Secret = PhaseSecret.From(new string('a', 64));

    [Fact]
    public void Seed_FollowsTheDocumentedFormula()
    {
        var hash = HMACSHA256.HashData(Enumerable.Repeat((byte)0xAA, 32).ToArray(), Encoding.UTF8.GetBytes("dev\nwindy\n3"));

        Assert.Equal(((hash[0] & 0x7F) << 24) | (hash[1] << 16) | (hash[2] << 8) | hash[3], Secret.Seed("dev", "windy", 3));
    }

    [Fact]
    public void Seed_IsNeverNegative() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.String).Sample(
        input => Assert.InRange(Secret.Seed("dev", input.Item2, input.Item1), 0, int.MaxValue), iter: 1_000);

    [Fact]
    public void Secret_CommitmentAndReveal_Fit()
    {
        var secret = PhaseSecret.Generate();

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(secret.Reveal()))), secret.Commitment());
        Assert.Equal(secret.Seed("p", "s", 0), PhaseSecret.From(secret.Reveal()).Seed("p", "s", 0));
        Assert.DoesNotContain(secret.Reveal(), secret.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(secret.Commitment(), PhaseSecret.Generate().Commitment());
        Assert.Throws<ArgumentException>(() => PhaseSecret.From("abcd"));
    }

    [Fact]
    public void Plan_ListsScenariosInOrder()
    {
        var declaration = ScoreTests.Declaration(0) with
        {
            Scenarios = [new() { Name = "easy", Episodes = 2, Seed = int.MaxValue }, new() { Name = "hard", OptionsJson = "{}" }],
        };

        var plan = EpisodePlan.Create(declaration, "dev", Secret);

        Assert.Equal([0, 1, 2], plan.Select(episode => episode.Ordinal));
        Assert.Equal([int.MaxValue, 0, Secret.Seed("dev", "hard", 0)], plan.Select(episode => episode.Seed));
        Assert.Equal("{}", plan[2].OptionsJson);
    }

    [Fact]
    public void Plan_PublicSeeds_DoNotDependOnTheSecret()
    {
        var declaration = ScoreTests.Declaration(5) with { Seeds = SeedVisibility.Public };

        Assert.Equal(EpisodePlan.Create(declaration, "dev", Secret), EpisodePlan.Create(declaration, "dev", PhaseSecret.Generate()));
    }
}
