/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backgrounds against the reference columns: same number of iterations, 1e-6 of the largest |y|. */
#include "base/cel-error.h"
#include "process/cel-baseline.h"

#include "oracle.h"

#include <json-glib/json-glib.h>
#include <math.h>

typedef struct {
    CelBaselineData data;
    JsonObject *params;
    double *out;
    CelBaselineInfo info;
} Case;

static double real(const Case *c, const char *name, double otherwise)
{
    return json_object_has_member(c->params, name) ? json_object_get_double_member(c->params, name)
                                                   : otherwise;
}

static gboolean flag(const Case *c, const char *name, gboolean otherwise)
{
    return json_object_has_member(c->params, name) ? json_object_get_boolean_member(c->params, name)
                                                   : otherwise;
}

static CelWhittakerOptions whittaker_options(const Case *c, double lambda)
{
    return (CelWhittakerOptions){.lambda = real(c, "lam", lambda),
                                 .order = (guint)real(c, "diff_order", 2.0),
                                 .asymmetry = real(c, "p", 0.01),
                                 .max_iter = (gsize)real(c, "max_iter", 50.0),
                                 .tolerance = real(c, "tol", 1e-3)};
}

static gboolean run_asls(Case *c, GError **error)
{
    const CelWhittakerOptions options = whittaker_options(c, 1e6);
    return cel_baseline_whittaker(CEL_BASELINE_ASLS, &c->data, &options, c->out, &c->info, error);
}

static gboolean run_arpls(Case *c, GError **error)
{
    const CelWhittakerOptions options = whittaker_options(c, 1e5);
    return cel_baseline_whittaker(CEL_BASELINE_ARPLS, &c->data, &options, c->out, &c->info, error);
}

static gboolean run_airpls(Case *c, GError **error)
{
    const CelWhittakerOptions options = whittaker_options(c, 1e6);
    return cel_baseline_whittaker(CEL_BASELINE_AIRPLS, &c->data, &options, c->out, &c->info, error);
}

static gboolean run_iarpls(Case *c, GError **error)
{
    const CelWhittakerOptions options = whittaker_options(c, 1e5);
    return cel_baseline_whittaker(CEL_BASELINE_IARPLS, &c->data, &options, c->out, &c->info, error);
}

static gboolean run_drpls(Case *c, GError **error)
{
    const CelWhittakerOptions options = whittaker_options(c, 1e5);
    return cel_baseline_whittaker(CEL_BASELINE_DRPLS, &c->data, &options, c->out, &c->info, error);
}

static gboolean run_imodpoly(Case *c, GError **error)
{
    const CelPolynomialOptions options = {.order = (gsize)real(c, "poly_order", 2.0),
                                          .max_iter = 250,
                                          .tolerance = 1e-3,
                                          .mask_initial_peaks = flag(c, "mask_initial_peaks", TRUE),
                                          .use_original = flag(c, "use_original", FALSE)};
    return cel_baseline_imodpoly(&c->data, &options, c->out, &c->info, error);
}

static gboolean run_snip(Case *c, GError **error)
{
    const CelSnipOptions options = {.max_half_window = (gsize)real(c, "max_half_window", 40.0),
                                    .increasing = !flag(c, "decreasing", FALSE),
                                    .smooth_half_window = (gsize)real(c, "smooth_half_window", 0.0),
                                    .order = (guint)real(c, "filter_order", 2.0)};
    return cel_baseline_snip(&c->data, &options, c->out, error);
}

static gboolean run_rubberband(Case *c, GError **error)
{
    return cel_baseline_rubberband(&c->data, (gsize)real(c, "segments", 1.0),
                                   (gsize)real(c, "smooth_half_window", 0.0), c->out, error);
}

