/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-peaks.h"
#include "report/cel-page.h"
#include "report/cel-report-text.h"
#include "report/cel-report.h"

G_BEGIN_DECLS

/* What the three papers share. Internal to this room. */

/** CelPaper: one paper in the making. */
typedef struct {
    const CelReportRequest *request;
    JsonObject *record, *answer, *hit; /* @hit: (nullable): the first one */
    gboolean chinese, training;
    const char *title;
    char *number;         /* of the record, from the facts; (nullable) */
    guint at_page, pages; /* from 1; pages 0: still being counted */
    double plot_height;
    CelPage page;
} CelPaper;

/** CelPaperDraw: fills the pages. Returns: FALSE with the error. */
typedef gboolean (*CelPaperDraw)(CelPaper *paper, GError **error);

/** cel_paper_pdf: @draw is called twice: first to count the pages. Returns: (transfer full): the
 * PDF, or NULL with the error. */
GBytes *cel_paper_pdf(CelPaper *paper, CelPaperDraw draw, GError **error);

/** CelPaperSurface: where a PDF goes. */
typedef struct {
    cairo_surface_t *surface;
    GByteArray *bytes; /* (nullable): NULL: only measured */
} CelPaperSurface;

/** cel_paper_surface: opens @out for pages of @width x @height points; @when: ISO 8601 date of the
 * document, so that the same content gives the same bytes. */
void cel_paper_surface(CelPaperSurface *out, const char *title, const char *when, double width,
                       double height);
/** cel_paper_surface_end: Returns: (transfer full): the bytes, or NULL with CEL_ERROR_SYSTEM. */
GBytes *cel_paper_surface_end(CelPaperSurface *surface, GError **error);

/** cel_report_card, cel_report_court, cel_report_expert: the three papers; see cel_report_pdf(). */
GBytes *cel_report_card(CelPaper *paper, GError **error);
GBytes *cel_report_court(CelPaper *paper, GError **error);
GBytes *cel_report_expert(CelPaper *paper, GError **error);

/* ---- reading ---- */

/** cel_paper_word: Returns: (transfer none): in the paper's language. */
const char *cel_paper_word(const CelPaper *paper, CelReportWord which);
/** cel_paper_stated: @text: (nullable). Returns: it, or the words for "not stated". */
const char *cel_paper_stated(const CelPaper *paper, const char *text);
/** cel_paper_fact: Returns: (transfer full): the item @id of the facts, or "not stated". */
char *cel_paper_fact(const CelPaper *paper, const char *id);

/** cel_json_child, cel_json_list, cel_json_words, cel_json_real: @object: (nullable). Returns: the
 * member @key when it is an object, an array, a text that is not empty, a number; else NULL (NAN).
 */
JsonObject *cel_json_child(JsonObject *object, const char *key);
JsonArray *cel_json_list(JsonObject *object, const char *key);
const char *cel_json_words(JsonObject *object, const char *key);
double cel_json_real(JsonObject *object, const char *key);
/** cel_json_at_object, cel_json_at_words, cel_json_at_real: likewise for element @i. */
JsonObject *cel_json_at_object(JsonArray *array, guint i);
const char *cel_json_at_words(JsonArray *array, guint i);
double cel_json_at_real(JsonArray *array, guint i);
/** cel_json_length: @array: (nullable) */
guint cel_json_length(JsonArray *array);

/* ---- what the record says, in the paper's words (cel-paper-record.c) ---- */

/** cel_paper_instrument, _validation, _laser_after, _replicates, _library, _laser, _acquisition,
 * _method, _blanks, _quality: Returns: (transfer full): one line each. */
char *cel_paper_instrument(const CelPaper *paper);
char *cel_paper_validation(const CelPaper *paper);
char *cel_paper_laser_after(const CelPaper *paper);
char *cel_paper_replicates(const CelPaper *paper);
char *cel_paper_library(const CelPaper *paper);
char *cel_paper_laser(const CelPaper *paper);
char *cel_paper_acquisition(const CelPaper *paper);
char *cel_paper_method(const CelPaper *paper);
char *cel_paper_blanks(const CelPaper *paper);
char *cel_paper_quality(const CelPaper *paper);
/** cel_paper_replicate_reasons: Returns: (transfer none) (nullable): texts: what was wrong. */
JsonArray *cel_paper_replicate_reasons(const CelPaper *paper);
/** cel_paper_hit_name: Returns: (transfer none): of @hit in the paper's language. */
const char *cel_paper_hit_name(const CelPaper *paper, JsonObject *hit);

