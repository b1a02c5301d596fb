/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "bench/cel-journal.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    char *folder, *path;
} Place;

static void set_up(Place *place, gconstpointer data)
{
    (void)data;
    place->folder = g_dir_make_tmp("celadon-journal-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "a.journal", NULL);
}

static void tear_down(Place *place, gconstpointer data)
{
    (void)data;
    g_unlink(place->path);
    g_rmdir(place->folder);
    g_free(place->folder);
    g_free(place->path);
}

static JsonObject *act(int n)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "act", "扫描");
    json_object_set_int_member(object, "n", n);
    return object;
}

static void add(CelJournal *journal, int n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) one = act(n);
    cel_journal_add(journal, one, &error);
    g_assert_no_error(error);
}

/* A journal of @n acts, closed. */
static void write_acts(const Place *place, int n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) first = act(1);
    g_autoptr(CelJournal) journal = cel_journal_create(place->path, first, &error);
    g_assert_no_error(error);
    for (int i = 2; i <= n; i++)
        add(journal, i);
}

static GString *content(const Place *place)
{
    char *text = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(place->path, &text, &n, NULL));
    GString *out = g_string_new_len(text, (gssize)n);
    g_free(text);
    return out;
}

static void put(const Place *place, const GString *text)
{
    g_assert_true(g_file_set_contents(place->path, text->str, (gssize)text->len, NULL));
}

/* How many acts are read; -1 with CEL_ERROR_INPUT. */
static int count(const Place *place)
{
    g_autoptr(GPtrArray) acts = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelJournal) journal = cel_journal_open(place->path, &acts, &error);
    if (journal == NULL)
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    return journal != NULL ? (int)acts->len : -1;
}

static void gives_back_every_act_in_order(Place *place, gconstpointer data)
{
    (void)data;
    write_acts(place, 5);
    g_autoptr(GPtrArray) acts = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelJournal) journal = cel_journal_open(place->path, &acts, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(acts->len, ==, 5);
    for (guint i = 0; i < acts->len; i++)
        g_assert_cmpint(json_object_get_int_member(g_ptr_array_index(acts, i), "n"), ==, i + 1);
    add(journal, 6);
    cel_journal_close(g_steal_pointer(&journal));
    g_assert_cmpint(count(place), ==, 6);
}

static void drops_a_last_line_cut_at_any_byte(Place *place, gconstpointer data)
{
    (void)data;
    write_acts(place, 3);
    g_autoptr(GString) whole = content(place);
    const gsize start = (gsize)(strchr(strchr(whole->str, '\n') + 1, '\n') + 1 - whole->str);
    for (gsize n = start; n < whole->len; n++) {
        g_autoptr(GString) cut = g_string_new_len(whole->str, (gssize)n);
        put(place, cut);
        g_assert_cmpint(count(place), ==, 2);
        g_autoptr(GString) after = content(place);
        g_assert_cmpuint(after->len, ==, start); /* nothing is added behind the rest of a line */
    }
}

static void takes_unwritten_blocks_at_the_end_for_a_torn_line(Place *place, gconstpointer data)
{
    (void)data;
    write_acts(place, 3);
    g_autoptr(GString) text = content(place);
    memset(text->str + text->len - 40, 0, 39);
    put(place, text);
    g_assert_cmpint(count(place), ==, 2);
}

static void finds_every_changed_byte_of_a_whole_line(Place *place, gconstpointer data)
{
    (void)data;
    write_acts(place, 3);
    g_autoptr(GString) whole = content(place);
    for (gsize i = 0; i + 1 < whole->len; i++) {
        g_autoptr(GString) text = g_string_new_len(whole->str, (gssize)whole->len);
        text->str[i] = (char)(text->str[i] ^ 4);
        put(place, text);
        g_assert_cmpint(count(place), ==, -1);
    }
}

static void finds_a_line_that_was_left_out_moved_or_doubled(Place *place, gconstpointer data)
{
    (void)data;
    static const int orders[][4] = {{0, 2, 3, -1}, {0, 2, 1, 3}, {0, 1, 1, 2}, {1, 2, 3, -1}};
    write_acts(place, 4);
    g_autoptr(GString) whole = content(place);
    g_auto(GStrv) lines = g_strsplit(whole->str, "\n", -1);
    for (gsize o = 0; o < G_N_ELEMENTS(orders); o++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (gsize i = 0; i < 4 && orders[o][i] >= 0; i++)
            g_string_append_printf(text, "%s\n", lines[orders[o][i]]);
        put(place, text);
        g_assert_cmpint(count(place), ==, -1);
    }
}

