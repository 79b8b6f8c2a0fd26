using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>What went wrong, as a closed list. <see cref="FaultCatalog"/> gives blame and remedy of each.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultCode>))]
public enum FaultCode
{
    /// <summary>The agent's container ended before it said hello.</summary>
    [JsonStringEnumMemberName("AGENT_NO_HANDSHAKE")] AgentNoHandshake,

    /// <summary>The agent did not connect, or did not get ready, within its budget.</summary>
    [JsonStringEnumMemberName("AGENT_START_TIMEOUT")] AgentStartTimeout,

    /// <summary>The agent's image could not be started: no such entry point, not executable.</summary>
    [JsonStringEnumMemberName("AGENT_START_FAILED")] AgentStartFailed,

    /// <summary>The agent's program ended, or closed its connection, in the middle of play.</summary>
    [JsonStringEnumMemberName("AGENT_CRASHED")] AgentCrashed,

    /// <summary>The agent was killed for using more memory than its limit.</summary>
    [JsonStringEnumMemberName("AGENT_OOM")] AgentOutOfMemory,

    /// <summary>The agent did not act within the step limit and its time bank.</summary>
    [JsonStringEnumMemberName("AGENT_STEP_TIMEOUT")] AgentStepTimeout,

    /// <summary>The agent used up the budget of the whole evaluation.</summary>
    [JsonStringEnumMemberName("AGENT_TOTAL_TIMEOUT")] AgentTotalTimeout,

    /// <summary>An action was not a member of the action space.</summary>
    [JsonStringEnumMemberName("AGENT_INVALID_ACTION")] AgentInvalidAction,

    /// <summary>A message broke the protocol: unknown type, wrong order, half a frame.</summary>
    [JsonStringEnumMemberName("AGENT_PROTOCOL")] AgentProtocol,

    /// <summary>A message, or all messages together, were larger than agreed.</summary>
    [JsonStringEnumMemberName("AGENT_MESSAGE_TOO_LARGE")] AgentMessageTooLarge,

    /// <summary>The environment's container could not be started, or ended before it said hello.</summary>
    [JsonStringEnumMemberName("ENV_START_FAILED")] EnvironmentStartFailed,

    /// <summary>The environment did not connect, or did not get ready, within its budget.</summary>
    [JsonStringEnumMemberName("ENV_START_TIMEOUT")] EnvironmentStartTimeout,

    /// <summary>The environment's program ended, or closed its connection, in the middle of play.</summary>
    [JsonStringEnumMemberName("ENV_CRASHED")] EnvironmentCrashed,

    /// <summary>The environment was killed for using more memory than its limit.</summary>
    [JsonStringEnumMemberName("ENV_OOM")] EnvironmentOutOfMemory,

    /// <summary>The environment did not answer a reset or step in time.</summary>
    [JsonStringEnumMemberName("ENV_STEP_TIMEOUT")] EnvironmentStepTimeout,

    /// <summary>An observation, space or metric was not what the environment declared.</summary>
    [JsonStringEnumMemberName("ENV_SPEC_VIOLATION")] EnvironmentSpecViolation,

    /// <summary>A reward was not a finite number.</summary>
    [JsonStringEnumMemberName("ENV_BAD_REWARD")] EnvironmentBadReward,

    /// <summary>A message of the environment broke the protocol.</summary>
    [JsonStringEnumMemberName("ENV_PROTOCOL")] EnvironmentProtocol,

    /// <summary>The environment said no hello and opened the port of images made for EvalAI, in a phase that says the referee scores.</summary>
    [JsonStringEnumMemberName("ENV_LEGACY")] EnvironmentIsLegacy,

    /// <summary>The participant's image ended without writing its file.</summary>
    [JsonStringEnumMemberName("AGENT_NO_FILE")] AgentNoFile,

    /// <summary>The host's script raised an exception, or ended without returning.</summary>
    [JsonStringEnumMemberName("SCRIPT_FAILED")] ScriptFailed,

    /// <summary>The host's script did not return in time.</summary>
    [JsonStringEnumMemberName("SCRIPT_TIMEOUT")] ScriptTimeout,

    /// <summary>The host's script was killed for using more memory than its limit.</summary>
    [JsonStringEnumMemberName("SCRIPT_OOM")] ScriptOutOfMemory,

    /// <summary>What the host's script returned does not fit the phase's boards.</summary>
    [JsonStringEnumMemberName("SCRIPT_BAD_RESULT")] ScriptBadResult,

    /// <summary>The environment image named by the phase cannot be had any more.</summary>
    [JsonStringEnumMemberName("HOST_IMAGE_MISSING")] HostImageMissing,

    /// <summary>The phase asks for what no worker can give (resources, runtime).</summary>
    [JsonStringEnumMemberName("HOST_UNPLAYABLE")] HostUnplayable,

    /// <summary>The host's own worker says that it could not evaluate the submission.</summary>
    [JsonStringEnumMemberName("HOST_WORKER_FAILED")] HostWorkerFailed,

    /// <summary>The host's own workers did not evaluate the submission in the time that the challenge gives.</summary>
    [JsonStringEnumMemberName("HOST_WORKER_LOST")] HostWorkerLost,

    /// <summary>An image could not be pulled by the worker.</summary>
    [JsonStringEnumMemberName("PLATFORM_PULL_FAILED")] PlatformPullFailed,

    /// <summary>The container engine refused or failed.</summary>
    [JsonStringEnumMemberName("PLATFORM_ENGINE")] PlatformEngine,

    /// <summary>The referee ended without a result.</summary>
    [JsonStringEnumMemberName("PLATFORM_REFEREE")] PlatformReferee,

    /// <summary>The worker that held the evaluation went away; its lease ran out.</summary>
    [JsonStringEnumMemberName("PLATFORM_LEASE_LOST")] PlatformLeaseLost,

    /// <summary>The evaluation stayed in one state longer than that state may last.</summary>
    [JsonStringEnumMemberName("PLATFORM_STUCK")] PlatformStuck,

    /// <summary>Anything else inside Palio.</summary>
    [JsonStringEnumMemberName("PLATFORM_INTERNAL")] PlatformInternal,

    /// <summary>A person cancelled the submission.</summary>
    [JsonStringEnumMemberName("PARTICIPANT_CANCELLED")] ParticipantCancelled,

    /// <summary>The image cannot be judged: other architecture, too large, no entry point.</summary>
    [JsonStringEnumMemberName("PARTICIPANT_BAD_IMAGE")] ParticipantBadImage,

    /// <summary>The file was to come in parts, and did not come whole.</summary>
    [JsonStringEnumMemberName("PARTICIPANT_UPLOAD_UNFINISHED")] ParticipantUploadUnfinished,
}
