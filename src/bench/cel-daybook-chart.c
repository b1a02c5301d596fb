/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-daybook.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const CelChartQuantityDef quantities[CEL_N_CHART_QUANTITIES] = {
    [CEL_CHART_MEAN_DEVIATION] = {"mean", N_("mean deviation"), "cm⁻¹", "mean_mcm1", 1e-3, 0.05},
    [CEL_CHART_WORST_DEVIATION] = {"worst", N_("largest deviation"), "cm⁻¹", "worst_mcm1", 1e-3,
                                   0.05},
    [CEL_CHART_FWHM] = {"fwhm", N_("width of the narrowest line"), "cm⁻¹", "fwhm_mcm1", 1e-3, 0.05},
    [CEL_CHART_INTENSITY] = {"intensity", N_("intensity of the strongest line"), "counts/(ms mW)",
                             "mcounts_per_ms_mw", 1e-3, 0.001},
};

const CelChartQuantityDef *cel_chart_quantity_def(CelChartQuantity quantity)
{
    g_return_val_if_fail((guint)quantity < CEL_N_CHART_QUANTITIES, NULL);
    return &quantities[quantity];
}

void cel_chart_clear(CelChart *chart)
{
    g_clear_pointer(&chart->points, g_array_unref);
}

/* The value of @quantity in a check's results; FALSE when the check has none. */
static gboolean value_of(JsonObject *row, const CelChartQuantityDef *quantity, double *out_value)
{
    g_autoptr(JsonNode) node = json_from_string(cel_row_text(row, "results"), NULL);
    JsonObject *results =
        node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    if (results == NULL || !json_object_has_member(results, quantity->member))
        return FALSE;
    *out_value = quantity->scale *
                 (double)json_object_get_int_member_with_default(results, quantity->member, 0);
    return TRUE;
}

static void collect(GPtrArray *rows, const CelChartQuestion *question, GArray *points)
{
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        if (strcmp(cel_row_text(row, "kind"), "calibration") == 0)
            g_array_set_size(points, 0); /* another axis, another chart */
        CelChartPoint point = {.seq = (guint64)cel_row_number(row, "seq"),
                               .wall_us = cel_row_number(row, "t_wall_us")};
        if (strcmp(cel_row_text(row, "standard"), question->standard) == 0 &&
            (question->operator_id == NULL ||
             strcmp(cel_row_text(row, "op_id"), question->operator_id) == 0) &&
            value_of(row, cel_chart_quantity_def(question->quantity), &point.value))
            g_array_append_val(points, point);
    }
}

static gboolean judge_points(CelChart *chart, double resolution)
{
    const guint n = chart->points->len;
    g_autofree double *values = g_new(double, n + 1);
    for (guint i = 0; i < n; i++)
        values[i] = g_array_index(chart->points, CelChartPoint, i).value;
    if (!cel_chart_base(values, MIN(n, CEL_CHART_MIN_BASE), resolution, &chart->base, NULL))
        return FALSE;
    for (guint i = CEL_CHART_MIN_BASE; i < n; i++)
        g_array_index(chart->points, CelChartPoint, i).broken =
            cel_chart_judge(&chart->base, values + CEL_CHART_MIN_BASE, i - CEL_CHART_MIN_BASE + 1);
    return TRUE;
}

gboolean cel_daybook_chart(CelRegister *reg, const CelChartQuestion *question, CelChart *out_chart,
                           GError **error)
{
    const CelRowQuery query = {.match = {{"instrument", question->serial, 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, CEL_ROW_CHECK, &query, error);
    if (rows == NULL)
        return FALSE;
    *out_chart = (CelChart){.points = g_array_new(FALSE, TRUE, sizeof(CelChartPoint))};
    collect(rows, question, out_chart->points);
    if (!judge_points(out_chart, cel_chart_quantity_def(question->quantity)->resolution))
        out_chart->base = (CelChartBase){0}; /* too few checks: shown, not judged */
    return TRUE;
}
