using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Palio.Server.Auth;
using Palio.Server.Errors;

namespace Palio.Server.Features.Accounts;

/// <summary>What a person tells of itself, all of it or nothing. Team-mates and the hosts of its challenges see it; nobody needs it.</summary>
internal sealed record PersonalProfile
{
    /// <summary>As JSON.</summary>
    public const int Longest = 8000;

    private const int LongestField = 300;

    public string FirstName { get; init; } = "";

    public string LastName { get; init; } = "";

    public string Affiliation { get; init; } = "";

    public string GithubUrl { get; init; } = "";

    public string GoogleScholarUrl { get; init; } = "";

    public string LinkedinUrl { get; init; } = "";

    public string AddressStreet { get; init; } = "";

    public string AddressCity { get; init; } = "";

    public string AddressState { get; init; } = "";

    public string AddressCountry { get; init; } = "";

    public string University { get; init; } = "";

    /// <summary>Name and address are known.</summary>
    public bool IsComplete => Needed.All(one => one.Value.Length > 0);

    /// <summary>What cannot be taken back once it is told.</summary>
    public IReadOnlyDictionary<string, string> Needed => new Dictionary<string, string>
    {
        ["first_name"] = FirstName,
        ["last_name"] = LastName,
        ["address_street"] = AddressStreet,
        ["address_city"] = AddressCity,
        ["address_state"] = AddressState,
        ["address_country"] = AddressCountry,
    };

    public static PersonalProfile Of(string? json) => json is null ? new PersonalProfile() : JsonSerializer.Deserialize<PersonalProfile>(json) ?? new PersonalProfile();

    /// <summary>Stores the caller's.</summary>
    public static async Task<PersonalProfile> UpdateAsync(PersonalProfile profile, CurrentUser caller, UserManager<User> users)
    {
        var texts = typeof(PersonalProfile).GetProperties().Where(property => property.PropertyType == typeof(string)).ToDictionary(property => property.Name, property => (string?)property.GetValue(profile) ?? "");
        if (texts.FirstOrDefault(text => text.Value.Length > LongestField || text.Value.Any(char.IsControl)).Key is { } wrong)
        {
            throw PalioException.Invalid(wrong, $"Ensure this field has no more than {LongestField} characters, and no line breaks.", "");
        }

        if (texts.FirstOrDefault(text => text.Key.EndsWith("Url", StringComparison.Ordinal) && text.Value.Length > 0
            && !(Uri.TryCreate(text.Value, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https"))).Key is { } address)
        {
            throw PalioException.Invalid(address, "Enter a valid URL.", "");
        }

        var user = await users.FindByIdAsync(caller.Id.ToString(CultureInfo.InvariantCulture)) ?? throw PalioException.NotFound("account");
        user.Profile = JsonSerializer.Serialize(profile);
        var result = await users.UpdateAsync(user);
        return result.Succeeded ? profile : throw Register.AsRefusal([.. result.Errors]);
    }
}
