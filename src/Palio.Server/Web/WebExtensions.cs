using Palio.Server.Features.Leaderboards;
using Palio.Server.Features.Submissions;

namespace Palio.Server.Web;

/// <summary>Everything people see: Razor pages rendered on the server, their styles and scripts.</summary>
internal static class WebExtensions
{
    public static IServiceCollection AddPalioPages(this IServiceCollection services)
    {
        // Redirects are answers, not exceptions. Read once by the framework, before the first page.
        AppContext.SetSwitch("Microsoft.AspNetCore.Components.Endpoints.NavigationManager.DisableThrowNavigationException", true);
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "palio-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddExceptionHandler<PageErrors>();
        return services;
    }

    /// <summary>Call after authentication and authorization are in the pipeline, and after the other endpoints are mapped.</summary>
    public static WebApplication MapPalioPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>();
        app.MapBoardPages();
        app.MapSubmitFilePost();
        app.MapGet("/account/denied", PageErrors.ShowDeniedAsync).AllowAnonymous()
            .WithName("PageDenied").WithTags("Pages").ExcludeFromDescription();
        app.MapFallback("/{**path}", PageErrors.ShowNotFoundAsync).AllowAnonymous()
            .WithName("PageNotFound").WithTags("Pages").ExcludeFromDescription();
        return app;
    }
}
