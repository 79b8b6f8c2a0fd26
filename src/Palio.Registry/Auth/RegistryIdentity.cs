namespace Palio.Registry;

/// <summary>Who asks. Travels inside the registry's tokens, so that permission can be checked again at use.</summary>
/// <param name="Subject">The authorizer's own stable id of the account; empty for nobody in particular.</param>
/// <param name="CredentialId">The authorizer's own id of the credential used (an API token's, say); never the credential itself.</param>
public sealed record RegistryIdentity(string Subject, string? CredentialId = null)
{
    /// <summary>A caller who gave no credentials.</summary>
    public static RegistryIdentity Anonymous { get; } = new("");

    /// <summary>Whether no credentials were given.</summary>
    public bool IsAnonymous => Subject.Length == 0;
}

/// <summary>What a client gave: any user name, and a password or API token.</summary>
public sealed record RegistryCredentials(string UserName, string Secret)
{
    /// <summary>Hides the secret from logs.</summary>
    public override string ToString() => $"{nameof(RegistryCredentials)} {{ UserName = {UserName} }}";
}
