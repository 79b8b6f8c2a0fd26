using Microsoft.Extensions.Options;

namespace Palio.Server.Hosting;

internal static class OptionsSetup
{
    /// <summary>Binds a section and checks it at start, together with all others.</summary>
    public static void AddValidated<TOptions, TValidator>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateOnStart();
    }

    /// <summary>The section's value before there are services. Faulty text gives the defaults here and is reported by the start's check.</summary>
    public static TOptions Read<TOptions>(IConfiguration configuration, string section) where TOptions : new()
    {
        try
        {
            return configuration.GetSection(section).Get<TOptions>() ?? new TOptions();
        }
        catch (InvalidOperationException)
        {
            return new TOptions();
        }
    }
}
