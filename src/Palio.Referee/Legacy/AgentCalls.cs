using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Pickles;

namespace Palio.Referee.Legacy;

/// <summary>
/// The agent's two calls: each is checked, carried to the environment, and its answer checked, one after the other. What is no plain
/// data ends the evaluation; the other side never sees it.
/// </summary>
internal sealed class AgentCalls(LegacyPlan plan, EnvironmentCaller environment, LegacyReferee referee) : IDisposable
{
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;
    private const int Internal = 13;

    private static readonly string[] Paths = ["/evaluation.Environment/get_action_space", "/evaluation.Environment/act_on_environment"];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PickleChecker _checker = new(new PickleLimits { MaxBytes = plan.MaxMessageBytes });

    public async Task HandleAsync(HttpContext context)
    {
        referee.TellReady("agent");
        context.Response.ContentType = "application/grpc";
        var path = Array.Find(Paths, known => known == context.Request.Path.Value);
        if (path is null || !HttpMethods.IsPost(context.Request.Method))
        {
            Answer(context, Unimplemented, "only get_action_space and act_on_environment are there");
            return;
        }

        // The agent's own deadline does not cut the environment's answer short: the next call would meet it in the middle of this one.
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await CarryAsync(context, path).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task CarryAsync(HttpContext context, string path)
    {
        var body = await BoundedBody.ReadAsync(context.Request.Body, plan.MaxMessageBytes + GrpcMessage.MostOverhead, context.RequestAborted).ConfigureAwait(false);
        if (body is null)
        {
            referee.TryEnd(FaultCode.AgentMessageTooLarge, $"the agent sent a message larger than {plan.MaxMessageBytes} bytes");
            Answer(context, ResourceExhausted, $"a message larger than {plan.MaxMessageBytes} bytes");
            return;
        }

        if (Refused(body, out var action) is { } refusal)
        {
            referee.TryEnd(FaultCode.AgentProtocol, $"the agent's call {referee.Calls + 1} was refused: {refusal}");
            Answer(context, InvalidArgument, refusal);
            return;
        }

        var answer = await environment.CallAsync(path, GrpcMessage.Wrap(action.Span), CancellationToken.None).ConfigureAwait(false);
        if (answer.Status != 0)
        {
            Answer(context, answer.Status, answer.Message);
            return;
        }

        if (Refused(answer.Body, out var feedback) is { } wrong)
        {
            referee.TryEnd(FaultCode.EnvironmentProtocol, $"the environment's answer to call {referee.Calls} was refused: {wrong}");
            Answer(context, Internal, "the environment's answer was refused");
            return;
        }

        referee.TellProgress();
        await context.Response.BodyWriter.WriteAsync(GrpcMessage.Wrap(feedback.Span), context.RequestAborted).ConfigureAwait(false);
        Answer(context, 0, "");
    }

    private string? Refused(byte[] body, out ReadOnlyMemory<byte> payload)
    {
        var (found, wrong) = GrpcMessage.Unwrap(body);
        payload = found ?? default;

        // get_action_space has nothing to say and may say it without a pickle.
        return wrong ?? (payload.IsEmpty ? null : _checker.Check(payload.Span)?.ToString());
    }

    private static void Answer(HttpContext context, int status, string message)
    {
        var code = status.ToString(CultureInfo.InvariantCulture);
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (trailers is null)
        {
            return;
        }

        trailers["grpc-status"] = code;
        if (message.Length > 0)
        {
            trailers["grpc-message"] = Uri.EscapeDataString(message);
        }
    }
}
