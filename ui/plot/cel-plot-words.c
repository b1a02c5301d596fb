/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/cel-plot-words.h"

#include "cel-words.h"
#include "process/cel-peaks.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/** UnitWords: an axis in words. */
typedef struct {
    const char *title, *name;
    int decimals;
} UnitWords;

static const UnitWords units[CEL_N_UNITS] = {
    [CEL_UNIT_PIXEL] = {N_("Pixel"), N_("pixel"), 0},
    [CEL_UNIT_NM_AIR] = {N_("Wavelength in air (nm)"), N_("nm"), 2},
    [CEL_UNIT_NM_VACUUM] = {N_("Wavelength in vacuum (nm)"), N_("nm"), 2},
    [CEL_UNIT_NM_UNSTATED] = {N_("Wavelength (nm)"), N_("nm"), 2},
    [CEL_UNIT_SHIFT_CM1] = {N_("Raman shift (cm⁻¹)"), N_("cm⁻¹"), 1},
};

const char *cel_plot_unit_title(CelUnit unit)
{
    g_return_val_if_fail(unit < CEL_N_UNITS, "");
    return _(units[unit].title);
}

const char *cel_plot_unit_short(CelUnit unit)
{
    g_return_val_if_fail(unit < CEL_N_UNITS, "");
    return _(units[unit].name);
}

char *cel_plot_x_text(CelUnit unit, double x)
{
    g_return_val_if_fail(unit < CEL_N_UNITS, NULL);
    return g_strdup_printf("%.*f %s", units[unit].decimals, x, cel_plot_unit_short(unit));
}

char *cel_plot_y_text(double y)
{
    return isfinite(y) ? g_strdup_printf("%.5g", y) : g_strdup(_("no value"));
}

const char *cel_plot_language(void)
{
    return cel_ui_is_chinese() ? "zh-cn" : "en";
}

/* A position as one says it: whole numbers are enough to the ear. */
static char *said_x(CelUnit unit, double x)
{
    const int decimals = MAX(units[unit].decimals - 1, 0);
    return g_strdup_printf("%.*f %s", decimals, x, cel_plot_unit_short(unit));
}

static const char *said_mark(const CelPlotModel *model, int i)
{
    const CelPlotMark *mark = cel_plot_model_mark(model, (gsize)i);
    return mark->spoken != NULL ? mark->spoken : cel_plot_model_mark_label(model, mark->kind);
}

/* The mark that the cursor stands at, as near as two of its samples. */
static int mark_at_cursor(const CelPlotModel *model, double x)
{
    const CelPlotCurve *curve = cel_plot_trace_curve(cel_plot_model_front(model));
    const gsize i = cel_plot_trace_nearest(cel_plot_model_front(model), x);
    const double before = i > 0 ? curve->x[i] - curve->x[i - 1] : 0.0;
    const double after = i + 1 < curve->n ? curve->x[i + 1] - curve->x[i] : 0.0;
    return cel_plot_model_mark_near(model, x, fmax(before, after));
}

static gboolean saturated_at(const CelPlotModel *model, double x)
{
    const CelPlotTrace *front = cel_plot_model_front(model);
    const guint8 *mask = cel_plot_trace_curve(front)->mask;
    return mask != NULL && (mask[cel_plot_trace_nearest(front, x)] & CEL_MASK_SATURATED) != 0;
}

char *cel_plot_read_out(const CelPlotModel *model)
{
    double x = NAN, y = NAN;
    if (!cel_plot_model_cursor(model, &x, &y))
        return NULL;
    g_autofree char *at = cel_plot_x_text(cel_plot_model_unit(model), x);
    g_autofree char *value = cel_plot_y_text(y);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s   %s", at, value);
    const int mark = mark_at_cursor(model, x);
    if (mark >= 0 && said_mark(model, mark) != NULL)
        g_string_append_printf(text, "   %s", said_mark(model, mark));
    if (saturated_at(model, x))
        g_string_append_printf(text, "   %s", _("saturated"));
    return g_string_free(text, FALSE);
}

