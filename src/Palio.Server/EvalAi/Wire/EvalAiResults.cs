namespace Palio.Server.EvalAi.Wire;

/// <summary>Answers in EvalAI's shapes.</summary>
internal static class EvalAiResults
{
    public static IResult Json(object value, int status = StatusCodes.Status200OK) => Results.Json(value, EvalAiJson.Options, statusCode: status);

    public static IResult Created(object value) => Json(value, StatusCodes.Status201Created);

    /// <summary><c>{"error": text}</c>: with 400, 401, 403 and 406 EvalAI's client shows it.</summary>
    public static IResult Error(int status, string text) => Json(new { error = text }, status);

    /// <summary><c>{"success": text}</c>.</summary>
    public static IResult Success(string text) => Json(new { success = text });

    /// <summary><c>{"field": ["text"], "error": "text"}</c>.</summary>
    public static IResult Invalid(string field, string text, int status = StatusCodes.Status400BadRequest) =>
        Json(new Dictionary<string, object> { [field] = new[] { text }, ["error"] = text }, status);
}
