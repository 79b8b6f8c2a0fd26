using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Tests.Evaluations;

public sealed class TranscriptDigestTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("palio-digest-");

    [Fact]
    public async Task Compute_StoredRecords_IsTheChainOfTheProtocol()
    {
        byte[][] records = [[1, 2, 3], [], [9]];
        var expected = SHA256.HashData("palio.record.v1"u8);
        var files = new List<(int, string)>();
        for (var ordinal = 0; ordinal < records.Length; ordinal++)
        {
            files.Add((ordinal, await StoreAsync(ordinal, records[ordinal])));
            var number = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)ordinal);
            expected = SHA256.HashData([.. expected, .. number, .. SHA256.HashData(records[ordinal])]);
        }

        Assert.Equal(Convert.ToHexStringLower(expected), await TranscriptDigest.ComputeAsync(files, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Compute_RecordThatIsNoGzip_IsNoDigest()
    {
        var path = Path.Combine(_directory.FullName, "broken");
        await File.WriteAllBytesAsync(path, [0xff, 0xff, 0xff, 0xff], TestContext.Current.CancellationToken);

        Assert.Null(await TranscriptDigest.ComputeAsync([(0, path)], TestContext.Current.CancellationToken));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<string> StoreAsync(int ordinal, byte[] record)
    {
        var path = Path.Combine(_directory.FullName, $"{ordinal}");
        await using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        await gzip.WriteAsync(record, TestContext.Current.CancellationToken);
        return path;
    }
}
