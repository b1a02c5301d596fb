/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-number.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>

/*
 * The text format of spectra_db, described in spectra_db/README.md: "key: value" lines, then
 * "bands:" and one row a band with cells divided by '|'. Strict: what is not known is an error.
 */

enum {
    MAX_TEXT_BYTES = 256 * 1024,
    MAX_LINE_BYTES = 4096,
    N_CELLS = 7,
    N_KIND_CELLS = 8,
    SHIFT_MIN_CM1 = 50,   /* below: no filter of our instruments lets light through */
    SHIFT_MAX_CM1 = 4000, /* above the O-H stretches there are no fundamentals */
    FWHM_MAX_CM1 = 500,
};

typedef struct {
    const char *name;
    guint line;
    CelSubstance substance;
    gchar **lookalikes;
    GStringChunk *texts;
    GArray *bands; /* CelBand */
    guint seen;    /* bit a key of the table */
    gboolean in_bands;
} Parse;

typedef struct {
    const char *key;
    glong offset; /* of the text in CelSubstance, -1: the look-alikes */
    gboolean required;
} KeyDef;

static const KeyDef keys[] = {
    {"id", G_STRUCT_OFFSET(CelSubstance, id), TRUE},
    {"name_en", G_STRUCT_OFFSET(CelSubstance, name_en), TRUE},
    {"name_zh", G_STRUCT_OFFSET(CelSubstance, name_zh), TRUE},
    {"cas", G_STRUCT_OFFSET(CelSubstance, cas), FALSE},
    {"class", G_STRUCT_OFFSET(CelSubstance, class_id), TRUE},
    {"field", G_STRUCT_OFFSET(CelSubstance, field), TRUE},
    {"legal_note", G_STRUCT_OFFSET(CelSubstance, legal_note), FALSE},
    {"legal_certainty", G_STRUCT_OFFSET(CelSubstance, legal_certainty), FALSE},
    {"caveat_en", G_STRUCT_OFFSET(CelSubstance, raman_caveat_en), FALSE},
    {"caveat_zh", G_STRUCT_OFFSET(CelSubstance, raman_caveat_zh), FALSE},
    {"lookalikes", -1, FALSE},
    {"group", G_STRUCT_OFFSET(CelSubstance, group_id), FALSE},
    {"ceiling", G_STRUCT_OFFSET(CelSubstance, ceiling), TRUE},
    {"usable", G_STRUCT_OFFSET(CelSubstance, usable), TRUE},
};

static const char *const usable_words[] = {"yes", "provisional", "no", "no-data"};
static const char *const status_words[] = {"verified", "measured", "recalled"};

const char *cel_status_name(CelStatus status)
{
    return status_words[status];
}

gboolean cel_status_from_name(const char *name, CelStatus *out_status)
{
    for (guint i = 0; i < G_N_ELEMENTS(status_words); i++) {
        if (g_str_equal(name, status_words[i])) {
            *out_status = (CelStatus)i;
            return TRUE;
        }
    }
    return FALSE;
}

G_GNUC_PRINTF(4, 5)
static gboolean refuse(const char *name, guint line, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "%s:%u: %s", name, line, why);
    return FALSE;
}

static gboolean is_id(const char *text)
{
    const gsize n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return n > 0 && n <= 64 && text[n] == '\0';
}

/* --- keys --- */

static gboolean set_value(Parse *p, const KeyDef *def, const char *value, GError **error)
{
    if (def->offset < 0) {
        g_strfreev(p->lookalikes);
        p->lookalikes = g_strsplit(value, " ", -1);
        return TRUE;
    }
    if (g_str_equal(def->key, "id") && !is_id(value))
        return refuse(p->name, p->line, error,
                      _("the id “%s” may hold only a-z, 0-9, _ and -, 64 at most"), value);
    G_STRUCT_MEMBER(const char *, &p->substance, def->offset) =
        g_string_chunk_insert(p->texts, value);
    return TRUE;
}

