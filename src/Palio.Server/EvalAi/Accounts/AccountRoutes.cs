using Palio.Server.Auth;

namespace Palio.Server.EvalAi.Accounts;

/// <summary>EvalAI's addresses of accounts and tokens.</summary>
internal static class AccountRoutes
{
    public static void MapEvalAiAccounts(this IEndpointRouteBuilder api)
    {
        api.MapPost("/auth/login", SigningIn.LoginAsync).AllowAnonymous().RequireRateLimiting(AuthSetup.SignInLimit);
        api.MapPost("/auth/logout", SigningIn.LogoutAsync).AllowAnonymous();
        api.MapPost("/auth/registration", Registration.RegisterAsync).AllowAnonymous().RequireRateLimiting(AuthSetup.SignInLimit);
        api.MapPost("/auth/password/change", Registration.ChangePasswordAsync).RequireAuthorization(Policies.Submit).RequireRateLimiting(AuthSetup.SignInLimit);
        api.MapPost("/auth/password/reset", Registration.ResetPassword).AllowAnonymous().RequireRateLimiting(AuthSetup.SignInLimit);
        api.MapGet("/auth/user", Profile.Get);
        api.MapGet("/accounts/user/get_auth_token", SigningIn.GetToken);
        api.MapGet("/accounts/user/refresh_auth_token", SigningIn.RefreshTokenAsync);
    }
}
