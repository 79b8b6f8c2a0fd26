using CsCheck;
using Palio.Referee.Legacy;

namespace Palio.Referee.Tests.Legacy;

public sealed class GrpcMessageTests
{
    [Fact]
    public void Unwrap_WhatWasWrapped_IsThePayload() =>
        Gen.Byte.Array[0, 40_000].Sample(payload => GrpcMessage.Unwrap(GrpcMessage.Wrap(payload)).Payload!.Value.Span.SequenceEqual(payload));

    [Fact]
    public void Unwrap_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 60].Sample(bytes => { GrpcMessage.Unwrap(bytes); });

    [Theory]
    [InlineData("0000", "prefix")]
    [InlineData("0100000000", "compressed")]
    [InlineData("00000000030A0101FF", "length")]
    [InlineData("00000000030A0201", "no Package")]
    [InlineData("0000000002120100", "length")]
    [InlineData("0000000003120101", "no Package")]
    [InlineData("00000000070AFFFFFFFFFF01", "no Package")]
    public void Unwrap_NoPackage_SaysWhy(string hex, string why)
    {
        var (payload, wrong) = GrpcMessage.Unwrap(Convert.FromHexString(hex));

        Assert.Null(payload);
        Assert.Contains(why, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Unwrap_FieldTwice_TheLastWins() =>
        Assert.Equal([2], GrpcMessage.Unwrap(Convert.FromHexString("00000000060A01010A0102")).Payload!.Value.ToArray());
}
