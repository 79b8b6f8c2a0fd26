using System.Text.Json;
using Palio.Evaluation.Docker;

namespace Palio.Evaluation.Tests.Docker;

public sealed class SeccompProfileTests
{
    private static readonly JsonElement Profile = JsonDocument.Parse(SeccompProfile.Json).RootElement;

    [Fact]
    public void Json_WhatIsNotListed_IsRefused() => Assert.Equal("SCMP_ACT_ERRNO", Profile.GetProperty("defaultAction").GetString());

    [Theory]
    [InlineData("io_uring_setup")]
    [InlineData("userfaultfd")]
    [InlineData("bpf")]
    [InlineData("keyctl")]
    [InlineData("add_key")]
    [InlineData("ptrace")]
    [InlineData("process_vm_readv")]
    [InlineData("unshare")]
    [InlineData("setns")]
    [InlineData("mount")]
    [InlineData("perf_event_open")]
    [InlineData("open_by_handle_at")]
    [InlineData("kexec_load")]
    [InlineData("init_module")]
    public void Json_DangerousCall_IsNotListed(string call) => Assert.DoesNotContain(call, Names());

    [Theory]
    [InlineData("read")]
    [InlineData("futex")]
    [InlineData("epoll_wait")]
    [InlineData("connect")]
    [InlineData("sched_setaffinity")]
    public void Json_OrdinaryCall_IsListed(string call) => Assert.Contains(call, Names());

    [Fact]
    public void Json_Calls_AreListedOnceEachWithoutEmptyNames()
    {
        var plain = Names(rule => !rule.TryGetProperty("args", out _)).ToArray();

        Assert.All(plain, name => Assert.Matches("^[a-z0-9_]+$", name));
        Assert.Equal(plain.Distinct().Order(StringComparer.Ordinal), plain.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Names(Func<JsonElement, bool>? where = null) => Profile.GetProperty("syscalls").EnumerateArray()
        .Where(where ?? (_ => true))
        .SelectMany(rule => rule.GetProperty("names").EnumerateArray().Select(name => name.GetString()!));
}
