/* An environment that pays 1 for each action 1 and ends after 20 steps; its argument names how it misbehaves instead. */
#include "palio.h"
#include <math.h>
#include <sys/mman.h>

#define BOX "{\"type\":\"Box\",\"dtype\":\"float32\",\"shape\":[1],\"low\":0,\"high\":1}"
#define SPEC_OF(action) "{\"slots\":1,\"seats\":[{\"name\":\"player\",\"observation_space\":" BOX ",\"action_space\":" action "}]}"

static const char *mode = "honest";

static int is(const char *name) { return strcmp(mode, name) == 0; }

static void state(int fd, entry_t request, int step, double reward, int flags) {
    float observation = is("bad-observation") && step == 3 ? 1000.0f : (float)step / 20;
    entry_t answer = { .tick = request.tick, .slot = request.slot, .flags = flags, .reward = reward };
    send_entry(fd, STATE, answer, &observation, sizeof observation);
}

static void misbehave(int step) {
    if (step != 3) return;
    if (is("crash")) abort();
    if (is("hang")) for (;;) pause();
    if (is("exit-in-step")) { fprintf(stderr, "level 3 is broken\n"); exit(9); }
    if (is("eat-memory")) {
        for (;;) {
            char *p = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p != MAP_FAILED) memset(p, 1, 1 << 20);
        }
    }
}

int main(int argc, char **argv) {
    if (argc > 1) mode = argv[1];
    setvbuf(stdout, 0, _IONBF, 0);
    if (is("exit")) { fprintf(stderr, "no such level\n"); return 4; }
    if (is("silent")) for (;;) pause();
    int fd = dial(), step = 0;
    send_json(fd, HELLO, "{\"role\":\"environment\",\"protocol\":{\"min\":1,\"max\":1},\"sdk\":{\"name\":\"attacks\",\"version\":\"1\"},\"capabilities\":[]}");
    read_frame(fd);
    send_json(fd, SPEC, is("box-action") ? SPEC_OF(BOX) : SPEC_OF("{\"type\":\"Discrete\",\"n\":2}"));
    for (;;) {
        const uint8_t *payload;
        read_frame(fd);
        entry_t request = frame_entry(&payload);
        if (frame_type == RESET) {
            step = 0;
            state(fd, request, 0, 0, 0);
            continue;
        }
        int64_t action = 0;
        memcpy(&action, payload, request.size < sizeof action ? request.size : sizeof action);
        misbehave(++step);
        if (is("never-ends")) { state(fd, request, step % 20, 1, 0); continue; }
        state(fd, request, step, is("bad-reward") && step == 3 ? NAN : (double)(action == 1), step == 20 ? TERMINATED : 0);
    }
}
