/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "formats/cel-reader.h"
#include "match/cel-import-table.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_MANIFEST_BYTES = 64 * 1024 * 1024 };

typedef struct {
    char *folder;    /* of the manifest: where files lie */
    const char *out; /* the library to write */
    const CelImportTable *table;
    CelLibraryBuilder *builder;
    CelLibrary *ships; /* ceilings, groups and classes come from here */
    GHashTable *files; /* full path -> id under which it came */
    GHashTable *ids;
    CelImportReport *report;
    char **alikes; /* of the row at hand, where they had to be made */
} Import;

static void import_clear(Import *import)
{
    g_free(import->folder);
    g_strfreev(import->alikes);
    cel_library_builder_free(import->builder);
    cel_library_free(import->ships);
    g_clear_pointer(&import->files, g_hash_table_unref);
    g_clear_pointer(&import->ids, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

void cel_import_report_clear(CelImportReport *report)
{
    g_clear_pointer(&report->problems, g_ptr_array_unref);
    report->n_rows = report->n_imported = report->n_substances = 0;
}

/* --- one row --- */

static gboolean check_file(const Import *import, const char *path, GError **error)
{
    if (cel_file_same(path, import->out)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("the library would be written over this file; name another --out"));
        return FALSE;
    }
    const char *before = g_hash_table_lookup(import->files, path);
    if (before == NULL)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("the file is in the manifest already, as “%s”: one spectrum is one reference"),
                before);
    return FALSE;
}

static CelSpectrum *load_shifts(const char *path, double laser_nm, CelJob *job, GError **error)
{
    const CelReadOptions options = {.laser_nm = laser_nm};
    g_auto(CelReadOut) out = {0};
    if (!cel_reader_load_only(path, &options, job, &out, error))
        return NULL;
    g_autoptr(CelSpectrum) spectrum = cel_read_out_spectrum(&out, error);
    if (spectrum == NULL)
        return NULL;
    if (cel_spectrum_is_simulated(spectrum)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("these are simulated data, which are no reference"));
        return NULL;
    }
    return cel_spectrum_to_shift(spectrum, laser_nm, error);
}

static gboolean add_reference(Import *import, const CelSubstance *substance,
                              CelReference *reference, const CelSpectrum *spectrum, GError **error)
{
    const gsize n = cel_spectrum_length(spectrum);
    const double *y = cel_spectrum_y(spectrum);
    g_autofree float *narrow = g_new(float, n);
    for (gsize i = 0; i < n; i++)
        narrow[i] =
            (float)y[i]; /* a relative intensity: 24 bits are more than any detector gives */
    reference->n = n;
    reference->x = cel_spectrum_x(spectrum);
    reference->y = narrow;
    return cel_library_builder_add_reference(import->builder, substance, reference, error);
}

/* The series that a mineral of this id or name belongs to. */
static const CelLibraryKind *series_of(const Import *import, const CelSubstance *substance)
{
    if (!g_str_equal(substance->class_id, "mineral"))
        return NULL;
    g_autofree char *by_id = cel_library_member_name(substance->id);
    g_autofree char *by_name = cel_library_member_name(substance->name_en);
    const CelLibraryKind *series = cel_library_series(import->ships, by_id);
    return series != NULL ? series : cel_library_series(import->ships, by_name);
}

/* Look-alikes of @substance by the tables that ship, beside its group: those its kin states, those
 * of a series that is not its group (an asbestos mineral among the amphiboles), and those that
 * published spectra resemble. Returns: (transfer none): kept until the next. */
static const char *const *alikes_of(Import *import, const CelSubstance *substance,
                                    const CelSubstance *kin, const CelLibraryKind *series)
{
    g_autofree char *by_name = cel_library_member_name(substance->name_en);
    const gboolean mineral = g_str_equal(substance->class_id, "mineral");
    const gboolean apart = series != NULL && !g_str_equal(series->id, substance->group_id);
    g_autofree char *stated = kin != NULL ? g_strjoinv(" ", (char **)kin->lookalikes) : NULL;
    g_autofree char *all =
        g_strjoin(" ", stated != NULL ? stated : "", apart ? series->members : "",
                  mineral ? cel_library_measured_alikes(import->ships, by_name) : "", NULL);
    g_strfreev(import->alikes);
    g_auto(GStrv) names = g_strsplit(all, " ", -1);
    import->alikes = g_new0(char *, g_strv_length(names) + 1);
    for (guint i = 0, n = 0; names[i] != NULL; i++)
        if (*names[i] != '\0')
            import->alikes[n++] = g_strdup(names[i]);
    return (const char *const *)import->alikes;
}

/* What an imported substance may claim: never more than its kin in the library that ships, and of
 * a mineral that belongs to a series no more than the series. */
static void set_ceiling(Import *import, CelSubstance *substance, char **out_ceiling)
{
    const CelSubstance *kin = cel_library_find(import->ships, substance->id);
    const CelLibraryKind *class = cel_library_class(import->ships, substance->class_id);
    const CelLibraryKind *series = series_of(import, substance);
    const gboolean of_kin = kin != NULL && *kin->group_id != '\0';
    substance->group_id = of_kin ? kin->group_id : series != NULL ? series->id : "";
    substance->lookalikes = alikes_of(import, substance, kin, series);
    if (kin != NULL) {
        substance->cas = kin->cas;
        substance->field = kin->field;
        substance->raman_caveat_en = kin->raman_caveat_en;
        substance->raman_caveat_zh = kin->raman_caveat_zh;
    }
    if (kin != NULL && !g_str_equal(kin->ceiling, "lead") && (of_kin || series == NULL))
        *out_ceiling = g_strdup(kin->ceiling);
    else if (*substance->group_id != '\0')
        *out_ceiling = g_strconcat("group:", substance->group_id, NULL);
    else if (class != NULL && g_str_equal(class->ceiling, "class"))
        *out_ceiling = g_strconcat("class:", class->id, NULL);
    else
        *out_ceiling = g_strdup(class != NULL ? class->ceiling : "substance");
    substance->ceiling = *out_ceiling;
    const CelLibraryKind *group = cel_library_group(import->ships, substance->group_id);
    if (group != NULL)
        cel_library_builder_add_kind(import->builder, group, FALSE);
    if (class != NULL)
        cel_library_builder_add_kind(import->builder, class, TRUE);
}

