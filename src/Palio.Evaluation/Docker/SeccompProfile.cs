using System.Text;
using System.Text.Json;

namespace Palio.Evaluation.Docker;

/// <summary>
/// The system calls a container may make: what ordinary programs need and nothing that has a record of kernel holes. Engines' own
/// defaults differ (20.10 allows io_uring and ptrace, Podman new user namespaces), so ours goes along with every container.
/// Not on the list, so refused with EPERM: io_uring_*, userfaultfd, bpf, keyctl, add_key, request_key, ptrace, process_vm_*, unshare,
/// setns, mount and its kin, perf_event_open, module loading, clock setting, memfd_secret, name_to_handle_at, fanotify.
/// </summary>
internal static class SeccompProfile
{
    private const string Files =
        "access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fallocate fchdir fchmod "
        + "fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs fsync ftruncate "
        + "futimesat getcwd getdents getdents64 getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch ioctl lchown lgetxattr "
        + "link linkat listxattr llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat mknod mknodat newfstatat open openat openat2 pread64 "
        + "preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv removexattr rename renameat renameat2 rmdir sendfile "
        + "setxattr splice stat statfs statx symlink symlinkat sync sync_file_range syncfs tee truncate umask unlink unlinkat utime utimensat "
        + "utimes vmsplice write writev";

    private const string Memory =
        "brk madvise membarrier memfd_create mincore mlock mlock2 mlockall mmap mprotect mremap msync munlock munlockall munmap pkey_alloc "
        + "pkey_free pkey_mprotect remap_file_pages";

    private const string Processes =
        "arch_prctl capget capset execve execveat exit exit_group fork futex futex_waitv get_robust_list getcpu getegid geteuid getgid getgroups "
        + "getpgid getpgrp getpid getppid getpriority getresgid getresuid getrlimit getrusage getsid gettid getuid ioprio_get ioprio_set kill "
        + "landlock_add_rule landlock_create_ruleset landlock_restrict_self pause pidfd_open pidfd_send_signal prctl prlimit64 restart_syscall rseq "
        + "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo "
        + "sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval "
        + "sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp set_robust_list set_tid_address setfsgid setfsuid "
        + "setgid setgroups setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setuid sigaltstack sysinfo tgkill tkill "
        + "uname vfork wait4 waitid";

    private const string Waiting =
        "alarm clock_getres clock_gettime clock_nanosleep epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 "
        + "getitimer getrandom gettimeofday io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit nanosleep pipe pipe2 poll ppoll "
        + "pselect6 select setitimer signalfd signalfd4 time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create "
        + "timerfd_gettime timerfd_settime times";

    private const string Talking =
        "accept accept4 bind connect getpeername getsockname getsockopt listen mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink "
        + "msgctl msgget msgrcv msgsnd recvfrom recvmmsg recvmsg semctl semget semop semtimedop sendmmsg sendmsg sendto setsockopt shmat shmctl shmdt "
        + "shmget shutdown socketpair";

    // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
    private const uint NamespaceFlags = 0x7E020000;
    private const int NoSuchCall = 38;

    // AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (glibc's look-ups). Kernel crypto, vsock, packet and the rest are refused.
    private static readonly int[] SocketFamilies = [1, 2, 10, 16];

    /// <summary>The profile as the Engine API wants it.</summary>
    public static string Json { get; } = Write();

    private static string Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("defaultAction", "SCMP_ACT_ERRNO");
            json.WriteNumber("defaultErrnoRet", 1);
            // No 32-bit personalities: their calls could not be told apart by argument.
            json.WriteStartArray("archMap");
            WriteArchitecture(json, "SCMP_ARCH_X86_64");
            WriteArchitecture(json, "SCMP_ARCH_AARCH64");
            json.WriteEndArray();
            json.WriteStartArray("syscalls");
            WriteRule(json, string.Join(' ', Files, Memory, Processes, Waiting, Talking).Split(' '));
            foreach (var family in SocketFamilies)
            {
                WriteRule(json, ["socket"], (0, (ulong)family, "SCMP_CMP_EQ"));
            }

            foreach (var persona in (ulong[])[0, 8, 0x20000, 0x20008, 0xFFFFFFFF])
            {
                WriteRule(json, ["personality"], (0, persona, "SCMP_CMP_EQ"));
            }

            WriteRule(json, ["clone"], (0, NamespaceFlags, "SCMP_CMP_MASKED_EQ"));
            // clone3 takes its flags by pointer, which seccomp cannot read: C libraries fall back to clone when it is not there.
            WriteRule(json, ["clone3"], errno: NoSuchCall);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteArchitecture(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("architecture", name);
        json.WriteStartArray("subArchitectures");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, string[] names, (int Index, ulong Value, string Operator)? argument = null, int? errno = null)
    {
        json.WriteStartObject();
        json.WriteStartArray("names");
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteString("action", errno is null ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO");
        if (errno is { } number)
        {
            json.WriteNumber("errnoRet", number);
        }

        if (argument is { } rule)
        {
            json.WriteStartArray("args");
            json.WriteStartObject();
            json.WriteNumber("index", rule.Index);
            json.WriteNumber("value", rule.Value);
            json.WriteNumber("valueTwo", 0);
            json.WriteString("op", rule.Operator);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
