using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Accounts;

namespace Palio.Server.EvalAi.Accounts;

/// <summary>The caller's profile.</summary>
internal static class Profile
{
    public static async Task<IResult> GetAsync(CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        EvalAiResults.Json(EvalAiProfile.From(caller, await ReadAsync(caller, db, cancellationToken)));

    /// <summary>PUT and PATCH alike change what is sent. Names and addresses that were told are not taken back, as on EvalAI.</summary>
    public static async Task<IResult> UpdateAsync(EvalAiBody body, CurrentUser caller, PalioDbContext db, UserManager<User> users, CancellationToken cancellationToken)
    {
        var present = await ReadAsync(caller, db, cancellationToken);
        var next = new PersonalProfile
        {
            FirstName = Sent("first_name", present.FirstName),
            LastName = Sent("last_name", present.LastName),
            Affiliation = Sent("affiliation", present.Affiliation),
            GithubUrl = Sent("github_url", present.GithubUrl),
            GoogleScholarUrl = Sent("google_scholar_url", present.GoogleScholarUrl),
            LinkedinUrl = Sent("linkedin_url", present.LinkedinUrl),
            AddressStreet = Sent("address_street", present.AddressStreet),
            AddressCity = Sent("address_city", present.AddressCity),
            AddressState = Sent("address_state", present.AddressState),
            AddressCountry = Sent("address_country", present.AddressCountry),
            University = Sent("university", present.University),
        };
        if (present.Needed.FirstOrDefault(field => field.Value.Length > 0 && next.Needed[field.Key].Length == 0).Key is { } blanked)
        {
            return EvalAiResults.Invalid(blanked, "This field may not be blank.");
        }

        try
        {
            return EvalAiResults.Json(EvalAiProfile.From(caller, await PersonalProfile.UpdateAsync(next, caller, users)));
        }
        catch (PalioException refusal) when (refusal.Fields is not null)
        {
            throw refusal.Renamed();
        }

        string Sent(string name, string before) => body.Has(name) ? body.Text(name)?.Trim() ?? "" : before;
    }

    private static async Task<PersonalProfile> ReadAsync(CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        PersonalProfile.Of(await db.Users.AsNoTracking().Where(u => u.Id == caller.Id).Select(u => u.Profile).SingleAsync(cancellationToken));
}

/// <summary>EvalAI's profile.</summary>
internal sealed record EvalAiProfile : EvalAiAddress
{
    public EvalAiProfile(EvalAiAddress address)
        : base(address)
    {
    }

    public int Pk { get; init; }

    public string Email { get; init; } = "";

    public string Username { get; init; } = "";

    public string FirstName { get; init; } = "";

    public string LastName { get; init; } = "";

    public bool IsProfileComplete { get; init; }

    public bool IsProfileFieldsLocked { get; init; }

    public bool EmailBounced { get; init; }

    public static EvalAiProfile From(CurrentUser caller, PersonalProfile profile) => new(EvalAiAddress.From(profile))
    {
        Pk = caller.Id,
        Email = caller.Email,
        Username = caller.UserName,
        FirstName = profile.FirstName,
        LastName = profile.LastName,
        IsProfileComplete = profile.IsComplete,
    };
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

    public static EvalAiAddress From(PersonalProfile profile) => new()
    {
        Affiliation = profile.Affiliation,
        GithubUrl = profile.GithubUrl,
        GoogleScholarUrl = profile.GoogleScholarUrl,
        LinkedinUrl = profile.LinkedinUrl,
        AddressStreet = profile.AddressStreet,
        AddressCity = profile.AddressCity,
        AddressState = profile.AddressState,
        AddressCountry = profile.AddressCountry,
        University = profile.University,
    };
}
