using System.Collections.Concurrent;

namespace Palio.Registry.Tests.Kit;

/// <summary>Accounts and grants as a test wants them: the API token of account <c>a</c> is <c>token-a</c>.</summary>
internal sealed class TestAuthorizer : IRegistryAuthorizer
{
    private readonly ConcurrentDictionary<(string Subject, string Repository), RegistryActions> _grants = [];

    public long? Quota { get; set; }

    public int SignIns { get; private set; }

    public static string TokenOf(string account) => $"token-{account}";

    public TestAuthorizer Grant(string subject, string repository, RegistryActions actions = RegistryActions.All)
    {
        _grants[(subject, repository)] = actions;
        return this;
    }

    public void Revoke(string subject, string repository) => _grants.TryRemove((subject, repository), out _);

    public ValueTask<RegistryIdentity?> AuthenticateAsync(RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        SignIns++;
        var account = credentials.Secret.StartsWith("token-", StringComparison.Ordinal) ? credentials.Secret["token-".Length..] : "";
        var known = account.Length > 0 && _grants.Keys.Any(k => k.Subject == account);
        return ValueTask.FromResult(known ? new RegistryIdentity(account) : null);
    }

    public ValueTask<RegistryActions> AuthorizeAsync(
        RegistryIdentity identity, RepositoryName repository, RegistryActions asked, CancellationToken cancellationToken) =>
        ValueTask.FromResult(asked & _grants.GetValueOrDefault((identity.Subject, repository.Value)));

    public ValueTask<long?> GetQuotaAsync(RepositoryName repository, CancellationToken cancellationToken) => ValueTask.FromResult(Quota);
}
