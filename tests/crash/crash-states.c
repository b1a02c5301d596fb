/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-log.h"
#include "crash-player.h"
#include "crash-scenarios.h"

#include "base/cel-error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Records what a scenario writes, then plays it into every state that a process that dies or a
 * machine that loses power can leave, and looks at each: nothing unreadable, nothing acknowledged
 * lost. Then lets the disk be full, or the program be killed, at every N-th operation for real.
 *
 *   crash-states RECORDER [--powercuts N] [--fault-every N] [SCENARIO...]
 *   crash-states --run SCENARIO FOLDER       (the recorded child)
 */

static int powercuts = 4, fault_every = 16;
static gint64 seed = 20261126;

typedef struct {
    guint states, died, cut, unreadable, lost, faults;
} Count;

/* ---- the child ---- */

static int run_child(const char *name, const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *ack_path = g_build_filename(folder, CRASH_ACK_NAME, NULL);
    const int ack = g_open(ack_path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    for (gsize i = 0; ack >= 0 && i < n_crash_scenarios; i++) {
        if (!g_str_equal(crash_scenarios[i].name, name))
            continue;
        if (crash_scenarios[i].run(folder, ack, &error))
            return 0;
        g_printerr("%s\n", error->message);
        return cel_error_exit_status(error);
    }
    return 2;
}

/* @log, @fault: (nullable). Returns: as waitpid() gives it. */
static int spawn(const char *recorder, const char *name, const char *folder, const char *log,
                 const char *fault)
{
    const char *const argv[] = {"/proc/self/exe", "--run", name, folder, NULL};
    g_auto(GStrv) environment = g_get_environ();
    int status = 0;
    GError *error = NULL;
    environment = g_environ_setenv(environment, "LD_PRELOAD", recorder, TRUE);
    environment = g_environ_setenv(environment, CRASH_ENV_FOLDER, folder, TRUE);
    if (log != NULL)
        environment = g_environ_setenv(environment, CRASH_ENV_LOG, log, TRUE);
    if (fault != NULL)
        environment = g_environ_setenv(environment, CRASH_ENV_FAULT, fault, TRUE);
    if (!g_spawn_sync(NULL, (char **)argv, environment,
                      G_SPAWN_STDOUT_TO_DEV_NULL | (fault != NULL ? G_SPAWN_STDERR_TO_DEV_NULL : 0),
                      NULL, NULL, NULL, NULL, &status, &error))
        g_error("%s", error->message);
    return status;
}

/* ---- the states ---- */

static void judge(const CrashScenario *scenario, const char *folder, GPtrArray *acks,
                  const char *where, Count *count)
{
    g_autofree char *wrong = scenario->check(folder, acks);
    if (wrong == NULL)
        return;
    count->lost += g_str_has_prefix(wrong, "lost") ? 1 : 0;
    count->unreadable += g_str_has_prefix(wrong, "lost") ? 0 : 1;
    g_printerr("%s, %s: %s\n", scenario->name, where, wrong);
}

static void play_state(const CrashScenario *scenario, const CrashPlay *play, gsize end,
                       CrashKind kind, GRand *random, GHashTable *seen, const char *folder,
                       Count *count)
{
    static const char *const kinds[CRASH_N_KINDS] = {"died", "died in the write", "only synced",
                                                     "any part"};
    char *digest = crash_play_state(play, end, kind, random, folder);
    g_autoptr(GPtrArray) acks = crash_play_acks(play, end);
    g_autofree char *key = g_strdup_printf("%s %u", digest, acks->len);
    g_autofree char *where = g_strdup_printf("operation %" G_GSIZE_FORMAT ", %s", end, kinds[kind]);
    g_free(digest);
    if (!g_hash_table_add(seen, g_steal_pointer(&key)))
        return;
    count->states++;
    count->died += kind == CRASH_ALL || kind == CRASH_TORN ? 1 : 0;
    count->cut += kind == CRASH_SYNCED || kind == CRASH_RANDOM ? 1 : 0;
    judge(scenario, folder, acks, where, count);
}

static void play_all(const CrashScenario *scenario, const CrashPlay *play, const char *folder,
                     Count *count)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)seed);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize end = 0; end <= crash_play_length(play); end++) {
        play_state(scenario, play, end, CRASH_ALL, random, seen, folder, count);
        if (crash_play_can_tear(play, end))
            play_state(scenario, play, end, CRASH_TORN, random, seen, folder, count);
        play_state(scenario, play, end, CRASH_SYNCED, random, seen, folder, count);
        for (int i = 0; i < powercuts; i++)
            play_state(scenario, play, end, CRASH_RANDOM, random, seen, folder, count);
    }
}

/* ---- the same for real ---- */

