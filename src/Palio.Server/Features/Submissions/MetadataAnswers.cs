using System.Globalization;
using System.Text.Json;
using Palio.Challenges.Metadata;
using Palio.Protocol.Api;

namespace Palio.Server.Features.Submissions;

/// <summary>Reads a form's answers to the questions of a phase. Fields have numbers: a question's name may be any text.</summary>
internal static class MetadataAnswers
{
    /// <summary>Between the chosen options of a question that takes several.</summary>
    public const string Separator = MetadataForm.Separator;

    public static string Field(int question) => "meta-" + question.ToString(CultureInfo.InvariantCulture);

    public static IReadOnlyList<string> Options(MetadataAttribute question) =>
        question.Options is { ValueKind: JsonValueKind.Array } options ? [.. options.EnumerateArray().Select(option => option.ToString())] : [];

    /// <summary>The answers given; questions left open are not among them.</summary>
    public static Dictionary<string, string> Read(IReadOnlyList<MetadataAttribute> questions, IFormCollection form)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < questions.Count; i++)
        {
            var answer = string.Join(Separator, form[Field(i)].Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => value!.Trim()));
            if (answer.Length > 0)
            {
                answers[questions[i].Name] = answer;
            }
        }

        return answers;
    }
}
