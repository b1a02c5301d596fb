/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-number.h"
#include "formats/cel-reader.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MAX_MANIFEST_BYTES = 64 * 1024 * 1024, MAX_COLUMNS = 64, MAX_CELL_BYTES = 4096 };

/* The columns that mean something here, in the order of the contract; the last two need not be. */
enum {
    FILE_NAME,
    ID,
    NAME_EN,
    NAME_ZH,
    CLASS,
    LASER_NM,
    SOURCE,
    LICENCE,
    GRADE,
    BASELINE,
    N_KNOWN
};
static const char *const known[N_KNOWN] = {"file",     "id",     "name_en", "name_zh", "class",
                                           "laser_nm", "source", "licence", "grade",   "baseline"};
enum { N_REQUIRED = GRADE };

typedef struct {
    char *folder, *shown; /* of the manifest: where files lie, its name in messages */
    char **columns;       /* the header */
    int place[N_KNOWN];   /* column of each known one, -1: not there */
    CelLibraryBuilder *builder;
    CelLibrary *ships; /* ceilings, groups and classes come from here */
    GHashTable *files; /* full path -> id under which it came */
    GHashTable *ids;
    CelImportReport *report;
} Import;

static void import_clear(Import *import)
{
    g_free(import->folder);
    g_free(import->shown);
    g_strfreev(import->columns);
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

/* --- the manifest as lines --- */

/* Returns: (transfer full): its lines without line ends and byte order mark. */
static char **read_lines(const char *manifest, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(manifest, MAX_MANIFEST_BYTES, error);
    if (bytes == NULL)
        return NULL;
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        size -= 3;
    }
    if (!g_utf8_validate_len(data, size, NULL)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: the manifest is not UTF-8 text; save it as UTF-8 and try again."),
                    manifest);
        return NULL;
    }
    g_autofree char *text = g_utf8_normalize(data, (gssize)size, G_NORMALIZE_NFC);
    char **lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        const gsize n = strlen(lines[i]);
        if (n > 0 && lines[i][n - 1] == '\r')
            lines[i][n - 1] = '\0';
    }
    return lines;
}

static gboolean is_blank(const char *line)
{
    return line[strspn(line, " \t")] == '\0';
}

static gboolean check_column_names(Import *import, GError **error)
{
    for (guint i = 0; import->columns[i] != NULL; i++) {
        g_strstrip(import->columns[i]);
        gboolean good =
            g_str_is_ascii(import->columns[i]) && *import->columns[i] != '\0' && i < MAX_COLUMNS;
        for (guint k = 0; good && k < i; k++)
            good = !g_str_equal(import->columns[i], import->columns[k]);
        if (good)
            continue;
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_INPUT,
            _("%s:1: column %u “%s”: column names are ASCII, not empty, each there once, at "
              "most %d of them."),
            import->shown, i + 1, import->columns[i], MAX_COLUMNS);
        return FALSE;
    }
    return TRUE;
}

static gboolean read_header(Import *import, const char *line, GError **error)
{
    import->columns = g_strsplit(line, "\t", -1);
    if (!check_column_names(import, error))
        return FALSE;
    for (guint k = 0; k < N_KNOWN; k++) {
        import->place[k] = -1;
        for (int i = 0; import->columns[i] != NULL; i++) {
            if (g_str_equal(import->columns[i], known[k]))
                import->place[k] = i;
        }
        if (import->place[k] < 0 && k < N_REQUIRED) {
            g_set_error(
                error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s:1: the column “%s” is missing; the first line names the columns, divided "
                  "by tabs: file, id, name_en, name_zh, class, laser_nm, source, licence."),
                import->shown, known[k]);
            return FALSE;
        }
    }
    return TRUE;
}

/* --- one row --- */

static const char *cell(const Import *import, char **cells, guint which)
{
    return import->place[which] >= 0 ? cells[import->place[which]] : "";
}

static gboolean refuse(GError **error, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT, why);
    return FALSE;
}