static gboolean read_key(Parse *p, char *line, GError **error)
{
    char *colon = strchr(line, ':');
    if (colon == NULL)
        return refuse(p->name, p->line, error, _("expected “key: value”"));
    *colon = '\0';
    const char *value = g_strstrip(colon + 1);
    if (g_str_equal(line, "bands")) {
        p->in_bands = TRUE;
        return *value == '\0' ||
               refuse(p->name, p->line, error, _("nothing stands behind “bands:”"));
    }
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (!g_str_equal(line, keys[i].key))
            continue;
        if ((p->seen & (1u << i)) != 0)
            return refuse(p->name, p->line, error, _("the key “%s” is there twice"), line);
        if (*value == '\0')
            return refuse(p->name, p->line, error,
                          _("the key “%s” has no value; leave the line out instead"), line);
        p->seen |= 1u << i;
        return set_value(p, &keys[i], value, error);
    }
    return refuse(p->name, p->line, error, _("unknown key “%s”"), line);
}

/* --- bands --- */

static gboolean read_cell(Parse *p, const char *cell, const char *what, const double limits[2],
                          double *out_value, GError **error)
{
    if (g_str_equal(cell, "-"))
        return TRUE; /* not known: the value stays 0 */
    if (cel_number_parse(cell, strlen(cell), '.', out_value) && *out_value >= limits[0] &&
        *out_value <= limits[1])
        return TRUE;
    return refuse(p->name, p->line, error, _("%s “%s” is no number within %g to %g"), what, cell,
                  limits[0], limits[1]);
}

static gboolean check_order(const Parse *p, const CelBand *band, GError **error)
{
    if (p->bands->len == CEL_LIBRARY_MAX_BANDS)
        return refuse(p->name, p->line, error, _("more than %d bands"), (int)CEL_LIBRARY_MAX_BANDS);
    if (p->bands->len == 0 ||
        band->shift_cm1 > g_array_index(p->bands, CelBand, p->bands->len - 1).shift_cm1)
        return TRUE;
    return refuse(p->name, p->line, error, _("bands stand in rising order, each shift once"));
}

static gboolean read_band_cells(Parse *p, char **cells, GError **error)
{
    static const double shift[] = {SHIFT_MIN_CM1, SHIFT_MAX_CM1}, intensity[] = {1.0, 100.0};
    static const double fwhm[] = {0.1, FWHM_MAX_CM1}, laser[] = {200.0, 1100.0};
    CelBand band = {0};
    if (!read_cell(p, cells[0], "shift", shift, &band.shift_cm1, error) ||
        !read_cell(p, cells[1], "intensity", intensity, &band.rel_intensity, error) ||
        !read_cell(p, cells[2], "fwhm", fwhm, &band.fwhm_cm1, error) ||
        !read_cell(p, cells[3], "laser", laser, &band.laser_nm, error))
        return FALSE;
    if (g_str_equal(cells[0], "-") || g_str_equal(cells[1], "-"))
        return refuse(p->name, p->line, error, _("a band needs a shift and an intensity"));
    if (!cel_status_from_name(cells[4], &band.status))
        return refuse(p->name, p->line, error,
                      _("status “%s” is none of verified, measured, recalled"), cells[4]);
    if (*cells[6] == '\0')
        return refuse(p->name, p->line, error, _("a band needs a source"));
    band.assignment = g_string_chunk_insert(p->texts, cells[5]);
    band.source = g_string_chunk_insert(p->texts, cells[6]);
    if (!check_order(p, &band, error))
        return FALSE;
    g_array_append_val(p->bands, band);
    return TRUE;
}

static gboolean read_band(Parse *p, const char *line, GError **error)
{
    g_auto(GStrv) cells = g_strsplit(line, "|", -1);
    const guint n = g_strv_length(cells);
    if (n != N_CELLS)
        return refuse(p->name, p->line, error, _("a band has %d cells divided by |, here are %u"),
                      N_CELLS, n);
    for (guint i = 0; i < n; i++)
        g_strstrip(cells[i]);
    return read_band_cells(p, cells, error);
}

