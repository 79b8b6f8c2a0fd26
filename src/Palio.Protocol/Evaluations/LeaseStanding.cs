using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>The server's answer to a heartbeat or report.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeaseStanding>))]
public enum LeaseStanding
{
    /// <summary>The lease holds; go on.</summary>
    [JsonStringEnumMemberName("held")] Held,

    /// <summary>A person asked to cancel: stop the containers, report <see cref="FaultCode.ParticipantCancelled"/>.</summary>
    [JsonStringEnumMemberName("cancel")] CancelRequested,

    /// <summary>The lease is lost: stop the containers, report nothing more.</summary>
    [JsonStringEnumMemberName("lost")] Lost,
}
