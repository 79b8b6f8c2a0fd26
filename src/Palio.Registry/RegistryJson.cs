using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Registry;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenClaims))]
internal sealed partial class RegistryJson : JsonSerializerContext;
