using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Registry;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenClaims))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(Empty))]
[JsonSerializable(typeof(RegistryErrorBody))]
[JsonSerializable(typeof(UploadRecord))]
[JsonSerializable(typeof(ManifestRecord))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(ReferrerDescriptor))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(ReferrersIndex))]
[JsonSerializable(typeof(CheckRecord))]
internal sealed partial class RegistryJson : JsonSerializerContext;
