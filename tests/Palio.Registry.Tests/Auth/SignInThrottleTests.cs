using System.Net;

namespace Palio.Registry.Tests.Auth;

public sealed class SignInThrottleTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::")]
    [InlineData("::ffff:192.0.2.7", "::ffff:192.0.2.7")]
    [InlineData(null, "")]
    public void AddressOf_Caller_IsTheNetworkOfIPv6(string? address, string expected) =>
        Assert.Equal(expected, SignInThrottle.AddressOf(address is null ? null : IPAddress.Parse(address)));
}
