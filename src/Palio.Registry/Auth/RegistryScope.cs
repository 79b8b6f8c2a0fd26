namespace Palio.Registry;

/// <summary>Access to one repository as clients write it: <c>repository:team/agent:pull,push</c>.</summary>
internal sealed record RegistryScope(RepositoryName Repository, RegistryActions Actions)
{
    public const string RepositoryType = "repository";

    /// <summary>Scopes come as repeated parameters or separated by spaces in one; what is not understood is dropped without a word.</summary>
    public static IReadOnlyList<RegistryScope> Parse(IEnumerable<string?> parameters)
    {
        var scopes = new List<RegistryScope>();
        foreach (var text in parameters.SelectMany(p => (p ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Take(100))
        {
            if (ParseOne(text) is not { } scope)
            {
                continue;
            }

            var known = scopes.FindIndex(s => s.Repository == scope.Repository);
            if (known < 0)
            {
                scopes.Add(scope);
            }
            else
            {
                scopes[known] = scope with { Actions = scope.Actions | scopes[known].Actions };
            }
        }

        return scopes;
    }

    public static RegistryActions ParseActions(IEnumerable<string> words)
    {
        var actions = RegistryActions.None;
        foreach (var word in words)
        {
            actions |= word switch
            {
                "pull" => RegistryActions.Pull,
                "push" => RegistryActions.Push,
                "delete" => RegistryActions.Delete,
                "*" => RegistryActions.All,
                _ => RegistryActions.None,
            };
        }

        return actions;
    }

    public static IReadOnlyList<string> Words(RegistryActions actions)
    {
        var words = new List<string>(3);
        AddIf(RegistryActions.Pull, "pull");
        AddIf(RegistryActions.Push, "push");
        AddIf(RegistryActions.Delete, "delete");
        return words;

        void AddIf(RegistryActions flag, string word)
        {
            if (actions.HasFlag(flag))
            {
                words.Add(word);
            }
        }
    }

    public TokenAccess ToAccess() => new(RepositoryType, Repository.Value, Words(Actions));

    public override string ToString() => $"{RepositoryType}:{Repository}:{string.Join(',', Words(Actions))}";

    // Split on the first and the last colon: names may hold a host and its port.
    private static RegistryScope? ParseOne(string text)
    {
        var first = text.IndexOf(':', StringComparison.Ordinal);
        var last = text.LastIndexOf(':');
        if (first < 0 || first == last || text[..first] != RepositoryType
            || !RepositoryName.TryParseWritten(text[(first + 1)..last], out var repository))
        {
            return null;
        }

        var actions = ParseActions(text[(last + 1)..].Split(','));
        return actions == RegistryActions.None ? null : new RegistryScope(repository, actions);
    }
}
