using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Docker;

public sealed class EngineFaultsTests
{
    private static readonly JobImage Image = new("registry.example/a/b@sha256:aa");

    [Theory]
    [InlineData(PodRole.Agent, "exec: \"/agent\": stat /agent: no such file or directory", FaultCode.AgentStartFailed)]
    [InlineData(PodRole.Environment, "exec: \"/x\": permission denied", FaultCode.EnvironmentStartFailed)]
    [InlineData(PodRole.Agent, "exec: \"docker-init\": executable file not found in $PATH", FaultCode.PlatformEngine)]
    [InlineData(PodRole.Agent, "unknown or invalid runtime name: runsc", FaultCode.HostUnplayable)]
    [InlineData(PodRole.Agent, "Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available", FaultCode.HostUnplayable)]
    [InlineData(PodRole.Agent, "could not select device driver \"\" with capabilities: [[gpu]]", FaultCode.HostUnplayable)]
    [InlineData(PodRole.Agent, "cgroup: device or resource busy", FaultCode.PlatformEngine)]
    [InlineData(PodRole.Referee, "no such file or directory", FaultCode.PlatformEngine)]
    public void OfStart_EnginesWords_NameWhosePartItWas(PodRole role, string message, FaultCode expected) =>
        Assert.Equal(expected, EngineFaults.OfStart(role, message).Code);

    [Theory]
    [InlineData(PodRole.Environment, "manifest unknown", FaultCode.HostImageMissing)]
    [InlineData(PodRole.Agent, "manifest unknown", FaultCode.PlatformPullFailed)]
    [InlineData(PodRole.Agent, "no matching manifest for linux/amd64 in the manifest list entries", FaultCode.ParticipantBadImage)]
    [InlineData(PodRole.Environment, "no matching manifest for linux/amd64", FaultCode.EnvironmentStartFailed)]
    [InlineData(PodRole.Agent, "net/http: TLS handshake timeout", FaultCode.PlatformPullFailed)]
    [InlineData(PodRole.Environment, "connection refused", FaultCode.PlatformPullFailed)]
    public void OfPull_EnginesWords_NameWhosePartItWas(PodRole role, string message, FaultCode expected) =>
        Assert.Equal(expected, EngineFaults.OfPull(role, Image, message).Code);

    [Fact]
    public void OfPull_EscapeSequences_AreNeutralised() =>
        Assert.DoesNotContain('\x1b', EngineFaults.OfPull(PodRole.Agent, Image, "\x1b[31mred").Message);
}
