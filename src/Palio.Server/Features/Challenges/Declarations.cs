using System.Collections.Concurrent;
using System.Text.Json;

namespace Palio.Server.Features.Challenges;

/// <summary>Declarations read from their JSON, kept by that JSON: every request that submits or looks at a phase asks for one, and few change.</summary>
/// <typeparam name="T">The declaration; never changed once it is read.</typeparam>
internal static class Declarations<T>
    where T : class
{
    // A declaration takes some kilobytes. Beyond that many the memory begins anew.
    private const int Most = 256;

    private static readonly ConcurrentDictionary<string, T> Known = new(StringComparer.Ordinal);

    public static T Read(string json)
    {
        if (Known.TryGetValue(json, out var known))
        {
            return known;
        }

        if (Known.Count >= Most)
        {
            Known.Clear();
        }

        return Known[json] = JsonSerializer.Deserialize<T>(json) ?? throw new InvalidOperationException("A declaration is empty.");
    }
}
