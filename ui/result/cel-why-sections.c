/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-why-sections.h"

#include "cel-words.h"
#include "match/cel-outcome.h"
#include "plot/cel-plot-view.h"
#include "report/cel-report-text.h"
#include "result/cel-text-group.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { SMALL_PLOT_PX = 220 };

static const char *word(CelReportWord which)
{
    return cel_report_word(which, cel_ui_is_chinese());
}

static char *number(double value, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(text, sizeof text, format, value));
}

/* A sentence with a list of bands: what it lists, then a row a band. Returns: (transfer floating)
 * (nullable): NULL for a sentence that lists none. */
static GtkWidget *bands_row(const char *line)
{
    const char *colon = strchr(line, ':');
    const char *joint = cel_ui_is_chinese() ? ");" : "); "; /* as cel_why_lines() joins them */
    if (colon == NULL || strstr(colon, joint) == NULL)
        return NULL;
    GtkWidget *row = adw_expander_row_new();
    g_autofree char *title = g_strndup(line, (gsize)(colon - line));
    g_auto(GStrv) parts = g_strsplit(colon + (colon[1] == ' ' ? 2 : 1), joint, -1);
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    for (gsize i = 0; parts[i] != NULL; i++) {
        g_autofree char *text =
            parts[i + 1] != NULL ? g_strconcat(parts[i], ")", NULL) : g_strdup(parts[i]);
        adw_expander_row_add_row(ADW_EXPANDER_ROW(row), cel_text_row(text, NULL));
    }
    return row;
}

GtkWidget *cel_why_lines_group(const CelWhyModel *model)
{
    GtkWidget *group = cel_text_group_new(_("Why the first hit stands first"), NULL);
    for (guint i = 0; i < model->lines->len; i++) {
        const char *line = g_ptr_array_index(model->lines, i);
        GtkWidget *row = bands_row(line);
        adw_preferences_group_add(ADW_PREFERENCES_GROUP(group),
                                  row != NULL ? row : cel_text_row(line, NULL));
    }
    gtk_widget_set_visible(group, model->lines->len > 0);
    return group;
}

GtkWidget *cel_why_rates_group(const CelWhyModel *model)
{
    GtkWidget *group = cel_text_group_new(word(CEL_WORD_SECTION_VALIDATION), NULL);
    cel_text_group_add(group, model->facts->validation, NULL, NULL);
    return group;
}

/* ---- quality ---- */

/* Adds a row; @limit: (nullable), with its words; @beyond: it is not kept. */
static void add_flag(GtkWidget *group, const char *const texts[4], gboolean beyond)
{
    const char *title = texts[0], *value = texts[1], *meaning = texts[2], *limit = texts[3];
    g_autofree char *more = limit != NULL ? g_strdup_printf("%s %s%s", meaning, limit,
                                                            beyond ? _(" Not kept here.") : "")
                                          : g_strdup(meaning);
    GtkWidget *row = cel_text_group_add(group, title, value, more);
    if (!beyond)
        return;
    GtkWidget *icon = gtk_image_new_from_icon_name("dialog-warning-symbolic");
    gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("limit not kept"), -1);
    adw_action_row_add_prefix(ADW_ACTION_ROW(row), icon);
}

static void add_signal(GtkWidget *group, const CelQuality *q, const CelDecisionLimits *limits)
{
    g_autofree char *snr = number(q->snr, "%.1f");
    g_autofree char *least = number(limits->min_snr, "%.0f");
    g_autofree char *snr_limit = g_strdup_printf(_("Limit: at least %s."), least);
    g_autofree char *ratio = number(q->fluorescence_ratio, "%.1f");
    g_autofree char *most = number(limits->max_fluorescence, "%.0f");
    g_autofree char *ratio_limit = g_strdup_printf(_("Limit: at most %s."), most);
    const char *const of_snr[] = {_("Signal-to-noise ratio"), snr,
                                  _("Strongest band over the noise of the raw samples."),
                                  snr_limit};
    const char *const of_ratio[] = {_("Fluorescence ratio"), ratio,
                                    _("Background over the strongest band; above the limit it is "
                                      "not measurable at this laser."),
                                    ratio_limit};
    add_flag(group, of_snr, q->snr < limits->min_snr);
    add_flag(group, of_ratio, q->fluorescence_ratio > limits->max_fluorescence);
}

