using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Errors;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Wire;

/// <summary>EvalAI's envelope of lists.</summary>
internal sealed record EvalAiPage<T>(int Count, string? Next, string? Previous, IReadOnlyList<T> Results)
{
    /// <summary>The same page with its rows shown.</summary>
    public EvalAiPage<TShown> Select<TShown>(Func<T, TShown> show) => new(Count, Next, Previous, [.. Results.Select(show)]);
}

/// <summary>Cuts the page out of a list that <c>?page=</c> asks for.</summary>
internal static class EvalAiPaging
{
    /// <summary>EvalAI's client reads the first page only: where a person has everything of a kind, everything is on it.</summary>
    public const int Everything = 1000;

    /// <summary>EvalAI's own size of a page.</summary>
    public const int Usual = 150;

    public static async Task<EvalAiPage<T>> PageAsync<T>(
        this IQueryable<T> rows, HttpRequest request, InstanceAddress address, int size, CancellationToken cancellationToken)
    {
        var count = await rows.CountAsync(cancellationToken);
        var number = Number(request, count, size);
        return Page(await rows.Skip((number - 1) * size).Take(size).ToListAsync(cancellationToken), count, number, size, request, address);
    }

    public static EvalAiPage<T> Page<T>(this IReadOnlyList<T> rows, HttpRequest request, InstanceAddress address, int size)
    {
        var number = Number(request, rows.Count, size);
        return Page([.. rows.Skip((number - 1) * size).Take(size)], rows.Count, number, size, request, address);
    }

    /// <summary><c>?page_size=</c>, where a list takes one.</summary>
    public static int SizeAsked(HttpRequest request, int usual, int most) =>
        int.TryParse(request.Query["page_size"], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? Math.Min(size, most) : usual;

    private static EvalAiPage<T> Page<T>(IReadOnlyList<T> rows, int count, int number, int size, HttpRequest request, InstanceAddress address) => new(
        count, number * size < count ? Address(request, address, number + 1) : null, number > 1 ? Address(request, address, number - 1) : null, rows);

    private static int Number(HttpRequest request, int count, int size)
    {
        var pages = Math.Max(1, (count + size - 1) / size);
        var text = request.Query["page"].ToString();
        return text.Length == 0 ? 1
            : text == "last" ? pages
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= pages ? number
            : throw new PalioException(StatusCodes.Status404NotFound, RefusalCodes.NotFound, "Invalid page.", "");
    }

    private static string Address(HttpRequest request, InstanceAddress address, int number)
    {
        var query = new QueryBuilder(request.Query.Where(part => part.Key != "page"));
        if (number > 1)
        {
            query.Add("page", number.ToString(CultureInfo.InvariantCulture));
        }

        return $"{address.PublicUrl}{request.Path}{query}";
    }
}
