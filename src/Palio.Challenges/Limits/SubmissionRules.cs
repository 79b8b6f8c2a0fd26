using System.Globalization;
using Palio.Challenges.Windows;

namespace Palio.Challenges.Limits;

/// <summary>Who may submit when: EvalAI's rules in EvalAI's order, so that the first reason is the one its users know.</summary>
public static class SubmissionRules
{
    /// <summary>Decides.</summary>
    public static SubmissionVerdict Check(SubmissionFacts facts)
    {
        var remaining = SubmissionQuota.Remaining(facts.Limits, facts.Counts);
        var refusal = Challenge(facts) ?? Phase(facts) ?? Person(facts) ?? Quota(facts, remaining);
        return new SubmissionVerdict
        {
            Refusal = refusal,
            Remaining = refusal is not null ? remaining : SubmissionQuota.Remaining(facts.Limits, WithOneMore(facts.Counts)),
        };
    }

    private static SubmissionCounts WithOneMore(SubmissionCounts counts) =>
        new(counts.Total + 1, counts.ThisMonth + 1, counts.Today + 1, counts.InProgress + 1);

    private static Refusal? Challenge(SubmissionFacts facts)
    {
        var challenge = facts.Phase.Challenge;
        if (challenge.IsDisabled)
        {
            return new Refusal(RefusalReason.ChallengeDisabled, "This challenge was taken down.", "Ask the administrator.");
        }

        if (!facts.IsHost && !challenge.IsApproved)
        {
            return new Refusal(RefusalReason.ChallengeNotApproved, "This challenge is not approved yet.", "Wait for the administrator's approval.");
        }

        if (!facts.IsHost && !challenge.IsPublished)
        {
            return new Refusal(RefusalReason.ChallengeNotPublished, "This challenge is not open to participants yet.", "Wait until its host publishes it.");
        }

        return challenge.Window.At(facts.Now) switch
        {
            WindowState.Upcoming => new Refusal(
                RefusalReason.ChallengeNotStarted, $"This challenge starts at {Show(challenge.Window.Start)}.", "Submit after that.", challenge.Window.Start),
            WindowState.Closed => new Refusal(
                RefusalReason.ChallengeOver, $"This challenge ended at {Show(challenge.Window.End)}.", "It takes no more submissions."),
            _ => null,
        };
    }

    private static Refusal? Phase(SubmissionFacts facts)
    {
        var window = facts.Phase.Window;
        switch (window.At(facts.Now))
        {
            case WindowState.Upcoming:
                return new Refusal(
                    RefusalReason.PhaseNotStarted, $"This phase starts at {Show(window.Start)}.", "Submit after that, or to another phase.", window.Start);
            case WindowState.Closed:
                return new Refusal(RefusalReason.PhaseOver, $"This phase ended at {Show(window.End)}.", "Submit to a phase that is open.");
        }

        if (facts.Phase.Challenge.IsSubmissionPaused || facts.Phase.IsSubmissionPaused)
        {
            var what = facts.Phase.Challenge.IsSubmissionPaused ? "challenge" : "phase";
            return new Refusal(
                RefusalReason.Paused, $"The host has paused submissions to this {what}.", "Nothing was counted; try again when the host resumes them.");
        }

        if (!facts.IsHost && !facts.Phase.IsPublic)
        {
            return new Refusal(RefusalReason.PhaseNotPublic, "This phase is for the challenge's hosts only.", "Submit to a public phase.");
        }

        return facts.Phase.IsReady
            ? null
            : new Refusal(
                RefusalReason.PhaseNotReady, "This phase has no environment image yet.", "Ask the host to set environment_image and publish again.");
    }

    private static Refusal? Person(SubmissionFacts facts)
    {
        if (!facts.IsHost && facts.AllowedEmailIds.Count > 0 && !EmailRules.IsListed(facts.SubmitterEmail, facts.AllowedEmailIds))
        {
            return new Refusal(
                RefusalReason.EmailNotAllowed,
                $"{facts.SubmitterEmail} is not among the addresses that may submit to this phase.",
                "Ask the host to add it to allowed_email_ids, or let a team member who is listed submit.");
        }

        if (!facts.IsInTeam)
        {
            return new Refusal(
                RefusalReason.NotInTeam, "You are not in a team that takes part in this challenge.", "Join the challenge with a team first.");
        }

        if (facts.NeedsApproval && !facts.IsApproved)
        {
            return new Refusal(
                RefusalReason.TeamNotApproved, "The host has not approved your team yet.", "Wait for the approval; nothing was counted.");
        }

        var banned = facts.TeamEmails.Append(facts.SubmitterEmail).FirstOrDefault(email => EmailRules.IsListed(email, facts.BannedEmailIds));
        return banned is null
            ? null
            : new Refusal(RefusalReason.EmailBanned, $"{banned} is banned from this challenge, and so is the team.", "Ask the host.");
    }

    private static Refusal? Quota(SubmissionFacts facts, RemainingSubmissions remaining)
    {
        var limits = facts.Limits;
        if (remaining.Concurrent == 0)
        {
            return new Refusal(
                RefusalReason.ConcurrentLimit,
                $"Your team has {facts.Counts.InProgress} submissions under way; at most {limits.Concurrent} are allowed at a time.",
                "Wait until one has finished, or cancel one.");
        }

        if (remaining.Total == 0)
        {
            return new Refusal(
                RefusalReason.TotalLimit, $"Your team has used all {limits.Total} submissions of this phase.", "No more are possible in this phase.");
        }

        if (remaining.ThisMonth == 0)
        {
            var next = SubmissionQuota.MonthStart(facts.Now).AddMonths(1);
            return new Refusal(
                RefusalReason.MonthLimit, $"Your team has used all {limits.PerMonth} submissions of this month.", $"Submit again from {Show(next)}.", next);
        }

        if (remaining.Today == 0)
        {
            var next = SubmissionQuota.DayStart(facts.Now).AddDays(1);
            return new Refusal(
                RefusalReason.DayLimit, $"Your team has used all {limits.PerDay} submissions of today (UTC).", $"Submit again from {Show(next)}.", next);
        }

        return null;
    }

    private static string Show(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
