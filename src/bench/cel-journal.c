/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-journal.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-hash.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SUM "celadon-journal 1" /* what the first line's sum stands on */
enum { JOURNAL_MODE = 0660, LOCK_TRIES = 5, LOCK_PAUSE_US = 20000 };

struct CelJournal {
    char *path;
    int fd;
    goffset size; /* of what is durable */
    guint n;
    char sum[65];
    gboolean broken; /* a failure could not be undone */
};

void cel_journal_text_clear(CelJournalText *text)
{
    g_clear_pointer(&text->acts, g_ptr_array_unref);
}

/* ---- one line ---- */

static char *sum_of(const char *before, guint n, const char *act)
{
    g_autofree char *number = g_strdup_printf("\n%u\n", n);
    const CelDigestPart parts[] = {
        {before, strlen(before)}, {number, strlen(number)}, {act, strlen(act)}};
    guint8 digest[CEL_DIGEST_BYTES];
    if (!cel_digest_parts("sha256", parts, G_N_ELEMENTS(parts), digest))
        return NULL;
    return cel_hex_write(digest, sizeof digest);
}

static char *canon_of(JsonObject *act, GError **error)
{
    g_autoptr(JsonNode) node = json_node_alloc();
    json_node_init_object(node, act);
    return cel_canon_write(node, error);
}

/* Returns: (transfer full): the line with its end. @out_sum: 65 characters. */
static char *write_line(const char *before, guint n, JsonObject *act, char *out_sum, GError **error)
{
    g_autofree char *text = canon_of(act, error);
    if (text == NULL)
        return NULL;
    if (n > CEL_JOURNAL_MAX_ACTS || strlen(text) > CEL_JOURNAL_MAX_ACT_BYTES) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("The journal of this sample is full; finish it or give it up"));
        return NULL;
    }
    g_autofree char *sum = sum_of(before, n, text);
    if (sum == NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("SHA-256 is not available"));
        return NULL;
    }
    g_strlcpy(out_sum, sum, 65);
    return g_strdup_printf("{\"act\":%s,\"n\":%u,\"sum\":\"%s\"}\n", text, n, sum);
}

static gboolean is_text(JsonNode *node)
{
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
           json_node_get_value_type(node) == G_TYPE_STRING;
}

/* Returns: (transfer full) (nullable): the act of a sound line that is the next one. */
static JsonObject *read_line(const char *line, gsize length, CelJournalText *out)
{
    g_autoptr(JsonNode) node = cel_canon_read(line, length, NULL);
    JsonObject *object =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    JsonNode *act = object != NULL ? json_object_get_member(object, "act") : NULL;
    JsonNode *said = object != NULL ? json_object_get_member(object, "sum") : NULL;
    if (act == NULL || !JSON_NODE_HOLDS_OBJECT(act) || !is_text(said) ||
        json_object_get_size(object) != 3 ||
        json_object_get_int_member_with_default(object, "n", 0) != (gint64)out->acts->len + 1)
        return NULL;
    g_autofree char *text = cel_canon_write(act, NULL);
    const char *before = out->acts->len > 0 ? out->sum : FIRST_SUM;
    g_autofree char *sum = text != NULL ? sum_of(before, out->acts->len + 1, text) : NULL;
    if (g_strcmp0(sum, json_node_get_string(said)) != 0)
        return NULL;
    g_strlcpy(out->sum, sum, sizeof out->sum);
    return json_object_ref(json_node_get_object(act));
}

/* ---- a whole text ---- */

static gboolean damaged(guint line, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("line %u of the journal is damaged: it was changed, left out or moved. Nothing "
                  "was repaired; what is on record stands in the ledger"),
                line);
    return FALSE;
}

gboolean cel_journal_read(GBytes *bytes, CelJournalText *out, GError **error)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    *out =
        (CelJournalText){.acts = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref)};
    while (out->sound < size) {
        const char *line = data + out->sound;
        const char *end = memchr(line, '\n', size - out->sound);
        const gsize length = end != NULL ? (gsize)(end - line) : size - out->sound;
        const gboolean last = end == NULL || out->sound + length + 1 == size;
        JsonObject *act = end != NULL && out->acts->len < CEL_JOURNAL_MAX_ACTS
                              ? read_line(line, length, out)
                              : NULL;
        if (act == NULL) {
            out->torn = last && (end == NULL || memchr(line, '\0', length) != NULL);
            return out->torn ? TRUE : damaged(out->acts->len + 1, error);
        }
        g_ptr_array_add(out->acts, act);
        out->sound += length + 1;
    }
    return TRUE;
}

/* ---- files ---- */

static gboolean fail(GError **error, const char *path, const char *what)
{
    const int saved = errno;
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, "%s: %s: %s", shown, what, cel_file_why(saved));
    return FALSE;
}

/* The kernel gives the lock back when its holder dies. Whoever only looks (cel_journal_peek()) has
 * it for a moment. */
static gboolean lock(int fd, const char *path, GError **error)
{
    for (guint i = 0; i < LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return TRUE;
        if (errno != EWOULDBLOCK)
            return fail(error, path, _("cannot be locked"));
        g_usleep(LOCK_PAUSE_US);
    }
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                        _("This sample is open in another window or program; go on there, or close "
                          "it there first"));
    return FALSE;
}

void cel_journal_close(CelJournal *journal)
{
    if (journal == NULL)
        return;
    if (journal->fd >= 0)
        close(journal->fd);
    g_free(journal->path);
    g_free(journal);
}

