/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said of known samples when the library has their substance, when it lacks it, and of
 * samples that are nothing of the kind; one line a decision, for tools/figures open-world and
 * tools/fit-decision:
 *
 *   celadon-open-world --import MANIFEST [--known VALIDATION.tsv] [--strangers VALIDATION.tsv]
 *   [--pairs] [--split development|validation]
 *
 * Columns: see print_head(); group_right: a claim about the first hit would hold the truth.
 * Scenarios of known samples: "in" (as it is), "absent" (the library lacks the substance),
 * "without" (the substance taken out, its look-alikes left in), "series-out" (its look-alikes by
 * the tables taken out too); of the others: "stranger".
 */
#include "base/cel-error.h"
#include "devset.h"
#include "jail/cel-jail.h"
#include "match/cel-lookalikes.h"
#include "match/cel-outcome.h"
#include "match/cel-weigh.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *import_manifest, *known, *strangers, *only_split, *group_name;
static gboolean only_pairs;
static const GOptionEntry entries[] = {
    {"import", 0, 0, G_OPTION_ARG_FILENAME, &import_manifest, "import references", "MANIFEST"},
    {"known", 0, 0, G_OPTION_ARG_FILENAME, &known, "samples of minerals", "FILE"},
    {"strangers", 0, 0, G_OPTION_ARG_FILENAME, &strangers, "samples of other things", "FILE"},
    {"group", 0, 0, G_OPTION_ARG_STRING, &group_name, "called so in every line", "NAME"},
    {"split", 0, 0, G_OPTION_ARG_STRING, &only_split, "only this half", "HALF"},
    {"pairs", 0, 0, G_OPTION_ARG_NONE, &only_pairs, "print the look-alikes of the library", NULL},
    G_OPTION_ENTRY_NULL,
};

/* The plain matcher: the best HQI of any reference, as the field does it. */
typedef struct {
    CelView *view;
    const char *id;
} Plain;

typedef struct {
    CelLibrary *library;
    CelMatcher *matcher;
    GArray *plain; /* Plain */
} Setup;

/* The rows of spectra_db/mineral-lookalikes.tsv that this library gives. */
static void print_pairs(const Setup *setup)
{
    double limit;
    g_autoptr(GArray) pairs = cel_matcher_alikes(setup->matcher, &limit);
    fprintf(stderr, "from a similarity of %.3f on, the median within a substance\n", limit);
    printf("first\tsecond\tsimilarity\n");
    for (guint i = 0; i < pairs->len; i++) {
        const CelMatcherAlike *pair = &g_array_index(pairs, CelMatcherAlike, i);
        const CelSubstance *a = pair->substances[0], *b = pair->substances[1];
        g_autofree char *x = cel_library_member_name(a->name_en);
        g_autofree char *y = cel_library_member_name(b->name_en);
        if (*a->group_id == '\0' || strcmp(a->group_id, b->group_id) != 0)
            printf("%s\t%s\t%.3f\n", x, y, pair->similarity);
    }
}

static void add_plain(Setup *setup, const CelSubstance *substance)
{
    for (gsize r = 0; r < substance->n_references; r++) {
        const CelReference *one = &substance->references[r];
        const CelCurve curve = {.x = one->x, .y_single = one->y, .n = one->n};
        const Plain plain = {cel_view_new(&curve), substance->id};
        if (plain.view != NULL)
            g_array_append_val(setup->plain, plain);
    }
}

static double plain_best(const Setup *setup, const CelIdentification *answer,
                         const char *const *exclude, const char **out_id)
{
    g_autoptr(CelView) view = cel_view_of(answer->processed);
    double best = 0;
    *out_id = "";
    for (guint i = 0; view != NULL && i < setup->plain->len; i++) {
        const Plain *plain = &g_array_index(setup->plain, Plain, i);
        const double hqi = cel_view_hqi(view, plain->view);
        if (hqi > best && (exclude == NULL || !g_strv_contains(exclude, plain->id))) {
            best = hqi;
            *out_id = plain->id;
        }
    }
    return best;
}

