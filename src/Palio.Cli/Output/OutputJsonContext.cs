using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Cli.Engine;

namespace Palio.Cli.Output;

/// <summary>What <c>--json</c> gives when a command failed.</summary>
internal sealed record ErrorDocument(ErrorBody Error);

/// <summary>A failure as JSON.</summary>
internal sealed record ErrorBody(string Code, string Message, string? Remedy, int ExitCode);

/// <summary>What <c>--json</c> gives when there is nothing to give but that it was done.</summary>
internal sealed record Done(string Message);

/// <summary>Which server commands talk to.</summary>
internal sealed record HostState(string? Host, string? User, bool SignedIn);

/// <summary>Files written by <c>challenge init</c>.</summary>
internal sealed record InitResult(string Folder, string Template, IReadOnlyList<string> Files);

/// <summary>A problem found in a bundle.</summary>
internal sealed record ProblemRow(string Severity, string File, int Line, int Column, string Path, string Message, string Remedy);

/// <summary>What <c>challenge validate</c> found.</summary>
internal sealed record BundleVerdict(bool Valid, IReadOnlyList<ProblemRow> Problems);

/// <summary>What <c>doctor</c> found.</summary>
internal sealed record DoctorReport(string Version, EngineInfo? Engine, IReadOnlyList<DoctorCheck> Checks);

/// <summary>One thing <c>doctor</c> looked at.</summary>
internal sealed record DoctorCheck(string Name, bool Ok, string Text, string? Remedy);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(HostState))]
[JsonSerializable(typeof(InitResult))]
[JsonSerializable(typeof(BundleVerdict))]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class OutputJsonContext : JsonSerializerContext;
