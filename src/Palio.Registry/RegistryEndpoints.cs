using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Puts the registry into an ASP.NET Core application.</summary>
public static class RegistryEndpoints
{
    /// <summary>
    /// Adds the registry. The application also registers its <see cref="IRegistryAuthorizer"/> (any lifetime). It may then ask for
    /// <see cref="IImageCatalog"/> and <see cref="RegistryTokens"/>.
    /// </summary>
    public static IServiceCollection AddPalioRegistry(this IServiceCollection services, Action<RegistryOptions>? configure = null)
    {
        services.AddSingleton<IValidateOptions<RegistryOptions>, RegistryOptionsValidator>();
        services.AddOptions<RegistryOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TokenKey>();
        services.AddSingleton(provider => new RegistryTokens(
            provider.GetRequiredService<TokenKey>(), provider.GetRequiredService<IOptions<RegistryOptions>>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>
    /// Maps <c>/v2</c>, which belongs to the registry alone. It does its own authorization; keep response compression,
    /// request buffering and antiforgery away from it.
    /// </summary>
    public static IEndpointConventionBuilder MapPalioRegistry(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/v2", () => TypedResults.Text("{}", "application/json"))
            .WithName("Registry").WithTags("Registry").AllowAnonymous();
}
