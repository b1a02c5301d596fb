/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../unit/path-fixture.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The field way, played by a child that is killed at random moments, and played without a kill for
 * its figures.
 *   path-player kills N [SEED]   N kills; what was acknowledged is there after, nothing twice
 *   path-player runs N           N whole runs: touches, attended time, controls
 * The last line is the figure for docs/measurements.md.
 */

enum { SPOTS = 3, MOST_NAVIGATION = 6, LONGEST_MS = 60000, USABLE_MS = 240000 };

/** Play: the stage, shared by every child. */
typedef struct {
    Scene scene;
    char *log; /* what was acknowledged, one line an act */
    guint n;   /* exhibits finished */
} Play;

/* ---- the child ---- */

static void ack(const Play *play, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* One write: a kill leaves a whole line or none, and what was written stays. */
static void ack(const Play *play, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    FILE *log = fopen(play->log, "a");
    g_assert_nonnull(log);
    g_assert_cmpuint(fwrite(line, 1, strlen(line), log), ==, strlen(line));
    g_assert_cmpint(fclose(log), ==, 0);
}

static void must(gboolean ok, const GError *error, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "%s: %s\n", what, error != NULL ? error->message : "failed");
    _exit(3);
}

static CelPath *begin_or_resume(Play *play, const char *item)
{
    g_autoptr(GError) error = NULL;
    CelLab *lab = play->scene.room.lab;
    g_autoptr(GPtrArray) open = cel_path_list(lab, &error);
    must(open != NULL && open->len <= 1, error, "list");
    CelPathSetup setup = scene_setup(CEL_PATH_FIELD);
    CelPath *path = open->len == 1
                        ? cel_path_resume(lab, ((CelPathOpen *)g_ptr_array_index(open, 0))->id,
                                          setup.clock, NULL, &error)
                        : cel_path_begin(lab, &setup, &error);
    must(path != NULL, error, open->len == 1 ? "resume" : "begin");
    ack(play, "open %s %s", cel_path_id(path), item);
    return path;
}

static void tell(const Play *play, const char *what)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelPathView) view = cel_path_view(play->scene.path, &error);
    must(view != NULL, error, "view");
    const CelPathShot *shot =
        view->shots->len > 0 ? g_ptr_array_index(view->shots, view->shots->len - 1) : NULL;
    const CelPathPhoto *photo =
        view->photos->len > 0 ? g_ptr_array_index(view->photos, view->photos->len - 1) : NULL;
    ack(play, "did %s %s step=%u item=%s photos=%u photo=%s shots=%u shot=%s seal=%s nav=%u",
        view->id, what, view->index, *view->item_id != '\0' ? view->item_id : "-",
        view->photos->len, photo != NULL ? photo->sha256 : "-", view->shots->len,
        shot != NULL && *shot->sha256 != '\0' ? shot->sha256 : "-",
        *view->seal_no != '\0' ? view->seal_no : "-", view->touches[CEL_PATH_TOUCH_NAVIGATION]);
}

/* Killed when all was on record but that it is finished, the last step misses nothing any more. */
static const char *without_need(const Scene *scene)
{
    const CelPathWayDef *way = cel_path_way_def(CEL_PATH_FIELD);
    const gboolean last = cel_path_step(scene->path) == way->steps[way->n_steps - 1];
    return last ? "second" : "next";
}

