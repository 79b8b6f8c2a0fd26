using System.Linq.Expressions;
using Palio.Server.EvalAi.Accounts;
using Palio.Server.Features.Accounts;
using Palio.Server.Features.Teams;

namespace Palio.Server.EvalAi.Teams;

/// <summary>A team as EvalAI shows it to anybody.</summary>
internal record EvalAiTeam(int Id, string TeamName, string CreatedBy, string TeamUrl)
{
    /// <summary>Who came first made it: Palio's members are all alike.</summary>
    public static Expression<Func<Team, EvalAiTeam>> Of { get; } = team => new EvalAiTeam(
        team.Id, team.Name, team.Members.OrderBy(m => m.Joined).Select(m => m.User.UserName).FirstOrDefault() ?? "", team.Url ?? "");
}

/// <summary>A host team with its members.</summary>
internal sealed record EvalAiHostTeam(int Id, string TeamName, string CreatedBy, string TeamUrl, IReadOnlyList<EvalAiHost> Members)
    : EvalAiTeam(Id, TeamName, CreatedBy, TeamUrl)
{
    public static EvalAiHostTeam From(TeamRow row) => new(
        row.Id, row.Name, row.CreatedBy, row.Url ?? "", [.. row.Members.Select((member, i) => new EvalAiHost(member.Id, member.UserName, row.Id, TeamRow.Status(i), "Admin"))]);
}

/// <summary>A host's place in a team; the team's name is its id.</summary>
internal sealed record EvalAiHost(int Id, string User, int TeamName, string Status, string Permissions);

/// <summary>A participant team with its members; for themselves and the hosts of their challenges.</summary>
internal sealed record EvalAiParticipantTeam(int Id, string TeamName, string CreatedBy, IReadOnlyList<EvalAiMember> Members, string TeamUrl)
    : EvalAiTeam(Id, TeamName, CreatedBy, TeamUrl)
{
    public static EvalAiParticipantTeam From(TeamRow row) => new(
        row.Id, row.Name, row.CreatedBy, [.. row.Members.Select((member, i) => EvalAiMember.From(member, TeamRow.Status(i)))], row.Url ?? "");
}

/// <summary>A member of a participant team.</summary>
internal sealed record EvalAiMember(string MemberName, string FirstName, string LastName, string Email, string Status, EvalAiAddress Profile)
{
    public static EvalAiMember From(TeamRow.Member member, string status)
    {
        var profile = PersonalProfile.Of(member.Profile);
        return new EvalAiMember(member.UserName, profile.FirstName, profile.LastName, member.Email, status, EvalAiAddress.From(profile));
    }
}

/// <summary>A team as it is read.</summary>
internal sealed record TeamRow(int Id, string Name, string? Url, IReadOnlyList<TeamRow.Member> Members)
{
    public static Expression<Func<Team, TeamRow>> Of { get; } = team => new TeamRow(
        team.Id, team.Name, team.Url, team.Members.OrderBy(m => m.Joined).Select(m => new Member(m.UserId, m.User.UserName ?? "", m.User.Email ?? "", m.User.Profile)).ToList());

    public string CreatedBy => Members.Count == 0 ? "" : Members[0].UserName;

    public static string Status(int place) => place == 0 ? "Self" : "Accepted";

    internal sealed record Member(int Id, string UserName, string Email, string? Profile);
}
