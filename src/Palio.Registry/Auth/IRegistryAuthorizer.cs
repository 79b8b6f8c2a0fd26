namespace Palio.Registry;

/// <summary>
/// The seam to whoever knows accounts and permissions. Called at the token endpoint, and again at every use of a token, so that a
/// removed member loses access at once. The registry throttles failing sign-ins itself.
/// </summary>
public interface IRegistryAuthorizer
{
    /// <summary>The identity these credentials prove, or null when they prove none. Compare in constant time; accept any user name with an API token.</summary>
    ValueTask<RegistryIdentity?> AuthenticateAsync(RegistryCredentials credentials, CancellationToken cancellationToken);

    /// <summary>
    /// The part of <paramref name="asked"/> the identity (also <see cref="RegistryIdentity.Anonymous"/>) may do with the repository.
    /// A repository that does not exist and one that is forbidden both give <see cref="RegistryActions.None"/>.
    /// </summary>
    ValueTask<RegistryActions> AuthorizeAsync(
        RegistryIdentity identity, RepositoryName repository, RegistryActions asked, CancellationToken cancellationToken);

    /// <summary>The bytes this repository, with all others that share its first two components, may hold, uploads in progress included; null for <see cref="RegistryOptions.RepositoryQuotaBytes"/>.</summary>
    ValueTask<long?> GetQuotaAsync(RepositoryName repository, CancellationToken cancellationToken) => ValueTask.FromResult<long?>(null);
}
