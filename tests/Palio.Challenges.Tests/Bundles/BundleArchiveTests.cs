using System.IO.Compression;
using System.Text;
using Palio.Challenges.Bundles;

namespace Palio.Challenges.Tests.Bundles;

public sealed class BundleArchiveTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSameBundle()
    {
        var files = BundleFiles.Create(Sample.Files(Sample.Config)).Files!;

        var packed = BundleArchive.Write(files);
        var unpacked = BundleArchive.Read(packed);

        Assert.Empty(unpacked.Problems);
        Assert.Equal(files.Digest(), unpacked.Files!.Digest());
        Assert.Equal(packed, BundleArchive.Write(unpacked.Files));
    }

    [Theory]
    [InlineData("../evil.html", "'..'")]
    [InlineData("a/../../evil.html", "'..'")]
    [InlineData("./a.html", "'.'")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("C:/evil.html", "absolute")]
    [InlineData("a\\b.html", "backslash")]
    [InlineData("a//b.html", "empty name")]
    [InlineData("CON.html", "every system")]
    [InlineData("a /b.html", "every system")]
    [InlineData("a|b.html", "every system")]
    [InlineData("a\u202Egpj.html", "invisible")]
    [InlineData("a\u0007.html", "control")]
    [InlineData("e\u0301.html", "decomposed")]
    public void Read_UnsafePath_IsRefused(string path, string message)
    {
        var reading = BundleArchive.Read(Zip((path, "x")));

        Assert.Null(reading.Files);
        Assert.Contains(message, Assert.Single(reading.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.html", "a.html")]
    [InlineData("a.html", "A.html")]
    [InlineData("templates/a.html", "Templates/b.html")]
    [InlineData("a", "a/b.html")]
    [InlineData("a/b.html", "a")]
    public void Read_CollidingPaths_AreRefused(string first, string second) => Assert.True(BundleArchive.Read(Zip((first, "x"), (second, "y"))).HasErrors);

    [Theory]
    [InlineData(0xA000)]
    [InlineData(0x2000)]
    [InlineData(0x1000)]
    public void Read_LinkOrDevice_IsRefused(int type)
    {
        var reading = BundleArchive.Read(Zip(entry => entry.ExternalAttributes = (type | 0x1FF) << 16, ("link", "/etc/passwd")));

        Assert.Contains("a link or a device", Assert.Single(reading.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HiddenFiles_AreLeftOut() =>
        Assert.Equal(["a.html"], BundleArchive.Read(Zip((".git/config", "x"), ("__MACOSX/a", "x"), ("a.html", "x"))).Files!.Paths);

    [Fact]
    public void Read_Bomb_IsRefusedByItsRatio()
    {
        var reading = BundleArchive.Read(Zip(("a.html", new string('x', 8 << 20))), new BundleLimits { MaxCompressionRatio = 10 });

        Assert.Contains("zip bomb", Assert.Single(reading.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooManyOrTooLarge_IsRefused()
    {
        var zip = Zip(("a", "12345"), ("b", "12345"), ("c", "12345"));

        Assert.True(BundleArchive.Read(zip, new BundleLimits { MaxEntries = 2 }).HasErrors);
        Assert.True(BundleArchive.Read(zip, new BundleLimits { MaxFileBytes = 4 }).HasErrors);
        Assert.True(BundleArchive.Read(zip, new BundleLimits { MaxTotalBytes = 14 }).HasErrors);
        Assert.True(BundleArchive.Read(zip, new BundleLimits { MaxArchiveBytes = 10 }).HasErrors);
        Assert.False(BundleArchive.Read(zip).HasErrors);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(60)]
    public void Read_Truncated_IsRefused(int length) => Assert.True(BundleArchive.Read(Zip(("a.html", "x")).AsMemory(0, length)).HasErrors);

    [Fact]
    public void Read_AnyByteChanged_NeverThrows()
    {
        var zip = Zip(("a.html", "some text"), ("b/c.html", "other text"));
        for (var at = 0; at < zip.Length; at++)
        {
            var damaged = zip.ToArray();
            damaged[at] ^= 0xFF;
            var reading = BundleArchive.Read(damaged);
            Assert.Equal(reading.HasErrors, reading.Files is null);
        }
    }

    private static byte[] Zip(params (string Path, string Content)[] files) => Zip(_ => { }, files);

    private static byte[] Zip(Action<ZipArchiveEntry> change, params (string Path, string Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                var entry = zip.CreateEntry(path);
                change(entry);
                using var target = entry.Open();
                target.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return stream.ToArray();
    }
}
