using Microsoft.Extensions.Options;

namespace Palio.Server.Hosting;

internal static class OptionsSetup
{
    /// <summary>Binds a section and checks it at start, together with all others.</summary>
    public static void AddValidated<TOptions, TValidator>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class, new()
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        services.AddSingleton<IValidateOptions<TOptions>>(new SettingsBinding.Validator<TOptions>(configuration, section));
        services.AddOptions<TOptions>().Configure(options => SettingsBinding.Bind(configuration, section, options)).ValidateOnStart();
    }

    /// <summary>The section's value before there are services. A faulty setting keeps its default here and is reported by the start's check.</summary>
    public static TOptions Read<TOptions>(IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        var options = new TOptions();
        SettingsBinding.Bind(configuration, section, options);
        return options;
    }
}
