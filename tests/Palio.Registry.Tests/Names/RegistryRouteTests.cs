namespace Palio.Registry.Tests.Names;

public sealed class RegistryRouteTests
{
    private const string Hex = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("", "Root", "", "")]
    [InlineData("/", "Root", "", "")]
    [InlineData("/token", "Token", "", "")]
    [InlineData("/_catalog", "Catalog", "", "")]
    [InlineData("/a/manifests/latest", "Manifest", "a", "latest")]
    [InlineData("/a/b/c/manifests/1.0", "Manifest", "a/b/c", "1.0")]
    [InlineData("/a/manifests/" + Hex, "Manifest", "a", Hex)]
    [InlineData("/manifests/manifests/manifests", "Manifest", "manifests", "manifests")]
    [InlineData("/a/manifests/b/manifests/c", "Manifest", "a/manifests/b", "c")]
    [InlineData("/token/manifests/latest", "Manifest", "token", "latest")]
    [InlineData("/a/blobs/" + Hex, "Blob", "a", Hex)]
    [InlineData("/blobs/blobs/" + Hex, "Blob", "blobs", Hex)]
    [InlineData("/a/blobs/uploads/b/blobs/" + Hex, "Blob", "a/blobs/uploads/b", Hex)]
    [InlineData("/a/blobs/uploads/", "UploadStart", "a", "")]
    [InlineData("/a/blobs/uploads", "UploadStart", "a", "")]
    [InlineData("/a/blobs/b/blobs/uploads/", "UploadStart", "a/blobs/b", "")]
    [InlineData("/a/blobs/uploads/1b2c", "Upload", "a", "1b2c")]
    [InlineData("/blobs/uploads/blobs/uploads/1b2c", "Upload", "blobs/uploads", "1b2c")]
    [InlineData("/a/tags/list", "Tags", "a", "")]
    [InlineData("/tags/list/tags/list", "Tags", "tags/list", "")]
    [InlineData("/a/referrers/" + Hex, "Referrers", "a", Hex)]
    [InlineData("/referrers/referrers/" + Hex, "Referrers", "referrers", Hex)]
    [InlineData("/A/manifests/latest", "Manifest", "A", "latest")]
    [InlineData("//a/manifests/latest", "Manifest", "/a", "latest")]
    public void Parse_KnownPlace_NamesItsParts(string path, string kind, string name, string reference)
    {
        var route = RegistryRoute.Parse(path);

        Assert.Equal((kind, name, reference), (route?.Kind.ToString(), route?.Name, route?.Reference));
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("/a/b")]
    [InlineData("/a/manifests/")]
    [InlineData("/a/manifests")]
    [InlineData("/manifests/latest")]
    [InlineData("/blobs/uploads/")]
    [InlineData("/tags/list")]
    [InlineData("/a/tags/list/")]
    [InlineData("/a/tags")]
    [InlineData("/a/referrers/")]
    [InlineData("/a/blobs/")]
    [InlineData("/a/blobs/uploads/id/")]
    [InlineData("/a/unknown/latest")]
    [InlineData("//")]
    public void Parse_NoSuchPlace_IsNull(string path) => Assert.Null(RegistryRoute.Parse(path));
}