static gboolean read_laser(const char *text, double *out_nm, GError **error)
{
    *out_nm = 0.0;
    if (*text == '\0')
        return TRUE; /* not stated: good enough for a file that is in Raman shifts already */
    return (cel_number_parse(text, strlen(text), '.', out_nm) && *out_nm >= 200.0 &&
            *out_nm <= 2000.0) ||
           refuse(error, _("laser_nm is no wavelength within 200 to 2000 nm"));
}

static gboolean read_grade(const char *text, CelGrade *out_grade, GError **error)
{
    *out_grade = CEL_GRADE_C;
    if (*text == '\0')
        return TRUE;
    if (*text < 'A' || *text > 'D' || text[1] != '\0')
        return refuse(error, _("the grade is none of A, B, C, D"));
    *out_grade = (CelGrade)(*text - 'A');
    return TRUE;
}

static gboolean read_baseline(const char *text, gboolean *out_removed, GError **error)
{
    *out_removed = g_str_equal(text, "removed");
    return *out_removed || *text == '\0' || g_str_equal(text, "raw") ||
           refuse(error, _("baseline is neither “raw” nor “removed”"));
}

/* Returns: (transfer full): the columns that mean nothing here, as canonical JSON, "" for none. */
static char *extra_columns(const Import *import, char **cells, GError **error)
{
    g_autoptr(JsonObject) object = json_object_new();
    for (int i = 0; import->columns[i] != NULL; i++) {
        gboolean is_known = FALSE;
        for (guint k = 0; k < N_KNOWN; k++)
            is_known |= import->place[k] == i;
        if (!is_known && *cells[i] != '\0')
            json_object_set_string_member(object, import->columns[i], cells[i]);
    }
    if (json_object_get_size(object) == 0)
        return g_strdup("");
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    return cel_canon_write(node, error);
}