static const struct {
    const char *algorithm;
    gboolean (*run)(Case *c, GError **error);
} runs[] = {
    {"asls", run_asls},     {"arpls", run_arpls},           {"airpls", run_airpls},
    {"iarpls", run_iarpls}, {"drpls", run_drpls},           {"imodpoly", run_imodpoly},
    {"snip", run_snip},     {"rubberband", run_rubberband},
};

/* Returns: the largest deviation over the largest |y|. */
static double deviation(const Case *c, const double *expected)
{
    double worst = 0.0, scale = 0.0;
    for (gsize i = 0; i < c->data.n; i++) {
        worst = fmax(worst, fabs(c->out[i] - expected[i]));
        scale = fmax(scale, fabs(c->data.y[i]));
    }
    return worst / scale;
}

/* Where the last change lies within 1 % of the tolerance, one iteration more or less is legitimate
 * (rounding decides it). Returns: FALSE when it is neither that nor equal. */
static gboolean same_count(const Case *c, JsonObject *entry)
{
    if (json_object_get_null_member(entry, "iterations"))
        return TRUE;
    const gint64 expected = json_object_get_int_member(entry, "iterations");
    const double tolerance = real(c, "tol", 1e-3);
    const double last = json_object_get_double_member(entry, "last_tol");
    const gint64 off = ABS((gint64)c->info.iterations - expected);
    return off == 0 || (off == 1 && fabs(last - tolerance) < 0.01 * tolerance);
}

static void compare(Case *c, JsonObject *entry, const Table *reference)
{
    const char *input = json_object_get_string_member(entry, "input");
    const char *algorithm = json_object_get_string_member(entry, "algorithm");
    g_autofree char *name =
        g_strdup_printf("%s:%s", algorithm, json_object_get_string_member(entry, "tag"));
    gsize r = 0;
    while (r < G_N_ELEMENTS(runs) && !g_str_equal(runs[r].algorithm, algorithm))
        r++;
    if (r == G_N_ELEMENTS(runs)) {
        g_test_message("oracle baseline/%s %s not implemented", input, name);
        return;
    }
    g_autoptr(GError) error = NULL;
    g_assert_true(runs[r].run(c, &error));
    const double worst = deviation(c, table_column(reference, name));
    if (json_object_get_null_member(entry, "iterations"))
        g_test_message("oracle baseline/%s %s max_dev=%.2g of max|y|", input, name, worst);
    else
        g_test_message("oracle baseline/%s %s max_dev=%.2g of max|y|, iterations %" G_GSIZE_FORMAT
                       "/%" G_GINT64_FORMAT,
                       input, name, worst, c->info.iterations,
                       json_object_get_int_member(entry, "iterations"));
    if (!same_count(c, entry) || !(worst <= 1e-6))
        g_test_fail_printf("%s %s does not meet the reference", input, name);
}

static void every_reference_column_is_met(void)
{
    const char *shared = oracle_folder();
    if (shared == NULL)
        return;
    g_autofree char *path = g_build_filename(shared, "oracles", "baseline", "manifest.json", NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;
    json_parser_load_from_file(parser, path, &error);
    g_assert_no_error(error);
    JsonArray *entries = json_node_get_array(json_parser_get_root(parser));
    g_assert_cmpuint(json_array_get_length(entries), >, 0);
    for (guint i = 0; i < json_array_get_length(entries); i++) {
        JsonObject *entry = json_array_get_object_element(entries, i);
        const char *input = json_object_get_string_member(entry, "input");
        g_autoptr(Table) data = table_load(shared, "input", input);
        g_autoptr(Table) reference = table_load(shared, "baseline", input);
        g_autofree double *out = g_new(double, data->n);
        Case c = {.data = {.x = table_column(data, "shift"),
                           .y = table_column(data, "intensity"),
                           .n = data->n},
                  .params = json_object_get_object_member(entry, "params"),
                  .out = out};
        compare(&c, entry, reference);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/baseline/every-reference-column-is-met", every_reference_column_is_met);
    return g_test_run();
}