/* What a person does next, by what is missing. Returns: what was done. */
static const char *one_act(Play *play, const char *item, const char *seal_no, GError **error)
{
    Scene *scene = &play->scene;
    g_autoptr(GPtrArray) missing = cel_path_missing(scene->path, error);
    if (missing == NULL)
        return NULL;
    const char *need = missing->len > 0 ? ((CelPathNeedDef *)g_ptr_array_index(missing, 0))->id
                                        : without_need(scene);
    gboolean ok = FALSE;
    if (g_str_equal(need, "safety") || g_str_equal(need, "through") || g_str_equal(need, "hazard"))
        ok = cel_path_answer(scene->path, need, g_str_equal(need, "safety") ? "yes" : "no", error);
    else if (g_str_has_suffix(need, "-photo"))
        ok = scene_photo(scene, error);
    else if (g_str_equal(need, "item"))
        ok = cel_path_scan(scene->path, item, error);
    else if (g_str_equal(need, "instrument"))
        ok = scene_connect(scene, error);
    else if (g_str_equal(need, "answer"))
        ok = cel_path_identify(scene->path, scene->desk.bench, NULL, error);
    else if (g_str_equal(need, "seal-number"))
        ok = cel_path_pack(scene->path, seal_no, error);
    else if (g_str_equal(need, "next"))
        ok = cel_path_next(scene->path, error);
    else if (!g_str_equal(need, "second"))
        ok = scene_shoot(scene, CEL_PATH_SHOT_DUE, error);
    else
        return "second";
    return ok ? need : NULL;
}

static void finish(Play *play)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *fid = NULL;
    const CelLabPerson other = scene_person(&play->scene, LI);
    const CelPathFinish how = {.second = &other};
    must(cel_path_finish(play->scene.path, &how, &fid, NULL, &error), error, "finish");
    ack(play, "end %s %s", cel_path_id(play->scene.path), fid);
}

static void open_lab(Play *play)
{
    g_autoptr(GError) error = NULL;
    Room *room = &play->scene.room;
    room->lab = cel_lab_open(room->folder, &error);
    must(room->lab != NULL, error, "lab");
    room_sign_in(room, WANG);
    g_autoptr(GPtrArray) notes = NULL;
    must(cel_lab_recover(room->lab, &notes, NULL, &error), error, "recover");
}

static void play_one(Play *play, guint number)
{
    g_autofree char *item = g_strdup_printf("1-%u", number);
    g_autofree char *seal_no = g_strdup_printf("B%u", number);
    play->scene.path = begin_or_resume(play, item);
    for (;;) {
        g_autoptr(GError) error = NULL;
        const char *what = one_act(play, item, seal_no, &error);
        must(what != NULL, error, "act");
        if (g_str_equal(what, "second"))
            break;
        tell(play, what);
    }
    finish(play);
}

/* How many exhibits the log calls finished. */
static guint finished(const Play *play)
{
    g_autofree char *text = NULL;
    guint n = 0;
    if (!g_file_get_contents(play->log, &text, NULL, NULL))
        return 0;
    for (const char *at = strstr(text, "\nend "); at != NULL; at = strstr(at + 1, "\nend "))
        n++;
    return n;
}

/* An exhibit may have been finished without having been told of. */
static guint next_number(Play *play)
{
    guint64 n = 0;
    const CelRowQuery query = {.match = {{"state", "packed", 0}}};
    g_assert_true(cel_register_count(cel_lab_register(play->scene.room.lab), CEL_ROW_EXHIBIT,
                                     &query, &n, NULL));
    return (guint)n + 1;
}

static void play_until_killed(Play *play, guint most)
{
    open_lab(play);
    play->scene.seed = (int)(g_random_int() % 1000000 + 1);
    for (guint i = 0; i < most; i++) {
        g_autoptr(GPtrArray) open = cel_path_list(play->scene.room.lab, NULL);
        guint number = next_number(play);
        if (open != NULL && open->len == 1) { /* its bag may be closed already */
            const char *item = ((CelPathOpen *)g_ptr_array_index(open, 0))->item_id;
            gint64 told = 0;
            if (g_str_has_prefix(item, "1-") &&
                g_ascii_string_to_signed(item + 2, 10, 1, 100000, &told, NULL))
                number = (guint)told;
        }
        play_one(play, number);
        cel_path_close(g_steal_pointer(&play->scene.path));
    }
    _exit(0);
}

/* ---- what is left is looked at ---- */

/** Look: what was found wrong. */
typedef struct {
    guint acts, lost, doubled;
} Look;

static char *field(const char *line, const char *name)
{
    const char *at = strstr(line, name);
    return at != NULL ? g_strndup(at + strlen(name), strcspn(at + strlen(name), " ")) : NULL;
}