static gboolean check_file(const Import *import, const char *path, GError **error)
{
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
    g_autoptr(CelSpectrum) spectrum = cel_reader_load_spectrum(path, &options, job, error);
    if (spectrum == NULL)
        return NULL;
    if (cel_spectrum_is_simulated(spectrum)) {
        refuse(error, _("these are simulated data, which are no reference"));
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

/* What an imported substance may claim: never more than its kin in the library that ships. */
static void set_ceiling(Import *import, CelSubstance *substance, char **out_ceiling)
{
    const CelSubstance *kin = cel_library_find(import->ships, substance->id);
    const CelLibraryKind *class = cel_library_class(import->ships, substance->class_id);
    substance->group_id = kin != NULL ? kin->group_id : "";
    if (kin != NULL) {
        substance->lookalikes = kin->lookalikes;
        substance->cas = kin->cas;
        substance->field = kin->field;
        substance->raman_caveat_en = kin->raman_caveat_en;
        substance->raman_caveat_zh = kin->raman_caveat_zh;
    }
    if (kin != NULL && !g_str_equal(kin->ceiling, "lead"))
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

static gboolean check_cells(const Import *import, char **cells, GError **error)
{
    const guint n = g_strv_length(cells), wanted = g_strv_length(import->columns);
    if (n != wanted) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("the row has %u cells, the header %u columns"), n, wanted);
        return FALSE;
    }
    for (guint i = 0; i < n; i++) {
        g_strstrip(cells[i]);
        if (strlen(cells[i]) > MAX_CELL_BYTES)
            return refuse(error, _("a cell is longer than 4096 bytes"));
    }
    if (*cell(import, cells, FILE_NAME) == '\0')
        return refuse(error, _("the file is not named"));
    return *cell(import, cells, ID) != '\0' || refuse(error, _("the id is empty"));
}

static gboolean import_row(Import *import, char **cells, CelJob *job, GError **error)
{
    CelReference reference = {.name = cell(import, cells, FILE_NAME),
                              .source = cell(import, cells, SOURCE),
                              .licence = cell(import, cells, LICENCE)};
    CelSubstance substance = {.id = cell(import, cells, ID),
                              .name_en = cell(import, cells, NAME_EN),
                              .name_zh = cell(import, cells, NAME_ZH),
                              .class_id = cell(import, cells, CLASS),
                              .usable = "yes"};
    if (*substance.name_en == '\0')
        substance.name_en = substance.id;
    g_autofree char *path = g_canonicalize_filename(reference.name, import->folder);
    if (!read_laser(cell(import, cells, LASER_NM), &reference.laser_nm, error) ||
        !read_grade(cell(import, cells, GRADE), &reference.grade, error) ||
        !read_baseline(cell(import, cells, BASELINE), &reference.baseline_removed, error) ||
        !check_file(import, path, error))
        return FALSE;
    g_autofree char *extra = extra_columns(import, cells, error);
    g_autoptr(CelSpectrum) spectrum =
        extra != NULL ? load_shifts(path, reference.laser_nm, job, error) : NULL;
    if (spectrum == NULL)
        return FALSE;
    g_autofree char *ceiling = NULL;
    set_ceiling(import, &substance, &ceiling);
    reference.extra = extra;
    if (g_strcmp0(cel_spectrum_meta(spectrum, CEL_META_BASELINE), "removed") == 0)
        reference.baseline_removed = TRUE;
    if (!add_reference(import, &substance, &reference, spectrum, error))
        return FALSE;
    g_hash_table_insert(import->files, g_steal_pointer(&path), g_strdup(substance.id));
    g_hash_table_add(import->ids, g_strdup(substance.id));
    return TRUE;
}

/* --- the whole --- */

static void note_problem(Import *import, guint line, char **cells, const GError *why)
{
    const char *file = g_strv_length(cells) > (guint)import->place[FILE_NAME]
                           ? cells[import->place[FILE_NAME]]
                           : "";
    g_autofree char *path = g_canonicalize_filename(file, import->folder);
    const char *message = why->message;
    if (g_str_has_prefix(message, path) && g_str_has_prefix(message + strlen(path), ": "))
        message += strlen(path) + 2; /* the row names the file already */
    g_ptr_array_add(import->report->problems,
                    g_strdup_printf("%s:%u: %s: %s", import->shown, line, file, message));
}

static gboolean import_line(Import *import, const char *line, guint number, CelJob *job,
                            GError **error)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    g_autoptr(GError) why = NULL;
    import->report->n_rows++;
    if (check_cells(import, cells, &why) && import_row(import, cells, job, &why)) {
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

static gboolean import_lines(Import *import, char **lines, CelJob *job, GError **error)
{
    const guint n = g_strv_length(lines);
    if (!read_header(import, lines[0] != NULL ? lines[0] : "", error))
        return FALSE;
    for (guint i = 1; i < n; i++) {
        if (!cel_job_step(job, N_("Importing reference spectra"), i - 1, n - 1, error))
            return FALSE;
        if (!is_blank(lines[i]) && !import_line(import, lines[i], i + 1, job, error))
            return FALSE;
    }
    import->report->n_substances = g_hash_table_size(import->ids);
    if (import->report->n_imported > 0)
        return cel_job_step(job, N_("Writing the library"), 0, 0, error);
    const GPtrArray *problems = import->report->problems;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: no row could be imported, so no library was written. First problem: %s"),
                import->shown,
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
    g_auto(GStrv) lines = read_lines(manifest, error);
    if (lines == NULL)
        return FALSE;
    g_autofree char *base = g_path_get_basename(manifest);
    g_autofree char *full = g_canonicalize_filename(manifest, NULL);
    g_auto(Import) import = {
        .folder = g_path_get_dirname(full),
        .shown = g_filename_display_name(base),
        .builder = new_builder(lines, out),
        .ships = cel_library_open_builtin(error),
        .files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .report = report,
    };
    return import.ships != NULL && import_lines(&import, lines, job, error) &&
           cel_library_builder_write(import.builder, out, error);
}
