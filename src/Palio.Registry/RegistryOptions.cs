namespace Palio.Registry;

/// <summary>Settings of the embedded registry. All are checked at start.</summary>
public sealed class RegistryOptions
{
    /// <summary>The configuration section these are read from.</summary>
    public const string Section = "Registry";

    /// <summary>The folder that holds blobs, repositories, uploads and the token key. Required; no default. An absolute path is best.</summary>
    public string DataFolder { get; set; } = "";

    /// <summary>
    /// The address clients reach this server at, scheme and host and port without a path; tokens are asked for there.
    /// Default: none, the scheme and Host of each request are used. Set it behind a proxy.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>The service name in challenges and tokens. Default <c>palio</c>; letters, digits, dots and dashes.</summary>
    public string Service { get; set; } = "palio";

    /// <summary>The largest manifest, in bytes. Default and maximum 4194304 (4 MiB); minimum 65536.</summary>
    public int MaxManifestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The largest single blob, in bytes. Default 10 GiB; minimum 1 MiB.</summary>
    public long MaxBlobBytes { get; set; } = 10L << 30;

    /// <summary>The largest image (config and layers together, compressed), in bytes. Default 16 GiB; minimum 1 MiB.</summary>
    public long MaxImageBytes { get; set; } = 16L << 30;

    /// <summary>
    /// What one repository may hold, together with those whose names go on below its first two components, in bytes: each blob once per
    /// repository, manifests, and uploads in progress. Default 32 GiB; minimum 1 MiB.
    /// <see cref="IRegistryAuthorizer.GetQuotaAsync"/> may say otherwise for a repository.
    /// </summary>
    public long RepositoryQuotaBytes { get; set; } = 32L << 30;

    /// <summary>Blobs, manifests and tags in the repositories that share a quota. Default 20000; 100 to 1000000.</summary>
    public int MaxObjectsPerRepository { get; set; } = 20_000;

    /// <summary>How long an upload may stay untouched before it is collected. Default 24 hours; 1 minute to 30 days.</summary>
    public TimeSpan UploadIdleTime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Uploads open at once in the whole registry. Default 1024; 1 to 100000.</summary>
    public int MaxUploads { get; set; } = 1024;

    /// <summary>Uploads open at once in the repositories that share a quota, and for one account. Default 64; 1 to 10000.</summary>
    public int MaxUploadsPerRepository { get; set; } = 64;

    /// <summary>How long a token is good for; must outlast the push of one layer. Default 30 minutes; 1 minute to 24 hours.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Failed sign-ins allowed per user name and address in one minute before 429. Default 10; 1 to 10000.</summary>
    public int MaxSignInFailuresPerMinute { get; set; } = 10;

    /// <summary>How long a blob that no manifest uses is kept after it was last pushed or asked about. Default 2 hours; 1 hour to 30 days.</summary>
    public TimeSpan CollectionGrace { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How long a manifest without tag, pin or index above it is kept. Default 7 days; 1 hour to 3650 days.</summary>
    public TimeSpan UntaggedRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// An upload that brings less than this, in bytes a second and beyond <see cref="UploadStallTime"/>, is cut off; what arrived is kept, and the
    /// client goes on from there. Default 1024; 0 for no limit; at most 10 MiB.
    /// </summary>
    public int MinUploadBytesPerSecond { get; set; } = 1024;

    /// <summary>How long an upload may bring nothing before <see cref="MinUploadBytesPerSecond"/> is demanded of it. Default 1 minute; 2 seconds to 1 hour.</summary>
    public TimeSpan UploadStallTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>In this time every stored blob is read again, and set aside when its bytes have changed. Default 7 days; 0 for never, else 1 hour to 365 days.</summary>
    public TimeSpan BlobCheckPeriod { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often the collector runs. Default 1 hour; 1 minute to 7 days.</summary>
    public TimeSpan CollectionInterval { get; set; } = TimeSpan.FromHours(1);
}
