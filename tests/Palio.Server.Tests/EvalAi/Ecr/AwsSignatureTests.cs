using Microsoft.AspNetCore.Http;
using Palio.Server.EvalAi.Ecr;

namespace Palio.Server.Tests.EvalAi.Ecr;

/// <summary>Against a request that AWS's own Python client signed.</summary>
public sealed class AwsSignatureTests
{
    private const string Host = "palio.example:8080";

    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = """{"registryIds": ["000000000000"]}"""u8.ToArray();
    private static readonly PushKeys Keys = new(
        new PushGrant(1, 2, "pole/players"), "ASIAEXAMPLEKEY234567", "s3cretAccessKeyOfFortyCharacters01234567", "session-token", Now, IsExpired: false);

    [Fact]
    public void Check_SignedByAwssClient_IsGood() => Assert.Null(AwsSignature.Check(Request(), "/", Body, Keys, ["other", Host], Now));

    [Fact]
    public void Check_AnythingChanged_IsRefused()
    {
        Assert.Equal("InvalidSignatureException", Type(AwsSignature.Check(Request(), "/", "{}"u8.ToArray(), Keys, [Host], Now)));
        Assert.Equal("InvalidSignatureException", Type(AwsSignature.Check(Request(), "/ecr", Body, Keys, [Host], Now)));
        Assert.Equal("InvalidSignatureException", Type(AwsSignature.Check(Request(), "/", Body, Keys, ["elsewhere"], Now)));
        Assert.Equal("InvalidSignatureException", Type(AwsSignature.Check(Request(), "/", Body, Keys with { SecretAccessKey = "other" }, [Host], Now)));
        Assert.Equal("InvalidSignatureException", Type(AwsSignature.Check(Request(target: "Service.Other"), "/", Body, Keys, [Host], Now)));
        Assert.Equal("InvalidSignatureException", Type(AwsSignature.Check(Request(), "/", Body, Keys, [Host], Now.AddMinutes(16))));
        Assert.Equal("UnrecognizedClientException", Type(AwsSignature.Check(Request(), "/", Body, Keys with { AccessKeyId = "ASIAOTHERKEYOTHERKEY" }, [Host], Now)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer palio_x")]
    [InlineData("AWS4-HMAC-SHA256 Credential=ASIAEXAMPLEKEY234567/20260520/us-east-1/ecr/aws4_request")]
    public void Check_NotSigned_IsRefused(string header) =>
        Assert.Equal("IncompleteSignatureException", Type(AwsSignature.Check(Request(header), "/", Body, Keys, [Host], Now)));

    [Fact]
    public void Check_TargetNotSigned_IsRefused()
    {
        var header = Request().Headers.Authorization.ToString().Replace(";x-amz-target", "", StringComparison.Ordinal);
        Assert.Equal("UnrecognizedClientException", Type(AwsSignature.Check(Request(header), "/", Body, Keys, [Host], Now)));
    }

    private static string? Type(AwsError? error) => error?.Type;

    private static HttpRequest Request(string? authorization = null, string target = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken")
    {
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Headers["X-Amz-Target"] = target;
        request.Headers.ContentType = "application/x-amz-json-1.1";
        request.Headers["X-Amz-Date"] = "20260520T120000Z";
        request.Headers["X-Amz-Security-Token"] = "session-token";
        request.Headers.Authorization = authorization
            ?? "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLEKEY234567/20260520/us-east-1/ecr/aws4_request, "
            + "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
            + "Signature=1b99b0df78365b47bcec06d65061f13385007717533cb3646ec0e4ed1fd89e09";
        return request;
    }
}
