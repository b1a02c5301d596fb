/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-watch.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "h5/cel-nxraman.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_SETTLE_MS = 2000,
    RESCAN_MS = 2000,
    PAUSE_US = 100000, /* a file that grows changes all the time: not looked at more often */
    DIGEST_DIGITS = 32,
};

#define ATTRIBUTES                                                                                 \
    G_FILE_ATTRIBUTE_STANDARD_NAME                                                                 \
    "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE                          \
    "," G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC

static const char *const outcome_names[CEL_N_WATCH_OUTCOMES] = {
    [CEL_WATCH_IMPORTED] = "imported",
    [CEL_WATCH_KNOWN] = "known",
    [CEL_WATCH_REFUSED] = "refused",
};

/* What a file looked like when it was last seen. */
typedef struct {
    guint64 size, modified_us;
    gint64 since_us; /* monotonic: it has looked like this since then */
    guint scan;      /* the last one that saw it */
    gboolean is_dealt_with;
} Seen;

typedef struct {
    const CelWatchOptions *options;
    CelJob *job;
    GHashTable *seen;    /* name below the folder -> Seen */
    GHashTable *digests; /* of files imported in this run */
    guint scan;
    guint n_done, n_waiting;
    GMainContext *context;
    gboolean is_awake;
} Watch;

const char *cel_watch_outcome_name(CelWatchOutcome outcome)
{
    g_return_val_if_fail((guint)outcome < CEL_N_WATCH_OUTCOMES, NULL);
    return outcome_names[outcome];
}

static void tell(Watch *watch, const CelWatchEvent *event)
{
    watch->n_done++;
    if (watch->options->sink != NULL)
        watch->options->sink(event, watch->options->user_data);
}

static void refuse(Watch *watch, const char *name, const char *sha256, const GError *why)
{
    tell(watch,
         &(CelWatchEvent){
             .outcome = CEL_WATCH_REFUSED, .name = name, .sha256 = sha256, .reason = why->message});
}

/* ---- one file ---- */

static char *digest_of(const char *path, gsize *out_size, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_WATCH_MAX_BYTES, error);
    if (bytes == NULL)
        return NULL;
    gconstpointer data = g_bytes_get_data(bytes, out_size);
    return cel_digest_hex("sha256", data, *out_size);
}

/* The name of the file as people can read it; what it says is no part of any path. */
static void note_origin(CelMeasurement *m, const char *name, const char *sha256, gsize size)
{
    g_autofree char *shown = g_filename_display_name(name);
    g_autofree char *bytes = g_strdup_printf("%zu", size);
    cel_measurement_note(m, "import.provenance", CEL_WATCH_PROVENANCE);
    cel_measurement_note(m, "import.file", shown);
    cel_measurement_note(m, "import.sha256", sha256);
    cel_measurement_note(m, "import.bytes", bytes);
}

/* The measurement of the very bytes that have the digest: a file may change under the reader. */
static CelMeasurement *load(Watch *watch, const char *path, const char *sha256, GError **error)
{
    gsize size = 0;
    g_auto(CelReadOut) out = {0};
    if (!cel_reader_load_only(path, watch->options->read, watch->job, &out, error))
        return NULL;
    const void *data = g_bytes_get_data(out.source, &size);
    g_autofree char *read = cel_digest_hex("sha256", data, size);
    if (strcmp(read, sha256) == 0)
        return g_steal_pointer(&out.measurement);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The file changed while it was read. It is read again when it is complete."));
    return NULL;
}

