using Microsoft.AspNetCore.Components;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;

namespace Palio.Server.Web;

/// <summary>What every page has at hand. Refusals while loading become the error page; those of a form are shown above it.</summary>
public abstract class PageBase : ComponentBase
{
    [CascadingParameter] private HttpContext? Context { get; set; }

    [Inject] private protected CurrentUser Caller { get; set; } = null!; // the framework sets it

    [Inject] private protected PalioDbContext Db { get; set; } = null!; // the framework sets it

    [Inject] private protected TimeProvider Time { get; set; } = null!; // the framework sets it

    [Inject] protected NavigationManager Navigation { get; set; } = null!; // the framework sets it

    private protected PalioException? Problem { get; private set; }

    protected HttpContext Http => Context ?? throw new InvalidOperationException("Pages are rendered for a request only.");

    protected CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Runs what a form asks for; then goes where told, so that loading the page again sends nothing twice.</summary>
    protected async Task ActAsync(Func<Task> act, string? then = null)
    {
        try
        {
            await act();
            if (then is not null)
            {
                Navigation.NavigateTo(then);
            }
        }
        catch (PalioException problem)
        {
            Problem = problem;

            // The page is there; what was named on it is not. A 404 would be answered in this page's place.
            Http.Response.StatusCode = problem.Status == StatusCodes.Status404NotFound ? StatusCodes.Status400BadRequest : problem.Status;
        }
    }

    /// <summary>An address within this site, or the home page.</summary>
    protected static string Local(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.Contains('\\', StringComparison.Ordinal) ? address : "/";
}