static gboolean has_shot(const CelPathView *view, const char *sha256)
{
    for (guint i = 0; i < view->shots->len; i++)
        if (g_str_equal(((CelPathShot *)g_ptr_array_index(view->shots, i))->sha256, sha256))
            return TRUE;
    return FALSE;
}

static gboolean has_photo(const CelPathView *view, const char *sha256)
{
    for (guint i = 0; i < view->photos->len; i++)
        if (g_str_equal(((CelPathPhoto *)g_ptr_array_index(view->photos, i))->sha256, sha256))
            return TRUE;
    return FALSE;
}

static void compare(const char *line, const CelPathView *view, Look *look)
{
    g_autofree char *shot = field(line, " shot="), *photo = field(line, " photo=");
    g_autofree char *item = field(line, " item="), *seal = field(line, " seal=");
    g_autofree char *step = field(line, " step="), *nav = field(line, " nav=");
    gint64 index = 0, touches = 0;
    g_ascii_string_to_signed(step, 10, 0, 100, &index, NULL);
    g_ascii_string_to_signed(nav, 10, 0, 1000, &touches, NULL);
    const gboolean there = (g_str_equal(shot, "-") || has_shot(view, shot)) &&
                           (g_str_equal(photo, "-") || has_photo(view, photo)) &&
                           (g_str_equal(item, "-") || g_str_equal(view->item_id, item)) &&
                           (g_str_equal(seal, "-") || g_str_equal(view->seal_no, seal)) &&
                           view->index >= index && view->touches[0] >= touches;
    look->acts++;
    look->lost += !there;
    if (!there)
        fprintf(stderr, "lost: %s\n", line);
}

/* Returns: (transfer full) (element-type utf8): every record of the ledger. */
static GPtrArray *records_of(CelLab *lab)
{
    guint64 size = 0;
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    cel_ledger_size(cel_lab_ledger(lab), &size, NULL);
    for (guint64 seq = 1; seq <= size; seq++) {
        g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(cel_lab_ledger(lab), seq, NULL);
        gsize length = 0;
        const char *data = g_bytes_get_data(entry->record, &length);
        g_ptr_array_add(out, g_strndup(data, length));
    }
    return out;
}

static guint count_events(const GPtrArray *records, const char *session, const char *needle)
{
    guint n = 0;
    for (guint i = 0; i < records->len; i++) {
        const char *text = g_ptr_array_index(records, i);
        n += strstr(text, needle) != NULL && strstr(text, session) != NULL;
    }
    return n;
}

static void look_for_doubles(CelLab *lab, const GPtrArray *records, const char *line, Look *look)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    const guint collected = count_events(records, words[1], "\"act\":\"collect\"");
    const guint bags = count_events(records, words[1], "\"what\":\"bag\"");
    g_autoptr(JsonObject) file = cel_case_file(lab, words[2], NULL);
    const gboolean whole = g_strcmp0(cel_row_text(file, "state"), "complete") == 0;
    look->lost += !whole || collected == 0 || bags == 0;
    look->doubled += collected > 1 || bags > 1;
    if (!whole || collected != 1 || bags != 1)
        fprintf(stderr, "%s: collected %u, bags %u, file %s\n", words[1], collected, bags,
                cel_row_text(file, "state"));
}

/* No exposure stands twice in the ledger. */
static void look_at_shots(CelLab *lab, Look *look)
{
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(lab), CEL_ROW_ACQUISITION, NULL, NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < rows->len; i++) {
        const char *sha256 = cel_row_text(g_ptr_array_index(rows, i), "sha256");
        if (*sha256 == '\0')
            continue;
        look->doubled += !g_hash_table_add(seen, (gpointer)(gsize)sha256);
    }
}

static void look_at_open(Play *play, const char *id, char **lines, Look *look)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelPath) path =
        cel_path_resume(play->scene.room.lab, id, cel_clock_system(), NULL, &error);
    must(path != NULL, error, "resume to look");
    g_autoptr(CelPathView) view = cel_path_view(path, &error);
    must(view != NULL, error, "view");
    g_autofree char *mine = g_strdup_printf("did %s ", id);
    for (gsize i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], mine))
            compare(lines[i], view, look);
}