static void add_counts(GtkWidget *group, const CelWhyModel *model, const CelDecisionLimits *limits)
{
    const CelQuality *q = &model->quality;
    const double most = limits->max_saturated * (double)model->n_samples;
    g_autofree char *full = g_strdup_printf("%u", q->saturated);
    g_autofree char *spikes = g_strdup_printf("%u", q->cosmic_rays);
    g_autofree char *allowed = number(floor(most), "%.0f");
    g_autofree char *limit =
        model->n_samples > 0 ? g_strdup_printf(_("Limit: at most %s."), allowed) : NULL;
    const char *const of_full[] = {_("Saturated points"), full,
                                   _("At the detector's limit: their height is unknown, they carry "
                                     "no weight."),
                                   limit};
    const char *const of_spikes[] = {_("Cosmic-ray spikes"), spikes,
                                     _("Single points hit by radiation; found and replaced, they "
                                       "carry no weight."),
                                     NULL};
    add_flag(group, of_full, model->n_samples > 0 && q->saturated > most);
    add_flag(group, of_spikes, FALSE);
}

static const char *check_text(const char *check)
{
    if (g_strcmp0(check, "ok") == 0)
        return word(CEL_WORD_CHECK_OK);
    if (g_strcmp0(check, "failed") == 0)
        return word(CEL_WORD_CHECK_FAILED);
    return g_strcmp0(check, "expired") == 0 ? _("expired") : word(CEL_WORD_CHECK_NONE);
}

static void add_axis(GtkWidget *group, const CelQuality *q)
{
    const double u = q->axis_u_cm1 > 0 ? q->axis_u_cm1 : 1.0;
    g_autofree char *shift = number(q->axis_shift_cm1, "%+.1f cm⁻¹");
    g_autofree char *most = number(CEL_AXIS_LIMIT_U * u, "%.1f cm⁻¹");
    g_autofree char *limit = g_strdup_printf(
        _("Limit: %s, three times the uncertainty of the axis; beyond it a lead at most."), most);
    g_autofree char *width =
        q->resolution_cm1 > 0 ? number(q->resolution_cm1, "%.1f cm⁻¹") : g_strdup(_("not applied"));
    const char *const of_check[] = {_("Check of the axis"), check_text(q->axis_check),
                                    _("Performance check of the instrument with a standard; "
                                      "without a valid one a lead at most."),
                                    NULL};
    const char *const of_shift[] = {_("Shift of the axis"), shift,
                                    _("What has to be added to the sample's axis so that the best "
                                      "candidates fit."),
                                    limit};
    const char *const of_width[] = {_("Resolution"), width,
                                    _("Sharper references were broadened to it before they were "
                                      "compared."),
                                    NULL};
    add_flag(group, of_check, g_strcmp0(q->axis_check, "ok") != 0);
    add_flag(group, of_shift, q->axis_fault || fabs(q->axis_shift_cm1) > CEL_AXIS_LIMIT_U * u);
    add_flag(group, of_width, FALSE);
}

GtkWidget *cel_why_quality_group(const CelWhyModel *model)
{
    const CelDecisionLimits *limits = cel_outcome_limits(FALSE);
    GtkWidget *group = cel_text_group_new(word(CEL_WORD_DATA_QUALITY), NULL);
    add_signal(group, &model->quality, limits);
    add_counts(group, model, limits);
    add_axis(group, &model->quality);
    return group;
}

/* ---- several substances ---- */

static GtkWidget *experts_row(const CelWhyModel *model)
{
    GtkWidget *expander = adw_expander_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(expander), _("For experts"));
    adw_expander_row_set_subtitle(ADW_EXPANDER_ROW(expander), word(CEL_WORD_WEIGHT_NOTE));
    for (guint i = 0; i < model->parts->len; i++) {
        const CelWhyPart *part = g_ptr_array_index(model->parts, i);
        g_autofree char *weight = number(part->weight, "%.2f");
        g_autofree char *u = number(part->weight_u, "%.2f");
        g_autofree char *about = g_strdup_printf("%s %s (%s %s)", word(CEL_WORD_WEIGHT), weight,
                                                 word(CEL_WORD_WEIGHT_U), u);
        adw_expander_row_add_row(ADW_EXPANDER_ROW(expander), cel_text_row(part->name, about));
    }
    return expander;
}

static GtkWidget *plot_row(CelPlotTrace *const *traces, gsize n, const char *title)
{
    GtkWidget *plot = cel_plot_view_new();
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (gsize i = 0; i < n; i++)
        if (traces[i] != NULL)
            g_ptr_array_add(list, traces[i]);
    cel_plot_view_set_title(CEL_PLOT_VIEW(plot), title);
    cel_plot_view_set_controls(CEL_PLOT_VIEW(plot), FALSE);
    cel_plot_view_set_traces(CEL_PLOT_VIEW(plot), list);
    gtk_widget_set_size_request(plot, -1, SMALL_PLOT_PX);
    return plot;
}

