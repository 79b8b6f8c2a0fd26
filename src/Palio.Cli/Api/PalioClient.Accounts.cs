using Palio.Protocol.Api;

namespace Palio.Cli.Api;

internal sealed partial class PalioClient
{
    public Task<InstanceInfo> InstanceAsync(CancellationToken cancellationToken) =>
        GetAsync("instance", ApiJsonContext.Default.InstanceInfo, cancellationToken);

    public Task<Me> RegisterAsync(RegisterRequest request, CancellationToken cancellationToken) =>
        PostAsync("accounts", request, ApiJsonContext.Default.RegisterRequest, ApiJsonContext.Default.Me, cancellationToken);

    public Task<CreatedToken> SignInAsync(SignInRequest request, CancellationToken cancellationToken) =>
        PostAsync("tokens/sign-in", request, ApiJsonContext.Default.SignInRequest, ApiJsonContext.Default.CreatedToken, cancellationToken);

    public Task<Me> MeAsync(CancellationToken cancellationToken) => GetAsync("me", ApiJsonContext.Default.Me, cancellationToken);

    public Task<IReadOnlyList<TokenSummary>> TokensAsync(CancellationToken cancellationToken) =>
        GetAsync("tokens", ApiJsonContext.Default.IReadOnlyListTokenSummary, cancellationToken);

    public Task<CreatedToken> CreateTokenAsync(CreateTokenRequest request, CancellationToken cancellationToken) =>
        PostAsync("tokens", request, ApiJsonContext.Default.CreateTokenRequest, ApiJsonContext.Default.CreatedToken, cancellationToken);

    public Task RevokeTokenAsync(int id, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"tokens/{id}"), cancellationToken);

    public Task<IReadOnlyList<TeamSummary>> TeamsAsync(TeamKind? kind, CancellationToken cancellationToken) =>
        GetAsync(kind is null ? "teams" : $"teams?kind={Word(kind.Value)}", ApiJsonContext.Default.IReadOnlyListTeamSummary, cancellationToken);

    public Task<TeamSummary> CreateTeamAsync(CreateTeamRequest request, CancellationToken cancellationToken) =>
        PostAsync("teams", request, ApiJsonContext.Default.CreateTeamRequest, ApiJsonContext.Default.TeamSummary, cancellationToken);

    public Task<TeamInvitation> InviteAsync(TeamSummary team, CancellationToken cancellationToken) =>
        PostAsync($"teams/{Word(team.Kind)}/{team.Id}/invitations", ApiJsonContext.Default.TeamInvitation, cancellationToken);

    public Task<TeamSummary> AcceptInvitationAsync(string code, CancellationToken cancellationToken) =>
        PostAsync($"invitations/{Segment(code)}/accept", ApiJsonContext.Default.TeamSummary, cancellationToken);

    public Task RemoveMemberAsync(TeamSummary team, string userName, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"teams/{Word(team.Kind)}/{team.Id}/members/{Segment(userName)}"), cancellationToken);

    private static string Word(TeamKind kind) => kind == TeamKind.Host ? "host" : "participant";

    /// <summary>Gives an account a new password (administrators).</summary>
    public Task<GivenPassword> GivePasswordAsync(string userName, CancellationToken cancellationToken) =>
        PostAsync($"accounts/{Segment(userName)}/password", ApiJsonContext.Default.GivenPassword, cancellationToken);
}
