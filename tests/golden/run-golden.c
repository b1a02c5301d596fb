/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs every step on the inputs in this folder and compares with the results beside them; README.md
 * describes the files. */
#include "base/cel-error.h"
#include "base/cel-number.h"
#include "process/cel-recipe.h"

#include <math.h>
#include <string.h>

typedef struct {
    GHashTable *keys;   /* "# key: value" and "key: value" */
    char **names;       /* of the columns, NULL-ended, may repeat */
    GPtrArray *columns; /* of GArray of double */
} File;

static void file_free(File *file)
{
    g_hash_table_unref(file->keys);
    g_strfreev(file->names);
    g_ptr_array_unref(file->columns);
    g_free(file);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(File, file_free)

static char *read_text(const char *name, const char *ending)
{
    g_autofree char *leaf = g_strconcat(name, ending, NULL);
    g_autofree char *path =
        g_build_filename(g_getenv("CELADON_SOURCE"), "tests", "golden", leaf, NULL);
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static void read_key(File *file, const char *line)
{
    const char *start = g_str_has_prefix(line, "# ") ? line + 2 : line;
    const char *end = strchr(start, ':');
    if (end == NULL)
        g_error("neither \"key: value\" nor numbers: %s", line);
    g_hash_table_insert(file->keys, g_strndup(start, (gsize)(end - start)),
                        g_strstrip(g_strdup(end + 1)));
}

static void set_columns(File *file)
{
    const char *names = g_hash_table_lookup(file->keys, "columns");
    g_assert_nonnull(names);
    file->names = g_strsplit(names, " ", -1);
    for (gsize c = 0; file->names[c] != NULL; c++)
        g_ptr_array_add(file->columns, g_array_new(FALSE, FALSE, sizeof(double)));
}

static void read_row(File *file, const char *line)
{
    if (file->names == NULL)
        set_columns(file);
    g_auto(GStrv) cells = g_strsplit(line, " ", -1);
    g_assert_cmpuint(g_strv_length(cells), ==, file->columns->len);
    for (guint c = 0; c < file->columns->len; c++) {
        double value = 0.0;
        if (!cel_number_parse(cells[c], strlen(cells[c]), '.', &value))
            g_error("not a number: %s", cells[c]);
        g_array_append_val((GArray *)g_ptr_array_index(file->columns, c), value);
    }
}

static File *file_read(const char *name, const char *ending)
{
    g_autofree char *text = read_text(name, ending);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    File *file = g_new0(File, 1);
    file->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    file->columns = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (*lines[i] == '\0')
            continue;
        if (*lines[i] == '#' || g_ascii_isalpha(*lines[i]))
            read_key(file, lines[i]);
        else
            read_row(file, lines[i]);
    }
    return file;
}

static const char *key(const File *file, const char *name)
{
    return g_hash_table_lookup(file->keys, name);
}

static double key_number(const File *file, const char *name, double otherwise)
{
    const char *text = key(file, name);
    double value = otherwise;
    if (text != NULL && !cel_number_parse(text, strlen(text), '.', &value))
        g_error("%s is no number: %s", name, text);
    return value;
}

/* The @nth column with this name, from 0; NULL when there is none. */
static const GArray *column(const File *file, const char *name, gsize nth)
{
    for (gsize c = 0; file->names != NULL && file->names[c] != NULL; c++) {
        if (g_str_equal(file->names[c], name) && nth-- == 0)
            return g_ptr_array_index(file->columns, c);
    }
    return NULL;
}

static const double *numbers(const GArray *array)
{
    return array != NULL ? (const double *)(const void *)array->data : NULL;
}

static void set_mask(CelSpectrum *spectrum, const GArray *mask)
{
    if (mask == NULL)
        return;
    g_autofree guint8 *bytes = g_malloc(mask->len);
    for (guint i = 0; i < mask->len; i++)
        bytes[i] = (guint8)numbers(mask)[i];
    cel_spectrum_set_mask(spectrum, bytes);
}

/* The spectrum in the column @y, with those of @variance and @mask where they exist. */
static CelSpectrum *spectrum_from(const CelAxis *axis, const GArray *y, const GArray *variance,
                                  const GArray *mask)
{
    g_autoptr(GError) error = NULL;
    CelSpectrum *spectrum = cel_spectrum_new(axis, numbers(y), &error);
    g_assert_no_error(error);
    cel_spectrum_set_variance(spectrum, numbers(variance), &error);
    g_assert_no_error(error);
    set_mask(spectrum, mask);
    return spectrum;
}

static CelAxis *axis_from(const File *in)
{
    CelUnit unit = CEL_UNIT_SHIFT_CM1;
    const char *name = key(in, "unit");
    g_assert_true(name == NULL || cel_unit_from_name(name, &unit));
    const GArray *x = column(in, "x", 0);
    g_assert_nonnull(x);
    g_autoptr(GError) error = NULL;
    CelAxis *axis = cel_axis_new(unit, numbers(x), x->len, &error);
    g_assert_no_error(error);
    return axis;
}

/* The curve in the columns response_x, response_factor and response_u; NULL when there is none. */
static CelResponse *response_from(const File *in)
{
    const GArray *x = column(in, "response_x", 0);
    if (x == NULL)
        return NULL;
    CelResponse *response = cel_response_new(x->len);
    for (guint i = 0; i < x->len; i++) {
        response->shift_cm1[i] = numbers(x)[i];
        response->factor[i] = numbers(column(in, "response_factor", 0))[i];
        response->u_relative[i] = numbers(column(in, "response_u", 0))[i];
    }
    response->laser_nm = key_number(in, "response_laser_nm", 0.0);
    return response;
}

/* The numbers of the key "nonlinearity"; NULL when there is none. */
static GArray *nonlinearity_from(const File *in)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(double));
    const char *text = key(in, "nonlinearity");
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (gsize k = 0; words[k] != NULL; k++) {
        double value = 0.0;
        g_assert_true(cel_number_parse(words[k], strlen(words[k]), '.', &value));
        g_array_append_val(out, value);
    }
    return out;
}

