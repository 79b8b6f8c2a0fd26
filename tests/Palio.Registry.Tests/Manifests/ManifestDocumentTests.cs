using System.Text;

namespace Palio.Registry.Tests.Manifests;

public sealed class ManifestDocumentTests
{
    private const string Oci = "application/vnd.oci.image.manifest.v1+json";
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string D = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Config = $$"""{"mediaType":"c","digest":"{{D}}","size":1}""";

    [Theory]
    [InlineData("", Oci, "not valid JSON")]
    [InlineData("[]", Oci, "not a JSON object")]
    [InlineData("{", Oci, "not valid JSON")]
    [InlineData("{}", Oci, "config is missing")]
    [InlineData($$"""{"config":{{Config}} }""", Oci, "layers is missing")]
    [InlineData($$"""{"config":{{Config}},"layers":{} }""", Oci, "layers must be a list")]
    [InlineData($$"""{"config":{{Config}},"layers":[1]}""", Oci, "layers[0] must be a descriptor")]
    [InlineData($$"""{"config":{{Config}},"layers":[{"mediaType":"x","size":1}]}""", Oci, "layers[0].digest")]
    [InlineData($$"""{"config":{{Config}},"layers":[{"mediaType":"x","digest":"{{D}}","size":-1}]}""", Oci, "layers[0].size")]
    [InlineData($$"""{"config":{{Config}},"layers":[{"mediaType":"x","digest":"{{D}}","size":"1"}]}""", Oci, "layers[0].size")]
    [InlineData($$"""{"config":{{Config}},"layers":[{"digest":"{{D}}","size":1}]}""", Oci, "layers[0].mediaType")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"subject":{"digest":"x"} }""", Oci, "subject.digest")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"schemaVersion":1}""", Oci, "schemaVersion")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"annotations":{"a":1} }""", Oci, "annotations")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"mediaType":7}""", Oci, "mediaType must be a text")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"mediaType":"{{OciIndex}}"}""", Oci, "is not its Content-Type")]
    [InlineData($$"""{"config":{{Config}},"layers":[]}""", "", "Neither Content-Type nor mediaType")]
    [InlineData("{}", "application/vnd.docker.distribution.manifest.v1+prettyjws", "schema version 1")]
    [InlineData("{}", "text/plain", "not supported")]
    [InlineData("{}", OciIndex, "manifests is missing")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"manifests":[]}""", Oci, "both an image and an index")]
    [InlineData($$"""{"layers":[],"manifests":[]}""", OciIndex, "both an image and an index")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"Layers":[{{Config}}]}""", Oci, "spells layers another way")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"layer\u017f":[{{Config}}]}""", Oci, "spells layers another way")]
    [InlineData($$"""{"config":{"mediaType":"c","digest":"{{D}}","Digest":"{{D}}","size":1},"layers":[]}""", Oci, "config spells digest another way")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"layers":[{{Config}}]}""", Oci, "not valid JSON")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"artifactType":"\ud800"}""", Oci, "not valid JSON")]
    [InlineData($$"""{"config":{{Config}},"layers":[],"annotations":{"\ud800":""} }""", Oci, "not valid JSON")]
    public void Parse_Bad_SaysWhatIsWrong(string json, string type, string message)
    {
        var exception = Assert.Throws<ManifestFormatException>(() => ManifestDocument.Parse(Encoding.UTF8.GetBytes(json), type));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AThousandLayers_AreTheMost()
    {
        var layers = string.Join(',', Enumerable.Repeat(Config, 1000));

        Assert.Equal(1000, ManifestDocument.Parse(Encoding.UTF8.GetBytes($$"""{"config":{{Config}},"layers":[{{layers}}]}"""), Oci).Layers.Count);
        Assert.Throws<ManifestFormatException>(
            () => ManifestDocument.Parse(Encoding.UTF8.GetBytes($$"""{"config":{{Config}},"layers":[{{layers}},{{Config}}]}"""), Oci));
    }

    [Fact]
    public void Parse_WithoutMediaType_TakesTheHeader()
    {
        var document = ManifestDocument.Parse(Encoding.UTF8.GetBytes($$"""{"config":{{Config}},"layers":[],"extra":{"a":[1]} }"""), Oci);

        Assert.Equal(Oci, document.MediaType);
        Assert.Equal(Digest.Parse(D), document.Config?.Digest);
    }

    [Fact]
    public void Parse_WithoutHeader_TakesTheMediaType() =>
        Assert.Equal(OciIndex, ManifestDocument.Parse(Encoding.UTF8.GetBytes($$"""{"mediaType":"{{OciIndex}}","manifests":[]}"""), "").MediaType);
}
