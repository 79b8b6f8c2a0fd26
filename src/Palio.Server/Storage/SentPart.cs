using Palio.Server.Errors;

namespace Palio.Server.Storage;

/// <summary>A part as its sender knows it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Tag">What storing it answered.</param>
internal sealed record SentPart(int Number, string Tag)
{
    /// <summary>The stored parts that were sent, in order. The sender's list decides what the file is: it must be without gaps, and every part there.</summary>
    public static IReadOnlyList<StoredPart> Match(IReadOnlyList<SentPart> sent, IReadOnlyList<StoredPart> stored)
    {
        if (sent.Count == 0)
        {
            throw Refused("No part of the file was sent.");
        }

        var ordered = sent.OrderBy(part => part.Number).ToList();
        for (var i = 0; i < ordered.Count; i++)
        {
            if (ordered[i].Number != i + 1)
            {
                throw Refused($"Part {i + 1} is missing, or named twice.");
            }
        }

        // A part that was sent twice at a time may be there twice: the sender's tag says which.
        var there = stored.ToLookup(part => part.Number);
        return [.. ordered.Select(part => there[part.Number].FirstOrDefault(found => found.Tag == part.Tag) ?? throw Refused(there[part.Number].FirstOrDefault() is { } other
            ? $"Part {part.Number} is not the one that was stored: its ETag is \"{other.Tag}\"."
            : $"Part {part.Number} did not come."))];
    }

    private static PalioException Refused(string message) => PalioException.Invalid("parts", message, "Send all parts, then finish the upload with their numbers and ETags.");
}
