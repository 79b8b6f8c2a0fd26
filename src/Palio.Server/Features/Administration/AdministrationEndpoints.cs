namespace Palio.Server.Features.Administration;

/// <summary>Routes about the instance itself.</summary>
internal static class AdministrationEndpoints
{
    public static void MapAdministration(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Instance");
        group.MapGet("/instance", GetInstance.Handle).WithName("GetInstance").AllowAnonymous();
    }
}