static gboolean import_row(Import *import, char **cells, CelJob *job, GError **error)
{
    g_auto(CelImportRow) row = {0};
    if (!cel_import_row_parse(import->table, cells, &row, error))
        return FALSE;
    g_autofree char *path = g_canonicalize_filename(row.reference.name, import->folder);
    if (!check_file(import, path, error))
        return FALSE;
    g_autoptr(CelSpectrum) spectrum = load_shifts(path, row.reference.laser_nm, job, error);
    if (spectrum == NULL)
        return FALSE;
    g_autofree char *ceiling = NULL;
    set_ceiling(import, &row.substance, &ceiling);
    if (g_strcmp0(cel_spectrum_meta(spectrum, CEL_META_BASELINE), "removed") == 0)
        row.reference.baseline_removed = TRUE;
    if (cel_spectrum_meta(spectrum, CEL_META_UNVALIDATED) != NULL)
        row.reference.grade = CEL_GRADE_D; /* a lead under any policy, as a sample read so */
    if (!add_reference(import, &row.substance, &row.reference, spectrum, error))
        return FALSE;
    g_hash_table_insert(import->files, g_steal_pointer(&path), g_strdup(row.substance.id));
    g_hash_table_add(import->ids, g_strdup(row.substance.id));
    return TRUE;
}

/* --- the whole --- */

static void note_problem(Import *import, guint line, char **cells, const GError *why)
{
    const char *file = cel_import_table_file(import->table, cells);
    g_autofree char *path = g_canonicalize_filename(file, import->folder);
    const char *message = why->message;
    if (g_str_has_prefix(message, path) && g_str_has_prefix(message + strlen(path), ": "))
        message += strlen(path) + 2; /* the row names the file already */
    g_ptr_array_add(import->report->problems,
                    g_strdup_printf("%s:%u: %s: %s", import->table->shown, line, file, message));
}

static gboolean import_line(Import *import, const char *line, guint number, CelJob *job,
                            GError **error)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    g_autoptr(GError) why = NULL;
    import->report->n_rows++;
    if (import_row(import, cells, job, &why)) {
        import->report->n_imported++;
        return TRUE;
    }
    if (g_error_matches(why, CEL_ERROR, CEL_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    note_problem(import, number, cells, why);
    return TRUE;
}

static gboolean import_lines(Import *import, CelJob *job, GError **error)
{
    char **lines = import->table->lines;
    const guint n = g_strv_length(lines);
    for (guint i = 1; i < n; i++) {
        if (!cel_job_step(job, N_("Importing reference spectra"), i - 1, n - 1, error))
            return FALSE;
        if (!cel_import_line_is_blank(lines[i]) &&
            !import_line(import, lines[i], i + 1, job, error))
            return FALSE;
    }
    import->report->n_substances = g_hash_table_size(import->ids);
    if (import->report->n_imported > 0)
        return cel_job_step(job, N_("Writing the library"), 0, 0, error);
    const GPtrArray *problems = import->report->problems;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: no row could be imported, so no library was written. First problem: %s"),
                import->table->shown,
                problems->len > 0 ? (const char *)g_ptr_array_index(problems, 0) : _("no rows"));
    return FALSE;
}

static CelLibraryBuilder *new_builder(char **lines, const char *out)
{
    g_autofree char *name = g_path_get_basename(out);
    char *end = strstr(name, ".library.h5");
    end = end != NULL ? end : strrchr(name, '.');
    if (end != NULL && end != name)
        *end = '\0';
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (gsize i = 0; lines[i] != NULL; i++)
        g_checksum_update(checksum, (const guchar *)lines[i], (gssize)strlen(lines[i]) + 1);
    g_autofree char *version = g_strdup_printf("manifest-%.12s", g_checksum_get_string(checksum));
    g_autofree char *shown = g_filename_display_name(name);
    return cel_library_builder_new(shown, version);
}

gboolean cel_library_import(const char *manifest, const char *out, CelImportReport *report,
                            CelJob *job, GError **error)
{
    *report = (CelImportReport){.problems = g_ptr_array_new_with_free_func(g_free)};
    g_auto(CelImportTable) table = {0};
    g_autofree char *base = g_path_get_basename(manifest);
    g_autoptr(GBytes) text = cel_file_read(manifest, MAX_MANIFEST_BYTES, error);
    if (text == NULL || !cel_import_table_parse(&table, text, base, error))
        return FALSE;
    g_autofree char *full = g_canonicalize_filename(manifest, NULL);
    g_auto(Import) import = {
        .folder = g_path_get_dirname(full),
        .table = &table,
        .out = out,
        .builder = new_builder(table.lines, out),
        .ships = cel_library_open_builtin(error),
        .files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .report = report,
    };
    return import.ships != NULL && import_lines(&import, job, error) &&
           cel_library_builder_write(import.builder, out, error);
}
