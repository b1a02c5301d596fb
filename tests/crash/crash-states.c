/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-lab.h"
#include "crash-log.h"
#include "crash-player.h"
#include "crash-scenarios.h"

#include "base/cel-error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Records what a scenario writes, then plays it into every state that a process that dies or a
 * machine that loses power can leave, and looks at each: nothing unreadable, nothing acknowledged
 * lost. Then lets the disk be full, or the program be killed, at every N-th operation for real.
 *
 *   crash-states [OPTION...] RECORDER [SCENARIO...]
 *   crash-states --run SCENARIO FOLDER ASIDE    (the recorded child)
 */

typedef struct {
    gboolean cost;
    int powercuts, fault_every, most;
    gint64 seed;
    char *recorder;
} Settings;

typedef struct {
    guint states, died, cut, unreadable, lost, faults;
} Count;

/* One scenario being played. */
typedef struct {
    const CrashScenario *scenario;
    const Settings *settings;
    char *folder, *aside, *log;
    CrashPlay *play;
    GHashTable *seen; /* the scenario's own */
    Count count;
} Game;

/* ---- the child ---- */

static const CrashScenario *find(const char *name)
{
    for (const CrashScenario *const *s = crash_scenarios(); *s != NULL; s++)
        if (g_str_equal((*s)->name, name))
            return *s;
    return NULL;
}

static int run_child(const char *name, const char *folder, const char *aside)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *ack_path = g_build_filename(folder, CRASH_ACK_NAME, NULL);
    const int ack = g_open(ack_path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    const CrashScenario *scenario = find(name);
    if (scenario == NULL || ack < 0)
        return 2;
    if (scenario->run(folder, aside, ack, &error))
        return 0;
    g_printerr("%s\n", error->message);
    return cel_error_exit_status(error);
}

/* @fault: (nullable). Returns: as waitpid() gives it. */
static int spawn(const Game *game, const char *fault)
{
    const char *const argv[] = {"/proc/self/exe", "--run",     game->scenario->name,
                                game->folder,     game->aside, NULL};
    g_auto(GStrv) environment = g_get_environ();
    int status = 0;
    GError *error = NULL;
    environment = g_environ_setenv(environment, "LD_PRELOAD", game->settings->recorder, TRUE);
    environment = g_environ_setenv(environment, "ASAN_OPTIONS", "verify_asan_link_order=0", TRUE);
    environment = g_environ_setenv(environment, CRASH_ENV_FOLDER, game->folder, TRUE);
    environment = g_environ_setenv(environment, CRASH_ENV_LOG, game->log, TRUE);
    if (fault != NULL)
        environment = g_environ_setenv(environment, CRASH_ENV_FAULT, fault, TRUE);
    if (!g_spawn_sync(NULL, (char **)argv, environment,
                      G_SPAWN_STDOUT_TO_DEV_NULL | (fault != NULL ? G_SPAWN_STDERR_TO_DEV_NULL : 0),
                      NULL, NULL, NULL, NULL, &status, &error))
        g_error("%s", error->message);
    return status;
}

/* ---- the states ---- */

static void judge(Game *game, GPtrArray *acks, const char *where)
{
    g_autofree char *wrong = game->scenario->check(game->folder, game->aside, acks, game->seen);
    if (wrong == NULL)
        return;
    game->count.lost += g_str_has_prefix(wrong, "lost") ? 1 : 0;
    game->count.unreadable += g_str_has_prefix(wrong, "lost") ? 0 : 1;
    g_printerr("%s, %s: %s\n", game->scenario->name, where, wrong);
}

/* A state to be looked at. */
typedef struct {
    gsize end;
    CrashKind kind;
    guint32 seed;
} State;

static void play_state(Game *game, const State *state, GHashTable *played)
{
    static const char *const kinds[CRASH_N_KINDS] = {"died", "died in the write", "only synced",
                                                     "any part"};
    g_autoptr(GRand) random = g_rand_new_with_seed(state->seed);
    g_autofree char *digest =
        crash_play_state(game->play, state->end, state->kind, random, game->folder);
    g_autoptr(GPtrArray) acks = crash_play_acks(game->play, state->end);
    g_autofree char *where = g_strdup_printf("operation %" G_GSIZE_FORMAT ", %s, %u", state->end,
                                             kinds[state->kind], state->seed);
    if (!g_hash_table_add(played, g_strdup_printf("%s %u", digest, acks->len)))
        return;
    game->count.states++;
    if (state->kind == CRASH_ALL || state->kind == CRASH_TORN)
        game->count.died++;
    else
        game->count.cut++;
    judge(game, acks, where);
}

