using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Palio.Protocol.Evaluations;
using Palio.Referee.Playing;

namespace Palio.Referee.Legacy;

/// <summary>EvalAI's API as far as a scoring environment uses it: the result of its own submission, sent with its own token.</summary>
internal sealed class SubmissionApi(LegacyPlan plan, LegacyReferee referee)
{
    /// <summary>Largest body: the result, and whatever the environment takes for its output.</summary>
    public const int MostBytes = 16 << 20;

    // A loop that sends what is refused again and again ends here.
    private const int MostRequests = 1000;
    private const int MostRefused = 20;

    private readonly string _path = string.Create(CultureInfo.InvariantCulture, $"/api/jobs/challenge/{plan.Challenge}/update_submission");
    private int _requests;
    private int _refused;
    private LegacyEnd? _accepted;

    public async Task HandleAsync(HttpContext context)
    {
        var (status, key, text) = Interlocked.Increment(ref _requests) > MostRequests
            ? (StatusCodes.Status429TooManyRequests, "detail", "Too many requests.")
            : await AnswerAsync(context).ConfigureAwait(false);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($"{{\"{key}\": \"{JsonEncodedText.Encode(text)}\"}}").ConfigureAwait(false);
        await context.Response.CompleteAsync().ConfigureAwait(false);
        if (_accepted is { } end)
        {
            // Only now: the environment should read that its result was taken.
            referee.TryEnd(end);
        }
    }

    private async Task<(int Status, string Key, string Text)> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsOurs(request.Headers.Authorization.ToString()))
        {
            return (StatusCodes.Status401Unauthorized, "detail", "Invalid token");
        }

        var path = "/" + string.Join('/', (request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries));
        if (path != _path)
        {
            return (StatusCodes.Status404NotFound, "error", $"Only {_path}/ is there for an environment.");
        }

        if (!HttpMethods.IsPut(request.Method) && !HttpMethods.IsPatch(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "detail", $"Method \"{SideText.Clean(request.Method, 20)}\" not allowed.");
        }

        var body = await BoundedBody.ReadAsync(request.Body, MostBytes, context.RequestAborted).ConfigureAwait(false);
        if (body is null)
        {
            return Refuse($"a body larger than {MostBytes} bytes");
        }

        var fields = UpdateFields.Read(request.ContentType, Encoding.UTF8.GetString(body));
        return fields is null
            ? Refuse("a body that is neither a form nor a JSON object")
            : HttpMethods.IsPut(request.Method) ? Put(fields) : Patch(fields);
    }

    // EvalAI takes progress by PATCH and the end by PUT; environments in the wild send their result by either.
    private (int Status, string Key, string Text) Patch(UpdateFields fields) =>
        fields.Number("submission") == plan.Submission && fields.Text("submission_status")?.ToLowerInvariant() is "queued" or "running"
            ? (StatusCodes.Status200OK, "success", "Noted.")
            : Put(fields);

    private (int Status, string Key, string Text) Put(UpdateFields fields)
    {
        if (fields.Number("submission") != plan.Submission)
        {
            return Refuse($"the submission must be {plan.Submission}");
        }

        switch (fields.Text("submission_status")?.ToLowerInvariant())
        {
            case "finished":
                return Finish(fields);
            case "failed" or "cancelled":
                Accept(new LegacyEnd(null, new FaultException(FaultCode.EnvironmentCrashed, $"the environment says that the evaluation failed: {fields.Text("stderr")}").Fault));
                return (StatusCodes.Status200OK, "success", "Submission result has been successfully updated");
            default:
                return Refuse("the submission_status must be finished, failed or cancelled (or, by PATCH, queued or running)");
        }
    }

    private (int Status, string Key, string Text) Finish(UpdateFields fields)
    {
        if (fields.Number("challenge_phase") != plan.Phase)
        {
            return Refuse($"the challenge_phase must be {plan.Phase}");
        }

        var (scores, wrong) = LegacyScores.Read(fields.Text("result"), plan.Boards);
        if (wrong is not null)
        {
            return Refuse(wrong);
        }

        // The same again is no news, and another one comes too late; either way the first stands.
        Accept(new LegacyEnd(scores, null));
        return (StatusCodes.Status200OK, "success", "Submission result has been successfully updated");
    }

    private void Accept(LegacyEnd end) => Interlocked.CompareExchange(ref _accepted, end, null);

    private (int Status, string Key, string Text) Refuse(string why)
    {
        if (_accepted is null && Interlocked.Increment(ref _refused) <= MostRefused)
        {
            referee.TellRefused(why);
        }

        return (StatusCodes.Status400BadRequest, "error", $"{char.ToUpperInvariant(why[0])}{why[1..]}.");
    }

    private bool IsOurs(string authorization)
    {
        var parts = authorization.Split(' ', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && (parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase) || parts[0].Equals("Token", StringComparison.OrdinalIgnoreCase))
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(parts[1]), Encoding.UTF8.GetBytes(plan.Token));
    }
}
