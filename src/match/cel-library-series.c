/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * Groups that list their members by name, in two tables of spectra_db: mineral-series.tsv says who
 * belongs together, series-kinds.tsv what must stand beside a claim by such a row. And pairs that
 * were measured to resemble each other, in mineral-lookalikes.tsv.
 */

enum { ID, KIND, CERTAINTY, NAME_EN, NAME_ZH, MEMBERS, N_CELLS };
enum { KIND_ID, LIMIT_EN, LIMIT_ZH, SEND_EN, SEND_ZH, N_KIND_CELLS };

static const char series_header[] = "id\tkind\tcertainty\tname_en\tname_zh\tmembers";
static const char kinds_header[] = "id\tlimit_en\tlimit_zh\tsend_to_en\tsend_to_zh";

char *cel_library_member_name(const char *name)
{
    GString *out = g_string_new(NULL);
    for (const char *c = name; *c != '\0'; c++)
        if (g_ascii_isalnum(*c))
            g_string_append_c(out, g_ascii_tolower(*c));
    return g_string_free(out, FALSE);
}

gboolean cel_library_kind_has_member(const CelLibraryKind *kind, const char *member)
{
    const gsize n = strlen(member);
    for (const char *at = n > 0 ? strstr(kind->members, member) : NULL; at != NULL;
         at = strstr(at + 1, member))
        if ((at == kind->members || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return TRUE;
    return FALSE;
}

/* Rows of a table as arrays of cells, comments left out. */
typedef struct {
    const char *name; /* in messages */
    const char *header;
    guint n_cells;
} Form;

static gboolean refuse(const Form *form, guint line, const char *why, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "%s:%u: %s", form->name, line, why);
    return FALSE;
}

static gboolean check_cells(const Form *form, GStrv cells, guint line, GError **error)
{
    if (g_strv_length(cells) != form->n_cells)
        return refuse(form, line, _("the row has another number of cells than the header"), error);
    for (const char *c = cells[0]; *c != '\0'; c++)
        if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && *c != '-')
            return refuse(form, line, _("an id holds small letters, digits and hyphens"), error);
    return *cells[0] != '\0' || refuse(form, line, _("the id is empty"), error);
}

static GPtrArray *read_rows(const Form *form, const char *text, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gboolean header = FALSE;
    if (!g_utf8_validate(text, -1, NULL)) {
        refuse(form, 1, _("this is no UTF-8 text"), error);
        return NULL;
    }
    for (guint i = 0; lines[i] != NULL; i++) {
        if (*lines[i] == '\0' || *lines[i] == '#')
            continue;
        if (!header && !g_str_equal(lines[i], form->header)) {
            refuse(form, i + 1, _("the header line is not the one of this table"), error);
            return NULL;
        }
        g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
        if (header && !check_cells(form, cells, i + 1, error))
            return NULL;
        if (header)
            g_ptr_array_add(rows, g_steal_pointer(&cells));
        header = TRUE;
    }
    return g_steal_pointer(&rows);
}

static GStrv row_of(const GPtrArray *rows, const char *id)
{
    for (guint i = 0; i < rows->len; i++)
        if (g_str_equal(((GStrv)rows->pdata[i])[0], id))
            return rows->pdata[i];
    return NULL;
}

/* A member stands in one row: else a spectrum would belong to two groups. */
static gboolean take_members(GHashTable *seen, const char *members)
{
    g_auto(GStrv) names = g_strsplit(members, " ", -1);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *plain = cel_library_member_name(names[i]);
        if (*plain == '\0' || !g_str_equal(plain, names[i]) ||
            !g_hash_table_add(seen, g_steal_pointer(&plain)))
            return FALSE;
    }
    return TRUE;
}

static gboolean add_row(CelLibraryBuilder *builder, GStrv cells, const GPtrArray *kinds)
{
    static const char *const certainties[] = {"sure", "likely", "check", NULL};
    const GStrv limits = row_of(kinds, cells[KIND]);
    if (limits == NULL || !g_strv_contains(certainties, cells[CERTAINTY]))
        return FALSE;
    const CelLibraryKind kind = {
        .id = cells[ID],
        .name_en = cells[NAME_EN],
        .name_zh = cells[NAME_ZH],
        .limit_en = limits[LIMIT_EN],
        .limit_zh = limits[LIMIT_ZH],
        .send_to_en = limits[SEND_EN],
        .send_to_zh = limits[SEND_ZH],
        .ceiling = "group",
        .members = cells[MEMBERS],
    };
    /* without a name only where the table of groups has the row already */
    const gboolean named = *kind.name_en != '\0' && *kind.name_zh != '\0';
    if (!named && !cel_library_builder_has_group(builder, kind.id))
        return FALSE;
    cel_library_builder_add_kind(builder, &kind, FALSE);
    return TRUE;
}

gboolean cel_library_builder_add_series(CelLibraryBuilder *builder, const char *series,
                                        const char *kinds, const char *name, GError **error)
{
    const Form of_series = {name, series_header, N_CELLS};
    const Form of_kinds = {"series-kinds.tsv", kinds_header, N_KIND_CELLS};
    g_autoptr(GPtrArray) rows = read_rows(&of_series, series, error);
    g_autoptr(GPtrArray) limits = rows != NULL ? read_rows(&of_kinds, kinds, error) : NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; limits != NULL && i < rows->len; i++) {
        const GStrv cells = rows->pdata[i];
        const char *why = !take_members(seen, cells[MEMBERS])
                              ? _("a member is there twice or is not only letters and digits")
                          : !add_row(builder, cells, limits)
                              ? _("kind, certainty or a name is not as the table asks")
                              : NULL;
        if (why == NULL)
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "%s: %s: %s", name, cells[ID], why);
        return FALSE;
    }
    return limits != NULL;
}

/* --- pairs that were measured to resemble each other --- */

enum { FIRST, SECOND, SIMILARITY, N_PAIR_CELLS };
static const char pairs_header[] = "first\tsecond\tsimilarity";

static gboolean is_member_name(const char *name)
{
    g_autofree char *plain = cel_library_member_name(name);
    return *plain != '\0' && g_str_equal(plain, name);
}

gboolean cel_library_builder_add_pairs(CelLibraryBuilder *builder, const char *text,
                                       const char *name, GError **error)
{
    const Form form = {name, pairs_header, N_PAIR_CELLS};
    g_autoptr(GPtrArray) rows = read_rows(&form, text, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const GStrv cells = rows->pdata[i];
        if (!is_member_name(cells[SECOND]) || g_str_equal(cells[FIRST], cells[SECOND])) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "%s: %s: %s", name, cells[FIRST],
                        _("a pair names two different minerals, only letters and digits"));
            return FALSE;
        }
        cel_library_builder_add_alike(builder, cells[FIRST], cells[SECOND]);
        cel_library_builder_add_alike(builder, cells[SECOND], cells[FIRST]);
    }
    return rows != NULL;
}
