using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Challenges.Bundles;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Submissions;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>An answer to a question of the phase: the question with <c>value</c>, or <c>values</c> where several may be chosen.</summary>
internal sealed record EvalAiAnswer(string Name, string Type, string Description, bool Required)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Options { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Value { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>What was answered, in the order of the phase's questions; then what answers none of the present ones.</summary>
    public static IReadOnlyList<EvalAiAnswer> Of(string metadata, PhaseDeclaration phase)
    {
        var answers = JsonSerializer.Deserialize<Dictionary<string, string>>(metadata) ?? [];
        var asked = phase.SubmissionMetaAttributes.Where(question => answers.ContainsKey(question.Name)).Select(question => Of(question, answers[question.Name]));
        var others = answers.Where(answer => phase.SubmissionMetaAttributes.All(question => question.Name != answer.Key))
            .Select(answer => new EvalAiAnswer(answer.Key, "text", "", false) { Value = answer.Value });
        return [.. asked, .. others];
    }

    /// <summary>
    /// The answers sent with a submission: a list of questions with their answers, or its JSON as text. A phase's marks are checked by the
    /// use case; here each answer is held to its question's kind.
    /// </summary>
    public static Dictionary<string, string> Read(EvalAiBody body, PhaseDeclaration phase)
    {
        var sent = body.Json("submission_metadata");
        if (sent.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return [];
        }

        if (sent.ValueKind != JsonValueKind.Array)
        {
            throw Refused("It must be a list of the phase's questions with their answers.");
        }

        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in sent.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
            {
                throw Refused("Each answer must have a name.");
            }

            if (Answer(item) is { Length: > 0 } answer)
            {
                var text = name.GetString() ?? "";
                answers[text] = phase.SubmissionMetaAttributes.FirstOrDefault(question => question.Name == text) is { } asked ? Checked(asked, answer) : answer;
            }
        }

        return answers;
    }

    private static EvalAiAnswer Of(SubmissionAttribute question, string answer)
    {
        var shown = new EvalAiAnswer(question.Name, question.Type.ToString().ToLowerInvariant(), question.Description, question.IsRequired)
        {
            Options = question.Options.Count == 0 ? null : question.Options,
        };
        return question.Type switch
        {
            SubmissionAttributeType.Checkbox => shown with { Values = answer.Split(MetadataAnswers.Separator) },
            SubmissionAttributeType.Boolean when bool.TryParse(answer, out var flag) => shown with { Value = flag },
            _ => shown with { Value = answer },
        };
    }

    private static string? Answer(JsonElement item)
    {
        if (item.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array)
        {
            return string.Join(MetadataAnswers.Separator, values.EnumerateArray().Select(value => value.ToString()));
        }

        return !item.TryGetProperty("value", out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Null => null,
            _ => value.ToString(),
        };
    }

    private static string Checked(SubmissionAttribute question, string answer) => question.Type switch
    {
        SubmissionAttributeType.Boolean => bool.TryParse(answer, out var flag) ? (flag ? "true" : "false") : throw Refused($"'{question.Name}' is answered by true or false."),
        SubmissionAttributeType.Radio when !question.Options.Contains(answer) => throw Refused($"'{question.Name}' has no option '{answer}'."),
        SubmissionAttributeType.Checkbox when answer.Split(MetadataAnswers.Separator).FirstOrDefault(part => !question.Options.Contains(part)) is { } unknown
            => throw Refused($"'{question.Name}' has no option '{unknown}'."),
        _ => answer,
    };

    private static PalioException Refused(string message) => PalioException.Invalid("submission_metadata", message, "");
}
