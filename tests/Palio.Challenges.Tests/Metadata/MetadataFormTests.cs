using Palio.Challenges.Bundles;
using Palio.Challenges.Metadata;

namespace Palio.Challenges.Tests.Metadata;

public sealed class MetadataFormTests
{
    private static readonly SubmissionAttribute[] Questions =
    [
        new("Pretrained?", SubmissionAttributeType.Boolean, "", true, []),
        new("Kind", SubmissionAttributeType.Radio, "", false, ["search", "learning, deep"]),
        new("Tools", SubmissionAttributeType.Checkbox, "", false, ["torch", "jax", "jax, on a TPU"]),
        new("Hardware", SubmissionAttributeType.Text, "", false, []),
    ];

    [Theory]
    [InlineData("Pretrained?", "true", "true")]
    [InlineData("Pretrained?", "Yes", "true")]
    [InlineData("Pretrained?", " FALSE ", "false")]
    [InlineData("Pretrained?", "0", "false")]
    [InlineData("Kind", "search", "search")]
    [InlineData("Kind", "learning, deep", "learning, deep")]
    [InlineData("Tools", "jax", "jax")]
    [InlineData("Tools", "jax,torch", "torch, jax")]
    [InlineData("Tools", "torch, torch", "torch")]
    [InlineData("Tools", "jax, on a TPU, torch", "torch, jax, on a TPU")]
    [InlineData("Tools", "jax, jax, on a TPU", "jax, jax, on a TPU")]
    [InlineData("Hardware", " one core ", "one core")]
    public void Answer_OfItsType_IsKept(string question, string answer, string kept)
    {
        var reading = Read((question, answer), ("Pretrained?", question == "Pretrained?" ? answer : "no"));

        Assert.Empty(reading.Problems);
        Assert.Equal(kept, reading.Answers[question]);
    }

    [Theory]
    [InlineData("Pretrained?", "maybe", "true or false")]
    [InlineData("Kind", "luck", "search, learning, deep")]
    [InlineData("Kind", "Search", "search")]
    [InlineData("Tools", "torch, luck", "commas")]
    [InlineData("Tools", "torchvision", "commas")]
    [InlineData("Hardwear", "one core", "Did you mean 'Hardware'?")]
    [InlineData("Anything", "else", "It asks: Pretrained?, Kind")]
    public void Answer_OfAnotherType_IsAProblemWithARemedy(string question, string answer, string remedy)
    {
        var problem = Assert.Single(Read((question, answer), ("Pretrained?", question == "Pretrained?" ? answer : "no")).Problems);

        Assert.Equal(question, problem.Question);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Required_WithoutAnAnswer_IsAProblem(string? answer)
    {
        var reading = answer is null ? Read() : Read(("Pretrained?", answer), ("Kind", ""));

        Assert.Equal(("Pretrained?", "must be answered."), (Assert.Single(reading.Problems).Question, reading.Problems[0].Message));
    }

    [Fact]
    public void Answer_TooLong_IsAProblem() =>
        Assert.Contains("5000", Assert.Single(Read(("Hardware", new string('x', 5001)), ("Pretrained?", "no")).Problems).Remedy, StringComparison.Ordinal);

    [Fact]
    public void Problems_Several_AreAllTold() => Assert.Equal(3, Read(("Kind", "luck"), ("Tools", "luck")).Problems.Count);

    private static MetadataReading Read(params (string Question, string Answer)[] answers) =>
        MetadataForm.Read(Questions, answers.DistinctBy(answer => answer.Question).ToDictionary(answer => answer.Question, answer => answer.Answer));
}
