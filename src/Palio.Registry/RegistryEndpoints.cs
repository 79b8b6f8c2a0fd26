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
        services.AddSingleton<SignInThrottle>().AddSingleton<RegistryAccess>().AddSingleton<TokenEndpoint>();
        services.TryAddSingleton<IBlobStore, FileBlobStore>();
        services.TryAddSingleton<IRegistryIndex, FileRegistryIndex>();
        services.TryAddSingleton<IImageCatalog, EmbeddedImageCatalog>();
        services.AddSingleton<UploadSessions>().AddSingleton<UploadEndpoints>();
        services.AddSingleton<ManifestEndpoints>().AddSingleton<BlobEndpoints>();
        services.AddSingleton<TagEndpoints>().AddSingleton<ReferrerEndpoints>();
        services.AddSingleton<RegistryHandler>().AddSingleton<RegistryCollector>().AddSingleton<BlobCheck>();
        services.AddHostedService<RegistryWorker>();
        return services;
    }

    /// <summary>
    /// Maps <c>/v2</c>, which belongs to the registry alone. It does its own authorization; keep response compression,
    /// request buffering and antiforgery away from it.
    /// </summary>
    public static IEndpointConventionBuilder MapPalioRegistry(this IEndpointRouteBuilder endpoints) =>
        endpoints.Map("/v2/{**path}", endpoints.ServiceProvider.GetRequiredService<RegistryHandler>().HandleAsync)
            .WithName("Registry").WithTags("Registry").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
}
