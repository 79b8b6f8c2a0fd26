using System.Text;
using Palio.Challenges.Bundles.Schema;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>The getters of files that the configuration names.</summary>
internal sealed partial class Section
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Dictionary<string, PageFormat> PageFormats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = PageFormat.Html,
        [".htm"] = PageFormat.Html,
        [".md"] = PageFormat.Markdown,
        [".markdown"] = PageFormat.Markdown,
    };

    /// <summary>A template; null when it is not there or wrong.</summary>
    public BundlePage? Page(string key)
    {
        if (Scalar(key, "a path to a page") is not { } text)
        {
            return null;
        }

        var written = text.Value.Trim();
        if (!PageFormats.TryGetValue(System.IO.Path.GetExtension(written), out var format) || written.Contains("://", StringComparison.Ordinal))
        {
            NotAPage(key, written);
            return null;
        }

        if (Locate(key, written) is not { } path || !Context.Files.TryGet(path, out var content))
        {
            return null;
        }

        if (content.Length > Context.Limits.MaxPageBytes)
        {
            Error(key, $"{path} has {content.Length} bytes; a page has at most {Context.Limits.MaxPageBytes}.", "Shorten it, and put pictures in files of their own.");
            return null;
        }

        try
        {
            return new BundlePage(path, format, StrictUtf8.GetString(content.Span).TrimStart('\uFEFF'));
        }
        catch (DecoderFallbackException)
        {
            Error(key, $"{path} is not UTF-8.", "Save it as UTF-8.");
            return null;
        }
    }

    /// <summary>The logo; a missing or unfit one is a warning, as the challenge does without.</summary>
    public BundleImage? Image(string key)
    {
        if (Scalar(key, "a path to a picture") is not { } text)
        {
            return null;
        }

        if (Locate(key, text.Value.Trim(), isError: false) is not { } path || !Context.Files.TryGet(path, out var content))
        {
            return null;
        }

        if (content.Length > Context.Limits.MaxImageBytes)
        {
            Warning(key, $"{path} has {content.Length} bytes; a logo has at most {Context.Limits.MaxImageBytes}. It is left out.", "Make it smaller.");
            return null;
        }

        var picture = PictureHeader.Read(content.Span);
        if (picture is null)
        {
            Warning(key, $"{path} is not a picture that can be shown. It is left out.", "Save it as .png, .jpg, .gif or .webp.");
            return null;
        }

        if (picture.Width > PictureHeader.MaxSide || picture.Height > PictureHeader.MaxSide)
        {
            Warning(key, $"{path} is {picture.Width} by {picture.Height} pixels; at most {PictureHeader.MaxSide} are shown. It is left out.", "Make it smaller.");
            return null;
        }

        return new BundleImage(path, picture.MediaType);
    }

    /// <summary>A file that not every challenge uses, wherever it is; <see cref="ScriptChecks"/> says what is missing.</summary>
    public NamedFile? Asset(string key)
    {
        if (Scalar(key, "a path") is not { } text || text.Value.Trim() is not { Length: > 0 } written)
        {
            return null;
        }

        // Hosts name the zip that EvalAI's workflow makes from the folder.
        var folder = Resolve(written.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? written[..^4] : written);
        var path = Resolve(written) is { } file && Context.Files.Contains(file) ? file
            : folder is not null && Context.Files.ContainsFolder(folder) ? folder + "/"
            : null;
        return new NamedFile(written, path);
    }

    /// <summary>Says that a named file is not in the bundle, and which may be meant.</summary>
    public void ReportMissing(string key, string written, bool isError) => Locate(key, written, isError);

    /// <summary>The bundle's path of what the configuration names; null when it leads out of the bundle.</summary>
    private string? Resolve(string written)
    {
        if (written.Contains('\\', StringComparison.Ordinal) || written.StartsWith('/'))
        {
            return null;
        }

        var parts = new List<string>();
        foreach (var part in (Context.Folder + written).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private string? Locate(string key, string written, bool isError = true)
    {
        var shown = BundlePath.Printable(written);
        if (Resolve(written) is not { } path)
        {
            Error(key, $"'{shown}' leads out of the bundle.", "Write a path with '/', relative to challenge_config.yaml.");
            return null;
        }

        if (Context.Files.Contains(path))
        {
            return path;
        }

        var near = Context.Files.Paths.FirstOrDefault(file => string.Equals(file, path, StringComparison.OrdinalIgnoreCase))
            ?? Nearest.Find(path, Context.Files.Paths)
            ?? Context.Files.Paths.FirstOrDefault(file => System.IO.Path.GetFileName(file) == System.IO.Path.GetFileName(path));
        var remedy = near is null ? "Add the file, or correct the path." : $"Did you mean '{near}'?";
        if (isError)
        {
            Error(key, $"{shown} is not in the bundle.", remedy);
        }
        else
        {
            Warning(key, $"{shown} is not in the bundle.", remedy);
        }

        return null;
    }

    private void NotAPage(string key, string written)
    {
        var shown = BundlePath.Printable(written);
        if (written.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || written.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            Error(key, "Expected a path to an .html or .md file, found a web address.", "Save the page in the bundle and give its path.");
        }
        else
        {
            Error(key, $"Expected a path to an .html or .md file, found '{shown}'.", "Put the text in a file such as templates/" + key + ".html and give its path.");
        }
    }
}

/// <summary>A file or folder that the configuration names.</summary>
/// <param name="Written">As it is written there.</param>
/// <param name="Path">Where it is inside the bundle, a folder with '/' at its end; null when it is not there.</param>
internal sealed record NamedFile(string Written, string? Path);
