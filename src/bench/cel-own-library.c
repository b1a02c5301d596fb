/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-own-library.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "formats/cel-reader.h"
#include "match/cel-library.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { MOST_ID = 64, MOST_TEXT = 200, MOST_LIST = 16 * 1024 * 1024, FOLDER_MODE = 0770 };

static const char HEADER[] = "file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence\n";

/** Place: where the parts of the library stand. */
typedef struct {
    char *folder, *files, *list, *library;
} Place;

static void place_clear(Place *place)
{
    g_free(place->folder);
    g_free(place->files);
    g_free(place->list);
    g_free(place->library);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static gboolean make_place(const char *folder, Place *out, GError **error)
{
    out->folder = g_build_filename(folder, "libraries", NULL);
    out->files = g_build_filename(out->folder, "own", NULL);
    out->list = g_build_filename(out->folder, "own.tsv", NULL);
    out->library = g_build_filename(out->folder, "own.library.h5", NULL);
    if (g_mkdir_with_parents(out->files, FOLDER_MODE) == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s cannot be made: %s"), out->files,
                cel_file_why(errno));
    return FALSE;
}

/* ---- what may be written ---- */

static gboolean refuse(GError **error, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE, why);
    return FALSE;
}

static gboolean is_id(const char *id)
{
    const gsize n = id != NULL ? strlen(id) : 0;
    return n >= 1 && n <= MOST_ID && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

/* A cell of the list: no tab and no end of a line. */
static gboolean is_cell(const char *text)
{
    return text == NULL || (strlen(text) <= MOST_TEXT && g_utf8_validate(text, -1, NULL) &&
                            strpbrk(text, "\t\n\r") == NULL);
}

static gboolean has_text(const char *text)
{
    return text != NULL && *text != '\0';
}

static gboolean check_entry(const CelOwnEntry *entry, GError **error)
{
    if (!is_id(entry->id))
        return refuse(error, _("The short name of an entry is 1 to 64 small letters, digits and "
                               "hyphens, such as \"pe-bag\""));
    if (!has_text(entry->name_en) && !has_text(entry->name_zh))
        return refuse(error, _("An entry needs a name"));
    if (!has_text(entry->class_id))
        return refuse(error, _("An entry needs its class: it decides what may be claimed"));
    if (!is_cell(entry->name_en) || !is_cell(entry->name_zh) || !is_cell(entry->class_id) ||
        !is_cell(entry->source))
        return refuse(error, _("A text of the entry is longer than 200 bytes or holds a tab or an "
                               "end of line"));
    return TRUE;
}

/* ---- adding ---- */

static char *digest_name(GBytes *bytes, const char *path)
{
    const char *dot = strrchr(path, '.');
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, n);
    return g_strconcat(sum, dot != NULL && strchr(dot, '/') == NULL ? dot : "", NULL);
}

static const char *cell(const char *text)
{
    return text != NULL ? text : "";
}

static GBytes *list_with(GBytes *before, const CelOwnEntry *entry, const char *name)
{
    GString *text = g_string_new(NULL);
    gsize n = 0;
    const char *data = before != NULL ? g_bytes_get_data(before, &n) : NULL;
    if (data != NULL)
        g_string_append_len(text, data, (gssize)n);
    else
        g_string_append(text, HEADER);
    char laser[G_ASCII_DTOSTR_BUF_SIZE] = "";
    if (entry->laser_nm > 0.0)
        g_ascii_formatd(laser, sizeof laser, "%.6g", entry->laser_nm);
    g_string_append_printf(text, "own/%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, entry->id,
                           cell(entry->name_en), cell(entry->name_zh), entry->class_id, laser,
                           has_text(entry->source) ? entry->source : "own measurement", "own");
    return g_string_free_to_bytes(text);
}

/* The list, and the library made of it. */
static gboolean make_library(const Place *place, GBytes *list, CelJob *job, GError **error)
{
    g_autofree char *next = g_build_filename(place->folder, "own.next.tsv", NULL);
    g_autofree char *made = g_build_filename(place->folder, "own.next.h5", NULL);
    CelImportReport report = {0};
    gboolean ok = cel_file_write(next, list, 0640, error) &&
                  cel_library_import(next, made, &report, job, error);
    if (ok && report.problems->len > 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s Nothing was added."),
                    (const char *)g_ptr_array_index(report.problems, report.problems->len - 1));
        ok = FALSE;
    }
    cel_import_report_clear(&report);
    if (ok && (g_rename(made, place->library) != 0 || g_rename(next, place->list) != 0)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s cannot be replaced: %s"),
                    place->library, cel_file_why(errno));
        ok = FALSE;
    }
    g_unlink(next);
    g_unlink(made);
    return ok;
}

gboolean cel_own_library_add(const char *folder, const CelOwnEntry *entry, CelJob *job,
                             GError **error)
{
    g_auto(Place) place = {.folder = NULL};
    if (!check_entry(entry, error) || !make_place(folder, &place, error))
        return FALSE;
    g_autoptr(GBytes) bytes = cel_file_read(entry->file, CEL_READER_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    g_autofree char *name = digest_name(bytes, entry->file);
    g_autofree char *kept = g_build_filename(place.files, name, NULL);
    if (g_file_test(kept, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s is in the lab's own library already: one spectrum is one reference"),
                    entry->file);
        return FALSE;
    }
    g_autoptr(GBytes) before = g_file_test(place.list, G_FILE_TEST_EXISTS)
                                   ? cel_file_read(place.list, MOST_LIST, error)
                                   : NULL;
    g_autoptr(GBytes) list = list_with(before, entry, name);
    if (!cel_file_write(kept, bytes, 0640, error))
        return FALSE;
    if (make_library(&place, list, job, error))
        return TRUE;
    g_unlink(kept);
    return FALSE;
}
