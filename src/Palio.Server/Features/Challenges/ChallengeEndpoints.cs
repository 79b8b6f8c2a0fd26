using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Challenges;

/// <summary>Routes of challenges.</summary>
internal static class ChallengeEndpoints
{
    public static void AddChallenges(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<ChallengeOptions, ChallengeOptions.Validator>(configuration, ChallengeOptions.Section);
        services.AddValidated<ScoringOptions, ScoringOptions.Validator>(configuration, ScoringOptions.Section);
        services.AddSingleton<EnvironmentImages>();
        services.AddSingleton<BundleStore>();
        services.AddScoped<AnnotationUploads>();
        services.AddScoped<EditChallenge>();
    }

    public static void MapChallenges(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/challenges").WithTags("Challenges");
        group.MapGet("", ListAsync).WithName("ListChallenges").AllowAnonymous();
        group.MapPost("", PublishAsync).WithName("PublishChallenge").RequireAuthorization(Policies.Host)
            .Produces<PublishResult>(StatusCodes.Status422UnprocessableEntity);
        group.MapGet("/{challenge}", GetAsync).WithName("GetChallenge").AllowAnonymous().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{challenge}/logo", LogoAsync).WithName("GetChallengeLogo").AllowAnonymous();
        group.MapPost("/{challenge}/review", ReviewAsync).WithName("ReviewChallenge").RequireAuthorization(Policies.Admin);
        group.MapPost("/{challenge}/participation", JoinAsync).WithName("JoinChallenge").RequireAuthorization(Policies.Submit)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/{challenge}/participation", LeaveAsync).WithName("LeaveChallenge").RequireAuthorization(Policies.Submit);
        group.MapGet("/{challenge}/participants", ParticipantsAsync).WithName("ListParticipants").RequireAuthorization(Policies.Host);
        group.MapPost("/{challenge}/participants/{id:int}/{decision}", DecideAsync).WithName("DecideParticipant").RequireAuthorization(Policies.Host);
        group.MapPost("/{challenge}/phases/{phase}/pause", PauseAsync).WithName("PausePhase").RequireAuthorization(Policies.Host);
        group.MapPost("/{challenge}/phases/{phase}/resume", ResumeAsync).WithName("ResumePhase").RequireAuthorization(Policies.Host);
        group.MapPost("/{challenge}/worker-tokens", WorkerTokenAsync).WithName("CreateWorkerToken").RequireAuthorization(Policies.Host);
        group.MapGet("/{challenge}/phases/{phase}/metadata", MetadataAsync).WithName("GetMetadataForm").AllowAnonymous();
    }

    private static Task<Page<ChallengeSummary>> ListAsync(
        string? state, bool? mine, bool? participating, int? page, int? size, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        ChallengeState? wanted = state is null ? null
            : Enum.TryParse<ChallengeState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed
            : throw PalioException.Invalid("state", $"'{state}' is no state of a challenge.", "Write waiting, upcoming, ongoing, past or refused.");
        return ListChallenges.HandleAsync(wanted, mine ?? false, participating ?? false, new Paging(page, size), caller, db, time, cancellationToken);
    }

    private static async Task<Results<Created<PublishResult>, Ok<PublishResult>, UnprocessableEntity<PublishResult>>> PublishAsync(
        HttpRequest request, int? team, bool? dryRun, CurrentUser caller, PalioDbContext db, EnvironmentImages images, BundleStore store,
        IOptions<ChallengeOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var archive = await ReadArchiveAsync(request, options.Value.MaxBundleBytes, cancellationToken);
        var result = await PublishChallenge.HandleAsync(archive, new PublishInto(team), dryRun ?? false, caller, db, images, store, options, time, cancellationToken);
        return result switch
        {
            { Challenge: null, Changed: false } => TypedResults.UnprocessableEntity(result),
            { Revision: 1, Changed: true, Challenge: { } made } => TypedResults.Created($"/api/v1/challenges/{made.Slug}", result),
            _ => TypedResults.Ok(result),
        };
    }

    // The zip as the body, or as the form file "bundle".
    private static async Task<byte[]> ReadArchiveAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit + (64 << 10);
        }

        var body = request.Body;
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = limit }, cancellationToken);
            body = form.Files["bundle"]?.OpenReadStream() ?? throw PalioException.Invalid("bundle", "The form has no file 'bundle'.", "Send the zip as the body, or as that file.");
        }

        using var archive = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (archive.Length + read > limit)
            {
                throw new PalioException(StatusCodes.Status413PayloadTooLarge, RefusalCodes.BundleInvalid,
                    $"The bundle is larger than {limit} bytes.", "Leave out what the challenge's pages do not need.");
            }

            archive.Write(buffer, 0, read);
        }

        return archive.ToArray();
    }

    private static Task<ChallengeDetail> GetAsync(
        string challenge, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken) =>
        GetChallenge.HandleAsync(challenge, caller, db, address, time, cancellationToken);

    private static async Task<PhysicalFileHttpResult> LogoAsync(
        string challenge, HttpResponse response, CurrentUser caller, PalioDbContext db, BundleStore store, CancellationToken cancellationToken)
    {
        var found = (await ChallengeAccess.FindAsync(challenge, caller, db, cancellationToken)).Challenge;
        var type = await db.ChallengeRevisions.Where(r => r.ChallengeId == found.Id && r.Number == found.Revision).Select(r => r.LogoType)
            .FirstOrDefaultAsync(cancellationToken);
        var path = store.LogoPath(found.Slug, found.Revision);
        if (type is null || !File.Exists(path))
        {
            throw PalioException.NotFound("logo");
        }

        response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.PhysicalFile(path, type);
    }

    private static Task<ChallengeDetail> ReviewAsync(
        string challenge, ReviewRequest request, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken) =>
        ReviewChallenge.HandleAsync(challenge, request, caller, db, address, time, cancellationToken);

    private static async Task<Created<Participation>> JoinAsync(
        string challenge, ParticipateRequest request, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Created(
            $"/api/v1/challenges/{challenge}", await JoinChallenge.HandleAsync(challenge, request, caller, db, time, cancellationToken));

    private static async Task<NoContent> LeaveAsync(string challenge, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        await JoinChallenge.LeaveAsync(challenge, caller, db, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<Page<ParticipantRow>> ParticipantsAsync(
        string challenge, int? page, int? size, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        ManageParticipants.ListAsync(challenge, new Paging(page, size), caller, db, cancellationToken);

    private static Task<Participation> DecideAsync(
        string challenge, int id, string decision, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        ManageParticipants.DecideAsync(
            challenge, id,
            Enum.TryParse<ParticipantDecision>(decision, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : throw PalioException.NotFound("decision"),
            caller, db, time, cancellationToken);

    private static Task<ChallengeDetail> PauseAsync(
        string challenge, string phase, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken) =>
        PausePhase.HandleAsync(challenge, phase, pause: true, caller, db, address, time, cancellationToken);

    private static Task<ChallengeDetail> ResumeAsync(
        string challenge, string phase, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken) =>
        PausePhase.HandleAsync(challenge, phase, pause: false, caller, db, address, time, cancellationToken);

    private static async Task<Created<CreatedWorkerToken>> WorkerTokenAsync(
        string challenge, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Created("/api/v1/tokens", await CreateWorkerToken.HandleAsync(challenge, caller, db, time, cancellationToken));

    private static Task<IReadOnlyList<MetadataAttribute>> MetadataAsync(
        string challenge, string phase, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        GetMetadataForm.HandleAsync(challenge, phase, caller, db, cancellationToken);
}