/* Returns: FALSE when the run cannot go on: cancelled, or nothing can be written. */
static gboolean import(Watch *watch, const char *name, const char *path, GError **error)
{
    gsize size = 0;
    g_autoptr(GError) failure = NULL;
    g_autofree char *sha256 = digest_of(path, &size, &failure);
    if (sha256 == NULL) {
        refuse(watch, name, NULL, failure);
        return TRUE;
    }
    g_autofree char *file = g_strdup_printf("import-%.*s.h5", DIGEST_DIGITS, sha256);
    g_autofree char *out = g_build_filename(watch->options->out, file, NULL);
    CelWatchEvent event = {.name = name, .sha256 = sha256, .out = out};
    if (g_hash_table_contains(watch->digests, sha256) || g_file_test(out, G_FILE_TEST_EXISTS)) {
        event.outcome = CEL_WATCH_KNOWN;
        tell(watch, &event);
        return TRUE;
    }
    g_autoptr(CelMeasurement) m = load(watch, path, sha256, &failure);
    if (m == NULL && g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (m == NULL) {
        refuse(watch, name, sha256, failure);
        return TRUE;
    }
    note_origin(m, name, sha256, size);
    if (!cel_nxraman_save(m, out, FALSE, error))
        return FALSE;
    g_hash_table_add(watch->digests, g_strdup(sha256));
    tell(watch, &event);
    return TRUE;
}

/* ---- the folder ---- */

static Seen *look_up(Watch *watch, const char *name)
{
    Seen *seen = g_hash_table_lookup(watch->seen, name);
    if (seen == NULL && g_hash_table_size(watch->seen) < CEL_WATCH_MAX_FILES) {
        seen = g_new0(Seen, 1);
        g_hash_table_insert(watch->seen, g_strdup(name), seen);
    }
    return seen;
}

/* Returns: whether @seen is complete and not dealt with yet. */
static gboolean is_due(Watch *watch, Seen *seen, GFileInfo *info)
{
    const guint64 size = (guint64)g_file_info_get_size(info);
    const guint64 modified_us =
        g_file_info_get_attribute_uint64(info, G_FILE_ATTRIBUTE_TIME_MODIFIED) * G_USEC_PER_SEC +
        g_file_info_get_attribute_uint32(info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
    const gint64 now_us = g_get_monotonic_time();
    const gboolean changed =
        seen->scan == 0 || seen->size != size || seen->modified_us != modified_us;
    if (changed)
        *seen = (Seen){.size = size, .modified_us = modified_us, .since_us = now_us};
    seen->scan = watch->scan;
    if (seen->is_dealt_with)
        return FALSE;
    const gint64 settle_us = (gint64)watch->options->settle_ms * 1000;
    const gboolean due = now_us - seen->since_us >= settle_us;
    watch->n_waiting += !due;
    return due;
}

static gboolean scan_folder(Watch *watch, const char *below, guint depth, GError **error);

static gboolean scan_entry(Watch *watch, GFileInfo *info, const char *below, guint depth,
                           GError **error)
{
    const char *base = g_file_info_get_name(info);
    g_autofree char *name = below[0] != '\0' ? g_build_filename(below, base, NULL) : g_strdup(base);
    if (base[0] == '.') /* what is being copied, and what systems keep for themselves */
        return TRUE;
    if (g_file_info_get_file_type(info) == G_FILE_TYPE_DIRECTORY)
        return depth >= CEL_WATCH_MAX_DEPTH || scan_folder(watch, name, depth + 1, error);
    if (g_file_info_get_file_type(info) != G_FILE_TYPE_REGULAR) /* links lead out of the folder */
        return TRUE;
    Seen *seen = look_up(watch, name);
    if (seen == NULL || !is_due(watch, seen, info))
        return TRUE;
    seen->is_dealt_with = TRUE;
    g_autofree char *path = g_build_filename(watch->options->folder, name, NULL);
    return import(watch, name, path, error);
}

static gboolean scan_folder(Watch *watch, const char *below, guint depth, GError **error)
{
    g_autofree char *path = g_build_filename(watch->options->folder, below, NULL);
    g_autoptr(GFile) folder = g_file_new_for_path(path);
    g_autoptr(GFileEnumerator) entries = g_file_enumerate_children(
        folder, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
    if (entries == NULL) /* unplugged, or not ours to read: looked at again */
        return TRUE;
    GFileInfo *info = NULL;
    while (g_file_enumerator_iterate(entries, &info, NULL, NULL, NULL) && info != NULL) {
        if (!cel_job_step(watch->job, N_("Watching the folder"), watch->n_done, 0, error) ||
            !scan_entry(watch, info, below, depth, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_old(gpointer name, gpointer value, gpointer data)
{
    const Seen *seen = value;
    const Watch *watch = data;
    (void)name;
    return seen->scan != watch->scan;
}

static gboolean scan(Watch *watch, GError **error)
{
    watch->scan++;
    watch->n_waiting = 0;
    if (!cel_job_step(watch->job, N_("Watching the folder"), watch->n_done, 0, error))
        return FALSE;
    const gboolean ok = scan_folder(watch, "", 0, error);
    g_hash_table_foreach_remove(watch->seen, is_old, watch); /* what is there again is new */
    return ok;
}

/* ---- waiting ---- */

static gboolean wake(gpointer data)
{
    ((Watch *)data)->is_awake = TRUE;
    return G_SOURCE_REMOVE;
}

static gboolean wake_for_cancel(GCancellable *cancel, gpointer data)
{
    (void)cancel;
    return wake(data);
}

static void wake_for_change(GFileMonitor *monitor, GFile *file, GFile *other,
                            GFileMonitorEvent event, gpointer data)
{
    (void)monitor;
    (void)file;
    (void)other;
    (void)event;
    wake(data);
}

static void attach(Watch *watch, GSource *source, GSourceFunc func)
{
    g_source_set_callback(source, func, watch, NULL);
    g_source_attach(source, watch->context);
}

/* Until something changes in the folder, a file may be complete, or a cancel. */
static void wait(Watch *watch)
{
    const guint ms =
        watch->n_waiting > 0 ? MIN(watch->options->settle_ms / 2 + 1, RESCAN_MS) : RESCAN_MS;
    GCancellable *cancel = cel_job_cancellable(watch->job);
    g_autoptr(GSource) timeout = g_timeout_source_new(ms);
    g_autoptr(GSource) stop = cancel != NULL ? g_cancellable_source_new(cancel) : NULL;
    attach(watch, timeout, wake);
    if (stop != NULL)
        attach(watch, stop, G_SOURCE_FUNC(wake_for_cancel));
    watch->is_awake = FALSE;
    g_usleep(PAUSE_US);
    while (!watch->is_awake)
        g_main_context_iteration(watch->context, TRUE);
    g_source_destroy(timeout);
    if (stop != NULL)
        g_source_destroy(stop);
}

static gboolean run(Watch *watch, GError **error)
{
    while (scan(watch, error)) {
        if (watch->options->once && watch->n_waiting == 0)
            return TRUE;
        wait(watch);
    }
    return FALSE;
}

/* ---- the whole ---- */

static gboolean is_within(const char *path, const char *folder)
{
    g_autoptr(GFile) inner = g_file_new_for_path(path);
    g_autoptr(GFile) outer = g_file_new_for_path(folder);
    return g_file_equal(inner, outer) || g_file_has_prefix(inner, outer);
}

/* The true place of @path, or of the nearest folder above it that exists: a link could hide that it
 * lies within. */
static char *true_place(const char *path)
{
    g_autofree char *above = g_canonicalize_filename(path, NULL);
    char *place = realpath(above, NULL);
    while (place == NULL && strcmp(above, "/") != 0) {
        char *next = g_path_get_dirname(above);
        g_free(above);
        above = next;
        place = realpath(above, NULL);
    }
    return place;
}

static gboolean check_folders(const CelWatchOptions *o, GError **error)
{
    if (!g_file_test(o->folder, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: there is no such folder. Nothing was imported. Plug the instrument in, "
                      "or name another folder."),
                    o->folder);
        return FALSE;
    }
    g_autofree char *folder = true_place(o->folder);
    g_autofree char *out = true_place(o->out);
    if (folder == NULL || out == NULL || is_within(out, folder)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s: measurements cannot go into the folder that is watched, which is only "
                      "read. Name another folder."),
                    o->out);
        return FALSE;
    }
    if (g_mkdir_with_parents(o->out, 0755) == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s: the folder cannot be made"), o->out);
    return FALSE;
}

gboolean cel_watch_run(const CelWatchOptions *options, CelJob *job, GError **error)
{
    g_return_val_if_fail(options != NULL && options->folder != NULL && options->out != NULL, FALSE);
    CelWatchOptions complete = *options;
    complete.settle_ms = complete.settle_ms > 0 ? complete.settle_ms : DEFAULT_SETTLE_MS;
    if (!check_folders(&complete, error))
        return FALSE;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GMainContext) context = g_main_context_new();
    Watch watch = {
        .options = &complete, .job = job, .seen = seen, .digests = digests, .context = context};
    g_main_context_push_thread_default(context);
    g_autoptr(GFile) folder = g_file_new_for_path(complete.folder);
    g_autoptr(GFileMonitor) monitor =
        g_file_monitor_directory(folder, G_FILE_MONITOR_NONE, NULL, NULL); /* else by rescan */
    if (monitor != NULL)
        g_signal_connect(monitor, "changed", G_CALLBACK(wake_for_change), &watch);
    const gboolean ok = run(&watch, error);
    if (monitor != NULL)
        g_file_monitor_cancel(monitor);
    g_clear_object(&monitor);
    g_main_context_pop_thread_default(context);
    return ok;
}
