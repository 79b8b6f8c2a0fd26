using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Lists every mistake in the settings at once, each with what to write instead.</summary>
internal sealed class RegistryOptionsValidator : IValidateOptions<RegistryOptions>
{
    private const long Mebibyte = 1L << 20;

    public ValidateOptionsResult Validate(string? name, RegistryOptions options)
    {
        var mistakes = new List<string>();
        Demand(mistakes, options.DataFolder.Length > 0, nameof(options.DataFolder), "is empty; write the folder that shall hold the images");
        Demand(mistakes, IsPublicUrl(options.PublicUrl), nameof(options.PublicUrl),
            "must be scheme, host and port only, like https://palio.example.org; image names cannot hold a path before /v2");
        Demand(mistakes, options.Service.Length is > 0 and <= 100 && options.Service.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'),
            nameof(options.Service), "must be 1 to 100 letters, digits, dots or dashes");
        Range(mistakes, options.MaxManifestBytes, 65536, 4 * Mebibyte, nameof(options.MaxManifestBytes));
        Range(mistakes, options.MaxBlobBytes, Mebibyte, long.MaxValue, nameof(options.MaxBlobBytes));
        Range(mistakes, options.MaxImageBytes, Mebibyte, long.MaxValue, nameof(options.MaxImageBytes));
        Range(mistakes, options.RepositoryQuotaBytes, Mebibyte, long.MaxValue, nameof(options.RepositoryQuotaBytes));
        Range(mistakes, options.MaxObjectsPerRepository, 100, 1_000_000, nameof(options.MaxObjectsPerRepository));
        Range(mistakes, options.MaxUploads, 1, 100_000, nameof(options.MaxUploads));
        Range(mistakes, options.MaxUploadsPerRepository, 1, 10_000, nameof(options.MaxUploadsPerRepository));
        Range(mistakes, options.MaxSignInFailuresPerMinute, 1, 10_000, nameof(options.MaxSignInFailuresPerMinute));
        Range(mistakes, options.UploadIdleTime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), nameof(options.UploadIdleTime));
        Range(mistakes, options.TokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24), nameof(options.TokenLifetime));
        Range(mistakes, options.CollectionGrace, TimeSpan.FromHours(1), TimeSpan.FromDays(30), nameof(options.CollectionGrace));
        Range(mistakes, options.UntaggedRetention, TimeSpan.FromHours(1), TimeSpan.FromDays(3650), nameof(options.UntaggedRetention));
        Range(mistakes, options.CollectionInterval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), nameof(options.CollectionInterval));
        Range(mistakes, options.MinUploadBytesPerSecond, 0, (int)(10 * Mebibyte), nameof(options.MinUploadBytesPerSecond));
        Range(mistakes, options.UploadStallTime, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1), nameof(options.UploadStallTime));
        Demand(mistakes, options.BlobCheckPeriod == TimeSpan.Zero || (options.BlobCheckPeriod >= TimeSpan.FromHours(1) && options.BlobCheckPeriod <= TimeSpan.FromDays(365)),
            nameof(options.BlobCheckPeriod), $"is {options.BlobCheckPeriod}; write 0 for never, or 01:00:00 to 365.00:00:00");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static bool IsPublicUrl(Uri? url) =>
        url is null
        || (url.IsAbsoluteUri && url.Scheme is "http" or "https" && url.AbsolutePath == "/" && url.Query == "" && url.Fragment == "" && url.UserInfo == "");

    private static void Demand(List<string> mistakes, bool holds, string setting, string mistake)
    {
        if (!holds)
        {
            mistakes.Add($"{RegistryOptions.Section}:{setting} {mistake}.");
        }
    }

    private static void Range<T>(List<string> mistakes, T value, T least, T most, string setting) where T : IComparable<T> =>
        Demand(mistakes, value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, setting, $"is {value}; write {least} to {most}");
}
