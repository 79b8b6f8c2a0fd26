using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Ecr;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>Takes what <c>evalai push</c> and <c>submit</c> send. Each is a submission of its own, as on EvalAI.</summary>
internal static class Submitting
{
    public static async Task<IResult> CreateAsync(
        int challenge, int phase, EvalAiBody body, Lookups lookups, SubmissionShow show, CurrentUser caller, PalioDbContext db, IImageCatalog catalog, EvaluationQueue queue,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        if (body.File("input_file") is not { } file)
        {
            return EvalAiResults.Invalid("input_file", "No file was submitted.");
        }

        if (await SubmittedImage.ReadAsync(file, cancellationToken) is not { } uri)
        {
            return EvalAiResults.Invalid("input_file", "The file must be JSON with the key 'submitted_image_uri': 'evalai push' sends it.");
        }

        var part = await lookups.ParticipationAsync(found.Access, cancellationToken);
        if (part is null)
        {
            return EvalAiResults.Error(StatusCodes.Status403Forbidden, "You haven't participated in the challenge");
        }

        var repository = RepositoryName.Parse($"{found.Access.Challenge.Slug}/{part.Team.Slug}");
        var request = Request(body, found) with { Digest = (await SubmittedImage.ResolveAsync(uri, repository, catalog, cancellationToken)).ToString() };
        var (made, _) = await CreateSubmission.HandleAsync(EvalAiBody.Checked(request), null, again: true, caller, db, catalog, queue, time, cancellationToken);
        return EvalAiResults.Created(await show.OneAsync(made.Id, cancellationToken));
    }

    private static SubmitRequest Request(EvalAiBody body, FoundPhase found)
    {
        var declaration = ChallengeViews.Declaration(found.Phase.Current);
        var shown = body.Flag("is_public");
        return new SubmitRequest
        {
            Challenge = found.Access.Challenge.Slug,
            Phase = found.Phase.Codename,
            Digest = "",
            MethodName = body.Filled("method_name"),
            MethodDescription = body.Filled("method_description"),
            ProjectUrl = body.Filled("project_url"),
            PublicationUrl = body.Filled("publication_url"),

            // EvalAI overwrites a choice that the phase does not leave to teams, without a word; its clients count on the submission being taken.
            Public = found.Access.MayManage || shown is not { } wanted || SubmissionRefusals.MayShow(declaration, wanted) ? shown : null,
            Metadata = EvalAiAnswer.Read(body, declaration),
        };
    }
}
