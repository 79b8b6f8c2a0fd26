using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Decides who calls and whether they may; words the challenges.</summary>
internal sealed class RegistryAccess(RegistryTokens tokens, SignInThrottle throttle, IOptions<RegistryOptions> options)
{
    private const string SignInFirst = "Sign in first: docker login with your user name and an API token as password.";

    private const string BearerPrefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    /// <summary>The caller, or the error to answer with. A request without credentials is an anonymous caller's.</summary>
    public async ValueTask<(RegistryCaller? Caller, RegistryError? Refused)> IdentifyAsync(
        HttpContext context, IRegistryAuthorizer authorizer, IReadOnlyList<RegistryScope> wanted, CancellationToken cancellationToken)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return (new RegistryCaller(RegistryIdentity.Anonymous, null), null);
        }

        if (header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
        {
            var check = tokens.Check(header[BearerPrefix.Length..].Trim());
            return check.Claims is { } claims
                ? (new RegistryCaller(claims.Identity, claims), null)
                : (null, Challenge(context, wanted, check.Expired ? "The token has expired." : "The token is not valid.", "invalid_token"));
        }

        if (TryReadBasic(header, out var credentials))
        {
            var (caller, refused) = await SignInAsync(context, authorizer, credentials, cancellationToken);
            return caller is null && refused is null
                ? (null, Challenge(context, wanted, "The user name or the token given as password is wrong."))
                : (caller, refused);
        }

        return (null, Challenge(context, wanted, "The Authorization header is not understood."));
    }

    /// <summary>Neither a caller nor an error: the credentials are wrong.</summary>
    public async ValueTask<(RegistryCaller? Caller, RegistryError? Throttled)> SignInAsync(
        HttpContext context, IRegistryAuthorizer authorizer, RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        var address = SignInThrottle.AddressOf(context.Connection.RemoteIpAddress);
        if (throttle.Wait(credentials.UserName, address) is { } seconds)
        {
            return (null, RegistryErrors.TooManyRequests($"Too many failed sign-ins. Try again in {seconds} seconds.", seconds));
        }

        // A worker's own token works as a password, too: not every engine takes bearer tokens.
        if (tokens.Check(credentials.Secret).Claims is { Standalone: true } claims)
        {
            return (new RegistryCaller(claims.Identity, claims), null);
        }

        if (await authorizer.AuthenticateAsync(credentials, cancellationToken) is { } identity)
        {
            return (new RegistryCaller(identity, null), null);
        }

        throttle.Failed(credentials.UserName, address);
        return (null, null);
    }

    /// <summary>Null when the caller may do the first of these; the others are only told to the client as worth asking for.</summary>
    public async ValueTask<RegistryError?> DemandAsync(
        HttpContext context, IRegistryAuthorizer authorizer, RegistryCaller caller, IReadOnlyList<RegistryScope> wanted,
        CancellationToken cancellationToken)
    {
        var (repository, actions) = wanted[0];
        if (await caller.MayAsync(authorizer, repository, actions, cancellationToken) == actions)
        {
            return null;
        }

        // Nonexistent and forbidden repositories look the same. 403 only where a fresh token could not help.
        if (caller.Token is { } token && (token.ActionsOn(repository) & actions) != actions)
        {
            return Challenge(context, wanted, caller.Identity.IsAnonymous ? SignInFirst : "The token does not allow this: the repository is another team's, or the account has no right to it.",
                "insufficient_scope");
        }

        return caller.Identity.IsAnonymous && caller.Token is null
            ? Challenge(context, wanted, SignInFirst)
            : RegistryErrors.Denied("You may not do this with this repository, or there is no such repository.");
    }

    public RegistryError Challenge(HttpContext context, IReadOnlyList<RegistryScope> wanted, string message, string? error = null)
    {
        var challenge = new StringBuilder($"Bearer realm=\"{Realm(context.Request)}\",service=\"{options.Value.Service}\"");
        if (wanted.Count > 0)
        {
            challenge.Append(CultureInfo.InvariantCulture, $",scope=\"{string.Join(' ', wanted)}\"");
        }

        if (error is not null)
        {
            challenge.Append(CultureInfo.InvariantCulture, $",error=\"{error}\"");
        }

        return RegistryErrors.Unauthorized(message, challenge.ToString());
    }

    public static bool TryReadBasic(string header, out RegistryCredentials credentials)
    {
        credentials = new RegistryCredentials("", "");
        if (!header.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var encoded = header[BasicPrefix.Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        credentials = new RegistryCredentials(text[..colon], text[(colon + 1)..]);
        return true;
    }

    // Absolute: a relative one breaks docker.
    private string Realm(HttpRequest request) =>
        options.Value.PublicUrl is { } url
            ? $"{url.GetLeftPart(UriPartial.Authority)}/v2/token"
            : $"{request.Scheme}://{request.Host.ToUriComponent()}/v2/token";
}
