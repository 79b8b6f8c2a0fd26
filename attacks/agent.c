/* An agent that always answers 1, the best answer; its argument names how it attacks instead, or besides. */
#include "palio.h"
#include "probe.h"
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

static const char *mode = "honest";

static int is(const char *name) { return strcmp(mode, name) == 0; }

static void eat(void) {
    for (;;) {
        char *p = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p != MAP_FAILED) memset(p, 1, 1 << 20);
    }
}

static void fork_without_end(void) {
    for (;;) {
        if (fork() == 0) {
            setsid();
            if (fork() != 0) _exit(0);
        }
    }
}

static void keep(const char *path) {
    static char block[1 << 16];
    char name[128];
    long long written = 0;
    snprintf(name, sizeof name, "%s/fill", path);
    int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    if (fd < 0) { printf("FILL %s %s\n", path, strerror(errno)); return; }
    ssize_t n;
    while ((n = write(fd, block, sizeof block)) > 0) written += n;
    printf("FILL %s %lld bytes, then %s\n", path, written, strerror(errno));
    close(fd);
}

static void fill(const char *path) {
    char name[128];
    keep(path);
    snprintf(name, sizeof name, "%s/fill", path);
    unlink(name);
}

static void make_files(const char *path) {
    char name[128];
    int made = 0;
    for (; made < 10000000; made++) {
        snprintf(name, sizeof name, "%s/%d", path, made);
        int fd = open(name, O_CREAT | O_WRONLY, 0600);
        if (fd < 0) break;
        close(fd);
    }
    printf("FILES %s %d, then %s\n", path, made, strerror(errno));
}

static void fill_disk(void) {
    const char *paths[] = { "/", "/tmp", "/dev/shm", "/dev", "/run", "/var/tmp", "/palio", "/etc", "/proc", "/sys" };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) fill(paths[i]);
}

static void flood(void) {
    static char block[1 << 16];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 512; i++) fwrite(block, 1, sizeof block, stdout); /* one line of 32 MiB */
    for (int i = 0; i < 20000; i++) printf("\n\033[31;1mred\033[0m \007\033]0;title\007 %d", i);
    fwrite("\n\xff\xfe\x00 binary\n", 1, 12, stdout);
    printf("the last line\n");
}

static void *spin(void *unused) {
    for (volatile unsigned long i = 0;; i++) { }
    return unused;
}

static void on_start(void) {
    if (is("exit")) { printf("nothing to do\n"); exit(0); }
    if (is("exit-code")) { fprintf(stderr, "Traceback: no module named torch\n"); exit(7); }
    if (is("silent")) { printf("thinking\n"); for (;;) pause(); }
    if (is("eat-memory-first")) eat();
    if (is("eat-tmpfs")) keep("/dev/shm");
    if (is("stops-init")) { kill(1, SIGSTOP); kill(1, SIGKILL); kill(getppid(), SIGKILL); kill(-1, SIGSTOP); }
    if (is("fill-disk")) fill_disk();
    if (is("fill-inodes")) make_files("/tmp");
    if (is("flood")) flood();
    if (is("probe")) probe();
    if (is("ignore-signals")) { signal(SIGTERM, SIG_IGN); signal(SIGINT, SIG_IGN); signal(SIGHUP, SIG_IGN); }
    if (is("spin")) {
        for (int i = 0; i < 200; i++) {
            pthread_t thread;
            if (pthread_create(&thread, 0, spin, 0) != 0) break;
        }
    }
}

static void act(int fd, entry_t seen, int64_t action) {
    entry_t answer = { .tick = seen.tick, .slot = seen.slot, .seat = seen.seat };
    send_entry(fd, ACT, answer, &action, sizeof action);
}

/* True when the attack has taken the place of the answer. */
static int misbehave(int fd, entry_t seen, int step) {
    if (is("never-acts")) for (;;) pause();
    if (is("slow")) nap(150);
    if (is("stop-self") && step == 3) raise(SIGSTOP);
    if (is("second-connection") && step == 3) {
        int other = connect_once();
        printf("SECOND %s\n", other < 0 ? "refused" : "taken");
        close(other);
    }
    if (is("nan")) {
        float action = step == 3 ? NAN : 1;
        entry_t answer = { .tick = seen.tick, .slot = seen.slot, .seat = seen.seat };
        send_entry(fd, ACT, answer, &action, sizeof action);
        return 1;
    }
    if (is("act-twice")) { act(fd, seen, 1); act(fd, seen, 0); return 1; }
    if (step != 3) return 0;
    if (is("crash")) { volatile int *nowhere = 0; *nowhere = 1; }
    if (is("close")) { fprintf(stderr, "giving up\n"); exit(5); }
    if (is("eat-memory")) eat();
    if (is("fork-bomb")) fork_without_end();
    if (is("wrong-size")) { entry_t a = { .tick = seen.tick }; int32_t v = 1; send_entry(fd, ACT, a, &v, sizeof v); return 1; }
    if (is("out-of-bounds")) { act(fd, seen, 7); return 1; }
    if (is("huge-integer")) { act(fd, seen, INT64_MIN); return 1; }
    if (is("huge-length")) { uint32_t length = 0xffffffff; put(fd, &length, 4); nap(5000); exit(0); }
    if (is("unknown-frame")) { send_frame(fd, 0x7f, "boo", 3); return 1; }
    if (is("half-frame")) { uint32_t length = 100; put(fd, &length, 4); exit(0); }
    if (is("acts-ahead")) { seen.tick += 5; act(fd, seen, 1); return 1; }
    if (is("pretends-environment")) { send_entry(fd, STATE, seen, "\0\0\200?", 4); return 1; }
    if (is("pickle")) { send_frame(fd, ACT, "\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.", 26); return 1; }
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1) mode = argv[1];
    setvbuf(stdout, 0, _IOLBF, 0);
    on_start();
    int fd = dial(), step = 0;
    send_json(fd, HELLO, "{\"role\":\"agent\",\"protocol\":{\"min\":1,\"max\":1},\"sdk\":{\"name\":\"attacks\",\"version\":\"1\"},\"capabilities\":[]}");
    read_frame(fd);
    send_json(fd, READY, "{}");
    for (;;) {
        const uint8_t *payload;
        read_frame(fd);
        if (frame_type != OBSERVE) continue;
        entry_t seen = frame_entry(&payload);
        if (seen.flags & FIRST) step = 0;
        if (seen.flags & (TERMINATED | TRUNCATED)) continue;
        if (!misbehave(fd, seen, ++step)) act(fd, seen, 1);
    }
}
