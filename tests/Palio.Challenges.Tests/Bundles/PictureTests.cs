namespace Palio.Challenges.Tests.Bundles;

public sealed class PictureTests
{
    public static TheoryData<string, byte[], string> Pictures => new()
    {
        { "small WebP, lossy", WebP(Chunk("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 9, 0, 9, 0])), "" },
        { "small WebP, lossless", WebP(Chunk("VP8L", Lossless(9, 9))), "" },
        { "small WebP, extended", WebP(Chunk("VP8X", [0, 0, 0, 0, 8, 0, 0, 8, 0, 0]), Chunk("VP8L", Lossless(9, 9))), "" },
        { "scaled WebP: the two high bits are no size", WebP(Chunk("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 9, 0x40, 9, 0x80])), "" },
        { "wide WebP, lossy", WebP(Chunk("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 0x10, 0x27, 9, 0])), "10000 by 9" },
        { "high WebP, lossless", WebP(Chunk("VP8L", Lossless(9, 10_000))), "9 by 10000" },
        { "huge WebP, extended", WebP(Chunk("VP8X", [0, 0, 0, 0, 0x0F, 0x27, 0, 0x0F, 0x27, 1])), "10000 by 75536" },
        { "WebP with a picture larger than its canvas", WebP(Chunk("VP8X", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Chunk("VP8L", Lossless(9, 10_000))), "9 by 10000" },
        { "WebP without a picture", WebP(Chunk("EXIF", new byte[20])), "not a picture" },
        { "WebP with a wrong signature", WebP(Chunk("VP8L", new byte[10])), "not a picture" },
        { "WebP that is cut off", WebP(Chunk("VP8L", Lossless(9, 9)))[..24], "not a picture" },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Logo_OfSize_IsShownOrLeftOut(string name, byte[] picture, string problem)
    {
        var files = Sample.Files(Sample.Config);
        files["logo.png"] = picture;

        var reading = Sample.Read(files);

        Assert.True((reading.Bundle!.Challenge.Image is not null) == (problem.Length == 0), name);
        if (problem.Length > 0)
        {
            Assert.Contains(problem, Assert.Single(reading.Problems).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Lossless(int width, int height)
    {
        var sides = (uint)(width - 1) | (uint)(height - 1) << 14;
        return [0x2F, (byte)sides, (byte)(sides >> 8), (byte)(sides >> 16), (byte)(sides >> 24), 0, 0, 0, 0, 0];
    }

    private static byte[] Chunk(string name, byte[] data) =>
        [.. System.Text.Encoding.ASCII.GetBytes(name), (byte)data.Length, 0, 0, 0, .. data];

    private static byte[] WebP(params byte[][] chunks) => [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. chunks.SelectMany(chunk => chunk)];
}
