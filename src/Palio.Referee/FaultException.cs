using Palio.Protocol.Evaluations;
using Palio.Referee.Playing;

namespace Palio.Referee;

/// <summary>A side's fault that ends more than an episode.</summary>
internal sealed class FaultException(FaultCode code, string message) : Exception(SideText.Clean(message, SideText.MaxMessage))
{
    public FaultCode Code { get; } = code;

    public Fault Fault => Fault.Of(Code, Message);
}
