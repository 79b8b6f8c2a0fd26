using System.Reflection;
using Microsoft.Extensions.Options;

namespace Palio.Server.Hosting;

/// <summary>Settings taken one by one: one of the wrong type keeps its default and is told as a mistake, so that it hides no other.</summary>
internal static class SettingsBinding
{
    /// <summary>Fills the options from their section and returns what could not be read.</summary>
    public static IReadOnlyList<string> Bind<TOptions>(IConfiguration configuration, string section, TOptions options)
        where TOptions : class
    {
        var mistakes = new List<string>();
        foreach (var setting in configuration.GetSection(section).GetChildren())
        {
            var alone = new ConfigurationBuilder()
                .AddInMemoryCollection(setting.AsEnumerable().Select(pair => KeyValuePair.Create(pair.Key[(section.Length + 1)..], pair.Value))).Build();
            try
            {
                alone.Bind(options);
            }
            catch (InvalidOperationException)
            {
                mistakes.Add($"{section}:{setting.Key} is '{setting.Value}'; write {Wanted(typeof(TOptions), setting.Key)}.");
            }
        }

        return mistakes;
    }

    private static string Wanted(Type options, string name)
    {
        var declared = options.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType ?? typeof(string);
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        return type switch
        {
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(double) || type == typeof(decimal) => "a number",
            _ when type == typeof(TimeSpan) => "a time as hours:minutes:seconds, like 00:05:00",
            _ when type == typeof(Uri) => "an address like https://palio.example.org",
            _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
            _ => "what docs/operator.md says of it",
        };
    }

    /// <summary>Tells the mistakes of <see cref="Bind"/> together with those of the section's own check.</summary>
    internal sealed class Validator<TOptions>(IConfiguration configuration, string section) : IValidateOptions<TOptions>
        where TOptions : class, new()
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            Bind(configuration, section, new TOptions()) is { Count: > 0 } mistakes ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