/* Behind CRASH_READY, else the beginning. */
static gsize first_state(const CrashPlay *play)
{
    for (gsize end = 0; end <= crash_play_length(play); end++) {
        g_autoptr(GPtrArray) acks = crash_play_acks(play, end);
        if (acks->len > 0 && g_str_equal(g_ptr_array_index(acks, acks->len - 1), CRASH_READY))
            return end;
    }
    return 0;
}

static GArray *list_states(const Game *game, GRand *random)
{
    GArray *states = g_array_new(FALSE, FALSE, sizeof(State));
    for (gsize end = first_state(game->play); end <= crash_play_length(game->play); end++)
        for (int i = 0; i < CRASH_RANDOM + game->settings->powercuts; i++) {
            const State state = {end, (CrashKind)MIN(i, CRASH_RANDOM), g_rand_int(random)};
            if (state.kind != CRASH_TORN || crash_play_can_tear(game->play, end))
                g_array_append_val(states, state);
        }
    return states;
}

/* In an order without pattern, so that the first "most" are a fair part. */
static void play_all(Game *game)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)game->settings->seed);
    g_autoptr(GHashTable) played = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GArray) states = list_states(game, random);
    for (guint left = states->len; left > 0; left--) {
        const guint i = (guint)g_rand_int_range(random, 0, (gint32)left);
        const State state = g_array_index(states, State, i);
        g_array_index(states, State, i) = g_array_index(states, State, left - 1);
        if (game->settings->most > 0 && game->count.states >= (guint)game->settings->most)
            return;
        play_state(game, &state, played);
    }
}

/* ---- the same for real ---- */

static void start_over(const Game *game)
{
    crash_remove(game->folder);
    g_unlink(game->log);
    g_assert_cmpint(g_mkdir(game->folder, 0700), ==, 0);
}

static void fault_once(Game *game, const char *fault, guint n_acks)
{
    start_over(game);
    const int status = spawn(game, fault);
    const gboolean killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    /* what fails behind the last acknowledgement (folding the log while closing) is no failure */
    const gboolean refused =
        WIFEXITED(status) && (WEXITSTATUS(status) == 4 || WEXITSTATUS(status) == 0);
    game->count.faults++;
    if (g_str_has_prefix(fault, "kill") ? !killed : !refused) {
        g_printerr("%s, %s: ended with status %x\n", game->scenario->name, fault, status);
        game->count.unreadable++;
    }
    g_autofree char *ack_path = g_build_filename(game->folder, CRASH_ACK_NAME, NULL);
    g_unlink(ack_path);
    g_autoptr(CrashPlay) play = crash_play_read(game->log);
    g_autoptr(GPtrArray) acks = crash_play_acks(play, crash_play_length(play));
    crash_lab_forget(game->seen); /* other keys than before */
    if (status == 0 && acks->len < n_acks) {
        g_printerr("%s, %s: a failure was passed over\n", game->scenario->name, fault);
        game->count.lost++;
    }
    judge(game, acks, fault);
}

static void fault_all(Game *game, gsize first, gsize n_changes, guint n_acks)
{
    static const char *const kinds[] = {"full", "kill"};
    guint turn = 0;
    for (gsize at = first + 1; at < n_changes; at += (gsize)game->settings->fault_every) {
        g_autofree char *fault =
            g_strdup_printf("%s:%" G_GSIZE_FORMAT, kinds[turn++ % G_N_ELEMENTS(kinds)], at);
        fault_once(game, fault, n_acks);
    }
}

/* ---- */

static gsize changes_of(const CrashPlay *play)
{
    g_autoptr(GPtrArray) acks = crash_play_acks(play, crash_play_length(play));
    return crash_play_length(play) - acks->len;
}

static void game_init(Game *game, const char *top)
{
    game->folder = g_build_filename(top, game->scenario->name, NULL);
    game->aside = g_strconcat(game->folder, ".aside", NULL);
    game->log = g_strconcat(game->folder, ".log", NULL);
    game->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_assert_cmpint(g_mkdir(game->aside, 0700), ==, 0);
    start_over(game);
}

static void game_clear(Game *game)
{
    g_free(game->folder);
    g_free(game->aside);
    g_free(game->log);
    crash_lab_forget(game->seen);
    g_hash_table_unref(game->seen);
    g_clear_pointer(&game->play, crash_play_free);
}

static Count run_scenario(const CrashScenario *scenario, const Settings *settings, const char *top)
{
    Game game = {.scenario = scenario, .settings = settings};
    game_init(&game, top);
    const int status = spawn(&game, NULL);
    if (status != 0)
        g_error("%s fails even when it is left alone (%x)", scenario->name, (guint)status);
    game.play = crash_play_read(game.log);
    const gsize n_changes = changes_of(game.play);
    play_all(&game);
    const gsize first = first_state(game.play);
    g_autoptr(GPtrArray) before = crash_play_acks(game.play, first);
    fault_all(&game, first - before->len, n_changes,
              (guint)(crash_play_length(game.play) - n_changes));
    g_print("%s: %" G_GSIZE_FORMAT " operations, %u states (%u of a dead process, %u of a power "
            "cut), %u real faults: %u unreadable, %u lost\n",
            scenario->name, n_changes, game.count.states, game.count.died, game.count.cut,
            game.count.faults, game.count.unreadable, game.count.lost);
    const Count count = game.count;
    game_clear(&game);
    return count;
}

