using System.CommandLine;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Submitting;

/// <summary>The options that <c>push</c> and <c>submit</c> share.</summary>
internal sealed class SubmissionDraft
{
    private readonly Option<bool> _public = Arguments.Flag("--public", "Show the result on the leaderboard; default as the phase says");
    private readonly Option<bool> _private = Arguments.Flag("--private", "Keep the result off the leaderboard");
    private readonly Option<string?> _name = Arguments.Text("--name", "Name of the method, shown beside the score", "TEXT");
    private readonly Option<string?> _description = Arguments.Text("--description", "Longer text on the method", "TEXT");
    private readonly Option<string?> _project = Arguments.Text("--project-url", "Web page of the project", "URL");
    private readonly Option<string?> _publication = Arguments.Text("--publication-url", "Web page of the paper", "URL");
    private readonly Option<string[]> _metadata = new("--metadata") { Description = "An answer to the phase's form; may be repeated", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = true };

    public Option<string> Phase { get; } = Arguments.Phase();

    public Option<bool> Again { get; } = Arguments.Flag("--again", "Submit even if the same image or file was submitted to the phase before");

    public Option<bool> Wait { get; } = Arguments.Flag("--wait", "Follow it to its end; the exit code says how it ended");

    public IEnumerable<Symbol> Symbols => [Phase, _public, _private, _name, _description, _project, _publication, _metadata, Again, Wait];

    public SubmitRequest Request(ParseResult parse, FoundPhase phase, string digest) => new()
    {
        Challenge = phase.Challenge.Summary.Slug,
        Phase = phase.Phase.Codename,
        Digest = digest,
        MethodName = parse.GetValue(_name),
        MethodDescription = parse.GetValue(_description),
        ProjectUrl = parse.GetValue(_project),
        PublicationUrl = parse.GetValue(_publication),
        Public = Visibility(parse),
        Metadata = Metadata(parse),
    };

    public SubmitFileRequest FileRequest(ParseResult parse, FoundPhase phase) => new()
    {
        Challenge = phase.Challenge.Summary.Slug,
        Phase = phase.Phase.Codename,
        MethodName = parse.GetValue(_name),
        MethodDescription = parse.GetValue(_description),
        ProjectUrl = parse.GetValue(_project),
        PublicationUrl = parse.GetValue(_publication),
        Public = Visibility(parse),
        Metadata = Metadata(parse),
    };

    /// <summary>Finds mistakes before anything is pushed.</summary>
    public void Check(ParseResult parse)
    {
        if (parse.GetValue(_public) && parse.GetValue(_private))
        {
            throw CliException.Usage("--public and --private exclude each other.");
        }

        Metadata(parse);
    }

    private bool? Visibility(ParseResult parse) => (parse.GetValue(_public), parse.GetValue(_private)) switch
    {
        (true, _) => true,
        (_, true) => false,
        _ => null,
    };

    private Dictionary<string, string>? Metadata(ParseResult parse)
    {
        if (parse.GetValue(_metadata) is not { Length: > 0 } pairs)
        {
            return null;
        }

        var answers = new Dictionary<string, string>();
        foreach (var pair in pairs)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw CliException.Usage($"'{pair}' is not NAME=VALUE.", "write --metadata NAME=VALUE");
            }

            answers[pair[..at]] = pair[(at + 1)..];
        }

        return answers;
    }
}