static GPtrArray *read_acks(const char *folder, const char *play_acks_of)
{
    g_autoptr(CrashPlay) play = crash_play_read(play_acks_of);
    g_autoptr(GPtrArray) acks = crash_play_acks(play, crash_play_length(play));
    GPtrArray *copies = g_ptr_array_new_with_free_func(g_free);
    (void)folder;
    for (guint i = 0; i < acks->len; i++)
        g_ptr_array_add(copies, g_strdup(g_ptr_array_index(acks, i)));
    return copies;
}

static void fault_once(const CrashScenario *scenario, const char *recorder, const char *folder,
                       const char *fault, Count *count)
{
    g_autofree char *log = g_strconcat(folder, ".log", NULL);
    crash_remove(folder);
    g_unlink(log);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    const int status = spawn(recorder, scenario->name, folder, log, fault);
    const gboolean killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    const gboolean refused = WIFEXITED(status) && WEXITSTATUS(status) == 4;
    if (g_str_has_prefix(fault, "kill") ? !killed : !refused) {
        g_printerr("%s, %s: ended with status %x\n", scenario->name, fault, status);
        count->unreadable++;
    }
    g_autoptr(GPtrArray) acks = read_acks(folder, log);
    g_autofree char *ack_path = g_build_filename(folder, CRASH_ACK_NAME, NULL);
    g_unlink(ack_path);
    judge(scenario, folder, acks, fault, count);
    count->faults++;
    g_unlink(log);
}

static gsize changes_of(const CrashPlay *play)
{
    g_autoptr(GPtrArray) acks = crash_play_acks(play, crash_play_length(play));
    return crash_play_length(play) - acks->len;
}

static void fault_all(const CrashScenario *scenario, const CrashPlay *play, const char *recorder,
                      const char *folder, Count *count)
{
    static const char *const kinds[] = {"full", "kill"};
    /* the last operations depend on the folder's state; stay inside what every run has */
    for (gsize at = 1; at < changes_of(play); at += (gsize)fault_every)
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
            g_autofree char *fault = g_strdup_printf("%s:%" G_GSIZE_FORMAT, kinds[k], at);
            fault_once(scenario, recorder, folder, fault, count);
        }
}

/* ---- */

static Count run_scenario(const CrashScenario *scenario, const char *recorder, const char *top)
{
    Count count = {0};
    g_autofree char *folder = g_build_filename(top, scenario->name, NULL);
    g_autofree char *log = g_strconcat(folder, ".log", NULL);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    const int status = spawn(recorder, scenario->name, folder, log, NULL);
    if (status != 0)
        g_error("%s fails even when it is left alone (%x)", scenario->name, status);
    g_autoptr(CrashPlay) play = crash_play_read(log);
    play_all(scenario, play, folder, &count);
    fault_all(scenario, play, recorder, folder, &count);
    g_print("%s: %" G_GSIZE_FORMAT " operations, %u states (%u of a dead process, %u of a power "
            "cut), %u real faults: %u unreadable, %u lost\n",
            scenario->name, crash_play_length(play), count.states, count.died, count.cut,
            count.faults, count.unreadable, count.lost);
    return count;
}

static gboolean wanted(char **names, const char *name)
{
    return names == NULL || *names == NULL || g_strv_contains((const char *const *)names, name);
}

static int run_all(const char *recorder, char **names)
{
    Count sum = {0};
    const char *fast = g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir();
    g_autofree char *top = g_build_filename(fast, "celadon-crash-XXXXXX", NULL);
    g_assert_nonnull(g_mkdtemp(top));
    for (gsize i = 0; i < n_crash_scenarios; i++) {
        if (!wanted(names, crash_scenarios[i].name))
            continue;
        const Count count = run_scenario(&crash_scenarios[i], recorder, top);
        sum.states += count.states;
        sum.unreadable += count.unreadable;
        sum.lost += count.lost;
        sum.faults += count.faults;
    }
    crash_remove(top);
    g_print("%u crash states and %u real faults: %u unreadable, %u acknowledged lost\n", sum.states,
            sum.faults, sum.unreadable, sum.lost);
    return sum.states > 0 && sum.unreadable == 0 && sum.lost == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    g_auto(GStrv) names = NULL;
    const GOptionEntry entries[] = {
        {"powercuts", 0, 0, G_OPTION_ARG_INT, &powercuts, "parts a point", "N"},
        {"fault-every", 0, 0, G_OPTION_ARG_INT, &fault_every, "one real fault in N", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "of the parts", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    cel_init();
    if (argc == 4 && g_str_equal(argv[1], "--run"))
        return run_child(argv[2], argv[3]);
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("RECORDER [SCENARIO...]");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || names == NULL ||
        fault_every < 1) {
        g_printerr("%s\n", error != NULL ? error->message : "the recorder is missing");
        return 2;
    }
    return run_all(names[0], names + 1);
}
