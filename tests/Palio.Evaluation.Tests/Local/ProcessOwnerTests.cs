using System.Diagnostics;
using System.Globalization;
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

    [Fact]
    public async Task IsGone_EndedButNotWaitedFor_Is()
    {
        // The shell's child ends at once; the shell becomes a program that never asks for it, and says its number.
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "true & echo $!; exec cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);
        try
        {
            var stat = await File.ReadAllTextAsync($"/proc/{child}/stat", TestContext.Current.CancellationToken);
            var start = long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
            while ((await File.ReadAllTextAsync($"/proc/{child}/stat", TestContext.Current.CancellationToken)).Split(')')[^1][1] != 'Z')
            {
                await Task.Yield();
            }

            Assert.True((Current with { Process = child, Start = start }).IsGone());
        }
        finally
        {
            parent.StandardInput.Close();
            await parent.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

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
