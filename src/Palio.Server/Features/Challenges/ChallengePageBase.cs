using Microsoft.AspNetCore.Components;
using Palio.Protocol.Api;
using Palio.Server.Hosting;
using Palio.Server.Web;

namespace Palio.Server.Features.Challenges;

/// <summary>A page of one challenge: loads it by the address's slug before anything else.</summary>
public abstract class ChallengePageBase : PageBase
{
    [Inject] private protected InstanceAddress Address { get; set; } = null!; // the framework sets it

    [Parameter] public string Slug { get; set; } = "";

    protected ChallengeDetail Challenge { get; private set; } = null!; // loaded before the first rendering

    protected string Root => "/challenges/" + Challenge.Summary.Slug;

    protected sealed override async Task OnInitializedAsync()
    {
        await ReloadAsync();
        await LoadAsync();
    }

    protected virtual Task LoadAsync() => Task.CompletedTask;

    protected async Task ReloadAsync() => Challenge = await GetChallenge.HandleAsync(Slug, Caller, Db, Address, Time, Aborted);

    /// <summary>The phase asked for, or the one that matters now: open, else next to open, else the last.</summary>
    protected PhaseDetail? PhaseOr(string? codename) =>
        Challenge.Phases.FirstOrDefault(phase => phase.Codename == codename)
        ?? Challenge.Phases.FirstOrDefault(phase => phase.State == "open")
        ?? Challenge.Phases.FirstOrDefault(phase => phase.State is "paused" or "upcoming")
        ?? (Challenge.Phases is [.., var last] ? last : null);
}