static void set_meta(const File *in, CelSpectrum *spectrum)
{
    static const char *const keys[] = {CEL_META_LASER_NM, CEL_META_SERIAL, "dark"};
    for (gsize k = 0; k < G_N_ELEMENTS(keys); k++) {
        g_autofree char *name = g_strconcat("meta_", keys[k], NULL);
        cel_spectrum_set_meta(spectrum, keys[k], key(in, name));
    }
}

static CelSpectrum *run_step(const char *name, const File *in, GError **error)
{
    g_autofree char *text = g_strchomp(read_text(name, ".step"));
    g_autoptr(CelRecipe) recipe = cel_recipe_new("golden");
    if (!cel_recipe_append_text(recipe, text, error))
        return NULL;
    g_autofree char *folder = g_path_get_dirname(name);
    g_assert_cmpstr(cel_recipe_step(recipe, 0)->id, ==, folder);
    g_autoptr(CelAxis) axis = axis_from(in);
    g_autoptr(CelSpectrum) spectrum =
        spectrum_from(axis, column(in, "y", 0), column(in, "variance", 0), column(in, "mask", 0));
    set_meta(in, spectrum);
    g_autoptr(CelResponse) response = response_from(in);
    g_autoptr(GArray) nonlinearity = nonlinearity_from(in);
    g_autoptr(CelSpectrum) dark = NULL;
    if (column(in, "dark", 0) != NULL)
        dark = spectrum_from(axis, column(in, "dark", 0), column(in, "dark_variance", 0),
                             column(in, "dark_mask", 0));
    g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free);
    for (gsize f = 0; column(in, "frame", f) != NULL; f++)
        g_ptr_array_add(frames, spectrum_from(axis, column(in, "frame", f), NULL, NULL));
    const CelStepInputs inputs = {.dark = dark,
                                  .frames = (const CelSpectrum *const *)frames->pdata,
                                  .n_frames = frames->len,
                                  .read_noise_counts = key_number(in, "read_noise", 0.0),
                                  .gain_e_per_count = key_number(in, "gain", 0.0),
                                  .response = response,
                                  .nonlinearity = numbers(nonlinearity),
                                  .n_nonlinearity = nonlinearity->len};
    return cel_recipe_run(recipe, spectrum, &inputs, NULL, NULL, error);
}

static void compare(const char *what, const GArray *expected, const double *got, double rtol,
                    double atol)
{
    for (guint i = 0; i < expected->len; i++) {
        const double want = numbers(expected)[i];
        /* written so that NaN fails */
        if (!(fabs(got[i] - want) <= atol + rtol * fabs(want))) {
            g_test_message("%s[%u] is %.17g, the golden says %.17g", what, i, got[i], want);
            g_test_fail();
            return;
        }
    }
}

static void compare_result(const File *out, const CelSpectrum *got)
{
    const GArray *x = column(out, "x", 0), *y = column(out, "y", 0);
    const GArray *variance = column(out, "variance", 0), *mask = column(out, "mask", 0);
    const double rtol = key_number(out, "rtol", NAN), atol = key_number(out, "atol", NAN);
    g_assert_true(x != NULL && y != NULL);
    g_assert_cmpuint(cel_spectrum_length(got), ==, x->len);
    compare("x", x, cel_spectrum_x(got), 1e-14, 0.0);
    compare("y", y, cel_spectrum_y(got), rtol, atol);
    g_assert_true((variance != NULL) == (cel_spectrum_variance(got) != NULL));
    if (variance != NULL)
        compare("variance", variance, cel_spectrum_variance(got), rtol, atol);
    g_assert_true((mask != NULL) == (cel_spectrum_mask(got) != NULL));
    g_autofree double *marks = g_new0(double, x->len);
    for (guint i = 0; mask != NULL && i < mask->len; i++)
        marks[i] = cel_spectrum_mask(got)[i];
    if (mask != NULL)
        compare("mask", mask, marks, 0.0, 0.0);
}

