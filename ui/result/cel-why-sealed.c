/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-why-model.h"

#include "base/cel-error.h"
#include "cel-words.h"
#include "h5/cel-nxraman.h"
#include "match/cel-claims.h"
#include "match/cel-view.h"
#include "report/cel-paper.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The reasons as a sealed file has them. Its numbers are the file's: they may be anything. */

enum {
    MOST_HITS = 100,
    MOST_BANDS = 500,
    MOST_POINTS = 1000000,
    MOST_PARTS = 20,
    MOST_LEFT = 4000
};

/* A pair of lists as a curve to be drawn: of one length, rising, finite. */
static gboolean read_curve(const CelH5Node *root, const char *x_path, const char *y_path,
                           CelWhyCurve *out)
{
    gsize n = 0, n_y = 0;
    g_autofree double *x = cel_h5_get_f64(root, x_path, &n, NULL);
    g_autofree double *y = x != NULL ? cel_h5_get_f64(root, y_path, &n_y, NULL) : NULL;
    gboolean sound = y != NULL && n == n_y && n >= 4 && n <= MOST_POINTS;
    for (gsize i = 0; sound && i < n; i++)
        sound = isfinite(x[i]) && isfinite(y[i]) && (i == 0 || x[i] > x[i - 1]);
    if (!sound)
        return FALSE;
    *out = (CelWhyCurve){g_steal_pointer(&x), g_steal_pointer(&y), n};
    cel_why_scale(out);
    return TRUE;
}

/* ---- hits ---- */

static const struct {
    const char *key;
    CelMarkKind kind;
} kinds[] = {
    {"matched", CEL_MARK_MATCHED}, {"missing", CEL_MARK_MISSING}, {"extra", CEL_MARK_EXTRA}};

static void add_bands(CelWhyHit *out, JsonObject *hit)
{
    JsonObject *peaks = cel_json_child(hit, "peaks");
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
        JsonArray *list = cel_json_list(peaks, kinds[k].key);
        const guint n = MIN(cel_json_length(list), MOST_BANDS);
        for (guint i = 0; i < n; i++) {
            JsonObject *row = cel_json_at_object(list, i);
            CelWhyBand band = {.kind = kinds[k].kind,
                               .reference_cm1 = cel_json_real(row, "reference_cm1"),
                               .sample_cm1 = cel_json_real(row, "sample_cm1"),
                               .difference_cm1 = cel_json_real(row, "difference_cm1"),
                               .tolerance_cm1 = cel_json_real(row, "tolerance_cm1"),
                               .reference_intensity = cel_json_real(row, "reference_intensity"),
                               .sample_intensity = cel_json_real(row, "sample_intensity"),
                               .fwhm_cm1 = NAN};
            band.at_cm1 = band.kind == CEL_MARK_MISSING ? band.reference_cm1 : band.sample_cm1;
            if (isfinite(band.at_cm1))
                cel_why_hit_add(out, &band);
        }
    }
    cel_why_hit_sort(out);
}

static void lay_first(CelWhyHit *out, const CelSealed *sealed, JsonObject *hit,
                      const CelWhyCurve *sample)
{
    g_auto(CelWhyCurve) reference = {0};
    const double shift = cel_json_real(hit, "shift_applied_cm1");
    if (read_curve(cel_sealed_root(sealed), "/celadon/reference/raman_shift",
                   "/celadon/reference/intensity", &reference))
        cel_why_hit_lay(out, sample, &reference, isfinite(shift) ? shift : 0.0);
}

static CelWhyHit *hit_of(JsonObject *hit)
{
    const gboolean measured = g_strcmp0(cel_json_words(hit, "kind"), "measured") == 0;
    const char *reference = cel_json_words(hit, "reference");
    const char *library = cel_json_words(hit, "library"), *grade = cel_json_words(hit, "grade");
    const double score = cel_json_real(hit, "score");
    CelWhyHit *out = cel_why_hit_new();
    out->id = g_strdup(cel_json_words(hit, "id"));
    out->name =
        g_strdup(cel_ui_pick(cel_json_words(hit, "name_zh"), cel_json_words(hit, "name_en")));
    out->about = g_strdup_printf(
        _("grade %s · %s · %s"), grade != NULL ? grade : "?",
        cel_report_word(measured ? CEL_WORD_MEASURED : CEL_WORD_BAND_TABLE, cel_ui_is_chinese()),
        measured && reference != NULL ? reference
        : library != NULL             ? library
                                      : "?");
    out->score = isfinite(score) ? score : 0.0;
    add_bands(out, hit);
    return out;
}

static void take_hits(CelWhyModel *model, const CelSealed *sealed, const CelWhyCurve *sample)
{
    JsonArray *hits = cel_json_list(cel_sealed_answer(sealed), "hits");
    const guint n = MIN(cel_json_length(hits), MOST_HITS);
    for (guint i = 0; i < n && model->sample != NULL; i++) {
        JsonObject *object = cel_json_at_object(hits, i);
        CelWhyHit *hit = hit_of(object);
        if (i == 0)
            lay_first(hit, sealed, object, sample);
        if (hit->residual_note == NULL)
            hit->residual_note =
                g_strdup(i == 0 ? cel_report_word(CEL_WORD_NO_RESIDUAL, cel_ui_is_chinese())
                                : _("The file holds the curve of the first reference only."));
        g_ptr_array_add(model->hits, hit);
    }
}

/* ---- quality, mixture, words ---- */

static guint count_of(JsonObject *object, const char *key)
{
    const double value = cel_json_real(object, key);
    return value >= 0 && value < G_MAXINT ? (guint)value : 0;
}

static double number_of(JsonObject *object, const char *key)
{
    const double value = cel_json_real(object, key);
    return isfinite(value) ? value : 0.0;
}

