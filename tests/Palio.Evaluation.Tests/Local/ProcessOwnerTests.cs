using Palio.Evaluation.Local;

namespace Palio.Evaluation.Tests.Local;

public sealed class ProcessOwnerTests
{
    private static ProcessOwner Current => ProcessOwner.Current;

    [Fact]
    public void Owner_AsText_IsReadAsTheSame() => Assert.Equal(Current, ProcessOwner.Parse(Current.ToString()));

    [Fact]
    public void IsGone_ThisProcess_IsNot() => Assert.False(Current.IsGone());

    [Fact]
    public void IsGone_SameNumberStartedAtAnotherTime_Is() => Assert.True((Current with { Start = Current.Start - 1 }).IsGone());

    [Fact]
    public void IsGone_NumberOfNobody_Is() => Assert.True((Current with { Process = int.MaxValue }).IsGone());

    [Theory]
    [InlineData("7 (sh) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20", 4242L)]
    [InlineData("7 (a) Z b) R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20", 4242L)]
    [InlineData("7 (sh) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20", null)]
    public void StartIn_WhatLinuxTells_IsNoneForAnEndedProcess(string stat, long? start) => Assert.Equal(start, ProcessOwner.StartIn(stat));

    [Fact]
    public void IsGone_BeforeTheLastBoot_Is() => Assert.True((Current with { Boot = "another" }).IsGone());

    [Fact]
    public void IsGone_AnotherMachinesProcess_CannotBeSeen() => Assert.False((Current with { Machine = "another", Boot = "another", Start = 1 }).IsGone());

    [Fact]
    public void IsGone_AnotherContainersProcess_CannotBeSeen() => Assert.False((Current with { Namespace = "pid:[1]", Start = 1 }).IsGone());

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c/d/e")]
    [InlineData("a/b/c/1")]
    public void Parse_SomethingElse_IsNobody(string text) => Assert.Null(ProcessOwner.Parse(text));
}
