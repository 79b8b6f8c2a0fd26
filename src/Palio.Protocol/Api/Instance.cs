using System.Text.Json.Serialization;

namespace Palio.Protocol.Api;

/// <summary>What this instance is. <c>GET /api/v1/instance</c>, anonymous.</summary>
/// <param name="Name">Shown name.</param>
/// <param name="Version">Version of Palio.</param>
/// <param name="RegistryHost">Host and port images are pushed to.</param>
/// <param name="SelfService">New challenges need no approval.</param>
/// <param name="Registration">Anybody may register.</param>
public sealed record InstanceInfo(string Name, string Version, string RegistryHost, bool SelfService, bool Registration);

/// <summary>A worker, for the operator. <c>GET /api/v1/workers</c>.</summary>
public sealed record WorkerRow(string Name, string Engine, int Capacity, int Running, DateTimeOffset LastSeen);

/// <summary>A page of a list; <c>?page=</c> from 1, <c>?size=</c> 1 to 100, default 50.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Total">Rows in all.</param>
/// <param name="Number">Which page, from 1.</param>
/// <param name="Size">Rows a page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total, [property: JsonPropertyName("page")] int Number, int Size);