static void print_head(void)
{
    printf("scenario\tgroup\tsplit\tspecimen\tlaser\ttruth\thqi_id\thqi\tfirst\toutcome\tceiling\t"
           "named\tgroup_right\tstrict\tmatched\tmissing\textra\tcarries\tevidence");
    for (guint t = 0; t < CEL_N_TERMS; t++)
        printf("\t%s", cel_terms[t].id);
    printf("\n");
}

static gboolean names(const CelIdentification *answer)
{
    return answer->outcome == CEL_OUTCOME_FOUND || answer->outcome == CEL_OUTCOME_MIXTURE ||
           answer->outcome == CEL_OUTCOME_CLASS_ONLY;
}

/* Of minerals that a library lacks, the name stands in the column of the family. */
static const char *truth_of(const DevCase *dev)
{
    return *dev->truth_id != '\0' ? dev->truth_id : dev->family;
}

/* Would a claim at its ceiling hold the truth, had the evidence sufficed? */
static gboolean may_cover(const Setup *setup, const CelIdentification *answer, const char *truth)
{
    const CelLibrary *const list[] = {setup->library};
    const CelLibraries libraries = {list, 1};
    g_autoptr(GPtrArray) others = cel_lookalikes_of(answer, &libraries);
    return cel_lookalikes_cover(answer, others, truth);
}

static double strongest_missing(const CelHit *hit)
{
    double out = 0;
    for (guint i = 0; i < hit->missing->len; i++)
        out = MAX(out, g_array_index(hit->missing, CelPeakPair, i).reference_intensity);
    return out;
}

static char *numbers_of(const Setup *setup, const CelIdentification *answer, const DevCase *dev,
                        const CelSpectrum *spectrum)
{
    const CelHit *first = answer->hits->len > 0 ? g_ptr_array_index(answer->hits, 0) : NULL;
    const char *id = first != NULL ? first->substance->id : "";
    const gboolean right = may_cover(setup, answer, truth_of(dev));
    const gboolean carries =
        cel_outcome_quality_reason(&answer->quality, cel_spectrum_length(spectrum)) == CEL_N_CLAIMS;
    GString *out = g_string_new(NULL);
    double terms[CEL_N_TERMS];
    g_string_append_printf(out, "%s\t%s\t%s\t%d\t%d\t%d\t%u\t%.3f\t%.3f\t%d\t%.4f", id,
                           cel_outcome_name(answer->outcome), answer->ceiling, names(answer), right,
                           strcmp(id, truth_of(dev)) == 0, first != NULL ? first->matched->len : 0,
                           first != NULL ? strongest_missing(first) : 0, answer->extra_height,
                           carries, first != NULL ? first->evidence : 0);
    cel_weigh_terms(answer, terms);
    for (guint t = 0; t < CEL_N_TERMS; t++)
        g_string_append_printf(out, "\t%.5g", terms[t]);
    return g_string_free(out, FALSE);
}

typedef struct {
    const DevCase *dev;
    const char *scenario, *also; /* (nullable): another scenario of the same outcome */
    const char *const *exclude;
} Try;

static void print_try(const Setup *setup, const CelSpectrum *spectrum, const Try *try)
{
    const CelSample sample = {.raw = spectrum, .exclude = try->exclude};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelIdentification) answer =
        cel_matcher_identify(setup->matcher, &sample, NULL, &error);
    if (answer == NULL) {
        fprintf(stderr, "%s: %s\n", try->dev->file, error->message);
        return;
    }
    const char *plain_id = "";
    const double hqi = plain_best(setup, answer, try->exclude, &plain_id);
    g_autofree char *numbers = numbers_of(setup, answer, try->dev, spectrum);
    const char *const scenarios[] = {try->scenario, try->also};
    for (guint i = 0; i < G_N_ELEMENTS(scenarios) && scenarios[i] != NULL; i++)
        printf("%s\t%s\t%s\t%s\t%g\t%s\t%s\t%.4f\t%s\n", scenarios[i],
               group_name != NULL ? group_name : try->dev->group, try->dev->split,
               try->dev->specimen, try->dev->laser_nm, truth_of(try->dev), plain_id, hqi, numbers);
}

