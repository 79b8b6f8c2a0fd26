using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Data;
using Palio.Server.EvalAi.Ecr;
using Palio.Server.Features.Accounts;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Auth;

/// <summary>
/// Who may do what in the registry. <c>challenge/team</c> is the team's alone; <c>challenge/host</c> is the hosts'. A member who leaves,
/// or a token that is revoked, loses access with the next request.
/// </summary>
internal sealed class RegistryAuthorizer(IServiceScopeFactory scopes, PushSessions pushes, TokenUses uses, TimeProvider time) : IRegistryAuthorizer
{
    private const int MostClaims = 20;

    public async ValueTask<RegistryIdentity?> AuthenticateAsync(RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PalioDbContext>();
        if (credentials.Secret.StartsWith(PushSessions.LoginPrefix, StringComparison.Ordinal))
        {
            return pushes.OpenLogin(credentials.Secret) is { } grant ? new RegistryIdentity(Text(grant.UserId), new Credential(grant.TokenId, grant.Repository).ToString()) : null;
        }

        if (credentials.Secret.StartsWith(Secrets.TokenPrefix, StringComparison.Ordinal))
        {
            if (await TokenAuthentication.FindAsync(db, credentials.Secret, cancellationToken) is not { } found || found.Token.StateAt(time.GetUtcNow()) != TokenState.Good)
            {
                return null;
            }

            uses.Note(found.Token);
            return new RegistryIdentity(Text(found.User.Id), Text(found.Token.Id));
        }

        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<User>>();
        var user = await CheckPassword.TryAsync(credentials.UserName, credentials.Secret, signIn, cancellationToken);
        return user is null ? null : new RegistryIdentity(Text(user.Id));
    }

    public async ValueTask<RegistryActions> AuthorizeAsync(
        RegistryIdentity identity, RepositoryName repository, RegistryActions asked, CancellationToken cancellationToken)
    {
        if (repository.Value.Split('/') is not [var slug, var owner, ..] || !int.TryParse(identity.Subject, CultureInfo.InvariantCulture, out var userId))
        {
            return RegistryActions.None;
        }

        var credential = Credential.Parse(identity.CredentialId);
        if (credential.Repository is { } only && only != repository.Value)
        {
            return RegistryActions.None;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PalioDbContext>();
        if (await ScopeAsync(credential, userId, db, cancellationToken) is not { } reach)
        {
            return RegistryActions.None;
        }

        if (reach.WorksForId is not null)
        {
            return await EvaluatesAsync(repository, userId, reach.WorksForId, db, cancellationToken) ? asked & RegistryActions.Pull : RegistryActions.None;
        }

        var isHostPart = owner == EnvironmentImageName.HostPart;
        var mayEnter = isHostPart
            ? await IsHostAsync(slug, userId, asked, reach.Scope, db, cancellationToken)
            : await db.Participations.AnyAsync(
                p => p.Challenge.Slug == slug && p.Team.Slug == owner && p.Team.Members.Any(m => m.UserId == userId), cancellationToken);
        var mayWrite = reach.Scope >= (isHostPart ? TokenScope.Host : TokenScope.Submit);
        return mayEnter ? asked & (mayWrite ? RegistryActions.All : RegistryActions.Pull)
            : !isHostPart && asked.HasFlag(RegistryActions.Pull) && await EvaluatesAsync(repository, userId, null, db, cancellationToken) ? RegistryActions.Pull
            : RegistryActions.None;
    }

    // A team's images are its own until it submits one to a phase that the hosts' workers evaluate: they must have it to do so.
    private static Task<bool> EvaluatesAsync(RepositoryName repository, int userId, int? worksForId, PalioDbContext db, CancellationToken cancellationToken) =>
        db.Evaluations.AnyAsync(
            e => e.Judging == Judging.Remote && e.Submission.Repository == repository.Value && (worksForId == null || e.ChallengeId == worksForId)
                && e.Submission.Phase.Challenge.HostTeam.Members.Any(m => m.UserId == userId),
            cancellationToken);

    // The identity travels in the registry's tokens: what it rests on is looked at again at every use.
    private async Task<Reach?> ScopeAsync(Credential credential, int userId, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (credential.TokenId is not { } tokenId)
        {
            return await db.Users.AnyAsync(user => user.Id == userId, cancellationToken) ? new Reach(TokenScope.Host, null) : null;
        }

        var token = await db.AccessTokens.AsNoTracking().FirstOrDefaultAsync(t => t.Id == tokenId && t.UserId == userId, cancellationToken);
        return token?.StateAt(time.GetUtcNow()) == TokenState.Good ? new Reach(token.Scope, token.WorksForId) : null;
    }

    private async Task<bool> IsHostAsync(
        string slug, int userId, RegistryActions asked, TokenScope reach, PalioDbContext db, CancellationToken cancellationToken)
    {
        var challenge = await db.Challenges.Where(c => c.Slug == slug)
            .Select(c => new { IsHost = c.HostTeam.Members.Any(m => m.UserId == userId) }).FirstOrDefaultAsync(cancellationToken);
        if (challenge is not null)
        {
            return challenge.IsHost;
        }

        // Not published yet: the name is claimed by the first push, and shared with those who are in a host team with the claimant.
        var claim = await db.RepositoryClaims.AsNoTracking().FirstOrDefaultAsync(c => c.Slug == slug, cancellationToken);
        return claim is not null
            ? claim.UserId == userId || await db.Teams.AnyAsync(
                t => t.Kind == TeamKind.Host && t.Members.Any(m => m.UserId == userId) && t.Members.Any(m => m.UserId == claim.UserId), cancellationToken)
            : asked.HasFlag(RegistryActions.Push) && reach >= TokenScope.Host && await ClaimAsync(slug, userId, db, cancellationToken);
    }

    private async Task<bool> ClaimAsync(string slug, int userId, PalioDbContext db, CancellationToken cancellationToken)
    {
        if (!await db.Teams.AnyAsync(t => t.Kind == TeamKind.Host && t.Members.Any(m => m.UserId == userId), cancellationToken)
            || await db.RepositoryClaims.CountAsync(c => c.UserId == userId, cancellationToken) >= MostClaims)
        {
            return false;
        }

        db.RepositoryClaims.Add(new RepositoryClaim { Slug = slug, UserId = userId, Claimed = time.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            return false; // somebody else was faster; the next request sees whose it is
        }
    }

    /// <summary>How far a credential reaches.</summary>
    /// <param name="Scope">As it says.</param>
    /// <param name="WorksForId">Only as a worker of this challenge; null for a person.</param>
    private readonly record struct Reach(TokenScope Scope, int? WorksForId);

    /// <summary>What an identity rests on: a token, or an account's password; and whether it reaches one repository only.</summary>
    private readonly record struct Credential(int? TokenId, string? Repository)
    {
        // A text of ours alone: it travels signed.
        public static Credential Parse(string? text)
        {
            var parts = (text ?? "").Split('@', 2);
            return new Credential(
                parts[0].Length == 0 ? null : int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length == 2 ? parts[1] : null);
        }

        public override string ToString() => $"{TokenId?.ToString(CultureInfo.InvariantCulture)}@{Repository}";
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
