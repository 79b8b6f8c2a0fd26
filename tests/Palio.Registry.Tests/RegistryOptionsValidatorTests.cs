namespace Palio.Registry.Tests;

public sealed class RegistryOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_NeedOnlyAFolder()
    {
        var validator = new RegistryOptionsValidator();

        Assert.True(validator.Validate(null, new RegistryOptions { DataFolder = "x" }).Succeeded);
        Assert.Contains("DataFolder", Assert.Single(validator.Validate(null, new RegistryOptions()).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ManyMistakes_ListsThemAll()
    {
        var options = new RegistryOptions
        {
            PublicUrl = new Uri("https://host/path"),
            Service = "a\"b",
            MaxManifestBytes = 5 * 1024 * 1024,
            MaxBlobBytes = 0,
            MaxImageBytes = 0,
            RepositoryQuotaBytes = 0,
            UploadIdleTime = TimeSpan.Zero,
            MaxUploads = 0,
            MaxUploadsPerRepository = 0,
            TokenLifetime = TimeSpan.FromSeconds(59),
            MaxSignInFailuresPerMinute = 0,
            CollectionGrace = TimeSpan.Zero,
            UntaggedRetention = TimeSpan.Zero,
            CollectionInterval = TimeSpan.Zero,
            MinUploadBytesPerSecond = -1,
            UploadStallTime = TimeSpan.Zero,
            BlobCheckPeriod = TimeSpan.FromMinutes(1),
        };

        var failures = new RegistryOptionsValidator().Validate(null, options).Failures!.ToList();

        Assert.Equal(18, failures.Count);
        Assert.All(failures, f => Assert.StartsWith("Registry:", f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://host", true)]
    [InlineData("http://host:8080/", true)]
    [InlineData("ftp://host", false)]
    [InlineData("https://host/?a", false)]
    [InlineData("https://user@host", false)]
    [InlineData("host", false)]
    public void Validate_PublicUrl_IsSchemeHostAndPort(string url, bool valid)
    {
        var options = new RegistryOptions { DataFolder = "x", PublicUrl = new Uri(url, UriKind.RelativeOrAbsolute) };

        Assert.Equal(valid, new RegistryOptionsValidator().Validate(null, options).Succeeded);
    }
}
