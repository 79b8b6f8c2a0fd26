using Palio.Challenges.Windows;

namespace Palio.Challenges.Limits;

/// <summary>All that decides whether a team may join a challenge.</summary>
public sealed record JoinFacts
{
    /// <summary>The moment.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The challenge.</summary>
    public required ChallengeStanding Challenge { get; init; }

    /// <summary>Whether teams may join.</summary>
    public bool IsRegistrationOpen { get; init; } = true;

    /// <summary>Whether the person who asks has accepted the terms as they stand.</summary>
    public required bool HasAcceptedTerms { get; init; }

    /// <summary>Whether the person who asks is one of the challenge's hosts.</summary>
    public bool IsHost { get; init; }

    /// <summary>Whether the person who asks is in the team.</summary>
    public bool IsInTeam { get; init; } = true;

    /// <summary>The addresses of all members.</summary>
    public required IReadOnlyList<string> TeamEmails { get; init; }

    /// <summary>Largest team; null for no limit.</summary>
    public int? MaxTeamMembers { get; init; }

    /// <summary>When not empty, all addresses must have one of these domains.</summary>
    public IReadOnlyList<string> AllowedEmailDomains { get; init; } = [];

    /// <summary>No address may have one of these domains.</summary>
    public IReadOnlyList<string> BlockedEmailDomains { get; init; } = [];

    /// <summary>No member may have one of these addresses.</summary>
    public IReadOnlyList<string> BannedEmailIds { get; init; } = [];

    /// <summary>Addresses of members whose profile is not complete, when the challenge requires it.</summary>
    public IReadOnlyList<string> IncompleteProfiles { get; init; } = [];

    /// <summary>Addresses of members who take part through another team.</summary>
    public IReadOnlyList<string> MembersOfOtherTeams { get; init; } = [];

    /// <summary>Whether this team has joined already.</summary>
    public bool HasJoined { get; init; }
}

/// <summary>Which team may join a challenge, or take a new member while it takes part.</summary>
public static class JoinRules
{
    /// <summary>Why the team may not join; null when it may.</summary>
    public static Refusal? Check(JoinFacts facts) =>
        Challenge(facts) ?? Team(facts) ?? Emails(facts)
        ?? (facts.HasAcceptedTerms
            ? null
            : new Refusal(RefusalReason.TermsNotAccepted, "The challenge's terms were not accepted.", "Read and accept the terms, then join."));

    private static Refusal? Challenge(JoinFacts facts)
    {
        var challenge = facts.Challenge;
        return challenge.At(facts.Now) switch
        {
            ChallengeState.Disabled => new(RefusalReason.ChallengeDisabled, "This challenge was taken down.", "Ask the administrator."),
            ChallengeState.AwaitingApproval when !facts.IsHost =>
                new(RefusalReason.ChallengeNotApproved, "This challenge is not approved yet.", "Wait for the administrator's approval."),
            ChallengeState.Unpublished when !facts.IsHost =>
                new(RefusalReason.ChallengeNotPublished, "This challenge is not open to participants yet.", "Wait until its host publishes it."),
            _ when challenge.Window.At(facts.Now) == WindowState.Closed =>
                new(RefusalReason.ChallengeOver, "This challenge is over.", "Nobody can join any more."),
            _ when !facts.IsRegistrationOpen =>
                new(RefusalReason.RegistrationClosed, "The host has closed registration.", "Ask the host."),
            _ => null,
        };
    }

    private static Refusal? Team(JoinFacts facts)
    {
        if (!facts.IsInTeam)
        {
            return new Refusal(RefusalReason.NotInTeam, "You are not in this team.", "Join with a team of your own.");
        }

        if (facts.HasJoined)
        {
            return new Refusal(RefusalReason.AlreadyJoined, "This team takes part already.", "There is nothing to do.");
        }

        if (facts.MembersOfOtherTeams.Count > 0)
        {
            return new Refusal(
                RefusalReason.AlreadyInOtherTeam,
                $"Already in this challenge with another team: {string.Join(", ", facts.MembersOfOtherTeams)}.",
                "A person takes part in one team. Leave the other team, or join without that member.");
        }

        // Hosts try their own challenge with whomever they like.
        return !facts.IsHost && facts.TeamEmails.Count > facts.MaxTeamMembers
            ? new Refusal(
                RefusalReason.TeamTooLarge,
                $"The team has {facts.TeamEmails.Count} members; at most {facts.MaxTeamMembers} may take part together.",
                "Remove members, or make a smaller team.")
            : null;
    }

    private static Refusal? Emails(JoinFacts facts)
    {
        if (facts.TeamEmails.FirstOrDefault(email => EmailRules.IsListed(email, facts.BannedEmailIds)) is { } banned)
        {
            return new Refusal(RefusalReason.EmailBanned, $"{banned} is banned from this challenge.", "Ask the host.");
        }

        if (facts.AllowedEmailDomains.Count > 0
            && facts.TeamEmails.FirstOrDefault(email => !EmailRules.HasDomain(email, facts.AllowedEmailDomains)) is { } outside)
        {
            return new Refusal(
                RefusalReason.EmailDomainNotAllowed,
                $"{outside} is not an address of {string.Join(" or ", facts.AllowedEmailDomains)}.",
                "Every member needs an address of an allowed domain: change it, or join without that member.");
        }

        if (facts.TeamEmails.FirstOrDefault(email => EmailRules.HasDomain(email, facts.BlockedEmailDomains)) is { } blocked)
        {
            return new Refusal(
                RefusalReason.EmailDomainNotAllowed, $"The domain of {blocked} may not take part.", "Use another address, or join without that member.");
        }

        return facts.IncompleteProfiles.Count == 0
            ? null
            : new Refusal(
                RefusalReason.ProfileIncomplete,
                $"The profile is not complete: {string.Join(", ", facts.IncompleteProfiles)}.",
                "Every member fills in the profile before the team joins.");
    }
}