static void take_quality(CelQuality *out, JsonObject *quality)
{
    static const char *const checks[] = {"ok", "failed", "expired"};
    const char *check = cel_json_words(quality, "axis_check");
    out->snr = number_of(quality, "snr");
    out->saturated = count_of(quality, "saturated");
    out->cosmic_rays = count_of(quality, "cosmic_rays");
    out->fluorescence_ratio = number_of(quality, "fluorescence_ratio");
    out->axis_u_cm1 = number_of(quality, "axis_u_cm1");
    out->axis_shift_cm1 = number_of(quality, "axis_shift_cm1");
    out->resolution_cm1 = number_of(quality, "resolution_cm1");
    out->axis_check = "none";
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
        if (g_strcmp0(check, checks[i]) == 0)
            out->axis_check = checks[i];
}

static void take_left(CelWhyModel *model, JsonObject *mixture)
{
    JsonArray *curve = cel_json_list(mixture, "residual_curve");
    JsonArray *hits = cel_json_list(mixture, "residual_hits");
    const double first = cel_json_real(mixture, "residual_first_cm1");
    const guint n = MIN(cel_json_length(curve), MOST_LEFT);
    g_autofree float *values = g_new0(float, n + 1);
    for (guint i = 0; i < n; i++)
        values[i] = (float)cel_json_at_real(curve, i);
    if (isfinite(first) &&
        fabs(cel_json_real(mixture, "residual_step_cm1") - CEL_VIEW_STEP_CM1) < 1e-9)
        cel_why_set_left(model, first, values, n);
    for (guint i = 0; i < MIN(cel_json_length(hits), MOST_HITS); i++) {
        JsonObject *hit = cel_json_at_object(hits, i);
        const char *name =
            cel_ui_pick(cel_json_words(hit, "name_zh"), cel_json_words(hit, "name_en"));
        cel_why_add_left_hit(model, *name != '\0' ? name : cel_json_words(hit, "id"),
                             number_of(hit, "score"));
    }
}

static void take_mixture(CelWhyModel *model, JsonObject *mixture)
{
    JsonArray *parts = cel_json_list(mixture, "components");
    const guint n = MIN(cel_json_length(parts), MOST_PARTS);
    for (guint i = 0; i < n; i++) {
        JsonObject *given = cel_json_at_object(parts, i);
        CelWhyPart *part = g_new0(CelWhyPart, 1);
        part->name = g_strdup(
            cel_ui_pick(cel_json_words(given, "name_zh"), cel_json_words(given, "name_en")));
        part->about = g_strdup_printf(_("bands of its own: %u"), count_of(given, "unshared_bands"));
        part->weight = number_of(given, "spectral_weight");
        part->weight_u = number_of(given, "spectral_weight_se");
        g_ptr_array_add(model->parts, part);
    }
    model->left_part = number_of(mixture, "residual");
    take_left(model, mixture);
}

static void take_words(CelWhyModel *model, JsonObject *answer)
{
    JsonObject *stability = cel_json_child(answer, "stability");
    JsonArray *lines =
        cel_json_list(cel_json_child(answer, "explanation"), cel_ui_is_chinese() ? "zh_CN" : "en");
    const guint n = MIN(cel_json_length(lines), MOST_BANDS), runs = count_of(stability, "runs");
    const double same = number_of(stability, "same_answer");
    for (guint i = 0; i < n; i++)
        if (cel_json_at_words(lines, i) != NULL)
            g_ptr_array_add(model->lines, g_strdup(cel_json_at_words(lines, i)));
    if (runs == 0 || !(same >= 0 && same <= 1))
        return;
    g_free(model->stability);
    model->stability = cel_claim_stability((guint)lround(same * runs), runs, cel_ui_is_chinese());
}

/* ---- raw and background ---- */

static CelRecipe *sealed_recipe(const CelSealed *sealed)
{
    gsize n = 0;
    GBytes *bytes = cel_sealed_bytes(cel_sealed_root(sealed), "/celadon/recipe");
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    g_autofree char *text = data != NULL ? g_strndup(data, n) : NULL;
    return text != NULL ? cel_recipe_from_text(text, NULL) : NULL;
}

/* What cannot be read again is left out of the page: the record itself stands. */
static gboolean take_stages(CelWhyModel *model, const CelSealed *sealed, CelJob *job,
                            GError **error)
{
    const CelH5Node *node = cel_sealed_measurement(sealed, 0);
    g_autoptr(CelRecipe) recipe = sealed_recipe(sealed);
    g_autoptr(CelMeasurement) measurement = node != NULL ? cel_nxraman_read(node, NULL) : NULL;
    g_autoptr(GError) failure = NULL;
    if (recipe == NULL || measurement == NULL ||
        cel_why_set_stages(model, measurement, recipe, job, &failure) ||
        !g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

CelWhyModel *cel_why_model_of_sealed(const CelSealed *sealed, const char *title, CelJob *job,
                                     GError **error)
{
    CelResultFacts *facts = cel_result_facts_of_sealed(sealed, title, error);
    if (facts == NULL)
        return NULL;
    g_autoptr(CelWhyModel) model = cel_why_model_new(facts);
    JsonObject *answer = cel_sealed_answer(sealed);
    g_auto(CelWhyCurve) sample = {0};
    if (read_curve(cel_sealed_root(sealed), "/entry/data/raman_shift", "/entry/data/intensity",
                   &sample))
        cel_why_set_sample(model, &sample);
    take_hits(model, sealed, &sample);
    take_quality(&model->quality, cel_json_child(answer, "quality"));
    take_mixture(model, cel_json_child(answer, "mixture"));
    take_words(model, answer);
    return take_stages(model, sealed, job, error) ? g_steal_pointer(&model) : NULL;
}
