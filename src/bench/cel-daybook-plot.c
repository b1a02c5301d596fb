/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-daybook-plot.h"

#include "base/cel-error.h"
#include "cel-standard.h"
#include "draw/cel-draw-file.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MOST_SD = 3, LEVELS = 2 * MOST_SD + 1 };

/** Level: a line across the chart. */
typedef struct {
    double x[2], y[2];
} Level;

struct CelChartPicture {
    CelPlot plot;
    Level levels[LEVELS];
    CelTrace traces[LEVELS];
    CelPoint *points;
    char *y_label;
};

static void level_traces(const CelChart *chart, Level *levels, CelTrace *traces)
{
    for (int i = 0; i < LEVELS; i++) {
        const double at = chart->base.centre + (i - MOST_SD) * chart->base.sd;
        levels[i] = (Level){{0.0, chart->points->len + 1.0}, {at, at}};
        traces[i] = (CelTrace){.x = levels[i].x,
                               .y = levels[i].y,
                               .n = 2,
                               .red = 0.5,
                               .green = 0.5,
                               .blue = 0.5,
                               .width = i == MOST_SD ? 1.0 : 0.5,
                               .dashed = i != MOST_SD};
    }
}

static CelPoint *points_of(const CelChart *chart)
{
    CelPoint *points = g_new0(CelPoint, chart->points->len);
    for (guint i = 0; i < chart->points->len; i++) {
        const CelChartPoint *from = &g_array_index(chart->points, CelChartPoint, i);
        points[i] = (CelPoint){.x = i + 1.0, .y = from->value, .kind = CEL_MARK_MATCHED};
        if (i < chart->base.n || chart->base.n == 0)
            points[i].kind = CEL_MARK_MISSING;
        else if (cel_chart_rejects(from->broken))
            points[i].kind = CEL_MARK_EXTRA;
    }
    return points;
}

void cel_chart_picture_free(CelChartPicture *picture)
{
    if (picture == NULL)
        return;
    g_free(picture->points);
    g_free(picture->y_label);
    g_free(picture);
}

const CelPlot *cel_chart_picture_plot(const CelChartPicture *picture)
{
    return &picture->plot;
}

CelChartPicture *cel_chart_picture_new(const CelChart *chart, const CelChartQuestion *question,
                                       GError **error)
{
    const CelChartQuantityDef *quantity = cel_chart_quantity_def(question->quantity);
    if (chart->points->len == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The day-book holds no check of instrument \"%s\" with %s"), question->serial,
                    question->standard);
        return NULL;
    }
    CelChartPicture *picture = g_new0(CelChartPicture, 1);
    level_traces(chart, picture->levels, picture->traces);
    picture->points = points_of(chart);
    picture->y_label = g_strdup_printf("%s (%s)", _(quantity->title), quantity->unit);
    picture->plot = (CelPlot){
        .traces = picture->traces,
        .n_traces = chart->base.n > 0 ? LEVELS : 0,
        .points = picture->points,
        .n_points = chart->points->len,
        .y_ticks = TRUE,
        .x_label = _("check"),
        .y_label = picture->y_label,
        .mark_labels = {_("within the rules"), _("makes the base"), _("breaks a rule")},
        .x_min = 0.0,
        .x_max = chart->points->len + 1.0,
    };
    return picture;
}

gboolean cel_daybook_plot(const CelChart *chart, const CelChartQuestion *question, gboolean chinese,
                          const char *path, GError **error)
{
    g_autoptr(CelChartPicture) picture = cel_chart_picture_new(chart, question, error);
    if (picture == NULL)
        return FALSE;
    g_autofree char *title = g_strdup_printf(
        "%s, %s%s%s", question->serial, cel_standard_name(question->standard, chinese),
        question->operator_id != NULL ? ", " : "",
        question->operator_id != NULL ? question->operator_id : "");
    CelPlot plot = picture->plot;
    plot.language = chinese ? "zh-cn" : "en";
    return cel_draw_save(&plot, title, path, error);
}
