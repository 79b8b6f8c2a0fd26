using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Challenges.Bundles;
using Palio.Challenges.Bundles.Editing;

namespace Palio.Challenges.Tests.Bundles;

public sealed class BundleEditorTests
{
    [Fact]
    public void Edit_OfSingleValues_LeavesAllElseAsItWas()
    {
        var before = Sample.Read(Sample.Config).Bundle!;
        var after = Edit(Sample.Config, new BundleEdits
        {
            Values =
            [
                new BundleEdit(null, "title", JsonValue.Create("Two: \"poles\" # yes")),
                new BundleEdit(null, "tags", new JsonArray("a", "true")),
                new BundleEdit(null, "published", JsonValue.Create(false)),
                new BundleEdit(BundleItem.Phase(1), "max_submissions", JsonValue.Create(7)),
                new BundleEdit(BundleItem.Phase(1), "evaluation.episodes", JsonValue.Create(5)),
                new BundleEdit(BundleItem.Split(1, 1, 1), "visibility", JsonValue.Create(1)),
            ],
        });

        Assert.Equal(("Two: \"poles\" # yes", false), (after.Challenge.Title, after.Challenge.Published));
        Assert.Equal(["a", "true"], after.Challenge.Tags);
        Assert.Equal((7, 5, 10), (after.Phases[0].MaxSubmissions, after.Phases[0].Evaluation!.EpisodeCount, after.Phases[0].MaxSubmissionsPerDay));
        Assert.Equal(BoardVisibility.Host, after.PhaseSplits[0].Visibility);
        Assert.Equal(Same(before.Leaderboards), Same(after.Leaderboards));
        Assert.Equal((before.Challenge.StartDate, before.Challenge.Description), (after.Challenge.StartDate, after.Challenge.Description));
    }

    [Fact]
    public void Edit_OfAPage_PutsItBesideTheConfiguration_AlsoInAFolder()
    {
        var files = Sample.Files(Sample.Config).ToDictionary(file => "folder/" + file.Key, file => file.Value);
        files["other.txt"] = "x"u8.ToArray();
        var created = BundleFiles.Create(files).Files!;
        var bundle = BundleReader.Read(created).Bundle!;
        var edited = BundleEditor.Apply(bundle, created, new BundleEdits
        {
            Values = [new BundleEdit(null, "description", JsonValue.Create("edited/description.html"))],
            Files = new Dictionary<string, ReadOnlyMemory<byte>> { ["edited/description.html"] = Encoding.UTF8.GetBytes("<p>New</p>") },
        });
        var after = BundleReader.Read(edited.Files!);
        Assert.False(after.HasErrors, string.Join('\n', after.Problems));
        Assert.Contains("New", after.Bundle!.Challenge.Description.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_OfAKeyThatHasAnotherName_LeavesOne()
    {
        var config = Sample.With("is_leaderboard_order_descending: True", "leaderboard_order_is_descending: True");
        var after = Edit(config, new BundleEdits { Values = [new BundleEdit(BundleItem.Split(1, 1, 1), "is_leaderboard_order_descending", JsonValue.Create(false))] });
        Assert.False(after.PhaseSplits[0].IsLeaderboardOrderDescending);
    }

    [Fact]
    public void Removal_OfAValueOrAnEntry_TakesItOut()
    {
        var after = Edit(Sample.Config, new BundleEdits { Values = [new BundleEdit(BundleItem.Phase(1), "max_submissions", null)] });
        Assert.Equal(100_000, after.Phases[0].MaxSubmissions);

        var created = BundleFiles.Create(Sample.Files(Sample.Config)).Files!;
        var edited = BundleEditor.Apply(BundleReader.Read(created).Bundle!, created, new BundleEdits { Removed = [BundleItem.SplitsOf(1), BundleItem.Phase(1)] });
        Assert.True(BundleReader.Read(edited.Files!).HasErrors); // a challenge has a phase
    }

    private static ChallengeBundle Edit(string config, BundleEdits edits)
    {
        var files = BundleFiles.Create(Sample.Files(config)).Files!;
        var edited = BundleEditor.Apply(BundleReader.Read(files).Bundle!, files, edits);
        var after = BundleReader.Read(edited.Files!);
        Assert.False(after.HasErrors, string.Join('\n', after.Problems));
        return after.Bundle!;
    }

    internal static string Same(object part) => JsonSerializer.Serialize(part);
}
