using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Accounts;

/// <summary>Routes of accounts and tokens.</summary>
internal static class AccountEndpoints
{
    public static void AddAccounts(this IServiceCollection services, IConfiguration configuration) =>
        services.AddValidated<AccountOptions, AccountOptions.Validator>(configuration, AccountOptions.Section);

    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Accounts");
        group.MapPost("/accounts", RegisterAsync).WithName("Register").AllowAnonymous().RequireRateLimiting(AuthSetup.SignInLimit)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/accounts/{userName}/password", GivePassword.HandleAsync).WithName("GivePassword").RequireAuthorization(Policies.Admin)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/me", GetMe.HandleAsync).WithName("GetMe").RequireAuthorization(Policies.Read);
        group.MapPost("/tokens/sign-in", SignInAsync).WithName("SignIn").AllowAnonymous().RequireRateLimiting(AuthSetup.SignInLimit)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapGet("/tokens", ListTokens.HandleAsync).WithName("ListTokens").RequireAuthorization(Policies.Read);
        group.MapPost("/tokens", CreateTokenAsync).WithName("CreateToken").RequireAuthorization(Policies.Submit);
        group.MapDelete("/tokens/{id:int}", RevokeTokenAsync).WithName("RevokeToken").RequireAuthorization(Policies.Read);
    }

    private static async Task<Created<Me>> RegisterAsync(
        RegisterRequest request, UserManager<User> users, IOptions<AccountOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var user = await Register.HandleAsync(request, users, options.Value, time, cancellationToken);
        return TypedResults.Created("/api/v1/me", new Me(user.Id, user.UserName ?? "", user.Email ?? "", user.IsAdministrator, [], [], null));
    }

    private static async Task<Created<CreatedToken>> SignInAsync(
        SignInRequest request, SignInManager<User> signIn, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Created("/api/v1/tokens", await SignIn.HandleAsync(request, signIn, db, time, cancellationToken));

    private static async Task<Created<CreatedToken>> CreateTokenAsync(
        CreateTokenRequest request, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Created("/api/v1/tokens", await CreateToken.HandleAsync(request, caller, db, time, cancellationToken));

    private static async Task<NoContent> RevokeTokenAsync(int id, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        await RevokeToken.HandleAsync(id, caller, db, time, cancellationToken);
        return TypedResults.NoContent();
    }
}
