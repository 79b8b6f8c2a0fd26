using System.Reflection;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Server.Features.Accounts;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Administration;

/// <summary>What this instance is, for anybody.</summary>
internal static class GetInstance
{
    private static readonly string Version = typeof(GetInstance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0] ?? "0";

    public static InstanceInfo Handle(
        InstanceAddress address, IOptions<InstanceOptions> instance, IOptions<ChallengeOptions> challenges, IOptions<AccountOptions> accounts) =>
        new(instance.Value.Name, Version, address.RegistryHost, challenges.Value.SelfService, accounts.Value.Registration);
}
