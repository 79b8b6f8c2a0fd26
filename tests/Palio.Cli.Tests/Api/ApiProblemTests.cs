using System.Net;
using Palio.Cli.Api;
using Palio.Cli.Session;

namespace Palio.Cli.Tests.Api;

public sealed class ApiProblemTests
{
    [Fact]
    public void From_ValidationErrors_TellsThemAndNothingElse()
    {
        var failure = ApiProblem.From(HttpStatusCode.BadRequest,
            """{"title":"One or more validation errors occurred.","errors":{"Password":["It is shorter than 10 characters."]},"remedy":"Compare the request with the API's documentation."}""");

        Assert.Equal(ExitCode.InvalidInput, failure.ExitCode);
        Assert.Equal("The server does not take this:\n  Password: It is shorter than 10 characters.", failure.Message);
        Assert.DoesNotContain("documentation", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void From_RefusalWithDetail_KeepsTheServersRemedy()
    {
        var failure = ApiProblem.From(HttpStatusCode.Conflict, """{"code":"phase_closed","detail":"The phase is over.","remedy":"Take another."}""");

        Assert.Equal(("The phase is over.", "Take another.", "phase_closed"), (failure.Message, failure.Remedy, failure.Code));
    }
}
