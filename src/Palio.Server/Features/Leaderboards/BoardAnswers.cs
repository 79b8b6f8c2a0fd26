using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Palio.Server.Data;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// Keeps what a board answers to nobody in particular, JSON and page, compressed where that was asked for, as long as this process writes
/// nothing that boards show and for half a second at most, so that what another replica writes is seen within a second. A crowd before a
/// board costs as much as one visitor: a kept answer is some bytes and a tag, sent before anything else looks at the request.
/// </summary>
internal sealed class BoardAnswers(WriteEpoch epoch, TimeProvider time)
{
    private const long MostBytes = 32 << 20;
    private const int MostQuestions = 10_000;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Question, Place> _places = new();
    private long _bytes;

    public Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsBoard(context.Request))
        {
            return next(context);
        }

        var place = _places.GetOrAdd(Question.Of(context.Request), static _ => new Place());
        return place.Answer is { } kept && IsFresh(kept) ? SendAsync(kept, context, next) : MakeAsync(place, context, next);
    }

    private bool IsFresh(Answer kept) => kept.Epoch == epoch.Current && time.GetElapsedTime(kept.Made) < Longest;

    // By one for all who wait for it.
    private async Task MakeAsync(Place place, HttpContext context, RequestDelegate next)
    {
        await place.One.WaitAsync(context.RequestAborted);
        try
        {
            if (place.Answer is not { } meanwhile || !IsFresh(meanwhile))
            {
                var (before, made) = (epoch.Current, time.GetTimestamp());
                var answer = new Answer(before, made, await CaptureAsync(context, next));
                Keep(place, answer);
                if (answer.Content is null)
                {
                    return; // it was for this one request, and has been sent
                }
            }
        }
        finally
        {
            place.One.Release();
        }

        await SendAsync(place.Answer, context, next);
    }

    /// <summary>Lets the others answer, and takes what they say; sends it and gives null when it is not to be kept.</summary>
    private static async Task<Content?> CaptureAsync(HttpContext context, RequestDelegate next)
    {
        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        try
        {
            await next(context);
            await context.Response.CompleteAsync();
        }
        finally
        {
            context.Features.Set(sent);
        }

        var bytes = body.ToArray();
        var response = context.Response;
        if (response.StatusCode == StatusCodes.Status200OK && StringValues.IsNullOrEmpty(response.Headers.SetCookie))
        {
            return new Content(bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"", [.. response.Headers]);
        }

        await response.Body.WriteAsync(bytes, context.RequestAborted);
        return null;
    }

    private void Keep(Place place, Answer answer)
    {
        var grown = (answer.Content?.Body.Length ?? 0) - (place.Answer?.Content?.Body.Length ?? 0);
        place.Answer = answer;
        if (Interlocked.Add(ref _bytes, grown) > MostBytes || _places.Count > MostQuestions)
        {
            _places.Clear();
            Interlocked.Exchange(ref _bytes, 0);
        }
    }

    private static Task SendAsync(Answer? answer, HttpContext context, RequestDelegate next)
    {
        if (answer?.Content is not { } content)
        {
            return next(context);
        }

        var (request, response) = (context.Request, context.Response);
        foreach (var (name, value) in content.Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers.CacheControl = "no-cache"; // may be kept, and is asked for again by its tag
        response.Headers.ETag = content.Tag;
        response.Headers.Age = "0";
        if (request.Headers.IfNoneMatch is [{ } known] && known.Contains(content.Tag, StringComparison.Ordinal))
        {
            (response.StatusCode, response.ContentLength) = (StatusCodes.Status304NotModified, null);
            return Task.CompletedTask;
        }

        response.ContentLength = content.Body.Length;
        return response.Body.WriteAsync(content.Body, context.RequestAborted).AsTask();
    }

    // Nobody in particular: neither a token nor any cookie came along, so that nothing of anybody's can be kept.
    internal static bool IsBoard(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path.Value is { } path
        && (path.StartsWith("/api/v1/challenges/", StringComparison.Ordinal) ? path.EndsWith("/leaderboard", StringComparison.Ordinal) : IsPage(path))
        && StringValues.IsNullOrEmpty(request.Headers.Authorization) && StringValues.IsNullOrEmpty(request.Headers.Cookie);

    private static bool IsPage(string path) =>
        path.StartsWith("/challenges/", StringComparison.Ordinal) && path.Contains("/leaderboard", StringComparison.Ordinal)
        && !path.EndsWith("/events", StringComparison.Ordinal) && !path.EndsWith("/csv", StringComparison.Ordinal);

    /// <summary>All of a request that an answer may depend on.</summary>
    private readonly record struct Question(string Scheme, string Host, string Base, string Path, string Query, string Accept, string Encoding)
    {
        public static Question Of(HttpRequest request) => new(
            request.Scheme, request.Host.Value ?? "", request.PathBase.Value ?? "", request.Path.Value ?? "", request.QueryString.Value ?? "",
            request.Headers.Accept.ToString(), request.Headers.AcceptEncoding.ToString());
    }

    private sealed class Place
    {
        private Answer? _answer;

        public SemaphoreSlim One { get; } = new(1);

        public Answer? Answer
        {
            get => Volatile.Read(ref _answer);
            set => Volatile.Write(ref _answer, value);
        }
    }

    /// <param name="Epoch">Read before it was made.</param>
    /// <param name="Made">When that began.</param>
    /// <param name="Content">Null for what is each request's own: a refusal, a cookie.</param>
    private sealed record Answer(long Epoch, long Made, Content? Content);

    private sealed record Content(byte[] Body, string Tag, KeyValuePair<string, StringValues>[] Headers);
}

internal static class BoardAnswersSetup
{
    /// <summary>Before compression, so that what is kept is kept compressed, and before all that a kept answer does not need.</summary>
    public static void UseBoardAnswers(this WebApplication app) => app.Use(app.Services.GetRequiredService<BoardAnswers>().AnswerAsync);
}
