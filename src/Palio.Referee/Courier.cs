using System.Globalization;
using System.Text.Json;

namespace Palio.Referee;

/// <summary>
/// <c>palio-referee carry</c>: holds the folder that a program writes its file into, so that the file outlives the program, and hands it
/// out once, when told so by a byte on standard input: a line of JSON with its name and size, then its bytes. By then the program is
/// dead, so that nothing moves any more.
/// </summary>
internal static class Courier
{
    private const int BufferBytes = 64 * 1024;

    public static int Run(Func<string, string?> variable, Stream input, Stream output)
    {
        if (input.ReadByte() < 0)
        {
            return RefereeProgram.Played; // nobody wants it
        }

        var folder = variable("PALIO_CARRY_FROM") ?? throw new PlanException("PALIO_CARRY_FROM is not set");
        var names = (variable("PALIO_CARRY_NAMES") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (!long.TryParse(variable("PALIO_CARRY_BYTES"), NumberStyles.None, CultureInfo.InvariantCulture, out var most))
        {
            throw new PlanException("PALIO_CARRY_BYTES is not a number");
        }

        var (file, problem) = Find(folder, names, most);
        try
        {
            return file is null ? Refuse(output, problem) : Carry(file, output);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return Refuse(output, $"{file!.Name} cannot be read: its permissions keep even its owner out."); // it was found
        }
    }

    // A file without bytes is not opened at all: it may be a pipe, on which opening would wait.
    private static (FileInfo? File, string Problem) Find(string folder, string[] names, long most)
    {
        foreach (var name in names)
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (file.LinkTarget is not null || file.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                if (file.LinkTarget is not null)
                {
                    return (null, $"{name} is a link; write the file itself.");
                }

                continue; // attributes of a file that is not there are all set
            }

            if (!file.Exists)
            {
                continue;
            }

            return file.Length == 0 ? (null, $"{name} is empty.")
                : file.Length > most ? (null, $"{name} has {file.Length} bytes; at most {most} are taken.")
                : (file, "");
        }

        return (null, $"There is {(names.Length == 1 ? "no" : "neither")} {string.Join(" nor ", names)} in {folder}.");
    }

    private static int Carry(FileInfo file, Stream output)
    {
        using var source = file.OpenRead();
        var left = file.Length;
        WriteLine(output, json =>
        {
            json.WriteString("name", file.Name);
            json.WriteNumber("bytes", left);
        });
        var buffer = new byte[BufferBytes];
        while (left > 0)
        {
            var read = source.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
            {
                return RefereeProgram.Broken; // shorter than it was: the reader sees it too
            }

            output.Write(buffer, 0, read);
            left -= read;
        }

        output.Flush();
        return RefereeProgram.Played;
    }

    private static int Refuse(Stream output, string problem)
    {
        WriteLine(output, json => json.WriteString("problem", problem));
        return RefereeProgram.Faulted;
    }

    private static void WriteLine(Stream output, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        output.Flush();
    }
}