static gboolean write_all(int fd, const char *data, gsize size, goffset at)
{
    for (gsize done = 0; done < size;) {
        const ssize_t n = pwrite(fd, data + done, size - done, at + (goffset)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FALSE;
        done += (gsize)n;
    }
    return TRUE;
}

/* Takes a line back that did not become durable; what cannot be taken back is never built upon. */
static void undo(CelJournal *journal)
{
    const int saved = errno;
    if (ftruncate(journal->fd, journal->size) != 0 || fsync(journal->fd) != 0)
        journal->broken = TRUE;
    errno = saved;
}

static gboolean has_room(const CelJournal *journal, gsize more, GError **error)
{
    if (!journal->broken && (gsize)journal->size + more <= CEL_JOURNAL_MAX_BYTES)
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                        journal->broken
                            ? _("The journal of this sample could not be written before; close the "
                                "sample and open it again")
                            : _("The journal of this sample is full; finish it or give it up"));
    return FALSE;
}

gboolean cel_journal_add(CelJournal *journal, JsonObject *act, GError **error)
{
    char sum[65] = "";
    g_autofree char *line =
        write_line(journal->n > 0 ? journal->sum : FIRST_SUM, journal->n + 1, act, sum, error);
    if (line == NULL || !has_room(journal, strlen(line), error))
        return FALSE;
    if (!write_all(journal->fd, line, strlen(line), journal->size) || fsync(journal->fd) != 0) {
        undo(journal);
        return fail(error, journal->path,
                    _("the journal cannot be written; nothing was acknowledged"));
    }
    journal->size += (goffset)strlen(line);
    journal->n++;
    g_strlcpy(journal->sum, sum, sizeof journal->sum);
    return TRUE;
}

guint cel_journal_count(const CelJournal *journal)
{
    return journal->n;
}

static CelJournal *journal_new(const char *path, int flags)
{
    CelJournal *journal = g_new0(CelJournal, 1);
    journal->path = g_strdup(path);
    journal->fd = open(path, flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, JOURNAL_MODE);
    return journal;
}

static gboolean sync_folder(const CelJournal *journal, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(journal->path);
    return cel_file_sync_folder(folder, error);
}

CelJournal *cel_journal_create(const char *path, JsonObject *first, GError **error)
{
    g_autoptr(CelJournal) journal = journal_new(path, O_CREAT | O_EXCL);
    if (journal->fd < 0 && errno == EEXIST) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            _("There is a journal of that name already"));
        return NULL;
    }
    if (journal->fd < 0) {
        fail(error, path, _("the journal cannot be made"));
        return NULL;
    }
    if (lock(journal->fd, path, error) && cel_journal_add(journal, first, error) &&
        sync_folder(journal, error))
        return g_steal_pointer(&journal);
    unlink(path);
    return NULL;
}

/* What was cut off goes for good before anything is added behind it. */
static gboolean drop_torn(CelJournal *journal, const CelJournalText *text, GError **error)
{
    if (!text->torn || (ftruncate(journal->fd, (off_t)text->sound) == 0 && fsync(journal->fd) == 0))
        return TRUE;
    return fail(error, journal->path, _("the journal cannot be written"));
}

static gboolean name_file(const char *path, GError **error)
{
    g_autofree char *shown = g_filename_display_basename(path);
    g_prefix_error(error, "%s: ", shown);
    return FALSE;
}

/* The program ended before the first act was acknowledged. */
static gboolean is_unborn(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0;
}

static gboolean read_file(const char *path, CelJournalText *out, GError **error)
{
    const gboolean unborn = is_unborn(path);
    g_autoptr(GBytes) bytes = unborn ? NULL : cel_file_read(path, CEL_JOURNAL_MAX_BYTES, error);
    if (bytes == NULL && !unborn)
        return FALSE;
    if (bytes != NULL && !cel_journal_read(bytes, out, error))
        return name_file(path, error);
    if (out->acts != NULL && out->acts->len > 0)
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                        _("the journal holds nothing that was acknowledged"));
    return name_file(path, error);
}

CelJournal *cel_journal_open(const char *path, GPtrArray **out_acts, GError **error)
{
    g_auto(CelJournalText) text = {0};
    g_autoptr(CelJournal) journal = journal_new(path, 0);
    if (journal->fd < 0) {
        fail(error, path, _("the journal cannot be opened"));
        return NULL;
    }
    if (!lock(journal->fd, path, error) || !read_file(path, &text, error) ||
        !drop_torn(journal, &text, error))
        return NULL;
    journal->size = (goffset)text.sound;
    journal->n = text.acts->len;
    g_strlcpy(journal->sum, text.sum, sizeof journal->sum);
    *out_acts = g_steal_pointer(&text.acts);
    return g_steal_pointer(&journal);
}

gboolean cel_journal_remove(CelJournal *journal, GError **error)
{
    const gboolean gone = unlink(journal->path) == 0 || errno == ENOENT;
    const gboolean ok = gone ? sync_folder(journal, error)
                             : fail(error, journal->path, _("the journal cannot be removed"));
    cel_journal_close(journal);
    return ok;
}

gboolean cel_journal_peek(const char *path, CelJournalText *out, gboolean *out_busy, GError **error)
{
    *out = (CelJournalText){0};
    *out_busy = FALSE;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
    if (fd >= 0) {
        *out_busy = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        close(fd);
    }
    return read_file(path, out, error);
}