static void say_curves(const CelPlotModel *model, GString *text)
{
    const CelUnit unit = cel_plot_model_unit(model);
    const CelPlotRange shown = cel_plot_model_shown(model);
    const guint n = cel_plot_model_traces(model)->len + (cel_plot_model_live(model) != NULL);
    const char *title = cel_plot_model_title(model);
    g_autofree char *from =
        g_strdup_printf("%.*f", unit == CEL_UNIT_PIXEL ? 0 : units[unit].decimals - 1, shown.x_min);
    g_autofree char *to = said_x(unit, shown.x_max);
    g_string_append(text, title != NULL ? title : _("Spectrum"));
    g_string_append(text, _(", "));
    g_string_append_printf(text, _("%s to %s"), from, to);
    if (n > 1) {
        g_string_append(text, _(", "));
        g_string_append_printf(text, g_dngettext(GETTEXT_PACKAGE, "%u curve", "%u curves", n), n);
    }
    if (cel_plot_model_n_left_out(model) > 0) {
        const guint out = cel_plot_model_n_left_out(model);
        g_string_append(text, _(", "));
        g_string_append_printf(text,
                               g_dngettext(GETTEXT_PACKAGE, "%u curve on another axis is not shown",
                                           "%u curves on another axis are not shown", out),
                               out);
    }
}

static void say_strongest(const CelPlotModel *model, GString *text)
{
    CelPlotTrace *front = cel_plot_model_front(model);
    const CelPlotRange shown = cel_plot_model_shown(model);
    const GArray *peaks = cel_plot_trace_peaks(front);
    const CelPeak *best = NULL;
    for (guint i = 0; i < peaks->len; i++) {
        const CelPeak *peak = &g_array_index(peaks, CelPeak, i);
        if (peak->position >= shown.x_min && peak->position <= shown.x_max &&
            (best == NULL || peak->prominence > best->prominence))
            best = peak;
    }
    g_string_append(text, _(", "));
    if (best == NULL) {
        g_string_append(text, _("no band stands out"));
        return;
    }
    g_autofree char *at = said_x(cel_plot_model_unit(model), best->position);
    g_string_append_printf(text, _("strongest band at %s"), at);
}

static void say_marks(const CelPlotModel *model, GString *text)
{
    guint expected = 0, matched = 0, extra = 0;
    for (gsize i = 0; i < cel_plot_model_n_marks(model); i++) {
        const CelMarkKind kind = cel_plot_model_mark(model, i)->kind;
        matched += kind == CEL_MARK_MATCHED;
        expected += kind == CEL_MARK_MATCHED || kind == CEL_MARK_MISSING;
        extra += kind == CEL_MARK_EXTRA;
    }
    if (expected > 0) {
        g_string_append(text, _(", "));
        g_string_append_printf(text, _("%u of %u marks matched"), matched, expected);
    }
    if (extra > 0) {
        g_string_append(text, _(", "));
        g_string_append_printf(
            text, g_dngettext(GETTEXT_PACKAGE, "%u further band", "%u further bands", extra),
            extra);
    }
}

static void say_cursor(const CelPlotModel *model, GString *text)
{
    double x = NAN, y = NAN;
    if (!cel_plot_model_cursor(model, &x, &y))
        return;
    g_autofree char *at = cel_plot_x_text(cel_plot_model_unit(model), x);
    g_autofree char *value = cel_plot_y_text(y);
    g_string_append(text, _("; "));
    g_string_append_printf(text, _("cursor at %s: %s"), at, value);
    const int mark = mark_at_cursor(model, x);
    if (mark >= 0 && said_mark(model, mark) != NULL) {
        g_string_append(text, _(", "));
        g_string_append(text, said_mark(model, mark));
    }
    if (saturated_at(model, x)) {
        g_string_append(text, _(", "));
        g_string_append(text, _("saturated"));
    }
}

char *cel_plot_summary(const CelPlotModel *model, const char *extra)
{
    GString *text = g_string_new(NULL);
    if (cel_plot_model_front(model) == NULL) {
        g_string_append(text, _("Nothing to show yet"));
    } else {
        say_curves(model, text);
        if (cel_plot_model_live(model) == NULL)
            say_strongest(model, text);
        say_marks(model, text);
        say_cursor(model, text);
    }
    if (extra != NULL && extra[0] != '\0')
        g_string_append_printf(text, "%s%s", _("; "), extra);
    return g_string_free(text, FALSE);
}
