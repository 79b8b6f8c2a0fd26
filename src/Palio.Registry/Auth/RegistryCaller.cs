namespace Palio.Registry;

/// <summary>Who makes a request, and by which right.</summary>
/// <param name="Identity">The identity; anonymous when no credentials were given.</param>
/// <param name="Token">The token's claims, when one was given.</param>
internal sealed record RegistryCaller(RegistryIdentity Identity, TokenClaims? Token)
{
    /// <summary>What the caller may do: what the token says, as far as the authorizer still says so.</summary>
    public async ValueTask<RegistryActions> MayAsync(
        IRegistryAuthorizer authorizer, RepositoryName repository, RegistryActions asked, CancellationToken cancellationToken)
    {
        var within = Token is null ? asked : asked & Token.ActionsOn(repository);
        return within == RegistryActions.None || Token is { Standalone: true }
            ? within
            : within & await authorizer.AuthorizeAsync(Identity, repository, within, cancellationToken);
    }
}
