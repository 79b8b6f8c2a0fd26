namespace Palio.Server.Web;

/// <summary>Everything people see: Razor pages rendered on the server, their styles and scripts.</summary>
internal static class WebExtensions
{
    public static IServiceCollection AddPalioPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery();
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        return services;
    }

    /// <summary>Call after authentication and authorization are in the pipeline, and after the other endpoints are mapped.</summary>
    public static WebApplication MapPalioPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>();
        return app;
    }
}
