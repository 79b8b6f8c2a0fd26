namespace Palio.Server.Errors;

/// <summary>A refusal in words for the person who asked. Its text is shown; that of no other exception is.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">For programs; the list stands in <see cref="RefusalCodes"/>.</param>
/// <param name="message">What is refused and why.</param>
/// <param name="remedy">What to do.</param>
internal sealed class PalioException(int status, string code, string message, string remedy) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public string Remedy { get; } = remedy;

    /// <summary>When the same request can succeed; null when waiting does not help.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Mistakes by field, for a form.</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>What does not exist and what the caller may not see answer alike.</summary>
    public static PalioException NotFound(string what) =>
        new(StatusCodes.Status404NotFound, RefusalCodes.NotFound, $"There is no such {what}, or you may not see it.",
            "Check the name, and that you are signed in with the right account ('palio whoami').");

    public static PalioException Invalid(string field, string message, string remedy) =>
        new(StatusCodes.Status400BadRequest, RefusalCodes.Validation, message, remedy)
        {
            Fields = new Dictionary<string, string[]> { [field] = [message] },
        };

    public static PalioException Conflict(string code, string message, string remedy) =>
        new(StatusCodes.Status409Conflict, code, message, remedy);

    public static PalioException Forbidden(string message, string remedy) =>
        new(StatusCodes.Status403Forbidden, RefusalCodes.Forbidden, message, remedy);
}

/// <summary>The <c>code</c> of every problem the API answers.</summary>
internal static class RefusalCodes
{
    public const string AuthRequired = "auth_required";
    public const string TokenExpired = "token_expired";
    public const string TokenRevoked = "token_revoked";
    public const string Scope = "scope";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string Validation = "validation";
    public const string Taken = "taken";
    public const string SignInRefused = "sign_in_refused";
    public const string TooManyRequests = "too_many_requests";
    public const string PhaseClosed = "phase_closed";
    public const string PhasePaused = "phase_paused";
    public const string NotParticipating = "not_participating";
    public const string NotApproved = "not_approved";
    public const string QuotaTotal = "quota_total";
    public const string QuotaDay = "quota_day";
    public const string QuotaMonth = "quota_month";
    public const string QuotaConcurrent = "quota_concurrent";
    public const string EmailNotAllowed = "email_not_allowed";
    public const string TermsNotAccepted = "terms_not_accepted";
    public const string JoinRefused = "join_refused";
    public const string ImageMissing = "image_missing";
    public const string ImageArchitecture = "image_architecture";
    public const string ImageTooLarge = "image_too_large";
    public const string ImageEntrypoint = "image_entrypoint";
    public const string FileTooLarge = "file_too_large";
    public const string FileType = "file_type";
    public const string FileEmpty = "file_empty";
    public const string WrongInput = "wrong_input";
    public const string BundleInvalid = "bundle_invalid";
    public const string IdempotencyConflict = "idempotency_conflict";
    public const string State = "state";
    public const string Internal = "internal";
}
