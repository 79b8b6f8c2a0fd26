using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Accounts;
using Palio.Server.Storage;

namespace Palio.Server.Auth;

/// <summary>Accounts, cookie, tokens, policies, rate limits.</summary>
internal static class AuthSetup
{
    public const string SignInLimit = "sign-in";

    private const string EitherScheme = "Palio";

    public static void AddPalioAuth(this IServiceCollection services, DataFolder data, AccountOptions accounts)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<CurrentUser>();
        services.AddSingleton<TokenUses>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenUses>());
        services.AddDataProtection().SetApplicationName("palio").PersistKeysToFileSystem(new DirectoryInfo(data.PrivateFolder("keys")));
        services.AddIdentityCore<User>(Configure).AddEntityFrameworkStores<PalioDbContext>().AddSignInManager().AddDefaultTokenProviders()
            .AddClaimsPrincipalFactory<UserPrincipalFactory>();
        var authentication = services.AddAuthentication(options =>
        {
            options.DefaultScheme = EitherScheme;
            options.DefaultSignInScheme = IdentityConstants.ExternalScheme;
        });
        authentication.AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
            TokenAuthentication.BearerOf(context.Request) is not null && !IsRegistry(context) ? TokenAuthentication.SchemeName : IdentityConstants.ApplicationScheme);
        authentication.AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        authentication.AddIdentityCookies();
        services.ConfigureApplicationCookie(Configure);
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(1));
        services.AddAuthorization(Policies.Add);
        services.AddRateLimiter(options => Configure(options, accounts));
    }

    // The registry has bearer tokens of its own and checks them itself.
    private static bool IsRegistry(HttpContext context) => context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal);

    private static void Configure(IdentityOptions options)
    {
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

        // Length is what counts (NIST SP 800-63B); rules on kinds of characters only make passwords worse.
        options.Password.RequiredLength = 10;
        options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Password.RequiredUniqueChars = 4;
        options.Lockout.MaxFailedAccessAttempts = 10;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
    }

    private static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "palio";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromDays(14);
        options.LoginPath = "/account/sign-in";
        options.LogoutPath = "/account/sign-out";
        options.AccessDeniedPath = "/account/denied";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnRedirectToLogin = context => ForApi(context, new PalioException(
            StatusCodes.Status401Unauthorized, RefusalCodes.AuthRequired, "This needs an account.",
            "Run 'palio login', or send 'Authorization: Bearer' with a personal access token."));
        options.Events.OnRedirectToAccessDenied = context => ForApi(context, new PalioException(
            StatusCodes.Status403Forbidden, RefusalCodes.Scope, "Your account may not do that.", "Ask the administrator."));
    }

    private static async Task ForApi(RedirectContext<CookieAuthenticationOptions> context, PalioException refusal)
    {
        if (ProblemResponses.IsApi(context.Request.Path))
        {
            var problems = context.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>();
            await ProblemResponses.WriteAsync(problems, context.HttpContext, refusal);
            return;
        }

        context.Response.Redirect(context.RedirectUri);
    }

    private static void Configure(RateLimiterOptions options, AccountOptions accounts)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(SignInLimit, context => RateLimitPartition.GetSlidingWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = accounts.SignInsPerMinute,
                Window = TimeSpan.FromMinutes(1),
                SegmentsPerWindow = 6,
                QueueLimit = 0,
            }));
        options.OnRejected = async (context, _) =>
        {
            var problems = context.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>();
            await ProblemResponses.WriteAsync(problems, context.HttpContext, new PalioException(
                StatusCodes.Status429TooManyRequests, RefusalCodes.TooManyRequests, "Too many attempts from this address.", "Wait a minute and try again."));
        };
    }
}
