using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Palio.Registry;

/// <summary>Exchanges credentials for a token: GET as docker asks, POST as containerd does first.</summary>
internal sealed class TokenEndpoint(RegistryAccess access, RegistryTokens tokens)
{
    private static readonly FormOptions FormLimits = new() { BufferBodyLengthLimit = 64 * 1024, ValueCountLimit = 100 };

    public async Task<IResult> HandleAsync(HttpContext context, IRegistryAuthorizer authorizer, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method))
        {
            return await GetAsync(context, authorizer, cancellationToken);
        }

        return HttpMethods.IsPost(request.Method)
            ? await PostAsync(context, authorizer, cancellationToken)
            : RegistryErrors.Unsupported("Ask for a token with GET or POST.");
    }

    private async Task<IResult> GetAsync(HttpContext context, IRegistryAuthorizer authorizer, CancellationToken cancellationToken)
    {
        var header = context.Request.Headers.Authorization.ToString();
        RegistryCredentials? credentials = null;
        if (header.Length > 0)
        {
            if (!RegistryAccess.TryReadBasic(header, out var given))
            {
                return Wrong();
            }

            credentials = given;
        }

        return await IssueAsync(context, authorizer, credentials, context.Request.Query["scope"], cancellationToken);
    }

    private async Task<IResult> PostAsync(HttpContext context, IRegistryAuthorizer authorizer, CancellationToken cancellationToken)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength > FormLimits.BufferBodyLengthLimit)
        {
            return new RegistryError(400, "UNSUPPORTED", "Send a form: grant_type, username, password, service, scope.");
        }

        IFormCollection form;
        try
        {
            form = await new FormFeature(context.Request, FormLimits).ReadFormAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            return new RegistryError(400, "UNSUPPORTED", "The form is too large or malformed.");
        }

        // No refresh tokens are given out, so none can be good.
        return form["grant_type"] == "password"
            ? await IssueAsync(
                context, authorizer, new RegistryCredentials(form["username"].ToString(), form["password"].ToString()), form["scope"], cancellationToken)
            : new RegistryError(400, "UNSUPPORTED", "Only the password grant is supported. Sign in again with docker login.");
    }

    private async Task<IResult> IssueAsync(
        HttpContext context, IRegistryAuthorizer authorizer, RegistryCredentials? credentials, IEnumerable<string?> scopes,
        CancellationToken cancellationToken)
    {
        var caller = new RegistryCaller(RegistryIdentity.Anonymous, null);
        if (credentials is not null)
        {
            var (signedIn, throttled) = await access.SignInAsync(context, authorizer, credentials, cancellationToken);
            if (signedIn is null)
            {
                return throttled ?? Wrong();
            }

            caller = signedIn;
        }

        // The intersection of asked and allowed; nothing at all is still a token, refused later at the resource.
        var granted = new List<RegistryScope>();
        foreach (var scope in RegistryScope.Parse(scopes))
        {
            var actions = await caller.MayAsync(authorizer, scope.Repository, scope.Actions, cancellationToken);
            if (actions != RegistryActions.None)
            {
                granted.Add(scope with { Actions = actions });
            }
        }

        var (token, claims) = caller.Token is { } own ? tokens.Narrow(own, granted) : tokens.Issue(caller.Identity, granted);
        context.Response.Headers.CacheControl = "no-store";
        return new JsonAnswer<TokenAnswer>(
            new TokenAnswer(
                token,
                token,
                claims.Expires - claims.IssuedAt,
                DateTimeOffset.FromUnixTimeSeconds(claims.IssuedAt).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                string.Join(' ', granted)),
            RegistryJson.Default.TokenAnswer);
    }

    private static RegistryError Wrong() =>
        RegistryErrors.Unauthorized("The user name or the token given as password is wrong.", "Basic realm=\"Palio\"");
}

internal sealed record TokenAnswer(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    [property: JsonPropertyName("issued_at")] string IssuedAt,
    [property: JsonPropertyName("scope")] string Scope);
