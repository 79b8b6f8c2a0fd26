using Microsoft.AspNetCore.Authorization;
using Palio.Protocol.Api;

namespace Palio.Server.Auth;

/// <summary>Authorization by the ladder of scopes: read, submit, host, admin. A cookie stands as high as its account.</summary>
internal static class Policies
{
    public const string Read = "read";
    public const string Submit = "submit";
    public const string Host = "host";
    public const string Admin = "admin";

    /// <summary>Hosts, and their challenges' workers. Which challenge is asked where it is acted on.</summary>
    public const string Work = "work";

    /// <summary>What reads, and what works.</summary>
    public const string ReadOrWork = "read-or-work";

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Read, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Reaches(context, TokenScope.Read)));
        options.AddPolicy(Submit, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Reaches(context, TokenScope.Submit)));
        options.AddPolicy(Host, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Reaches(context, TokenScope.Host)));
        options.AddPolicy(Work, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Works(context) || Reaches(context, TokenScope.Host)));
        options.AddPolicy(ReadOrWork, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Works(context) || Reaches(context, TokenScope.Read)));
        options.AddPolicy(Admin, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Reaches(context, TokenScope.Admin)));
    }

    private static bool Works(AuthorizationHandlerContext context) => new CurrentUser(context.User).WorksFor is not null;

    private static bool Reaches(AuthorizationHandlerContext context, TokenScope scope)
    {
        var user = new CurrentUser(context.User);
        return scope == TokenScope.Admin ? user.IsAdministrator : user.Scopes.Contains(scope);
    }
}
