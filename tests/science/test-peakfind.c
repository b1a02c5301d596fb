/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The maxima, prominences and widths against those of scipy.signal.find_peaks. */
#include "base/cel-error.h"
#include "process/cel-peakfind.h"

#include "oracle.h"

#include <json-glib/json-glib.h>
#include <math.h>

static double member(JsonObject *object, const char *name)
{
    return json_object_has_member(object, name) ? json_object_get_double_member(object, name) : 0.0;
}

static CelPeakOptions read_options(const char *shared, const char *name)
{
    g_autofree char *file = g_strconcat(name, ".json", NULL);
    g_autofree char *path = g_build_filename(shared, "oracles", "peaks", file, NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;
    json_parser_load_from_file(parser, path, &error);
    g_assert_no_error(error);
    JsonObject *o = json_node_get_object(json_parser_get_root(parser));
    return (CelPeakOptions){.min_prominence = member(o, "prominence"),
                            .min_height = member(o, "height"),
                            .min_width = member(o, "width"),
                            .min_distance = (gsize)member(o, "distance"),
                            .window = (gsize)member(o, "wlen")};
}

/* The reference saw the signal before it was written with ten digits: a sample is known to half a
 * unit of the tenth, a crossing to that over the slope there, which is taken as the prominence a
 * sample, with room for both ends. */
static double allowed(const CelPeakShape *peak, double expected, gboolean is_position)
{
    const double rounding = 5e-10 * fabs(peak->height);
    return 1e-9 * MAX(fabs(expected), 1.0) +
           (is_position ? 4.0 * rounding / peak->prominence : 2.0 * rounding);
}

static double compare_row(const Table *truth, gsize row, const CelPeakShape *peak)
{
    g_assert_cmpuint(peak->index, ==, (gsize)table_column(truth, "index")[row]);
    g_assert_cmpuint(peak->left_base, ==, (gsize)table_column(truth, "left_base")[row]);
    g_assert_cmpuint(peak->right_base, ==, (gsize)table_column(truth, "right_base")[row]);
    const struct {
        const char *name;
        double got;
        gboolean is_position;
    } rows[] = {
        {"height", peak->height, FALSE},
        {"prominence", peak->prominence, FALSE},
        {"width_height", peak->width_height, FALSE},
        {"width_samples", peak->width, TRUE},
        {"left_ip", peak->left_crossing, TRUE},
        {"right_ip", peak->right_crossing, TRUE},
    };
    double worst = 0.0;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const double expected = table_column(truth, rows[i].name)[row];
        const double off = fabs(rows[i].got - expected);
        g_assert_cmpfloat(off, <=, allowed(peak, expected, rows[i].is_position));
        worst = MAX(worst, off / MAX(fabs(expected), 1.0));
    }
    return worst;
}

static void compare_case(const char *shared, const char *input, const char *tag)
{
    g_autofree char *signal = g_strconcat(input, "_signal", NULL);
    g_autofree char *name = g_strconcat(input, "_", tag, NULL);
    g_autoptr(Table) data = table_load(shared, "peaks", signal);
    g_autoptr(Table) truth = table_load(shared, "peaks", name);
    const CelPeakOptions options = read_options(shared, name);
    g_autoptr(GArray) got = cel_peakfind(table_column(data, "intensity"), NULL, data->n, &options);
    g_assert_cmpuint(got->len, ==, truth->n);
    double worst = 0.0;
    for (gsize row = 0; row < truth->n; row++)
        worst = MAX(worst, compare_row(truth, row, &g_array_index(got, CelPeakShape, row)));
    g_test_message("oracle peaks/%s: %u peaks, max_dev=%.2g", name, got->len, worst);
}

static void every_reference_case_is_met(void)
{
    static const char *const inputs[] = {
        "syn_fluor_1024",       "syn_steep_1024",        "syn_step_1000",
        "syn_none_512",         "syn_uneven_777",        "real_polystyrene_bwtek532",
        "real_algae_horiba785", "real_algae_wasatch785", "real_pet_wasatch785",
    };
    static const char *const tags[] = {"prom", "prom_h_d", "wlen"};
    const char *shared = oracle_folder();
    if (shared == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++) {
        for (gsize t = 0; t < G_N_ELEMENTS(tags); t++)
            compare_case(shared, inputs[i], tags[t]);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/peakfind/every-reference-case-is-met", every_reference_case_is_met);
    return g_test_run();
}