/* --- the whole --- */

static gboolean read_line(Parse *p, char *line, GError **error)
{
    if (strlen(line) > MAX_LINE_BYTES)
        return refuse(p->name, p->line, error, _("the line is longer than %d bytes"),
                      MAX_LINE_BYTES);
    g_strchomp(line);
    if (*line == '\0' || *line == '#')
        return TRUE;
    return p->in_bands ? read_band(p, line, error) : read_key(p, line, error);
}

static gboolean check_usable(const Parse *p, GError **error)
{
    const CelSubstance *s = &p->substance;
    const gboolean yes = g_str_equal(s->usable, "yes");
    gboolean only_recalled = TRUE;
    for (guint i = 0; i < p->bands->len; i++)
        only_recalled &= g_array_index(p->bands, CelBand, i).status == CEL_STATUS_RECALLED;
    if (!g_strv_contains((const char *const[]){"yes", "provisional", "no", "no-data", NULL},
                         s->usable))
        return refuse(p->name, p->line, error, _("usable “%s” is none of %s, %s, %s, %s"),
                      s->usable, usable_words[0], usable_words[1], usable_words[2],
                      usable_words[3]);
    if (g_str_equal(s->usable, "no-data") != (p->bands->len == 0))
        return refuse(p->name, p->line, error,
                      _("“usable: no-data” and an empty band table go "
                        "together"));
    if (only_recalled && yes)
        return refuse(p->name, p->line, error,
                      _("every band is only recalled: usable is at most provisional"));
    if (!yes && !g_str_equal(s->ceiling, "lead"))
        return refuse(p->name, p->line, error,
                      _("the ceiling of a substance whose usable is not “yes” is “lead”"));
    return TRUE;
}

static gboolean check_ceiling(const Parse *p, GError **error)
{
    const CelSubstance *s = &p->substance;
    const char *ceiling = s->ceiling;
    if (g_str_has_prefix(ceiling, "group:"))
        return g_str_equal(ceiling + 6, s->group_id) ||
               refuse(p->name, p->line, error, _("the ceiling “%s” is not of the group “%s”"),
                      ceiling, s->group_id);
    if (g_str_has_prefix(ceiling, "class:") && is_id(ceiling + 6))
        return TRUE;
    return g_str_equal(ceiling, "substance") || g_str_equal(ceiling, "lead") ||
           refuse(p->name, p->line, error,
                  _("the ceiling “%s” is none of substance, group:ID, class:ID, lead"), ceiling);
}

static gboolean check_lookalikes(const Parse *p, GError **error)
{
    const char *const *list = p->substance.lookalikes;
    for (guint i = 0; list[i] != NULL; i++) {
        if (!is_id(list[i]))
            return refuse(p->name, p->line, error, _("look-alike “%s” is no id"), list[i]);
        if (g_str_equal(list[i], p->substance.id))
            return refuse(p->name, p->line, error, _("a substance is no look-alike of itself"));
        for (guint k = 0; k < i; k++) {
            if (g_str_equal(list[i], list[k]))
                return refuse(p->name, p->line, error, _("look-alike “%s” is there twice"),
                              list[i]);
        }
    }
    return TRUE;
}

static gboolean finish(Parse *p, CelLibraryBuilder *builder, GError **error)
{
    static const char *const none[] = {NULL};
    CelSubstance *s = &p->substance;
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].required && (p->seen & (1u << i)) == 0)
            return refuse(p->name, p->line, error, _("the key “%s” is missing"), keys[i].key);
        if (keys[i].offset >= 0 && G_STRUCT_MEMBER(const char *, s, keys[i].offset) == NULL)
            G_STRUCT_MEMBER(const char *, s, keys[i].offset) = "";
    }
    s->lookalikes = p->lookalikes != NULL ? (const char *const *)p->lookalikes : none;
    s->n_bands = p->bands->len;
    s->bands = (const CelBand *)(gconstpointer)p->bands->data;
    if (!check_ceiling(p, error) || !check_usable(p, error) || !check_lookalikes(p, error))
        return FALSE;
    g_autoptr(GError) detail = NULL;
    return cel_library_builder_add_substance(builder, s, &detail) ||
           refuse(p->name, p->line, error, "%s", detail->message);
}

