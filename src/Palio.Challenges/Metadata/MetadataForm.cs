using Palio.Challenges.Bundles;
using Palio.Challenges.Bundles.Schema;

namespace Palio.Challenges.Metadata;

/// <summary>What a team answers to a phase's questions: each by its type, the required ones all. EvalAI takes whatever is sent.</summary>
public static class MetadataForm
{
    /// <summary>Between the chosen options of a question that takes several.</summary>
    public const string Separator = ", ";

    private const int LongestAnswer = 5_000;

    private static readonly string[] Yes = ["true", "yes", "on", "1"];
    private static readonly string[] No = ["false", "no", "off", "0"];

    /// <summary>The answers as they are kept, and all that is wrong with them. A blank answer is none.</summary>
    public static MetadataReading Read(IReadOnlyList<SubmissionAttribute> questions, IReadOnlyDictionary<string, string> answers)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<MetadataProblem>();
        foreach (var name in answers.Keys.Where(name => !questions.Any(question => question.Name == name)).Take(10))
        {
            problems.Add(new(BundlePath.Printable(name), "is not asked by this phase.", Nearest.Find(name, questions.Select(question => question.Name)) is { } near
                ? $"Did you mean '{near}'?"
                : questions.Count == 0 ? "It asks nothing: leave it out." : $"It asks: {string.Join(", ", questions.Select(question => question.Name))}."));
        }

        foreach (var question in questions)
        {
            var answer = answers.GetValueOrDefault(question.Name)?.Trim() ?? "";
            if (answer.Length > 0 && Value(question, answer) is { } value)
            {
                kept[question.Name] = value;
            }
            else if (answer.Length > 0)
            {
                problems.Add(new(question.Name, $"cannot be '{BundlePath.Printable(answer)}'.", Expected(question)));
            }
            else if (question.IsRequired)
            {
                problems.Add(new(question.Name, "must be answered.", Expected(question)));
            }
        }

        return new MetadataReading(kept, problems);
    }

    private static string? Value(SubmissionAttribute question, string answer) => question.Type switch
    {
        SubmissionAttributeType.Boolean =>
            Yes.Contains(answer, StringComparer.OrdinalIgnoreCase) ? "true" : No.Contains(answer, StringComparer.OrdinalIgnoreCase) ? "false" : null,
        SubmissionAttributeType.Radio => question.Options.FirstOrDefault(option => option.Trim() == answer),
        SubmissionAttributeType.Checkbox => Chosen(question.Options, answer) is { } chosen
            ? string.Join(Separator, question.Options.Where(chosen.Contains))
            : null,
        _ => answer.Length <= LongestAnswer ? answer : null,
    };

    // An option may hold commas itself, so the text is not cut at them: the longest option that fits is taken off its front.
    private static HashSet<string>? Chosen(IReadOnlyList<string> options, string answer)
    {
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        for (var rest = answer; ;)
        {
            var option = options.OrderByDescending(candidate => candidate.Length)
                .FirstOrDefault(candidate => rest == candidate.Trim() || rest.StartsWith(candidate.Trim() + ",", StringComparison.Ordinal));
            if (option is null)
            {
                return null;
            }

            chosen.Add(option);
            if (rest == option.Trim())
            {
                return chosen;
            }

            rest = rest[(option.Trim().Length + 1)..].TrimStart();
        }
    }

    private static string Expected(SubmissionAttribute question) => question.Type switch
    {
        SubmissionAttributeType.Boolean => "Write true or false.",
        SubmissionAttributeType.Radio => $"Write one of: {string.Join(Separator, question.Options)}.",
        SubmissionAttributeType.Checkbox => $"Write any of these, with commas between them: {string.Join(Separator, question.Options)}.",
        _ => $"Write text, at most {LongestAnswer} characters.",
    };
}

/// <summary>What came of reading a form.</summary>
/// <param name="Answers">By the question's name: text, <c>true</c> or <c>false</c>, an option, or options with commas between them.</param>
/// <param name="Problems">All that is wrong; empty when the form may be taken.</param>
public sealed record MetadataReading(IReadOnlyDictionary<string, string> Answers, IReadOnlyList<MetadataProblem> Problems);

/// <summary>One thing that is wrong with a form.</summary>
/// <param name="Question">The question's name, or the one that was taken for one.</param>
/// <param name="Message">What is wrong, to stand behind the name.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record MetadataProblem(string Question, string Message, string Remedy);
