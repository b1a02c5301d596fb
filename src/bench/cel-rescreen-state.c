/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-rescreen-private.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-record.h"
#include "match/cel-similar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { RESULT_MODE = 0644 };

char *cel_rescreen_key(const CelRescreenFile *file)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", file->bytes,
                           file->mtime_us, file->path);
}

static gboolean refuse(const char *path, const char *why, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: %s. It is left as it is; name another file with --out"), path, why);
    return FALSE;
}

/* A line of a file is kept; links and the summary are made anew. Returns: FALSE when it is none of
 * ours. */
static gboolean take_line(CelRescreen *run, const char *line)
{
    g_autoptr(JsonNode) node = cel_json_read(line, strlen(line), NULL);
    JsonObject *object =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    if (object == NULL)
        return FALSE;
    const CelRescreenFile file = {cel_record_text(object, "file"),
                                  cel_record_number(object, "bytes"),
                                  cel_record_number(object, "mtime_us")};
    const char *state = cel_record_text(object, "state");
    if (file.path == NULL)
        return json_object_has_member(object, "link") || json_object_has_member(object, "summary");
    if (state == NULL)
        return FALSE;
    if (strcmp(state, "same") == 0 || strcmp(state, "changed") == 0) /* others are tried again */
        g_hash_table_replace(run->known, cel_rescreen_key(&file), g_strdup(line));
    return TRUE;
}

gboolean cel_rescreen_resume(CelRescreen *run, const char *path, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_RESCREEN_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    gsize n = 0;
    const char *data = g_bytes_get_data(bytes, &n);
    g_autofree char *text = g_strndup(data, n);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    if (strlen(text) != n || g_strcmp0(lines[0], run->header) != 0)
        return refuse(path, _("this is not the result of the same rescreen"), error);
    for (gsize i = 1; lines[i] != NULL; i++)
        if (*lines[i] != '\0' && !take_line(run, lines[i]))
            return refuse(path, _("this result is damaged"), error);
    return TRUE;
}

static char *summary_line(const CelRescreenSummary *s, gboolean more_links)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_open(json, "summary", '{');
    cel_json_int(json, "files", s->files);
    cel_json_int(json, "same", s->same);
    cel_json_int(json, "changed", s->changed);
    cel_json_int(json, "not_done", s->not_done);
    cel_json_int(json, "links", s->links);
    if (more_links)
        cel_json_bool(json, "more_links", TRUE);
    cel_json_close(json);
    cel_json_close(json);
    return cel_json_finish(json);
}

static void append_lines(GString *text, const GPtrArray *lines)
{
    for (guint i = 0; lines != NULL && i < lines->len; i++)
        g_string_append_printf(text, "%s\n", (const char *)g_ptr_array_index(lines, i));
}

/* Lines of an earlier run whose file was not reached yet stay, so that a second interruption costs
 * nothing. */
static void append_waiting(GString *text, const CelRescreen *run)
{
    GHashTableIter iter;
    gpointer line;
    g_hash_table_iter_init(&iter, run->known);
    while (g_hash_table_iter_next(&iter, NULL, &line))
        g_string_append_printf(text, "%s\n", (const char *)line);
}

gboolean cel_rescreen_save(const CelRescreen *run, const GPtrArray *links,
                           const CelRescreenSummary *summary, GError **error)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s\n", run->header);
    append_lines(text, run->lines);
    append_lines(text, links);
    if (summary != NULL) {
        g_autofree char *line = summary_line(summary, run->more_links);
        g_string_append_printf(text, "%s\n", line);
    } else {
        append_waiting(text, run);
    }
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(text);
    return cel_file_write(run->result_path, bytes, RESULT_MODE, error);
}
