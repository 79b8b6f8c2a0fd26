using System.Text;
using YamlDotNet.Core;

namespace Palio.Challenges.Bundles.Yaml;

/// <summary>Reads a stranger's YAML: bounded in bytes, depth and values, plain types only, duplicate keys refused.</summary>
internal static class YamlDocument
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file's mapping; null when there is none, and why is among the problems.</summary>
    public static YamlMap? Read(string file, ReadOnlyMemory<byte> bytes, BundleLimits limits, ProblemList problems)
    {
        if (bytes.Length > limits.MaxConfigBytes)
        {
            problems.Error(file, $"The file has {bytes.Length} bytes; at most {limits.MaxConfigBytes} are allowed.", "Move long texts to the templates.");
            return null;
        }

        if (Decode(file, bytes.Span, problems) is not { } text)
        {
            return null;
        }

        var builder = new YamlTreeBuilder(file, text, limits, problems);
        try
        {
            return Root(builder.Build(), file, problems);
        }
        catch (YamlStopException stop)
        {
            problems.Add(stop.ToProblem(file));
        }
        catch (YamlException problem)
        {
            problems.Add(YamlSyntax.Explain(file, text, problem));
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // YamlDotNet's scanner lets these escape for some broken flow collections.
            problems.Add(YamlSyntax.Explain(file, text, new YamlException(builder.Place, builder.Place, "a bracket, quote or key is not where it can be")));
        }

        return null;
    }

    private static YamlMap? Root(YamlNode? root, string file, ProblemList problems)
    {
        if (root is YamlMap map)
        {
            return map;
        }

        problems.Add(new BundleProblem
        {
            Severity = BundleSeverity.Error,
            File = file,
            Line = root?.Line ?? 1,
            Column = root?.Column ?? 1,
            Message = root is null or YamlText { IsNull: true } ? "The file is empty." : "The file does not hold keys and values.",
            Remedy = "Begin with 'title: …', one key a line.",
        });
        return null;
    }

    private static string? Decode(string file, ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || bytes[..Math.Min(2, bytes.Length)].Contains((byte)0))
        {
            problems.Error(file, "The file is in UTF-16 or UTF-32.", "Save it as UTF-8.");
            return null;
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException problem)
        {
            var before = bytes[..Math.Clamp(problem.Index, 0, bytes.Length)];
            problems.Add(new BundleProblem
            {
                Severity = BundleSeverity.Error,
                File = file,
                Line = before.Count((byte)'\n') + 1,
                Column = before.Length - before.LastIndexOf((byte)'\n'),
                Message = "The file is not UTF-8 from here on.",
                Remedy = "Save it as UTF-8.",
            });
            return null;
        }
    }
}

/// <summary>Stops reading: what follows cannot be trusted or afforded.</summary>
internal sealed class YamlStopException(Mark mark, string message, string remedy) : Exception(message)
{
    public BundleProblem ToProblem(string file) => new()
    {
        Severity = BundleSeverity.Error,
        File = file,
        Line = (int)mark.Line,
        Column = (int)mark.Column,
        Message = Message,
        Remedy = remedy,
    };
}
