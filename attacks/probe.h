/* Looks at the sandbox from inside and prints one line for each restriction: PROBE name value. */
#ifndef PROBE_H
#define PROBE_H

#include "palio.h"
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>

extern char **environ;

static void tell(const char *name, const char *value) { printf("PROBE %s %s\n", name, value); }

static void tell_number(const char *name, long long value) { printf("PROBE %s %lld\n", name, value); }

/* A call that must be refused: "denied" or "allowed". */
static void tell_denied(const char *name, long result) { tell(name, result < 0 ? "denied" : "allowed"); }

static void probe_status(void) {
    char line[512];
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file)) {
        char name[64], value[128];
        if (sscanf(line, "%63[^:]: %127s", name, value) != 2) continue;
        if (!strcmp(name, "CapEff") || !strcmp(name, "CapPrm") || !strcmp(name, "CapBnd") || !strcmp(name, "NoNewPrivs") || !strcmp(name, "Seccomp"))
            tell(name, value);
    }
    if (file) fclose(file);
}

static void probe_network(void) {
    char names[512] = "";
    DIR *directory = opendir("/sys/class/net");
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (entry->d_name[0] != '.') { strcat(names, names[0] ? "," : ""); strcat(names, entry->d_name); }
    tell("interfaces", names);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(0x08080808) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    tell_denied("connect-internet", connect(fd, (struct sockaddr *)&to, sizeof to));
    to.sin_addr.s_addr = htonl(0xA9FEA9FE);
    fd = socket(AF_INET, SOCK_DGRAM, 0);
    tell_denied("connect-metadata", connect(fd, (struct sockaddr *)&to, sizeof to));
    tell_denied("socket-raw", socket(AF_INET, SOCK_RAW, 1));
    tell_denied("socket-packet", socket(17, SOCK_RAW, 0));
    tell_denied("socket-alg", socket(38, SOCK_SEQPACKET, 0));
    tell_denied("socket-vsock", socket(40, SOCK_STREAM, 0));
}

static void probe_calls(void) {
    tell_denied("unshare-user", syscall(SYS_unshare, CLONE_NEWUSER));
    tell_denied("unshare-net", syscall(SYS_unshare, CLONE_NEWNET));
    long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    tell_denied("clone-user", child);
    long third = syscall(SYS_clone3, 0, 0);
    tell("clone3", third < 0 && errno == ENOSYS ? "absent" : "present");
    tell_denied("ptrace", ptrace(PTRACE_TRACEME, 0, 0, 0));
    tell_denied("io-uring", syscall(425, 1, 0));
    tell_denied("bpf", syscall(SYS_bpf, 0, 0, 0));
    tell_denied("userfaultfd", syscall(SYS_userfaultfd, 1));
    tell_denied("keyctl", syscall(SYS_keyctl, 0, -3, 0));
    tell_denied("add-key", syscall(SYS_add_key, "user", "k", "v", 1, -3));
    tell_denied("request-key", syscall(SYS_request_key, "user", "k", 0, 0));
    tell_denied("perf", syscall(SYS_perf_event_open, 0, 0, -1, -1, 0));
    tell_denied("mount", mount("none", "/tmp", "tmpfs", 0, 0));
    tell_denied("setns", syscall(SYS_setns, 0, 0));
    tell_denied("personality", syscall(SYS_personality, 0x0400000));
    tell_denied("setuid-root", setuid(0));
    tell_denied("chroot", chroot("/tmp"));
    tell_denied("mknod-device", mknod("/tmp/device", S_IFCHR | 0600, 0x0103));
    tell_denied("set-hostname", sethostname("owned", 5));
    tell_denied("set-clock", syscall(SYS_clock_settime, 0, 0));
}

static void probe_files(void) {
    struct statvfs tmp;
    tell_denied("write-root", open("/written", O_CREAT | O_WRONLY, 0600));
    tell_denied("write-socket-directory", open("/palio/written", O_CREAT | O_WRONLY, 0600));
    tell_denied("remove-socket", unlink("/palio/palio.sock"));
    tell_denied("engine-socket", access("/run/docker.sock", F_OK) & access("/var/run/docker.sock", F_OK));
    tell_denied("other-side", access("/run/environment", F_OK) & access("/run/agent", F_OK));
    tell_denied("write-sysctl", open("/proc/sys/kernel/core_pattern", O_WRONLY));
    tell_denied("read-kcore", open("/proc/kcore", O_RDONLY));
    tell_denied("see-others", kill(4194304 / 2, 0) & access("/proc/500", F_OK));
    if (statvfs("/tmp", &tmp) == 0) tell_number("tmp-bytes", (long long)tmp.f_blocks * tmp.f_frsize);
    if (statvfs("/dev/shm", &tmp) == 0) tell_number("shm-bytes", (long long)tmp.f_blocks * tmp.f_frsize);
    int fd = open("/tmp/large", O_CREAT | O_WRONLY, 0600);
    tell_denied("tmp-beyond-size", posix_fallocate(fd, 0, 1 << 30) == 0 ? 0 : -1);
    unlink("/tmp/large");
}

static void probe_limits(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    tell_number("nofile", limit.rlim_max);
    getrlimit(RLIMIT_CORE, &limit);
    tell_number("core", limit.rlim_max);
    getrlimit(RLIMIT_FSIZE, &limit);
    tell_number("fsize", limit.rlim_max);
    pid_t children[2048];
    int count = 0;
    while (count < 2048 && (children[count] = fork()) > 0) count++;
    if (count < 2048 && children[count] == 0) { for (;;) pause(); }
    tell_number("forks", count);
    for (int i = 0; i < count; i++) { kill(children[i], SIGKILL); waitpid(children[i], 0, 0); }
}

static void probe(void) {
    char host[65] = "";
    gethostname(host, sizeof host);
    tell("hostname", host);
    tell_number("uid", getuid());
    tell_number("gid", getgid());
    tell_number("groups", getgroups(0, 0));
    tell_number("pid-of-parent", getppid());
    for (char **variable = environ; *variable; variable++) printf("PROBE env %s\n", *variable);
    probe_status();
    probe_network();
    probe_calls();
    probe_files();
    probe_limits();
}

#endif
