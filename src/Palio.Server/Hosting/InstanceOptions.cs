using Microsoft.Extensions.Options;

namespace Palio.Server.Hosting;

/// <summary>What the instance is. Section <c>Instance</c>.</summary>
internal sealed class InstanceOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Instance";

    /// <summary>Shown name. 1 to 100 characters, default <c>Palio</c>.</summary>
    public string Name { get; set; } = "Palio";

    /// <summary>Address people reach the instance at, behind a proxy (<c>https://palio.example.org</c>). Default: that of each request.</summary>
    public Uri? PublicUrl { get; set; }

    internal sealed class Validator : IValidateOptions<InstanceOptions>
    {
        public ValidateOptionsResult Validate(string? name, InstanceOptions options)
        {
            var mistakes = new List<string>();
            if (options.Name.Trim().Length is < 1 or > 100)
            {
                mistakes.Add($"{Section}:Name must have 1 to 100 characters.");
            }

            if (options.PublicUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.PathAndQuery != "/" || url.UserInfo != ""))
            {
                mistakes.Add($"{Section}:PublicUrl is '{url}'; write scheme, host and port only, like https://palio.example.org.");
            }

            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }
    }
}
