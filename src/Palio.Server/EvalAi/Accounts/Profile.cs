using Palio.Server.Auth;
using Palio.Server.EvalAi.Wire;

namespace Palio.Server.EvalAi.Accounts;

/// <summary>The caller's profile. Palio keeps no postal addresses and affiliations: they are empty.</summary>
internal static class Profile
{
    public static IResult Get(CurrentUser caller) => EvalAiResults.Json(new EvalAiProfile { Pk = caller.Id, Email = caller.Email, Username = caller.UserName });
}

/// <summary>EvalAI's profile.</summary>
internal sealed record EvalAiProfile : EvalAiAddress
{
    public required int Pk { get; init; }

    public required string Email { get; init; }

    public required string Username { get; init; }

    public string FirstName { get; init; } = "";

    public string LastName { get; init; } = "";

    public bool IsProfileComplete { get; init; } = true;

    public bool IsProfileFieldsLocked { get; init; }

    public bool EmailBounced { get; init; }
}

/// <summary>The part of a profile that a team's members see of each other.</summary>
internal record EvalAiAddress
{
    public string Affiliation { get; init; } = "";

    public string GithubUrl { get; init; } = "";

    public string GoogleScholarUrl { get; init; } = "";

    public string LinkedinUrl { get; init; } = "";

    public string AddressStreet { get; init; } = "";

    public string AddressCity { get; init; } = "";

    public string AddressState { get; init; } = "";

    public string AddressCountry { get; init; } = "";

    public string University { get; init; } = "";
}
