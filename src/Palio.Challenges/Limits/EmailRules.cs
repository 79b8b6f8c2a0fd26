namespace Palio.Challenges.Limits;

/// <summary>Lists of addresses and domains. Letter case does not matter: mail servers do not heed it, and a host's list is typed by hand.</summary>
public static class EmailRules
{
    /// <summary>Whether the address is on the list.</summary>
    public static bool IsListed(string email, IEnumerable<string> addresses) =>
        addresses.Any(address => string.Equals(address.Trim(), email.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the address' domain is one of these or below one of them: <c>example.org</c> also means <c>mail.example.org</c>, never <c>notexample.org</c>.</summary>
    public static bool HasDomain(string email, IEnumerable<string> domains)
    {
        var domain = email[(email.LastIndexOf('@') + 1)..].Trim();
        return domains.Select(listed => listed.Trim().TrimStart('@', '.')).Any(listed =>
            listed.Length > 0
            && domain.EndsWith(listed, StringComparison.OrdinalIgnoreCase)
            && (domain.Length == listed.Length || domain[domain.Length - listed.Length - 1] == '.'));
    }
}
