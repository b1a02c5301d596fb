/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remove-folder.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "bench/cel-watch.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A handheld's storage in a folder of ours. */
typedef struct {
    char *folder, *out;
    GPtrArray *events; /* "imported a.txt" */
    GPtrArray *outs;   /* paths */
    GCancellable *stop_after;
    guint stop_at; /* event that cancels; 0: none */
} Storage;

static void set_up(Storage *s, gconstpointer data)
{
    (void)data;
    s->folder = g_dir_make_tmp("celadon-handheld-XXXXXX", NULL);
    s->out = g_dir_make_tmp("celadon-imported-XXXXXX", NULL);
    s->events = g_ptr_array_new_with_free_func(g_free);
    s->outs = g_ptr_array_new_with_free_func(g_free);
}

static void tear_down(Storage *s, gconstpointer data)
{
    (void)data;
    remove_folder(s->folder);
    remove_folder(s->out);
    g_free(s->folder);
    g_free(s->out);
    g_ptr_array_unref(s->events);
    g_ptr_array_unref(s->outs);
}

static void put(const Storage *s, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(s->folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static char *spectrum_text(double height)
{
    GString *text = g_string_new("# Raman shift (cm-1), counts\n");
    for (int i = 0; i < 200; i++)
        g_string_append_printf(text, "%d,%g\n", 200 + 5 * i, i == 100 ? height : 10.0 + i % 7);
    return g_string_free(text, FALSE);
}

static void put_spectrum(const Storage *s, const char *name, double height)
{
    g_autofree char *text = spectrum_text(height);
    put(s, name, text);
}

static void remember(const CelWatchEvent *event, gpointer data)
{
    Storage *s = data;
    g_autofree char *shown = g_filename_display_name(event->name);
    g_ptr_array_add(s->events,
                    g_strdup_printf("%s %s", cel_watch_outcome_name(event->outcome), shown));
    g_ptr_array_add(s->outs, g_strdup(event->out));
    g_assert_cmpint(event->reason != NULL, ==, event->outcome == CEL_WATCH_REFUSED);
    if (s->events->len == s->stop_at)
        g_cancellable_cancel(s->stop_after);
}

static CelWatchOptions options_of(Storage *s)
{
    return (CelWatchOptions){.folder = s->folder,
                             .out = s->out,
                             .once = TRUE,
                             .settle_ms = 30,
                             .sink = remember,
                             .user_data = s};
}

static void run_once(Storage *s)
{
    const CelWatchOptions options = options_of(s);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_watch_run(&options, NULL, &error));
    g_assert_no_error(error);
}

static gboolean was_told(const Storage *s, const char *event)
{
    return g_ptr_array_find_with_equal_func(s->events, event, g_str_equal, NULL);
}

static guint count_files(const char *folder)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void a_file_becomes_a_measurement_of_an_unverified_instrument(Storage *s, gconstpointer data)
{
    (void)data;
    put_spectrum(s, "sample-1.csv", 500);
    run_once(s);
    g_assert_cmpuint(s->events->len, ==, 1);
    g_assert_true(was_told(s, "imported sample-1.csv"));
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) m =
        cel_reader_load(g_ptr_array_index(s->outs, 0), NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(g_tree_lookup(m->notes, "import.provenance"), ==,
                    "imported: instrument unverified");
    g_assert_cmpstr(g_tree_lookup(m->notes, "import.file"), ==, "sample-1.csv");
    const char *sha256 = g_tree_lookup(m->notes, "import.sha256");
    g_assert_cmpuint(strlen(sha256), ==, 64);
    g_assert_cmpuint(m->n_pixels, ==, 200);
}

static void the_same_bytes_are_imported_once_under_whatever_name(Storage *s, gconstpointer data)
{
    (void)data;
    put_spectrum(s, "a.csv", 500);
    put_spectrum(s, "b.csv", 500);
    put_spectrum(s, "c.csv", 501);
    run_once(s);
    g_assert_cmpuint(s->events->len, ==, 3);
    g_assert_cmpuint(count_files(s->out), ==, 2);
    run_once(s); /* another day */
    g_assert_cmpuint(s->events->len, ==, 6);
    g_assert_true(was_told(s, "known c.csv"));
    g_assert_cmpuint(count_files(s->out), ==, 2);
}

static void what_is_no_measurement_is_reported_and_left(Storage *s, gconstpointer data)
{
    (void)data;
    put(s, "notes.bin", "\001\002\003 nothing of ours");
    put(s, "empty.csv", "");
    put_spectrum(s, "good.csv", 500);
    run_once(s);
    g_assert_cmpuint(s->events->len, ==, 3);
    g_assert_true(was_told(s, "refused notes.bin"));
    g_assert_true(was_told(s, "refused empty.csv"));
    g_assert_true(was_told(s, "imported good.csv"));
    g_assert_cmpuint(count_files(s->folder), ==, 3);
}

static void the_watched_folder_is_not_altered(Storage *s, gconstpointer data)
{
    (void)data;
    put_spectrum(s, "a.csv", 500);
    put(s, "junk.dat", "no");
    g_autofree char *path = g_build_filename(s->folder, "a.csv", NULL);
    GStatBuf before, after, folder_before, folder_after;
    g_chmod(s->folder, 0555);
    g_assert_cmpint(g_stat(path, &before), ==, 0);
    g_assert_cmpint(g_stat(s->folder, &folder_before), ==, 0);
    run_once(s);
    g_assert_cmpint(g_stat(path, &after), ==, 0);
    g_assert_cmpint(g_stat(s->folder, &folder_after), ==, 0);
    g_chmod(s->folder, 0755);
    g_assert_cmpint(before.st_mtim.tv_nsec, ==, after.st_mtim.tv_nsec);
    g_assert_cmpint(folder_before.st_mtim.tv_nsec, ==, folder_after.st_mtim.tv_nsec);
    g_assert_cmpuint(count_files(s->folder), ==, 2);
}

static void names_never_shape_the_path_of_what_is_written(Storage *s, gconstpointer data)
{
    (void)data;
    put_spectrum(s, "x..%2f..%2fetc\nforged line \033[31m.csv", 500);
    put_spectrum(s, "\377\376 not utf8.csv", 501);
    put_spectrum(s, "-rf --out x.csv", 502);
    run_once(s);
    g_assert_cmpuint(s->events->len, ==, 3);
    g_assert_cmpuint(count_files(s->out), ==, 3);
    for (guint i = 0; i < s->outs->len; i++) {
        g_autofree char *base = g_path_get_basename(g_ptr_array_index(s->outs, i));
        g_assert_cmpuint(strlen(base), ==, strlen("import-.h5") + 32);
        g_assert_cmpuint(strspn(base, "import-.h50123456789abcdef"), ==, strlen(base));
    }
}

static void subfolders_are_read_but_links_pipes_and_hidden_files_are_not(Storage *s,
                                                                         gconstpointer data)
{
    (void)data;
    g_autofree char *inner = g_build_filename(s->folder, "DCIM", "2026", NULL);
    g_assert_cmpint(g_mkdir_with_parents(inner, 0755), ==, 0);
    put_spectrum(s, "DCIM/2026/deep.csv", 500);
    put_spectrum(s, ".partial.csv", 501);
    g_autofree char *link = g_build_filename(s->folder, "link.csv", NULL);
    g_autofree char *loop = g_build_filename(s->folder, "loop", NULL);
    g_autofree char *pipe = g_build_filename(s->folder, "pipe.csv", NULL);
    g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
    g_assert_cmpint(symlink(s->folder, loop), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    run_once(s);
    g_assert_cmpuint(s->events->len, ==, 1);
    g_assert_true(was_told(s, "imported DCIM/2026/deep.csv"));
}

/* ---- files that grow ---- */

typedef struct {
    char *path, *text;
    guint n_parts;
} Copy;

static gpointer copy_slowly(gpointer data)
{
    const Copy *copy = data;
    const gsize part = strlen(copy->text) / copy->n_parts;
    FILE *file = g_fopen(copy->path, "w");
    for (guint i = 0; i < copy->n_parts; i++) {
        const gsize from = i * part;
        const gsize n = i + 1 == copy->n_parts ? strlen(copy->text) - from : part;
        fwrite(copy->text + from, 1, n, file);
        fflush(file);
        g_usleep(60000);
    }
    fclose(file);
    return NULL;
}

static void a_file_that_is_still_being_copied_is_waited_for(Storage *s, gconstpointer data)
{
    (void)data;
    g_autofree char *text = spectrum_text(777);
    g_autofree char *path = g_build_filename(s->folder, "slow.csv", NULL);
    Copy copy = {path, text, 10};
    CelWatchOptions options = options_of(s);
    options.settle_ms = 300;
    put(s, "slow.csv", "");
    GThread *thread = g_thread_new("copy", copy_slowly, &copy);
    g_usleep(20000);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_watch_run(&options, NULL, &error));
    g_assert_no_error(error);
    g_thread_join(thread);
    g_assert_cmpuint(s->events->len, ==, 1);
    g_assert_true(was_told(s, "imported slow.csv"));
    g_autoptr(CelMeasurement) m = cel_reader_load(g_ptr_array_index(s->outs, 0), NULL, NULL, NULL);
    g_assert_cmpuint(m->n_pixels, ==, 200); /* the whole of it */
    g_assert_cmpfloat(m->frames[100], ==, 777.0);
}

/* ---- watching on ---- */

static gpointer put_later(gpointer data)
{
    g_usleep(150000);
    put_spectrum(data, "later.csv", 600);
    return NULL;
}

static void what_comes_later_is_seen_and_a_cancel_ends_the_watch(Storage *s, gconstpointer data)
{
    (void)data;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    s->stop_after = cancel;
    s->stop_at = 2;
    put_spectrum(s, "first.csv", 500);
    CelWatchOptions options = options_of(s);
    options.once = FALSE;
    GThread *thread = g_thread_new("later", put_later, s);
    const gint64 before_us = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_watch_run(&options, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpint(g_get_monotonic_time() - before_us, <, 5000000);
    g_thread_join(thread);
    g_assert_true(was_told(s, "imported later.csv"));
}

static gpointer cancel_later(gpointer data)
{
    g_usleep(100000);
    g_cancellable_cancel(data);
    return NULL;
}

static void an_idle_watch_ends_at_once_when_cancelled(Storage *s, gconstpointer data)
{
    (void)data;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    CelWatchOptions options = options_of(s);
    options.once = FALSE;
    GThread *thread = g_thread_new("cancel", cancel_later, cancel);
    const gint64 before_us = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_watch_run(&options, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpint(g_get_monotonic_time() - before_us, <, 1000000);
    g_thread_join(thread);
}

static void assert_refused(Storage *s, const char *folder, const char *out, CelError code)
{
    CelWatchOptions options = options_of(s);
    g_autoptr(GError) error = NULL;
    options.folder = folder;
    options.out = out;
    g_assert_false(cel_watch_run(&options, NULL, &error));
    g_assert_error(error, CEL_ERROR, (gint)code);
}

static void nothing_is_ever_written_into_the_watched_folder(Storage *s, gconstpointer data)
{
    (void)data;
    g_autofree char *inside = g_build_filename(s->folder, "out", NULL);
    g_autofree char *link = g_build_filename(s->out, "link", NULL);
    g_assert_cmpint(symlink(s->folder, link), ==, 0);
    assert_refused(s, s->folder, s->folder, CEL_ERROR_USAGE);
    assert_refused(s, s->folder, inside, CEL_ERROR_USAGE);
    assert_refused(s, s->folder, link, CEL_ERROR_USAGE);
    assert_refused(s, "/nowhere/at/all", s->out, CEL_ERROR_INPUT);
    assert_refused(s, s->folder, "/proc/nowhere", CEL_ERROR_SYSTEM);
    g_assert_cmpuint(count_files(s->folder), ==, 0);
}

#define ADD(name) g_test_add("/watch/" #name, Storage, NULL, set_up, name, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    ADD(a_file_becomes_a_measurement_of_an_unverified_instrument);
    ADD(the_same_bytes_are_imported_once_under_whatever_name);
    ADD(what_is_no_measurement_is_reported_and_left);
    ADD(the_watched_folder_is_not_altered);
    ADD(names_never_shape_the_path_of_what_is_written);
    ADD(subfolders_are_read_but_links_pipes_and_hidden_files_are_not);
    ADD(a_file_that_is_still_being_copied_is_waited_for);
    ADD(what_comes_later_is_seen_and_a_cancel_ends_the_watch);
    ADD(an_idle_watch_ends_at_once_when_cancelled);
    ADD(nothing_is_ever_written_into_the_watched_folder);
    return g_test_run();
}
