using System.Text.Json;

namespace Palio.Registry.Tests.Names;

public sealed class DigestTests
{
    private const string EmptyHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Of_NothingAtAll_IsTheKnownDigest()
    {
        Assert.Equal($"sha256:{EmptyHex}", Digest.Of([]).ToString());
        Assert.StartsWith("sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce", Digest.Of([], "sha512").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(EmptyHex)]
    [InlineData("sha256:")]
    [InlineData("sha256:" + EmptyHex + "0")]
    [InlineData("sha512:" + EmptyHex)]
    [InlineData("sha384:" + EmptyHex)]
    [InlineData("SHA256:" + EmptyHex)]
    [InlineData("sha256:E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../../../..")]
    public void TryParse_Malformed_IsRefused(string? text) => Assert.False(Digest.TryParse(text, out _));

    [Fact]
    public void TryParse_WhatOfMade_IsEqual()
    {
        var digest = Digest.Of("x"u8);

        Assert.True(Digest.TryParse(digest.ToString(), out var read));
        Assert.Equal(digest, read);
        Assert.Equal(digest.GetHashCode(), read.GetHashCode());
    }

    [Fact]
    public void Json_RoundTrip_IsText()
    {
        var digest = Digest.Of("x"u8);
        var json = JsonSerializer.Serialize(digest);

        Assert.Equal($"\"{digest}\"", json);
        Assert.Equal(digest, JsonSerializer.Deserialize<Digest>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Digest>("\"sha256:1\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Digest>("7"));
    }
}
