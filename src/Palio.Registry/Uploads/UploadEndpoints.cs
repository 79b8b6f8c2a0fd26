using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Uploads: begin (or mount, or all in one), append, ask, finish, cancel.</summary>
internal sealed partial class UploadEndpoints(
    UploadSessions sessions, IRegistryIndex index, IOptions<RegistryOptions> options, ILogger<UploadEndpoints> logger)
{
    public async Task<IResult> StartAsync(RegistryRequest request)
    {
        var query = request.Http.Query;
        if (query["mount"].ToString() is { Length: > 0 } mount && await MountAsync(request, mount, query["from"].ToString()) is { } mounted)
        {
            return mounted;
        }

        Digest? whole = null;
        if (query["digest"].ToString() is { Length: > 0 } text && !Digest.TryParse(text, out whole))
        {
            return RegistryErrors.DigestInvalid("The digest parameter is not a valid sha256 or sha512 digest.");
        }

        var hint = whole?.Algorithm ?? query["digest-algorithm"].ToString();
        var (session, refused) = await sessions.StartAsync(
            request.Repository, request.Caller.Identity.Subject, Digest.IsKnownAlgorithm(hint) ? hint : Digest.Sha256, request.Aborted);
        if (session is null)
        {
            return refused!; // one of the two is there
        }

        if (whole is not null)
        {
            return await InTurnAsync(request, session, () => FinishAsync(request, session, whole));
        }

        session.Position.Describe(request.Response);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    public Task<IResult> AppendAsync(RegistryRequest request) => WithSessionAsync(request, async session =>
    {
        if (await ReceiveAsync(request, session) is { } refused)
        {
            return refused;
        }

        session.Position.Describe(request.Response);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    });

    public async Task<IResult> FinishAsync(RegistryRequest request) =>
        Digest.TryParse(request.Http.Query["digest"], out var digest)
            ? await WithSessionAsync(request, session => FinishAsync(request, session, digest))
            : RegistryErrors.DigestInvalid("The digest parameter is missing or not a valid sha256 or sha512 digest.");

    // Does not wait for a chunk that is just being received.
    public Task<IResult> AskAsync(RegistryRequest request)
    {
        if (Find(request) is not { } session)
        {
            return Task.FromResult<IResult>(RegistryErrors.UploadUnknown(request.Reference));
        }

        session.Position.Describe(request.Response);
        return Task.FromResult<IResult>(TypedResults.NoContent());
    }

    public Task<IResult> CancelAsync(RegistryRequest request) => WithSessionAsync(request, async session =>
    {
        await sessions.EndAsync(session, stored: false);
        return TypedResults.NoContent();
    });

    // Null: an ordinary upload instead. Never tells whether the source exists.
    private async ValueTask<IResult?> MountAsync(RegistryRequest request, string mount, string from)
    {
        if (!Digest.TryParse(mount, out var digest)
            || !RepositoryName.TryParseWritten(from, out var source)
            || await request.Caller.MayAsync(request.Authorizer, source, RegistryActions.Pull, request.Aborted) != RegistryActions.Pull
            || await index.FindBlobLengthAsync(source, digest, request.Aborted) is not { } length
            || await index.GetUsageAsync(request.Repository, request.Aborted) is var used && used.Objects >= options.Value.MaxObjectsPerRepository
            || length > await QuotaAsync(request) - used.Bytes
            || !await index.MountBlobAsync(source, request.Repository, digest, request.Aborted))
        {
            return null;
        }

        return Created(request, digest);
    }

    private async Task<IResult> FinishAsync(RegistryRequest request, UploadSession session, Digest digest)
    {
        if (await ReceiveAsync(request, session) is { } refused)
        {
            return refused;
        }

        var upload = session.Upload!; // open while the turn is held
        var length = upload.Length;
        if (!await upload.CommitAsync(digest, request.Aborted))
        {
            await sessions.EndAsync(session, stored: false);
            return RegistryErrors.DigestInvalid("What was received does not have the digest it was announced with. Push again.");
        }

        await index.LinkBlobAsync(request.Repository, digest, length, CancellationToken.None);
        await sessions.EndAsync(session, stored: true);
        LogStored(request.Repository, digest, length, request.Caller.Identity.Subject);
        return Created(request, digest);
    }

    // Null when the body was kept.
    private async ValueTask<RegistryError?> ReceiveAsync(RegistryRequest request, UploadSession session)
    {
        var upload = session.Upload!; // open while the turn is held
        var start = upload.Length;
        var announced = request.Http.ContentLength;
        ContentRange? place = null;
        if (request.Http.Headers.ContentRange.ToString() is { Length: > 0 } header)
        {
            if (!ContentRange.TryParse(header, out var range))
            {
                return RegistryErrors.UploadInvalid("Content-Range must be first-last, in bytes.");
            }

            if (range.First != start)
            {
                return RegistryErrors.UploadOutOfOrder($"The next chunk must begin at byte {start}.", session.Position);
            }

            if (announced is { } told && told != range.Length)
            {
                return RegistryErrors.SizeInvalid($"Content-Range speaks of {range.Length} bytes, Content-Length of {told}.");
            }

            place = range;
        }

        request.AllowLargeBody(options.Value);
        var quota = await QuotaAsync(request);
        if (announced is > 0)
        {
            // Refused before the body is read; what is promised here need not be counted again piece by piece.
            await sessions.ReserveAsync(session, announced.Value, quota, request.Aborted);
        }

        var received = await upload.AppendAsync(
            request.Http.Body,
            count => announced is > 0 ? ValueTask.CompletedTask : sessions.ReserveAsync(session, count, quota, request.Aborted),
            request.Aborted);
        if (place is { } p && received != p.Length)
        {
            await upload.TruncateAsync(start, request.Aborted);
            return RegistryErrors.SizeInvalid($"The chunk has {received} bytes, not the {p.Length} of its Content-Range.");
        }

        return null;
    }

    private async Task<IResult> WithSessionAsync(RegistryRequest request, Func<UploadSession, Task<IResult>> action) =>
        Find(request) is { } session
            ? await InTurnAsync(request, session, () => action(session))
            : RegistryErrors.UploadUnknown(request.Reference);

    private async Task<IResult> InTurnAsync(RegistryRequest request, UploadSession session, Func<Task<IResult>> action)
    {
        if (!await UploadSessions.EnterAsync(session, request.Aborted))
        {
            return session.IsGone
                ? RegistryErrors.UploadUnknown(session.Id)
                : RegistryErrors.TooManyRequests("Another request is writing to this upload.", 5);
        }

        try
        {
            return await action();
        }
        catch (RegistryException)
        {
            await sessions.EndAsync(session, stored: false); // over a limit: what was received is of no use
            throw;
        }
        finally
        {
            sessions.Leave(session);
        }
    }

    private UploadSession? Find(RegistryRequest request) =>
        sessions.Find(request.Repository, request.Reference, request.Caller.Identity.Subject);

    private ValueTask<long> QuotaAsync(RegistryRequest request) => request.QuotaAsync(options.Value);

    private static StatusCodeHttpResult Created(RegistryRequest request, Digest digest)
    {
        request.Response.Headers.Location = $"/v2/{request.Repository}/blobs/{digest}";
        request.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        return TypedResults.StatusCode(StatusCodes.Status201Created);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stored blob {Digest} of {Length} bytes in {Repository} for {Subject}")]
    private partial void LogStored(RepositoryName repository, Digest digest, long length, string subject);
}