static void is_open_in_one_window_only(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GPtrArray) acts = NULL, again = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(CelJournalText) text = {0};
    gboolean busy = FALSE;
    write_acts(place, 2);
    g_autoptr(CelJournal) journal = cel_journal_open(place->path, &acts, &error);
    g_assert_no_error(error);
    g_assert_null(cel_journal_open(place->path, &again, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_nonnull(strstr(error->message, "another window"));
    g_clear_error(&error);
    g_assert_true(cel_journal_peek(place->path, &text, &busy, &error));
    g_assert_true(busy);
    g_assert_cmpuint(text.acts->len, ==, 2);
    cel_journal_close(g_steal_pointer(&journal));
    journal = cel_journal_open(place->path, &again, &error);
    g_assert_no_error(error);
}

static void is_never_made_over_another(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) first = act(9);
    write_acts(place, 2);
    g_assert_null(cel_journal_create(place->path, first, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_cmpint(count(place), ==, 2);
}

static void stays_as_it_was_when_the_disk_is_full(Place *place, gconstpointer data)
{
    (void)data;
    struct rlimit before, tight;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) acts = NULL;
    g_autoptr(JsonObject) more = act(4);
    write_acts(place, 3);
    g_autoptr(GString) whole = content(place);
    g_autoptr(CelJournal) journal = cel_journal_open(place->path, &acts, &error);
    g_assert_no_error(error);
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files stands for the full disk */
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    tight = before;
    tight.rlim_cur = whole->len + 20; /* part of the line still finds room */
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &tight), ==, 0);
    g_assert_false(cel_journal_add(journal, more, &error));
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_assert_nonnull(strstr(error->message, "nothing was acknowledged"));
    g_autoptr(GString) after = content(place);
    g_assert_true(g_string_equal(whole, after));
    add(journal, 4); /* there is room again */
    cel_journal_close(g_steal_pointer(&journal));
    g_assert_cmpint(count(place), ==, 4);
}

static void leaves_no_file_when_it_cannot_be_made(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) first = act(1);
    json_object_set_double_member(first, "half", 0.5); /* no canonical text */
    g_assert_null(cel_journal_create(place->path, first, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
}

static void tells_a_beginning_that_was_never_acknowledged(Place *place, gconstpointer data)
{
    (void)data;
    static const char *const texts[] = {"", "{\"act\":{"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) acts = NULL;
        g_assert_true(g_file_set_contents(place->path, texts[i], -1, NULL));
        g_assert_null(cel_journal_open(place->path, &acts, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    }
}

static void is_not_followed_through_a_link(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) acts = NULL;
    g_autofree char *other = g_build_filename(place->folder, "b", NULL);
    write_acts(place, 2);
    g_assert_cmpint(g_rename(place->path, other), ==, 0);
    g_assert_cmpint(symlink(other, place->path), ==, 0);
    g_assert_null(cel_journal_open(place->path, &acts, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_unlink(other);
}

/* The child writes as fast as it can and says what was acknowledged through the pipe. */
static void write_until_killed(const Place *place, int out)
{
    g_autoptr(JsonObject) first = act(1);
    g_autoptr(CelJournal) journal = cel_journal_create(place->path, first, NULL);
    for (int n = 1; journal != NULL; n++) {
        g_autoptr(JsonObject) more = act(n + 1);
        if (write(out, &n, sizeof n) != sizeof n || !cel_journal_add(journal, more, NULL))
            break;
    }
    _exit(1);
}

static void loses_nothing_acknowledged_to_a_kill(Place *place, gconstpointer data)
{
    (void)data;
    for (int round = 0; round < 12; round++) {
        int pipes[2], n = 0, last = 0;
        g_unlink(place->path);
        g_assert_cmpint(pipe(pipes), ==, 0);
        const pid_t child = fork();
        if (child == 0)
            write_until_killed(place, pipes[1]);
        close(pipes[1]);
        g_usleep((gulong)g_test_rand_int_range(3000, 40000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        while (read(pipes[0], &n, sizeof n) == sizeof n)
            last = n;
        close(pipes[0]);
        if (last > 0)
            g_assert_cmpint(count(place), >=, last);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*run)(Place *, gconstpointer);
    } tests[] = {
        {"/journal/gives-back-every-act-in-order", gives_back_every_act_in_order},
        {"/journal/drops-a-last-line-cut-at-any-byte", drops_a_last_line_cut_at_any_byte},
        {"/journal/takes-unwritten-blocks-at-the-end-for-a-torn-line",
         takes_unwritten_blocks_at_the_end_for_a_torn_line},
        {"/journal/finds-every-changed-byte-of-a-whole-line",
         finds_every_changed_byte_of_a_whole_line},
        {"/journal/finds-a-line-that-was-left-out-moved-or-doubled",
         finds_a_line_that_was_left_out_moved_or_doubled},
        {"/journal/is-open-in-one-window-only", is_open_in_one_window_only},
        {"/journal/is-never-made-over-another", is_never_made_over_another},
        {"/journal/stays-as-it-was-when-the-disk-is-full", stays_as_it_was_when_the_disk_is_full},
        {"/journal/leaves-no-file-when-it-cannot-be-made", leaves_no_file_when_it_cannot_be_made},
        {"/journal/tells-a-beginning-that-was-never-acknowledged",
         tells_a_beginning_that_was_never_acknowledged},
        {"/journal/is-not-followed-through-a-link", is_not_followed_through_a_link},
        {"/journal/loses-nothing-acknowledged-to-a-kill", loses_nothing_acknowledged_to_a_kill},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Place, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
