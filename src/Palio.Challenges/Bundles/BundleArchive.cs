using System.IO.Compression;

namespace Palio.Challenges.Bundles;

/// <summary>A bundle as a zip: read with suspicion, written always the same.</summary>
public static class BundleArchive
{
    private const int UnixTypeShift = 16;
    private const int UnixTypeMask = 0xF000;
    private const int UnixRegularFile = 0x8000;
    private const int UnixFolder = 0x4000;
    private const long RatioFreeBytes = 1 << 20;

    /// <summary>Unpacks a zip in memory. Never throws for what it holds; a bundle in one folder of it is taken from there.</summary>
    /// <param name="archive">The zip's bytes.</param>
    /// <param name="limits">Default <see cref="BundleLimits.Default"/>.</param>
    public static BundleFilesReading Read(ReadOnlyMemory<byte> archive, BundleLimits? limits = null)
    {
        var intake = new BundleIntake(limits ?? BundleLimits.Default);
        if (archive.Length > intake.Limits.MaxArchiveBytes)
        {
            intake.Problems.Error(
                "", $"The archive has {archive.Length} bytes; at most {intake.Limits.MaxArchiveBytes} are allowed.", "Leave out what the challenge's pages do not need.");
            return intake.Finish();
        }

        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive.ToArray(), writable: false), ZipArchiveMode.Read);
            foreach (var entry in zip.Entries)
            {
                if (intake.IsFull)
                {
                    break;
                }

                Take(entry, intake);
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or NotSupportedException or IOException or ArgumentException or OverflowException)
        {
            intake.Problems.Error("", "This is not a zip archive that can be read: it is truncated, damaged, split or of another format.", "Pack the bundle's folder again as a plain .zip.");
        }

        return intake.Finish();
    }

    /// <summary>Packs files: the same files give the same bytes.</summary>
    public static byte[] Write(BundleFiles files)
    {
        using var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files.All)
            {
                var entry = zip.CreateEntry(path, CompressionLevel.Optimal);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(content.Span);
            }
        }

        return target.ToArray();
    }

    private static void Take(ZipArchiveEntry entry, BundleIntake intake)
    {
        var type = (entry.ExternalAttributes >> UnixTypeShift) & UnixTypeMask;
        if (type is not (0 or UnixRegularFile or UnixFolder))
        {
            intake.Problems.Error(
                BundlePath.Printable(entry.FullName), "The entry is a link or a device.", "Pack the file itself instead of a link to it.");
            return;
        }

        if (entry.FullName.EndsWith('/'))
        {
            if (BundlePath.Check(entry.FullName.TrimEnd('/'), intake.Limits) is { } problem)
            {
                intake.Problems.Error(BundlePath.Printable(entry.FullName), problem.Message, problem.Remedy);
            }

            return;
        }

        if (!intake.Admits(entry.FullName, entry.Length))
        {
            return;
        }

        if (entry.IsEncrypted)
        {
            intake.Problems.Error(entry.FullName, "The entry is encrypted.", "Pack the bundle without a password.");
            return;
        }

        if (Unpack(entry, intake) is { } content)
        {
            intake.Add(entry.FullName, content);
        }
    }

    /// <summary>Unpacks with the sizes that are true, not those the entry claims.</summary>
    private static byte[]? Unpack(ZipArchiveEntry entry, BundleIntake intake)
    {
        var byRatio = RatioFreeBytes + (entry.CompressedLength * intake.Limits.MaxCompressionRatio);
        var most = Math.Min(Math.Min(intake.Limits.MaxFileBytes, intake.RemainingBytes), byRatio);
        try
        {
            using var source = entry.Open();
            using var target = new MemoryStream();
            var buffer = new byte[81_920];
            int read;
            while ((read = source.Read(buffer)) > 0)
            {
                if (target.Length + read > most)
                {
                    var why = most == byRatio ? "its compression ratio is that of a zip bomb" : "the bundle becomes too large";
                    intake.Problems.Error(entry.FullName, $"The entry unpacks to more than {most} bytes: {why}.", "Leave it out, or pack it as it is.");
                    return null;
                }

                target.Write(buffer.AsSpan(0, read));
            }

            if (target.Length != entry.Length)
            {
                intake.Problems.Error(entry.FullName, $"The entry has {target.Length} bytes and claims {entry.Length}.", "Pack the bundle's folder again.");
                return null;
            }

            return target.ToArray();
        }
        catch (Exception problem) when (problem is InvalidDataException or NotSupportedException or IOException)
        {
            intake.Problems.Error(BundlePath.Printable(entry.FullName), "The entry is damaged or packed in a way that is not supported.", "Pack the bundle's folder again as a plain .zip.");
            return null;
        }
    }
}
