using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Ecr;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions;
using Palio.Server.Storage;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>Takes what <c>evalai push</c> and <c>submit</c> send. Each is a submission of its own, as on EvalAI.</summary>
internal static class Submitting
{
    public static async Task<IResult> CreateAsync(
        int challenge, int phase, HttpContext context, Lookups lookups, Intake intake, SubmissionShow show, CancellationToken cancellationToken)
    {
        FoundPhase found;
        ChallengeParticipation? part;
        try
        {
            found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
            part = await lookups.ParticipationAsync(found.Access, cancellationToken);
            if (part is not null)
            {
                await intake.AskAsync(found, cancellationToken);
            }
        }
        catch (PalioException)
        {
            await FileUpload.DrainAsync(context.Request, cancellationToken); // refused before the file is read; but the client reads no answer before it has sent all
            throw;
        }

        if (part is null)
        {
            await FileUpload.DrainAsync(context.Request, cancellationToken);
            return ReadingSubmissions.NotParticipating();
        }

        var body = await EvalAiBody.BindAsync(context);
        if (body.File("input_file") is not { } file)
        {
            return EvalAiResults.Invalid("input_file", "No file was submitted.");
        }

        var texts = Texts(body, found);
        try
        {
            var id = ChallengeViews.Declaration(found.Phase.Current).TakesFiles
                ? await intake.FileAsync(file, texts, cancellationToken)
                : await intake.ImageAsync(file, texts, RepositoryName.Parse($"{found.Access.Challenge.Slug}/{part.Team.Slug}"), cancellationToken);
            return EvalAiResults.Created(await show.OneAsync(id, cancellationToken));
        }
        catch (PalioException refusal) when (IsOfInput(refusal.Code))
        {
            // EvalAI's client shows both the error and what the file's field says, and of other statuses than 400 nothing.
            return EvalAiResults.Invalid("input_file", $"{refusal.Message} {refusal.Remedy}");
        }
    }

    private static bool IsOfInput(string code) => code is RefusalCodes.FileType or RefusalCodes.FileTooLarge or RefusalCodes.FileEmpty
        or RefusalCodes.ImageMissing or RefusalCodes.ImageArchitecture or RefusalCodes.ImageTooLarge or RefusalCodes.ImageEntrypoint;

    public static SubmitFileRequest Texts(EvalAiBody body, FoundPhase found)
    {
        var declaration = ChallengeViews.Declaration(found.Phase.Current);
        var shown = body.Flag("is_public");
        return EvalAiBody.Checked(new SubmitFileRequest
        {
            Challenge = found.Access.Challenge.Slug,
            Phase = found.Phase.Codename,
            MethodName = body.Filled("method_name"),
            MethodDescription = body.Filled("method_description"),
            ProjectUrl = body.Filled("project_url"),
            PublicationUrl = body.Filled("publication_url"),

            // EvalAI overwrites a choice that the phase does not leave to teams, without a word; its clients count on the submission being taken.
            Public = found.Access.MayManage || shown is not { } wanted || SubmissionRefusals.MayShow(declaration, wanted) ? shown : null,
            Metadata = EvalAiAnswer.Read(body, declaration),
        });
    }
}

/// <summary>Hands what was sent to the use case that takes it.</summary>
internal sealed class Intake(
    CurrentUser caller, PalioDbContext db, IImageCatalog catalog, ContentStore store, EvaluationQueue queue, IOptions<ScoringOptions> options, TimeProvider time)
{
    /// <summary>Asks the phase's rules, before what is sent is read.</summary>
    public Task AskAsync(FoundPhase found, CancellationToken cancellationToken) => SubmissionIntake.AskAsync(
        found.Access.Challenge.Slug, found.Phase.Codename, ChallengeViews.Declaration(found.Phase.Current).TakesFiles, caller, db, time, cancellationToken);

    public async Task<int> FileAsync(IFormFile file, SubmitFileRequest texts, CancellationToken cancellationToken)
    {
        await using var stream = file.OpenReadStream();
        using var uploaded = new UploadedFile(UploadedFile.NameOf(file.FileName), await store.StageAsync(stream, options.Value.MaxFileBytes, cancellationToken));
        return (await CreateFileSubmission.HandleAsync(texts, uploaded, null, again: true, caller, db, queue, options, time, cancellationToken)).Submission.Id;
    }

    /// <summary>The file names an image that was pushed.</summary>
    public async Task<int> ImageAsync(IFormFile file, SubmitFileRequest texts, RepositoryName repository, CancellationToken cancellationToken)
    {
        var uri = await SubmittedImage.ReadAsync(file, cancellationToken) ?? throw PalioException.Invalid(
            "input_file", "This phase takes images: the file must be JSON with the key 'submitted_image_uri'.", "'evalai push' pushes an image and sends it.");
        var request = new SubmitRequest
        {
            Challenge = texts.Challenge,
            Phase = texts.Phase,
            Digest = (await SubmittedImage.ResolveAsync(uri, repository, catalog, cancellationToken)).ToString(),
            MethodName = texts.MethodName,
            MethodDescription = texts.MethodDescription,
            ProjectUrl = texts.ProjectUrl,
            PublicationUrl = texts.PublicationUrl,
            Public = texts.Public,
            Metadata = texts.Metadata,
        };
        return (await CreateSubmission.HandleAsync(request, null, again: true, caller, db, catalog, queue, time, cancellationToken)).Submission.Id;
    }
}
