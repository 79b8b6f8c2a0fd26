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
        api.MapPost("/auth/password/reset/confirm", Registration.ResetPassword).AllowAnonymous();
        api.MapPost("/auth/registration/verify-email", Registration.VerifyEmail).AllowAnonymous();
        api.MapGet("/auth/registration/account-confirm-email/{key}", Registration.VerifyEmail).AllowAnonymous();
        api.MapGet("/auth/user", Profile.GetAsync);
        api.MapMethods("/auth/user", ["PUT", "PATCH"], Profile.UpdateAsync).RequireAuthorization(Policies.Submit);
        api.MapPost("/accounts/user/disable", Registration.DisableAsync).RequireAuthorization(Policies.Submit);
        api.MapPost("/accounts/user/update_email", Registration.ChangeEmailAsync).RequireAuthorization(Policies.Submit).RequireRateLimiting(AuthSetup.SignInLimit);
        api.MapPost("/accounts/user/resend_email_verification", Registration.VerifyEmail);
        api.MapGet("/accounts/user/get_auth_token", SigningIn.GetToken);
        api.MapGet("/accounts/user/refresh_auth_token", SigningIn.RefreshTokenAsync);
    }
}