/* In a child of its own: it must not inherit what the next one opens. */
static void look(Play *play, int out)
{
    Look found = {0};
    g_autofree char *text = NULL;
    open_lab(play);
    if (!g_file_get_contents(play->log, &text, NULL, NULL))
        text = g_strdup("");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) open = cel_path_list(play->scene.room.lab, NULL);
    for (guint i = 0; i < open->len; i++)
        look_at_open(play, ((CelPathOpen *)g_ptr_array_index(open, i))->id, lines, &found);
    g_autoptr(GPtrArray) records = records_of(play->scene.room.lab);
    for (gsize i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], "end "))
            look_for_doubles(play->scene.room.lab, records, lines[i], &found);
    look_at_shots(play->scene.room.lab, &found);
    const gboolean told = write(out, &found, sizeof found) == sizeof found;
    _exit(told ? 0 : 4);
}

static gboolean look_in_child(Play *play, Look *sum)
{
    int pipes[2], status = 0;
    Look found = {0};
    g_assert_cmpint(pipe(pipes), ==, 0);
    const pid_t child = fork();
    if (child == 0)
        look(play, pipes[1]);
    close(pipes[1]);
    const gboolean told = read(pipes[0], &found, sizeof found) == sizeof found;
    close(pipes[0]);
    waitpid(child, &status, 0);
    sum->acts += found.acts;
    sum->lost += found.lost;
    sum->doubled += found.doubled;
    return told && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- the kills ---- */

static gboolean play_for(Play *play, gulong us, guint most)
{
    int status = 0;
    const guint32 chance = g_random_int(); /* no child takes the pictures of another one */
    const pid_t child = fork();
    if (child == 0) {
        g_random_set_seed(chance);
        play_until_killed(play, most);
    }
    if (us > 0) {
        g_usleep(us);
        kill(child, SIGKILL);
    }
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) || WEXITSTATUS(status) == 0;
}

static int run_kills(Play *play, guint n)
{
    Look sum = {0};
    const gint64 start_us = g_get_monotonic_time();
    gboolean ok = play_for(play, 0, 1); /* one whole run, to know how long one takes */
    const gint64 took_us = g_get_monotonic_time() - start_us;
    for (guint i = 0; ok && i < n; i++) {
        ok = play_for(
            play,
            (gulong)g_random_int_range((gint32)(took_us / 8), (gint32)MIN(took_us * 2, 8000000)),
            1000);
        ok = ok && look_in_child(play, &sum);
    }
    ok = ok && play_for(play, 0, 1) && look_in_child(play, &sum);
    printf("%u kills of the field way: %u acknowledged acts looked for, %u lost, %u recorded "
           "twice; %u exhibits finished in between\n",
           n, sum.acts, sum.lost, sum.doubled, finished(play));
    return ok && sum.lost == 0 && sum.doubled == 0 && sum.acts > 0 ? 0 : 1;
}

/* ---- the runs ---- */

/** Figures: of every run. */
typedef struct {
    GArray *attended, *laser; /* gint64, microseconds */
    guint most_navigation, most_holds, most_photos, skipped;
} Figures;

static int compare_times(gconstpointer a, gconstpointer b)
{
    const gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return x < y ? -1 : x > y;
}

static double median_s(GArray *times)
{
    g_array_sort(times, compare_times);
    return (double)g_array_index(times, gint64, times->len / 2) / 1e6;
}

