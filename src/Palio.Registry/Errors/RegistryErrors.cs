using System.Globalization;

namespace Palio.Registry;

/// <summary>The specification's error codes with the status each is answered with.</summary>
internal static class RegistryErrors
{
    public static RegistryError BlobUnknown(string digest) =>
        new(404, "BLOB_UNKNOWN", "This repository does not hold the blob.") { Detail = digest };

    public static RegistryError UploadInvalid(string message) => new(400, "BLOB_UPLOAD_INVALID", message);

    public static RegistryError UploadUnknown(string id) =>
        new(404, "BLOB_UPLOAD_UNKNOWN", "This upload is not known: it was finished, cancelled or left alone for too long. Push again.") { Detail = id };

    public static RegistryError UploadOutOfOrder(string message, UploadPosition position) =>
        new(416, "BLOB_UPLOAD_INVALID", message) { Position = position };

    public static RegistryError DigestInvalid(string message) => new(400, "DIGEST_INVALID", message);

    public static RegistryError ManifestBlobUnknown(string digest) =>
        new(400, "MANIFEST_BLOB_UNKNOWN", "The manifest refers to content that this repository does not hold. Push it first.") { Detail = digest };

    public static RegistryError ManifestInvalid(string message) => new(400, "MANIFEST_INVALID", message);

    public static RegistryError ManifestTooLarge(int most) =>
        new(413, "MANIFEST_INVALID", $"The manifest is larger than the {most} bytes allowed.");

    public static RegistryError ManifestUnknown(string reference) =>
        new(404, "MANIFEST_UNKNOWN", "This repository has no such manifest or tag.") { Detail = reference };

    public static RegistryError NameInvalid(string name) =>
        new(400, "NAME_INVALID", "The repository name is not valid: use lower-case letters, digits and single separators . _ - between slashes.")
        {
            Detail = name,
        };

    public static RegistryError TagInvalid(string tag) =>
        new(400, "MANIFEST_INVALID", "The tag is not valid: use up to 128 letters, digits, _ . and -, not beginning with . or -.") { Detail = tag };

    public static RegistryError NameUnknown(string name) => new(404, "NAME_UNKNOWN", "There is no such repository.") { Detail = name };

    public static RegistryError NotFound() => new(404, "NAME_UNKNOWN", "There is nothing at this address of the registry.");

    public static RegistryError SizeInvalid(string message) => new(400, "SIZE_INVALID", message);

    public static RegistryError Denied(string message) => new(403, "DENIED", message);

    public static RegistryError BlobTooLarge(long most) =>
        Denied($"A single layer may have at most {Bytes(most)}. Split the image's largest layer.");

    public static RegistryError ImageTooLarge(long most) => Denied($"An image may have at most {Bytes(most)} in all. Make it smaller.");

    // docker tries five times again after anything but DENIED.
    public static RegistryError QuotaExceeded(long quota) =>
        Denied($"The repository's quota of {Bytes(quota)} is used up. Delete a tag that is no longer needed, or ask the host for more.");

    public static RegistryError TooManyObjects(int most) =>
        Denied($"The repository holds {most} blobs, manifests and tags, and no more are allowed. Delete tags that are no longer needed.");

    public static RegistryError Unsupported(string message) => new(405, "UNSUPPORTED", message);

    public static RegistryError TooManyRequests(string message, int retryAfter) =>
        new(429, "TOOMANYREQUESTS", message) { RetryAfter = retryAfter };

    public static RegistryError Unauthorized(string message, string challenge) =>
        new(401, "UNAUTHORIZED", message) { Challenge = challenge };

    public static RegistryError Internal(string trace) =>
        new(500, "UNKNOWN", "The registry failed at this. It is not your fault; tell the operator the number.") { Detail = trace };

    private static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
    };
}
