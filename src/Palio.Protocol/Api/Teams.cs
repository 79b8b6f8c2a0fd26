using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Palio.Protocol.Api;

/// <summary>Hosts bring challenges, participants bring agents.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TeamKind>))]
public enum TeamKind
{
    /// <summary>Plays.</summary>
    [JsonStringEnumMemberName("participant")] Participant,

    /// <summary>Brings challenges.</summary>
    [JsonStringEnumMemberName("host")] Host,
}

/// <summary>A team in a list. <c>GET /api/v1/teams</c>.</summary>
/// <param name="Id">Id; participant and host teams are numbered apart from each other only by kind.</param>
/// <param name="Name">Shown name, unique among its kind whatever the case.</param>
/// <param name="Slug">Part of repository names: lower-case letters, digits, <c>-</c>.</param>
/// <param name="Kind">Host or participant.</param>
/// <param name="Members">User names.</param>
public sealed record TeamSummary(int Id, string Name, string Slug, TeamKind Kind, IReadOnlyList<string> Members);

/// <summary>Makes a team with the caller in it. <c>POST /api/v1/teams</c>.</summary>
public sealed record CreateTeamRequest
{
    /// <summary>1 to 100 characters.</summary>
    [Required, StringLength(100, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>Host or participant. Default participant.</summary>
    public TeamKind Kind { get; init; }

    /// <summary>Web page, optional.</summary>
    [Url, StringLength(500)] public string? Url { get; init; }
}

/// <summary>An invitation. <c>POST /api/v1/teams/{id}/invitations</c>; accepted by <c>POST /api/v1/invitations/{code}/accept</c>.</summary>
/// <param name="Code">Secret of the link, usable once, for 7 days.</param>
/// <param name="Link">Absolute address to send.</param>
/// <param name="Expires">When it ends.</param>
public sealed record TeamInvitation(string Code, string Link, DateTimeOffset Expires);