/* ---- what it costs ---- */

enum { COST_ROUNDS = 5 };

static int compare_doubles(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The middle of one member of all costs. */
static double middle_of(const GArray *costs, gsize offset)
{
    g_autofree double *values = g_new(double, costs->len);
    for (guint i = 0; i < costs->len; i++)
        values[i] = G_STRUCT_MEMBER(double, &g_array_index(costs, CrashCost, i), offset);
    qsort(values, costs->len, sizeof *values, compare_doubles);
    return values[costs->len / 2];
}

static void cost_once(Game *game, const char *word, GArray *costs)
{
    start_over(game);
    if (spawn(game, NULL) != 0)
        g_error("%s fails even when it is left alone", game->scenario->name);
    g_autoptr(CrashPlay) play = crash_play_read(game->log);
    start_over(game);
    g_autoptr(GArray) some = crash_play_cost(play, game->folder, word);
    g_array_append_vals(costs, some->data, some->len);
}

/* On the disk of the temporary files, not in memory. */
static void print_cost(const CrashScenario *scenario, const Settings *settings, const char *word,
                       const char *top)
{
    Game game = {.scenario = scenario, .settings = settings};
    g_autoptr(GArray) costs = g_array_new(FALSE, FALSE, sizeof(CrashCost));
    game_init(&game, top);
    for (guint i = 0; i < COST_ROUNDS; i++)
        cost_once(&game, word, costs);
    const double wall = middle_of(costs, G_STRUCT_OFFSET(CrashCost, program_ms));
    const double cpu = middle_of(costs, G_STRUCT_OFFSET(CrashCost, cpu_ms));
    const double bare = middle_of(costs, G_STRUCT_OFFSET(CrashCost, bare_ms));
    const CrashCost *last = &g_array_index(costs, CrashCost, costs->len - 1);
    g_print("%s: %u writes and %u syncs, alone %.2f ms; the program's own processor time %.2f ms: "
            "together %.2f times the bare cost; as it took on this busy or idle machine %.2f ms "
            "(medians of %u)\n",
            word, last->writes, last->syncs, bare, cpu, (cpu + bare) / bare, wall, costs->len);
    game_clear(&game);
}

static int run_costs(const Settings *settings)
{
    g_autofree char *top = g_dir_make_tmp("celadon-cost-XXXXXX", NULL);
    print_cost(&crash_ledger, settings, "event", top);
    print_cost(&crash_seal, settings, "sealed", top);
    crash_remove(top);
    return 0;
}

static int run_all(const Settings *settings, char **names)
{
    Count sum = {0};
    const char *fast = g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir();
    g_autofree char *top = g_build_filename(fast, "celadon-crash-XXXXXX", NULL);
    g_assert_nonnull(g_mkdtemp(top));
    for (const CrashScenario *const *s = crash_scenarios(); *s != NULL; s++) {
        if (*names != NULL ? !g_strv_contains((const char *const *)names, (*s)->name)
                           : *s == &crash_careless)
            continue;
        const Count count = run_scenario(*s, settings, top);
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
    Settings settings = {.powercuts = 4, .fault_every = 16, .seed = 20261126};
    g_auto(GStrv) names = NULL;
    const GOptionEntry entries[] = {
        {"cost", 0, 0, G_OPTION_ARG_NONE, &settings.cost, "times beside the bare operations", NULL},
        {"powercuts", 0, 0, G_OPTION_ARG_INT, &settings.powercuts, "power cuts an operation", "N"},
        {"most", 0, 0, G_OPTION_ARG_INT, &settings.most, "states a scenario; 0: all", "N"},
        {"fault-every", 0, 0, G_OPTION_ARG_INT, &settings.fault_every, "one real fault in N", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &settings.seed, "of the power cuts", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    cel_init();
    if (argc == 5 && g_str_equal(argv[1], "--run"))
        return run_child(argv[2], argv[3], argv[4]);
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("RECORDER [SCENARIO...]");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || names == NULL ||
        settings.fault_every < 1) {
        g_printerr("%s\n", error != NULL ? error->message : "the recorder is missing");
        return 2;
    }
    settings.recorder = names[0];
    return settings.cost ? run_costs(&settings) : run_all(&settings, names + 1);
}