/* ---- parts of a page (cel-paper-parts.c) ---- */

/** cel_paper_list: a heading and one bullet a text of @texts (nullable); "none" for none. */
void cel_paper_list(CelPaper *paper, CelReportWord heading, JsonArray *texts);
/** cel_paper_result: label and claim. */
void cel_paper_result(CelPaper *paper);
/** cel_paper_reasons, cel_paper_deviations, cel_paper_limits: their sections. */
void cel_paper_reasons(CelPaper *paper);
void cel_paper_deviations(CelPaper *paper);
void cel_paper_limits(CelPaper *paper);
/** cel_paper_qr_text: Returns: (transfer full): what the code holds, ASCII, no personal data:
 * "CEL1|number|fid|SM3 of the file, base64|ledger size|root, base64". */
char *cel_paper_qr_text(const CelPaper *paper);
/** cel_paper_verdict_names: the lines of one state on one line. */
void cel_paper_verdict_names(CelPaper *paper, CelVerdictState state, CelReportWord heading);
/** cel_paper_profile_text: Returns: (transfer none) (nullable): in the paper's language, else in
 * the other one. */
const char *cel_paper_profile_text(const CelPaper *paper, const CelProfileText *text);
/** cel_paper_is_validated: Returns: whether the signed profile says so of this method's version. */
gboolean cel_paper_is_validated(const CelPaper *paper);
/** cel_paper_row1, cel_paper_row2: a row of one or two labels with their values. */
void cel_paper_row1(CelPaper *paper, const char *label, const char *value);
void cel_paper_row2(CelPaper *paper, const char *const texts[4]);
/** cel_paper_fact_row: rows of the facts @left and @right (nullable: over the whole width). */
void cel_paper_fact_row(CelPaper *paper, const char *left, const char *right);
/** cel_paper_label: Returns: (transfer none): of the item @id in the paper's language. */
const char *cel_paper_label(const CelPaper *paper, const char *id);
/** cel_paper_ledger_row: the place in the ledger, or that none is known. */
void cel_paper_ledger_row(CelPaper *paper);
/** cel_paper_figure: Returns: (transfer full): @value with the places that @u (0: not known) gives
 * it; cel_paper_value() adds the uncertainty itself. */
char *cel_paper_figure(double value, double u);
char *cel_paper_value(double value, double u);
/** cel_paper_digest_fact: likewise of the facts; no row while it is not stated. */
void cel_paper_digest_fact(CelPaper *paper, const char *id);
/** cel_paper_digest_row: a label and a digest. @hex: (nullable): then no row. */
void cel_paper_digest_row(CelPaper *paper, const char *label, const char *hex);

/* ---- spectrum (cel-paper-plot.c) ---- */

/** cel_paper_plot: the spectrum over the nearest reference, paper->plot_height high. Returns: FALSE
 * with CEL_ERROR_INPUT. */
gboolean cel_paper_plot(CelPaper *paper, GError **error);
/** cel_paper_residual: sample minus scaled reference, or why there is none. Returns: FALSE with
 * CEL_ERROR_INPUT. */
gboolean cel_paper_residual(CelPaper *paper, double height, GError **error);

/** cel_paper_mixture_residual: what the fit of several components leaves, as the answer holds it;
 * nothing where it holds no usable curve. */
void cel_paper_mixture_residual(CelPaper *paper, double height);

/** CelPaperPeaks: the bands of the sealed processed spectrum. */
typedef struct {
    GArray *peaks;     /* CelPeak, in order of position */
    double u_axis_cm1; /* 0: not known */
    guint n_left_out;  /* weaker ones */
} CelPaperPeaks;

/** cel_paper_peaks: the strongest @most bands, fitted. Returns: FALSE with the error. */
gboolean cel_paper_peaks(const CelPaper *paper, guint most, CelPaperPeaks *out, GError **error);
/** cel_paper_any_unfitted: Returns: whether one of them has no uncertainty. */
gboolean cel_paper_any_unfitted(const CelPaperPeaks *bands);
/** cel_paper_is_matched: Returns: whether the first hit's matched bands hold @cm1. */
gboolean cel_paper_is_matched(const CelPaper *paper, double cm1);

/** cel_paper_verify: how to verify the file without Celadon. */
void cel_paper_verify(CelPaper *paper);

G_END_DECLS
