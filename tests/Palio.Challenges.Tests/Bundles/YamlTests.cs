using System.Text;
using CsCheck;
using Palio.Challenges.Bundles;

namespace Palio.Challenges.Tests.Bundles;

public sealed class YamlTests
{
    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("# only a comment", "The file is empty")]
    [InlineData("- a\n- b", "does not hold keys and values")]
    [InlineData("just text", "does not hold keys and values")]
    [InlineData("title: a\n---\ntitle: b", "second YAML document")]
    [InlineData("title: Name: Subtitle", "a colon inside an unquoted text")]
    [InlineData("leaderboard:\n\t- id: 1", "indented with a tab")]
    [InlineData("a:\n  - id: 1\n    b: 2\n   - id: 2", "indented by 3, the item before it by 2")]
    [InlineData("title: 'open", "Not valid YAML")]
    [InlineData("a: [1, 2", "Not valid YAML")]
    [InlineData("a: {b: 1", "Not valid YAML")]
    [InlineData("a: &x [*x]", "part of what it refers to")]
    [InlineData("a: *nowhere", "refers to an anchor")]
    [InlineData("<<: 5", "merges something that has no keys")]
    [InlineData("? [a, b]\n: 1", "A key is not a text")]
    [InlineData("title: !!python/object:os.system ls", "asks for a type")]
    [InlineData("title: !System.Diagnostics.Process x", "asks for a type")]
    [InlineData("title: a\ntitle: b", "given a second time (first in line 1)")]
    [InlineData("import os\nprint('x')", "")]
    [InlineData("\u0001", "")]
    public void Read_BadYaml_IsExplainedWithItsPlace(string yaml, string message)
    {
        var reading = Sample.Read(yaml);

        Assert.Null(reading.Bundle);
        Assert.Contains(reading.Problems, problem => problem.Message.Contains(message, StringComparison.Ordinal) && problem is { Line: > 0, Column: > 0 });
    }

    [Fact]
    public void Read_AliasBomb_IsStopped()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        }

        Assert.Contains(Sample.Read(bomb.ToString()).Problems, problem => problem.Message.Contains("more than 50000 values", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Read_DeepNesting_IsStopped(string opening) =>
        Assert.Contains(
            Sample.Read("a:\n  " + string.Concat(Enumerable.Repeat(opening, 5_000)) + "x").Problems,
            problem => problem.Message.Contains("nested more than 32 deep", StringComparison.Ordinal));

    [Fact]
    public void Read_LargeFile_IsRefusedUnread()
    {
        var problem = Assert.Single(Sample.Read("title: " + new string('x', BundleLimits.Default.MaxConfigBytes)).Problems);

        Assert.Contains("at most 1048576", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Read_OtherEncodings_AreNamed(string encoding)
    {
        var files = Sample.Files(Sample.Config);
        files["challenge_config.yaml"] = Encoding.GetEncoding(encoding).GetBytes(Sample.Config);

        Assert.Equal("Save it as UTF-8.", Assert.Single(Sample.Read(files).Problems).Remedy);
    }

    [Fact]
    public void Read_BrokenUtf8_SaysWhere()
    {
        var files = Sample.Files(Sample.Config);
        files["challenge_config.yaml"] = (byte[])[.. "title: a\nshort: "u8, 0xE9, .. "\n"u8];

        var problem = Assert.Single(Sample.Read(files).Problems);

        Assert.Equal((2, 8), (problem.Line, problem.Column));
    }

    [Fact]
    public void Read_MergeKeys_TakeWhatIsNotGiven()
    {
        var config = Sample.With("leaderboard:\n", "x-limits: &limits {max_submissions_per_month: 20, max_submissions: 5}\n\nleaderboard:\n")
            .Replace("    max_submissions: 100", "    <<: *limits\n    max_submissions: 100", StringComparison.Ordinal);

        var phase = Sample.Read(config).Bundle!.Phases[0];

        Assert.Equal((100, 20), (phase.MaxSubmissions, phase.MaxSubmissionsPerMonth));
    }

    [Fact]
    public void Read_AnyText_NeverThrows() => Gen.Char["abc:-[]{}&*!|>'\"%@`#,? \t\n01\u0000\uFEFF<~é"].Array[0, 60].Sample(
        characters => Assert.NotEmpty(Sample.Read(new string(characters)).Problems),
        iter: 3_000);

    [Fact]
    public void Read_SampleWithAnyDamage_NeverThrows() => Gen.Select(Gen.Int[0, Sample.Config.Length - 1], Gen.Int[0, 12], Gen.Char["a:-[]{}&*!|>'\"# \n\t5"]).Sample(
        damage =>
        {
            var (at, length, character) = damage;
            var text = Sample.Config[..at] + character + Sample.Config[Math.Min(at + length, Sample.Config.Length)..];
            var reading = Sample.Read(text);
            Assert.Equal(reading.HasErrors, reading.Bundle is null);
        },
        iter: 1_500);

    [Fact]
    public void Read_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 100].Sample(
        bytes =>
        {
            var files = Sample.Files(Sample.Config);
            files["challenge_config.yaml"] = bytes;
            Assert.NotEmpty(Sample.Read(files).Problems);
        },
        iter: 2_000);
}