/* Also what is left is searched, so that a component that is not named is not overlooked. */
static void add_left_hits(GtkWidget *group, const GPtrArray *hits)
{
    for (guint i = 0; i < hits->len; i++) {
        const CelWhyPart *hit = g_ptr_array_index(hits, i);
        g_autofree char *cosine = number(hit->weight, "%.2f");
        cel_text_group_add(group, hit->name, cosine,
                           _("What is left resembles this reference (cosine); a lead at most."));
    }
}

GtkWidget *cel_why_parts_group(const CelWhyModel *model)
{
    GtkWidget *group = cel_text_group_new(word(CEL_WORD_SECTION_MIXTURE), NULL);
    g_autofree char *left = number(model->left_part, "%.3f");
    for (guint i = 0; i < model->parts->len; i++) {
        const CelWhyPart *part = g_ptr_array_index(model->parts, i);
        cel_text_group_add(group, part->name, NULL, part->about);
    }
    cel_text_group_add(group, word(CEL_WORD_SECTION_RESIDUAL), left,
                       _("Part of the spectrum's variance that the fit leaves."));
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), experts_row(model));
    if (model->left != NULL)
        adw_preferences_group_add(ADW_PREFERENCES_GROUP(group),
                                  plot_row(&model->left, 1, word(CEL_WORD_SECTION_RESIDUAL)));
    add_left_hits(group, model->left_hits);
    gtk_widget_set_visible(group, model->parts->len > 0 || model->left != NULL);
    return group;
}

/* ---- the background ---- */

GtkWidget *cel_why_background_group(const CelWhyModel *model)
{
    CelPlotTrace *const traces[] = {model->raw, model->baseline};
    GtkWidget *group = cel_text_group_new(
        _("Background"), _("What was taken off, drawn over the spectrum before the correction."));
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group),
                              plot_row(traces, G_N_ELEMENTS(traces), _("Background")));
    gtk_widget_set_visible(group, model->raw != NULL);
    return group;
}

/* ---- one band ---- */

static void add_cell(GtkWidget *flow, const char *caption, double value, const char *format)
{
    if (!isfinite(value))
        return;
    GtkWidget *cell = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    g_autofree char *text = number(value, format);
    GtkWidget *label = cel_text_label(text, "band-value");
    gtk_widget_add_css_class(label, "numeric");
    gtk_box_append(GTK_BOX(cell), label);
    gtk_box_append(GTK_BOX(cell), cel_text_label(caption, "band-caption"));
    gtk_flow_box_insert(GTK_FLOW_BOX(flow), cell, -1);
}

static const char *kind_text(CelMarkKind kind)
{
    switch (kind) {
    case CEL_MARK_MATCHED:
        return word(CEL_WORD_MATCHED);
    case CEL_MARK_MISSING:
        return word(CEL_WORD_MISSING);
    default:
        return word(CEL_WORD_EXTRA);
    }
}

GtkWidget *cel_why_band_box(const CelWhyBand *band)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *flow = gtk_flow_box_new();
    g_autofree char *title = g_strdup_printf("%.1f cm⁻¹: %s", band->at_cm1, kind_text(band->kind));
    gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(flow), GTK_SELECTION_NONE);
    gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(flow), 8);
    gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(flow), 18);
    gtk_flow_box_set_row_spacing(GTK_FLOW_BOX(flow), 6);
    gtk_box_append(GTK_BOX(box), cel_text_label(title, "heading"));
    add_cell(flow, _("measured, cm⁻¹"), band->sample_cm1, "%.1f");
    add_cell(flow, _("reference, cm⁻¹"), band->reference_cm1, "%.1f");
    add_cell(flow, _("difference, cm⁻¹"), band->difference_cm1, "%+.1f");
    add_cell(flow, _("allowed, cm⁻¹"), band->tolerance_cm1, "%.1f");
    add_cell(flow, _("relative intensity, measured"), band->sample_intensity, "%.2f");
    add_cell(flow, _("relative intensity, reference"), band->reference_intensity, "%.2f");
    add_cell(flow, _("width (FWHM), cm⁻¹"), band->fwhm_cm1, "%.1f");
    gtk_box_append(GTK_BOX(box), flow);
    g_autofree char *text = band->assignment != NULL
                                ? g_strdup_printf(_("Assignment: %s"), band->assignment)
                                : g_strdup(_("No assignment is known here."));
    gtk_box_append(GTK_BOX(box), cel_text_label(text, NULL));
    return box;
}