static int error_code(const char *name)
{
    static const struct {
        const char *name;
        CelError code;
    } codes[] = {{"usage", CEL_ERROR_USAGE},
                 {"input", CEL_ERROR_INPUT},
                 {"unit", CEL_ERROR_UNIT},
                 {"numeric", CEL_ERROR_NUMERIC}};
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (g_str_equal(codes[i].name, name))
            return (int)codes[i].code;
    }
    g_error("no error is called %s", name);
}

static void run_golden(gconstpointer data)
{
    const char *name = data;
    g_autoptr(File) in = file_read(name, ".in"), out = file_read(name, ".out");
    g_assert_nonnull(key(out, "from"));
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) got = run_step(name, in, &error);
    if (key(out, "error") == NULL) {
        g_assert_no_error(error);
        compare_result(out, got);
        return;
    }
    g_assert_null(got);
    g_assert_error(error, CEL_ERROR, error_code(key(out, "error")));
    g_assert_nonnull(key(out, "says"));
    if (strstr(error->message, key(out, "says")) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, key(out, "says"));
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the files of @folder with @ending, the ending taken off; NULL for an absent folder. */
static GPtrArray *list(const char *folder, const char *ending)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *leaf = NULL; dir != NULL && (leaf = g_dir_read_name(dir)) != NULL;) {
        if (g_str_has_suffix(leaf, ending))
            g_ptr_array_add(names, g_strndup(leaf, strlen(leaf) - strlen(ending)));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* A golden that is not only a refusal. */
static gboolean has_numbers(const char *id, const GPtrArray *names)
{
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *name = g_strconcat(id, "/", g_ptr_array_index(names, i), NULL);
        g_autoptr(File) out = file_read(name, ".out");
        if (column(out, "y", 0) != NULL && column(out, "y", 0)->len > 1)
            return TRUE;
    }
    return FALSE;
}

static void every_step_has_a_golden_with_numbers(void)
{
    gsize n = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *folder =
            g_build_filename(g_getenv("CELADON_SOURCE"), "tests", "golden", steps[i]->id, NULL);
        g_autoptr(GPtrArray) names = list(folder, ".out");
        if (!has_numbers(steps[i]->id, names)) {
            g_test_message("%s has no golden with numbers", steps[i]->id);
            g_test_fail();
        }
    }
}

static void every_folder_belongs_to_a_step_and_is_whole(void)
{
    g_autofree char *top = g_build_filename(g_getenv("CELADON_SOURCE"), "tests", "golden", NULL);
    g_autoptr(GPtrArray) folders = list(top, "");
    for (guint i = 0; i < folders->len; i++) {
        const char *id = g_ptr_array_index(folders, i);
        g_autofree char *folder = g_build_filename(top, id, NULL);
        if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
            continue;
        g_assert_nonnull(cel_step_find(id, NULL));
        g_autoptr(GPtrArray) in = list(folder, ".in"), step = list(folder, ".step");
        g_autoptr(GPtrArray) out = list(folder, ".out"), all = list(folder, "");
        g_assert_cmpuint(all->len, ==, in->len + step->len + out->len);
        g_assert_cmpuint(in->len, ==, out->len);
        g_assert_cmpuint(in->len, ==, step->len);
    }
}

static void add_goldens_of(const char *id)
{
    g_autofree char *folder =
        g_build_filename(g_getenv("CELADON_SOURCE"), "tests", "golden", id, NULL);
    g_autoptr(GPtrArray) names = list(folder, ".in");
    for (guint i = 0; i < names->len; i++) {
        char *name = g_strconcat(id, "/", g_ptr_array_index(names, i), NULL);
        g_autofree char *path = g_strconcat("/golden/", name, NULL);
        g_test_add_data_func_full(path, name, run_golden, g_free);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    if (g_getenv("CELADON_SOURCE") == NULL)
        g_error("CELADON_SOURCE does not name the source folder");
    g_test_add_func("/golden/every-step-has-a-golden-with-numbers",
                    every_step_has_a_golden_with_numbers);
    g_test_add_func("/golden/every-folder-belongs-to-a-step-and-is-whole",
                    every_folder_belongs_to_a_step_and_is_whole);
    gsize n = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    for (gsize i = 0; i < n; i++)
        add_goldens_of(steps[i]->id);
    return g_test_run();
}