static gboolean check_text(const char *text, const char *name, GError **error)
{
    if (strlen(text) > MAX_TEXT_BYTES)
        return refuse(name, 1, error, _("the file is larger than %d bytes"), MAX_TEXT_BYTES);
    const char *end = NULL;
    if (g_utf8_validate(text, -1, &end))
        return TRUE;
    guint line = 1;
    for (const char *c = text; c < end; c++)
        line += *c == '\n' ? 1 : 0;
    return refuse(name, line, error, _("the text is not UTF-8"));
}

gboolean cel_library_builder_add_text(CelLibraryBuilder *builder, const char *text,
                                      const char *name, GError **error)
{
    if (!check_text(text, name, error))
        return FALSE;
    Parse p = {
        .name = name,
        .texts = g_string_chunk_new(4096),
        .bands = g_array_new(FALSE, FALSE, sizeof(CelBand)),
    };
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gboolean good = TRUE;
    for (guint i = 0; good && lines[i] != NULL; i++) {
        if (*lines[i] == '\0' && lines[i + 1] == NULL)
            break; /* the end of the last line */
        p.line = i + 1;
        good = read_line(&p, lines[i], error);
    }
    good = good && finish(&p, builder, error);
    g_strfreev(p.lookalikes);
    g_array_unref(p.bands);
    g_string_chunk_free(p.texts);
    return good;
}

/* --- the tables of groups and classes --- */

static const char kind_header[] =
    "id\tname_en\tname_zh\tlimit_en\tlimit_zh\tsend_to_en\tsend_to_zh\tceiling";

static gboolean add_kind_row(CelLibraryBuilder *builder, char **cells, gboolean classes,
                             GHashTable *seen)
{
    const CelLibraryKind kind = {cells[0], cells[1], cells[2], cells[3],     cells[4],
                                 cells[5], cells[6], cells[7], .members = ""};
    cel_library_builder_add_kind(builder, &kind, classes);
    return g_hash_table_add(seen, g_strdup(cells[0]));
}

static gboolean read_kind(const char *line, char ***out_cells, const char *name, guint number,
                          GError **error)
{
    static const char *const ceilings[] = {"substance", "group", "class", "lead", NULL};
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    if (g_strv_length(cells) != N_KIND_CELLS)
        return refuse(name, number, error, _("a row has %d cells divided by tabs, here are %u"),
                      N_KIND_CELLS, g_strv_length(cells));
    if (!is_id(cells[0]))
        return refuse(name, number, error, _("“%s” is no id"), cells[0]);
    if (*cells[1] == '\0' || *cells[2] == '\0')
        return refuse(name, number, error, _("a row needs a name in both languages"));
    if (!g_strv_contains(ceilings, cells[7]))
        return refuse(name, number, error,
                      _("the ceiling “%s” is none of substance, group, class, lead"), cells[7]);
    *out_cells = g_steal_pointer(&cells);
    return TRUE;
}

gboolean cel_library_builder_add_kinds(CelLibraryBuilder *builder, const char *text,
                                       gboolean classes, const char *name, GError **error)
{
    if (!check_text(text, name, error))
        return FALSE;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gboolean header = FALSE;
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) cells = NULL;
        if (*lines[i] == '\0' || *lines[i] == '#')
            continue;
        if (!header) {
            header = TRUE;
            if (!g_str_equal(lines[i], kind_header))
                return refuse(name, i + 1, error, _("the header line is not “%s”"), kind_header);
            continue;
        }
        if (!read_kind(lines[i], &cells, name, i + 1, error))
            return FALSE;
        if (!add_kind_row(builder, cells, classes, seen))
            return refuse(name, i + 1, error, _("the id “%s” is there twice"), cells[0]);
    }
    return TRUE;
}
