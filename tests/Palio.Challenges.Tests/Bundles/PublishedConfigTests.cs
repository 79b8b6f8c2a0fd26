using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Palio.Challenges.Bundles;
using Palio.Challenges.Bundles.Editing;

namespace Palio.Challenges.Tests.Bundles;

/// <summary>
/// Configurations that real hosts published, byte for byte. They are other people's work and not in this repository, so this is a tool
/// rather than a test that could be skipped: it is run on purpose (<c>--explicit only</c>), over the folder that <c>PALIO_CONFIGS</c>
/// names, and fails without one. What each file must give is in <c>published-configs.txt</c>, by the file's digest; a file that is not
/// there fails, and its line is shown. The findings themselves are tested always, on samples of our own: <see cref="FindingTests"/>.
/// </summary>
public sealed partial class PublishedConfigTests
{
    [Fact(Explicit = true)]
    public void Read_PublishedFiles_GivesWhatIsWrittenDown()
    {
        var folder = Environment.GetEnvironmentVariable("PALIO_CONFIGS") ?? throw new InvalidOperationException("PALIO_CONFIGS names no folder of configurations.");
        var expected = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Bundles", "published-configs.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').ToDictionary(line => line.Split(' ')[0]);
        var files = Directory.EnumerateFiles(folder).Where(file => file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        var wrong = files.Select(file => Outcome(File.ReadAllBytes(file))).Distinct().Where(line => expected.GetValueOrDefault(line.Split(' ')[0]) != line);
        Assert.True(!wrong.Any(), string.Join('\n', wrong.Order()));
    }

    [Fact(Explicit = true)]
    public void Edit_OfPublishedFiles_ChangesWhatItSays_AndNothingElse()
    {
        var folder = Environment.GetEnvironmentVariable("PALIO_CONFIGS") ?? throw new InvalidOperationException("PALIO_CONFIGS names no folder of configurations.");
        var (wrong, count) = (new List<string>(), 0);
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal)))
        {
            var files = BundleFiles.Create(FilesOf(File.ReadAllBytes(file))).Files!;
            if (BundleReader.Read(files).Bundle is not { } before)
            {
                continue;
            }

            count++;
            var edited = BundleEditor.Apply(before, files, new BundleEdits { Values = [new BundleEdit(null, "title", JsonValue.Create("Another: title"))] });
            var after = BundleReader.Read(edited.Files!);
            if (after.Bundle is not { Challenge.Title: "Another: title" } bundle || Said(bundle) != Said(before))
            {
                wrong.Add($"{Path.GetFileName(file)}: {string.Join("; ", after.Problems.Take(3))}");
            }
        }

        Assert.True(count > 0);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Said(ChallengeBundle bundle) => BundleEditorTests.Same(new
    {
        Challenge = bundle.Challenge with { Title = "" }, bundle.Phases, bundle.Leaderboards, bundle.DatasetSplits, bundle.PhaseSplits,
    });

    private static Dictionary<string, ReadOnlyMemory<byte>> FilesOf(byte[] config)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { ["challenge_config.yaml"] = config };
        foreach (Match match in NamedFile().Matches(Encoding.UTF8.GetString(config)))
        {
            Add(files, match.Groups["key"].Value, match.Groups["path"].Value.Trim());
        }

        return files;
    }

    // Severity, line, column and element of each problem; the same problem at many elements once.
    private static string Outcome(byte[] config)
    {
        var reading = BundleReader.Read(BundleFiles.Create(FilesOf(config)).Files!);
        var problems = reading.Problems.Select(p => $"{(p.Severity == BundleSeverity.Error ? 'E' : 'W')}{p.Line}:{p.Column} {p.Path}");
        var digest = Convert.ToHexStringLower(SHA256.HashData(config))[..16];
        return $"{digest} {(reading.HasErrors ? "refused" : "accepted")} {string.Join("; ", problems)}".TrimEnd();
    }

    // What a file names is there, empty or nearly so: the files themselves are not what is looked at.
    private static void Add(Dictionary<string, ReadOnlyMemory<byte>> files, string key, string path)
    {
        if (path.EndsWith('/'))
        {
            files[path + "main.py"] = "x"u8.ToArray();
        }
        else if (key == "evaluation_script" && path.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = new MemoryStream();
            using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            {
                using var entry = archive.CreateEntry("main.py").Open();
                entry.Write("x"u8);
            }

            files[path] = zip.ToArray();
        }
        else
        {
            files[path] = key == "image" ? Sample.Png : "x"u8.ToArray();
        }
    }

    [GeneratedRegex(
        """^[ \t]*(?:-[ \t]+)?(?<key>description|evaluation_details|terms_and_conditions|submission_guidelines|image|evaluation_script|test_annotation_file)[ \t]*:[ \t]*["']?(?<path>[\w./-]+)["']?[ \t]*(?:#.*)?\r?$""",
        RegexOptions.Multiline)]
    private static partial Regex NamedFile();
}
