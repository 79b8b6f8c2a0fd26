using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Referee.Playing;

/// <summary>Names of fault codes and blames as they travel.</summary>
internal static class FaultNames
{
    public static string Of(FaultCode code) => JsonSerializer.SerializeToElement(code, EvaluationJsonContext.Default.FaultCode).GetString()!;

    public static string Of(Blame blame) => JsonSerializer.SerializeToElement(blame, EvaluationJsonContext.Default.Blame).GetString()!;
}
