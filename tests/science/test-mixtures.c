/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded mixtures of real spectra of 80 chemicals: the short form of tools/figures mixtures. */
#include "base/cel-number.h"
#include "match/cel-mixture.h"
#include "../unit/made-substance.h"

#include <math.h>
#include <string.h>

enum { FIRST = 310, STEP = 2, N = 990, EACH = 40 };

typedef struct {
    char *id;
    GArray *x, *y; /* double; strongest 1 */
} Chemical;

static void chemical_free(gpointer data)
{
    Chemical *one = data;
    g_free(one->id);
    g_array_unref(one->x);
    g_array_unref(one->y);
    g_free(one);
}

/* Names of one substance count as one. */
static const char *const same[][2] = {{"Methyl_Ethyl_Ketone", "2-Butanone"},
                                      {"isopropanol", "2-Propanol"},
                                      {"Citric_Acid_Anhydrate", "Citric_Acid"},
                                      {"Citric_Acid_Monohydrate", "Citric_Acid"}};

static char *identity(const char *file)
{
    g_autofree char *name = g_strndup(file, strlen(file) - strlen(".csv"));
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
        if (strcmp(name, same[i][0]) == 0)
            return g_strdup(same[i][1]);
    return g_steal_pointer(&name);
}

static Chemical *read_chemical(const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    Chemical *one = g_new0(Chemical, 1);
    double top = 0;
    one->id = identity(file);
    one->x = g_array_new(FALSE, FALSE, sizeof(double));
    one->y = g_array_new(FALSE, FALSE, sizeof(double));
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) cells = g_strsplit(g_strchomp(lines[i]), ",", -1);
        double pixel, x, y;
        if (g_strv_length(cells) != 3 ||
            !cel_number_parse(cells[0], strlen(cells[0]), '.', &pixel) ||
            !cel_number_parse(cells[1], strlen(cells[1]), '.', &x) ||
            !cel_number_parse(cells[2], strlen(cells[2]), '.', &y))
            continue;
        g_array_append_val(one->x, x);
        g_array_append_val(one->y, y);
        top = MAX(top, y);
    }
    for (guint i = 0; i < one->y->len; i++)
        g_array_index(one->y, double, i) /= top;
    return one;
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* (nullable): NULL after a visible skip. */
static GPtrArray *read_all(void)
{
    const char *shared = g_getenv("CELADON_SHARED");
    g_autofree char *folder =
        g_build_filename(shared != NULL ? shared : "", "data", "wasatch_enlighten_785", NULL);
    g_autoptr(GDir) dir = shared != NULL ? g_dir_open(folder, 0, NULL) : NULL;
    if (dir == NULL) {
        g_test_skip("CELADON_SHARED does not name the folder of measured spectra");
        return NULL;
    }
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    for (const char *file = g_dir_read_name(dir); file != NULL; file = g_dir_read_name(dir))
        if (g_str_has_suffix(file, ".csv"))
            g_ptr_array_add(files, g_strdup(file));
    g_ptr_array_sort(files, by_text);
    GPtrArray *out = g_ptr_array_new_with_free_func(chemical_free);
    for (guint i = 0; i < files->len; i++)
        g_ptr_array_add(out, read_chemical(folder, g_ptr_array_index(files, i)));
    g_assert_cmpuint(out->len, ==, 80);
    return out;
}

static void add(CelLibraryBuilder *builder, const Chemical *one)
{
    g_autofree float *values = g_new(float, one->y->len);
    for (guint i = 0; i < one->y->len; i++)
        values[i] = (float)g_array_index(one->y, double, i);
    const CelReference reference = {.name = one->id,
                                    .laser_nm = 785,
                                    .grade = CEL_GRADE_B,
                                    .source = "",
                                    .licence = "",
                                    .extra = "",
                                    .baseline_removed = TRUE,
                                    .n = one->x->len,
                                    .x = (const double *)(const void *)one->x->data,
                                    .y = values};
    const CelSubstance substance = made_substance(one->id, "solvent");
    g_assert_true(cel_library_builder_add_reference(builder, &substance, &reference, NULL));
}

static double normal(GRand *rand)
{
    double sum = -6; /* Irwin, Hall: nearly */
    for (int i = 0; i < 12; i++)
        sum += g_rand_double(rand);
    return sum;
}

