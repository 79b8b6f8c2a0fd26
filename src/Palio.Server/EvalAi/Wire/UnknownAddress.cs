using Microsoft.AspNetCore.Routing.Template;
using Palio.Server.Errors;

namespace Palio.Server.EvalAi.Wire;

/// <summary>What to say of an address below <c>/api</c> that answers nothing: wrong method, or no such address.</summary>
internal sealed class UnknownAddress(IServiceProvider services)
{
    // Read at the first use: the addresses are mapped by then.
    private readonly Lazy<IReadOnlyList<TemplateMatcher>> _known = new(() => [.. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText is { } text && text.StartsWith("/api/", StringComparison.Ordinal) && !text.Contains("{**", StringComparison.Ordinal))
        .Select(endpoint => new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []))]);

    public PalioException Refusal(HttpRequest request) =>
        EvalAiDoor.Covers(request.Path) && _known.Value.Any(matcher => matcher.TryMatch(request.Path, []))
            ? EvalAiErrors.WrongMethod(request.Method)
            : PalioException.NotFound("address in the API");
}
