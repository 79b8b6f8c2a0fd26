using Palio.Challenges.Bundles;

namespace Palio.Challenges.Tests.Bundles;

public sealed class BundleSchemaTests
{
    [Fact]
    public void PublishedSchema_IsTheOneOfTheReader() =>
        Assert.Equal(BundleSchema.ToJson(), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "challenge_config.schema.json")).ReplaceLineEndings("\n"));

    [Fact]
    public void Reference_NamesEveryKeyWithItsMeaning()
    {
        var reference = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "bundle.md"));

        foreach (var key in BundleSchema.Tables.SelectMany(table => table.Keys).Where(key => key.Use == Palio.Challenges.Bundles.Schema.KeyUse.Read))
        {
            Assert.Contains($"`{key.Name}`", reference, StringComparison.Ordinal);
            Assert.Contains(key.About, reference, StringComparison.Ordinal);
        }
    }
}