static double value_at(const Chemical *one, double x)
{
    const double at = x - g_array_index(one->x, double, 0);
    const guint i = (guint)CLAMP(at, 0, one->x->len - 2.0);
    const double t = CLAMP(at - i, 0, 1);
    return (1 - t) * g_array_index(one->y, double, i) + t * g_array_index(one->y, double, i + 1);
}

/* @k ingredients of different names, weights from 0.1 on, one shift of 2 cm-1 (standard deviation),
 * a smooth background of 0.3 and noise of 1/30 of the strongest band. */
static CelSpectrum *mix(const GPtrArray *all, guint k, GRand *rand, GHashTable *truth)
{
    const double shift = 2 * normal(rand), bow = g_rand_double(rand);
    double x[N], y[N] = {0}, top = 0;
    while (g_hash_table_size(truth) < k) {
        const Chemical *one = g_ptr_array_index(all, g_rand_int_range(rand, 0, (gint32)all->len));
        if (!g_hash_table_add(truth, one->id))
            continue;
        const double weight = g_rand_double_range(rand, 0.15, 1);
        for (int i = 0; i < N; i++)
            y[i] += weight * value_at(one, FIRST + STEP * i - shift);
    }
    for (int i = 0; i < N; i++)
        top = MAX(top, y[i]);
    for (int i = 0; i < N; i++) {
        const double t = i / (N - 1.0);
        x[i] = FIRST + STEP * i;
        y[i] += top * (0.3 * (bow * (1 - t) + (1 - bow) * exp(-8 * (t - 0.5) * (t - 0.5))) +
                       normal(rand) / 30);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, N, NULL);
    CelSpectrum *sample = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta_number(sample, CEL_META_LASER_NM, 785);
    return sample;
}

/* Names that @answer holds and @truth does not; @out_right: how many it does. */
static guint false_names(const CelIdentification *answer, GHashTable *truth, guint *out_right)
{
    guint wrong = 0;
    *out_right = 0;
    if (answer->mixture == NULL) {
        const CelHit *first = g_ptr_array_index(answer->hits, 0);
        *out_right = g_hash_table_contains(truth, first->substance->id) ? 1 : 0;
        return !*out_right;
    }
    for (guint i = 0; i < answer->mixture->parts->len; i++) {
        const CelMixturePart *part = &g_array_index(answer->mixture->parts, CelMixturePart, i);
        if (g_hash_table_contains(truth, part->substance->id))
            ++*out_right;
        else
            wrong++;
    }
    return wrong;
}

static void mixtures_of_chemicals_are_taken_apart(void)
{
    g_autoptr(GPtrArray) all = read_all();
    if (all == NULL)
        return;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("chemicals", "1");
    for (guint i = 0; i < all->len; i++)
        add(builder, g_ptr_array_index(all, i));
    g_autoptr(CelLibrary) library = cel_library_builder_finish(builder, NULL);
    const CelLibrary *libraries[] = {library};
    const CelIdentifyOptions options = {
        .libraries = libraries, .n_libraries = 1, .policy = CEL_POLICY_DEVELOPMENT};
    g_autoptr(CelMatcher) matcher = cel_matcher_new(&options, NULL, NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    guint exact = 0, extra = 0, claimed_wrong = 0;
    for (guint i = 0; i < 2 * EACH; i++) {
        g_autoptr(GHashTable) truth = g_hash_table_new(g_str_hash, g_str_equal);
        const guint k = 2 + i % 2;
        g_autoptr(CelSpectrum) sample = mix(all, k, rand, truth);
        g_autoptr(CelIdentification) answer =
            cel_matcher_identify(matcher, &(CelSample){.raw = sample}, NULL, NULL);
        guint right;
        const guint wrong = false_names(answer, truth, &right);
        exact += right == k && wrong == 0;
        extra += wrong;
        claimed_wrong += answer->outcome == CEL_OUTCOME_MIXTURE && wrong > 0;
    }
    g_print("# %u of %u exact, %u false names\n", exact, 2 * EACH, extra);
    g_assert_cmpuint(exact, >=, 2 * EACH * 85 / 100 + 1);
    g_assert_cmpuint(extra, <=, 2 * EACH * 15 / 100);
    g_assert_cmpuint(claimed_wrong, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mixtures/chemicals", mixtures_of_chemicals_are_taken_apart);
    return g_test_run();
}