/* The controls of the field way, each from what is on record and not from the path's own word. */
static guint skipped(CelLab *lab, const CelPathView *view)
{
    static const char *const moments[] = {"scene", "item", "after"};
    guint n = 0, spots = 0, blanks = 0;
    for (gsize m = 0; m < G_N_ELEMENTS(moments); m++) {
        const CelRowQuery query = {
            .match = {{"item_id", view->item_id, 0}, {"moment", moments[m], 0}}};
        guint64 photos = 0;
        cel_register_count(cel_lab_register(lab), CEL_ROW_PHOTO, &query, &photos, NULL);
        n += photos == 0;
    }
    for (guint i = 0; i < view->shots->len; i++) {
        const CelPathShot *shot = g_ptr_array_index(view->shots, i);
        spots += shot->kind == CEL_PATH_SHOT_SPOT && g_str_equal(shot->state, "valid");
        blanks += shot->kind == CEL_PATH_SHOT_BLANK && g_str_equal(shot->state, "valid");
    }
    const CelRowQuery seals = {.match = {{"item_id", view->item_id, 0},
                                         {"act", "seal", 0},
                                         {"seal_no", view->seal_no, 0},
                                         {"second_id", "P0018", 0}}};
    guint64 signed_by_two = 0;
    cel_register_count(cel_lab_register(lab), CEL_ROW_EVENT, &seals, &signed_by_two, NULL);
    const gboolean there[] = {spots >= SPOTS,
                              blanks > 0,
                              view->check == CEL_DAY_OK,
                              signed_by_two == 1,
                              view->hazard != CEL_HAZARD_UNANSWERED,
                              view->through >= 0,
                              *view->witness != '\0',
                              view->touches[CEL_PATH_TOUCH_HOLD] >= view->shots->len};
    for (gsize i = 0; i < G_N_ELEMENTS(there); i++)
        n += there[i] ? 0 : 1;
    return n;
}

static void add_run(Figures *figures, CelLab *lab, const CelPathView *view)
{
    g_array_append_val(figures->attended, view->attended_us);
    g_array_append_val(figures->laser, view->laser_us);
    figures->most_navigation =
        MAX(figures->most_navigation, view->touches[CEL_PATH_TOUCH_NAVIGATION]);
    figures->most_holds = MAX(figures->most_holds, view->touches[CEL_PATH_TOUCH_HOLD]);
    figures->most_photos = MAX(figures->most_photos, view->touches[CEL_PATH_TOUCH_PHOTO]);
    figures->skipped += skipped(lab, view);
}

static int run_runs(Play *play, guint n)
{
    Figures figures = {.attended = g_array_new(FALSE, FALSE, sizeof(gint64)),
                       .laser = g_array_new(FALSE, FALSE, sizeof(gint64))};
    open_lab(play);
    for (guint i = 0; i < n; i++) {
        play_one(play, i + 1);
        g_autoptr(CelPathView) view = scene_view(&play->scene);
        add_run(&figures, play->scene.room.lab, view);
        cel_path_close(g_steal_pointer(&play->scene.path));
    }
    const double attended = median_s(figures.attended);
    printf("%u runs of the field way: at most %u navigation touches, %u holds, %u photos; median "
           "%.2f s attended (the program's share: no hand moves), %.2f s instrument; %u controls "
           "skipped\n",
           n, figures.most_navigation, figures.most_holds, figures.most_photos, attended,
           median_s(figures.laser), figures.skipped);
    const gboolean ok = figures.most_navigation <= MOST_NAVIGATION && figures.skipped == 0 &&
                        attended * 1e3 < LONGEST_MS;
    g_array_unref(figures.attended);
    g_array_unref(figures.laser);
    cel_lab_close(g_steal_pointer(&play->scene.room.lab));
    return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    gint64 n = 0, seed = 20261126;
    Play play = {0};
    cel_init();
    if (argc < 3 || !g_ascii_string_to_signed(argv[2], 10, 1, 100000, &n, NULL) ||
        (argc > 3 && !g_ascii_string_to_signed(argv[3], 10, 0, G_MAXUINT32, &seed, NULL))) {
        fprintf(stderr, "Use: path-player kills|runs N [SEED]\n");
        return 2;
    }
    g_random_set_seed((guint32)seed);
    scene_set_up(&play.scene, NULL);
    cel_lab_close(g_steal_pointer(&play.scene.room.lab)); /* every child opens it itself */
    play.log = g_build_filename(play.scene.room.folder, "acknowledged.log", NULL);
    const int status =
        g_str_equal(argv[1], "kills") ? run_kills(&play, (guint)n) : run_runs(&play, (guint)n);
    scene_tear_down(&play.scene, NULL);
    g_free(play.log);
    return status;
}