/* The truth, and what the tables say cannot be told from it. */
static GPtrArray *kin_of(const Setup *setup, const char *id)
{
    GPtrArray *out = g_ptr_array_new();
    const CelSubstance *truth = cel_library_find(setup->library, id);
    for (gsize i = 0; truth != NULL && i < cel_library_size(setup->library); i++) {
        const CelSubstance *other = cel_library_substance(setup->library, i);
        if (cel_outcome_alike(truth, other))
            g_ptr_array_add(out, (gpointer)other->id);
    }
    g_ptr_array_add(out, NULL);
    return out;
}

static void try_case(const Setup *setup, const DevCase *dev, gboolean stranger)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) spectrum = dev_spectrum(dev, &error);
    if (spectrum == NULL) {
        fprintf(stderr, "%s: %s\n", dev->file, error->message);
        return;
    }
    if (stranger || *dev->truth_id == '\0') {
        print_try(setup, spectrum,
                  &(Try){.dev = dev, .scenario = stranger ? "stranger" : "absent"});
        return;
    }
    const char *const alone[] = {dev->truth_id, NULL};
    g_autoptr(GPtrArray) kin = kin_of(setup, dev->truth_id);
    const gboolean has_kin = kin->len > 2; /* itself and the end */
    print_try(setup, spectrum, &(Try){.dev = dev, .scenario = "in"});
    print_try(setup, spectrum, &(Try){dev, "without", has_kin ? NULL : "series-out", alone});
    if (has_kin)
        print_try(setup, spectrum,
                  &(Try){dev, "series-out", NULL, (const char *const *)kin->pdata});
}

static gboolean try_all(const Setup *setup, const char *manifest, gboolean stranger, GError **error)
{
    if (manifest == NULL)
        return TRUE;
    g_autoptr(GPtrArray) cases = dev_cases(manifest, error);
    for (guint i = 0; cases != NULL && i < cases->len; i++) {
        const DevCase *dev = g_ptr_array_index(cases, i);
        if (only_split == NULL || strcmp(only_split, dev->split) == 0)
            try_case(setup, dev, stranger);
    }
    return cases != NULL;
}

static gboolean set_up(Setup *setup, GError **error)
{
    g_autofree char *path =
        g_strdup_printf("%s/celadon-open-%d.library.h5", g_get_tmp_dir(), getpid());
    CelImportReport report = {0};
    const gboolean ok = cel_library_import(import_manifest, path, &report, NULL, error);
    fprintf(stderr, "imported %zu of %zu rows, %zu substances\n", report.n_imported, report.n_rows,
            report.n_substances);
    cel_import_report_clear(&report);
    setup->library = ok ? cel_library_open(path, NULL, error) : NULL;
    g_unlink(path);
    if (setup->library == NULL)
        return FALSE;
    const CelLibrary *const libraries[] = {setup->library};
    const CelIdentifyOptions options = {
        .libraries = libraries, .n_libraries = 1, .policy = CEL_POLICY_DEVELOPMENT, .top = 20};
    setup->matcher = cel_matcher_new(&options, NULL, error);
    setup->plain = g_array_new(FALSE, FALSE, sizeof(Plain));
    for (gsize i = 0; i < cel_library_size(setup->library); i++)
        add_plain(setup, cel_library_substance(setup->library, i));
    return setup->matcher != NULL;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("");
    Setup setup = {0};
    cel_init();
    cel_jail_start();
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || import_manifest == NULL)
        g_error("%s", error != NULL ? error->message : "--import is needed");
    if (!set_up(&setup, &error))
        g_error("%s", error->message);
    if (only_pairs)
        print_pairs(&setup);
    else
        print_head();
    if (!try_all(&setup, known, FALSE, &error) || !try_all(&setup, strangers, TRUE, &error))
        g_error("%s", error->message);
    for (guint i = 0; i < setup.plain->len; i++)
        cel_view_free(g_array_index(setup.plain, Plain, i).view);
    g_array_unref(setup.plain);
    cel_matcher_free(setup.matcher);
    cel_library_free(setup.library);
    return 0;
}
