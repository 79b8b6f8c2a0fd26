using Microsoft.Extensions.DependencyInjection;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Auth;

public sealed class TokenUsesTests
{
    [Fact]
    public async Task Use_IsTold_OnceItIsWritten_AndToTheMinute()
    {
        await using var palio = await PalioInstance.StartAsync();
        var person = await palio.PersonAsync("ann");
        Assert.Null(await LastUsedAsync());

        await WriteAsync();
        Assert.Equal(PalioInstance.Start, await LastUsedAsync());

        palio.Time.Advance(TimeSpan.FromSeconds(59));
        await LastUsedAsync();
        await WriteAsync();
        Assert.Equal(PalioInstance.Start, await LastUsedAsync());

        palio.Time.Advance(TimeSpan.FromSeconds(1));
        await LastUsedAsync();
        await WriteAsync();
        Assert.Equal(PalioInstance.Start.AddMinutes(1), await LastUsedAsync());

        async Task<DateTimeOffset?> LastUsedAsync() => Assert.Single(await person.GetAsync<IReadOnlyList<TokenSummary>>("/api/v1/tokens")).LastUsed;

        Task WriteAsync() => palio.App.Services.GetRequiredService<TokenUses>().WriteAsync(TestContext.Current.CancellationToken);
    }
}
