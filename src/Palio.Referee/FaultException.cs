using Palio.Protocol.Evaluations;

namespace Palio.Referee;

/// <summary>A side's fault that ends more than an episode.</summary>
internal sealed class FaultException(FaultCode code, string message) : Exception(message)
{
    public FaultCode Code { get; } = code;

    public Fault Fault => Fault.Of(Code, Message);
}
