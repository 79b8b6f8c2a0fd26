using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>
/// Addresses of a submission's files that need no token, since EvalAI's clients send none with them: sealed, and good for a day. Whoever
/// makes one has checked who asks.
/// </summary>
internal sealed class FileLinks(IDataProtectionProvider protection, InstanceAddress address, TimeProvider time)
{
    public const string Route = "/api/jobs/files";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly IDataProtector _protector = protection.CreateProtector("evalai-files");

    public string Of(int submission, SubmissionFile file)
    {
        var expires = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        var seal = _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{submission}/{file}/{expires}"));
        return $"{address.PublicUrl}{Route}/{seal}/{NameOf(file)}";
    }

    /// <summary>What a link was made for; null when nobody made it, or it is over.</summary>
    public (int Submission, SubmissionFile File)? Open(string seal)
    {
        try
        {
            return _protector.Unprotect(seal).Split('/') is [var submission, var file, var expires]
                && time.GetUtcNow().ToUnixTimeSeconds() < long.Parse(expires, CultureInfo.InvariantCulture)
                    ? (int.Parse(submission, CultureInfo.InvariantCulture), Enum.Parse<SubmissionFile>(file))
                    : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    public static string NameOf(SubmissionFile file) => file switch
    {
        SubmissionFile.Input => "submission.json",
        SubmissionFile.Written => "submission_input_file",
        SubmissionFile.Result => "submission_result_file.json",
        SubmissionFile.Stdout => "stdout.txt",
        SubmissionFile.Stderr => "stderr.txt",
        _ => "environment_log.txt",
    };
}

/// <summary>A submission's files by EvalAI's kinds.</summary>
internal enum SubmissionFile
{
    Input,

    /// <summary>What the submitted image wrote.</summary>
    Written,
    Result,
    Stdout,
    Stderr,
    EnvironmentLog,
}
