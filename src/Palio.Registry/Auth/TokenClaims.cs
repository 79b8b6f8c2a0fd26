using System.Text.Json.Serialization;

namespace Palio.Registry;

/// <summary>What a registry token says. Clients never look inside.</summary>
internal sealed record TokenClaims
{
    [JsonPropertyName("iss")]
    public required string Issuer { get; init; }

    [JsonPropertyName("aud")]
    public required string Audience { get; init; }

    [JsonPropertyName("sub")]
    public required string Subject { get; init; }

    [JsonPropertyName("cid")]
    public string? CredentialId { get; init; }

    [JsonPropertyName("iat")]
    public required long IssuedAt { get; init; }

    [JsonPropertyName("nbf")]
    public required long NotBefore { get; init; }

    [JsonPropertyName("exp")]
    public required long Expires { get; init; }

    [JsonPropertyName("jti")]
    public required string Id { get; init; }

    /// <summary>Issued by the server itself for one purpose: good without asking the authorizer again.</summary>
    [JsonPropertyName("own")]
    public bool Standalone { get; init; }

    [JsonPropertyName("access")]
    public required IReadOnlyList<TokenAccess> Access { get; init; }

    [JsonIgnore]
    public RegistryIdentity Identity => new(Subject, CredentialId);

    public RegistryActions ActionsOn(RepositoryName repository)
    {
        var actions = RegistryActions.None;
        foreach (var access in Access)
        {
            if (access.Type == RegistryScope.RepositoryType && access.Name == repository.Value)
            {
                actions |= RegistryScope.ParseActions(access.Actions);
            }
        }

        return actions;
    }
}

internal sealed record TokenAccess(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("actions")] IReadOnlyList<string> Actions);
