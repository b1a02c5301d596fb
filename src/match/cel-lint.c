/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-lint-private.h"

#include "base/cel-hash.h"
#include "base/cel-json.h"
#include "match/cel-similar.h"
#include "process/cel-recipe.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Both languages stand here, because a record of a library may need both at once. The ids stand in
 * JSON: never renamed, never reused. */
static const CelLintDef defs[CEL_N_LINTS] = {
    [CEL_LINT_DUPLICATE_NAMES] = {"duplicate-two-names", CEL_LINT_ERROR,
                                  "One spectrum stands under two substances",
                                  "一条光谱列在两种物质名下",
                                  "Find out which name is right and take the other entry out; "
                                  "until then neither can be told "
                                  "from the other.",
                                  "请核实正确名称并删除另一条目;在此之前两者无法区分。"},
    [CEL_LINT_DUPLICATE] = {"duplicate", CEL_LINT_WARNING,
                            "One spectrum stands twice under one substance",
                            "一条光谱在一种物质名下重复出现",
                            "Take one of them out: a copy is no second witness.",
                            "请删除其中一条:副本不能算作第二份依据。"},
    [CEL_LINT_MISLABELLED] =
        {"mislabelled", CEL_LINT_ERROR,
         "The spectrum is another substance's rather than that of its own other references",
         "该光谱与另一物质相符,而与本物质的其他参考光谱不符",
         "Look at both spectra and at where the sample came from; take the entry out unless its "
         "identity is proven another way.",
         "请比对两条光谱并追查其来源;除非另有方法证明其身份,否则应删除该条目。"},
    [CEL_LINT_NEARER_OTHER] =
        {"nearer-to-other", CEL_LINT_WARNING,
         "The spectrum is somewhat nearer to another substance than to its own other references",
         "该光谱与另一物质比与本物质的其他参考光谱略为接近",
         "A member of a series, another orientation, a poor spectrum or a wrong label: look at "
         "both.",
         "可能为类质同象系列成员、取向不同、光谱质量差或标签有误;请比对两条光谱。"},
    [CEL_LINT_LOOK_ALIKE] =
        {"look-alike", CEL_LINT_NOTE, "The comparison hardly tells these two substances apart",
         "本方法难以区分这两种物质",
         "Name them as look-alikes of one another, or give them one group, so that a claim names "
         "both.",
         "请将二者互列为易混淆物质或归入一组,使结论同时列出。"},
    [CEL_LINT_AXIS_GAP] =
        {"axis-gap", CEL_LINT_WARNING, "The axis has a gap", "谱轴有缺口",
         "Bands inside the gap are drawn as a straight line and mislead; measure it again.",
         "缺口内的谱峰被画成直线,会造成误导;请重新测量。"},
    [CEL_LINT_SHORT] =
        {"short", CEL_LINT_WARNING, "The spectrum stops short", "光谱范围不足",
         "Outside its range nothing can be compared; measure 250 to 1000 cm-1 at least.",
         "范围之外无法比对;至少应测量 250 至 1000 cm-1。"},
    [CEL_LINT_COARSE] = {"coarse", CEL_LINT_WARNING, "The samples lie far apart", "采样点过疏",
                         "Narrow bands are not drawn as they are; measure with a finer axis.",
                         "窄峰不能如实呈现;请用更密的谱轴测量。"},
    [CEL_LINT_LOW_SNR] = {"low-snr", CEL_LINT_WARNING,
                          "The strongest band hardly stands above the noise", "最强谱峰信噪比过低",
                          "Measure longer or take a better spectrum.",
                          "请延长测量时间或更换更好的光谱。"},
    [CEL_LINT_SPIKES] = {"spikes", CEL_LINT_WARNING,
                         "Single samples stand out that no band explains", "存在非谱峰的孤立尖峰",
                         "Remove cosmic rays at the source, from the single frames.",
                         "请在源数据中用单帧去除宇宙射线尖峰。"},
    [CEL_LINT_CLIPPED] =
        {"clipped", CEL_LINT_WARNING, "The strongest samples are all equal: the detector was full",
         "最强处若干采样点数值相等:探测器已饱和",
         "Measure again with a shorter integration time: the strongest band has no true height.",
         "请缩短积分时间重测:最强峰没有真实高度。"},
    [CEL_LINT_NEGATIVE] =
        {"negative", CEL_LINT_WARNING, "Deep negative values", "存在较深的负值",
         "The background was taken off too far; start again from the raw spectrum.",
         "背景扣除过度;请从原始光谱重新处理。"},
    [CEL_LINT_UNUSABLE] = {"unusable", CEL_LINT_ERROR, "Nothing in this spectrum can be compared",
                           "该光谱无可比对内容", "Take it out: it can never be a hit.",
                           "请删除:它不可能成为检索结果。"},
    [CEL_LINT_NO_LICENCE] =
        {"no-licence", CEL_LINT_NOTE, "No licence is stated", "未注明许可",
         "Ask the source and write down what it allows before the library is passed on.",
         "在转交谱库之前,请向来源方询问并记录其许可范围。"},
    [CEL_LINT_NO_SOURCE] = {"no-source", CEL_LINT_ERROR, "No source is stated", "未注明来源",
                            "Without a source nobody can check it; state it or take the entry out.",
                            "没有来源则无法核查;请补充或删除。"},
    [CEL_LINT_NO_LASER] = {"no-laser", CEL_LINT_WARNING, "The excitation wavelength is not stated",
                           "未注明激发波长", "Resonance and fluorescence depend on it; state it.",
                           "共振与荧光与其有关;请补充。"},
    [CEL_LINT_GRADE_UNPROVEN] =
        {"grade-unproven", CEL_LINT_ERROR, "Grade A without the facts that make it one",
         "标为 A 级但缺少应有的依据",
         "State supplier, lot, certificate, instrument and who approved it, or lower the grade.",
         "请补充供应商、批号、证书、仪器和批准人,或降低等级。"},
    [CEL_LINT_GRADE_LEAD] = {"grade-lead", CEL_LINT_NOTE, "The best reference gives a lead at most",
                             "最好的参考光谱也只能给出线索",
                             "Measure authenticated material of your own (grade A).",
                             "请自行测量来源可靠的标准物质(A 级)。"},
    [CEL_LINT_RECALLED_ONLY] = {"recalled-only", CEL_LINT_NOTE,
                                "Only bands from memory: never a result",
                                "仅有凭记忆记录的谱峰:不能作为结果",
                                "Measure it or cite measured bands.",
                                "请实测或引用有实测出处的谱峰。"},
    [CEL_LINT_NO_DATA] = {"no-data", CEL_LINT_NOTE, "Neither spectrum nor bands",
                          "既无光谱也无谱峰", "It cannot be a hit.", "它不可能成为检索结果。"},
};

const CelLintDef *cel_lint_def(CelLintKind kind)
{
    g_return_val_if_fail((guint)kind < CEL_N_LINTS, NULL);
    return &defs[kind];
}

static const struct {
    const char *name, *en, *zh;
} severities[CEL_N_SEVERITIES] = {
    [CEL_LINT_ERROR] = {"error", "error", "错误"},
    [CEL_LINT_WARNING] = {"warning", "warning", "警告"},
    [CEL_LINT_NOTE] = {"note", "note", "提示"},
};

const char *cel_lint_severity_name(CelLintSeverity severity)
{
    g_return_val_if_fail((guint)severity < CEL_N_SEVERITIES, "");
    return severities[severity].name;
}

const char *cel_lint_severity_label(CelLintSeverity severity, gboolean chinese)
{
    g_return_val_if_fail((guint)severity < CEL_N_SEVERITIES, "");
    return chinese ? severities[severity].zh : severities[severity].en;
}

/* ---- the spread of similarity ---- */

double cel_lint_quantile(const CelLintSpread *spread, double p)
{
    guint64 seen = 0;
    for (guint k = 0; k < G_N_ELEMENTS(spread->counts); k++) {
        seen += spread->counts[k];
        if (seen > 0 && (double)seen >= p * (double)spread->n)
            return k / 1000.0;
    }
    return 0;
}

double cel_lint_share_above(const CelLintSpread *spread, double similarity)
{
    guint64 above = 0;
    for (guint k = (guint)lround(CLAMP(similarity, 0, 1) * 1000); k < 1001; k++)
        above += spread->counts[k];
    return spread->n > 0 ? (double)above / (double)spread->n : 0;
}

/* ---- findings ---- */

static const char *name_of(const CelReference *reference)
{
    return reference != NULL ? reference->name : "";
}

void cel_lint_add(CelLint *lint, const CelLintFinding *finding)
{
    CelLintFinding *own = g_memdup2(finding, sizeof *finding);
    const CelLintDef *def = cel_lint_def(own->kind);
    g_autofree char *about =
        g_strjoin("\n", def->id, own->substance->id, name_of(own->reference),
                  own->other != NULL ? own->other->id : "", name_of(own->other_reference), NULL);
    g_autofree char *hex = cel_digest_hex("sha256", about, strlen(about));
    g_snprintf(own->id, sizeof own->id, "%s-%.8s", def->id, hex != NULL ? hex : "");
    g_ptr_array_add(lint->findings, own);
    lint->counts[own->kind]++;
    lint->severities[def->severity]++;
}

static gint by_severity(gconstpointer a, gconstpointer b)
{
    const CelLintFinding *x = *(const CelLintFinding *const *)a;
    const CelLintFinding *y = *(const CelLintFinding *const *)b;
    const int sx = (int)defs[x->kind].severity, sy = (int)defs[y->kind].severity;
    return sx != sy ? sx - sy : (int)x->kind - (int)y->kind;
}

void cel_lint_free(CelLint *lint)
{
    if (lint == NULL)
        return;
    g_ptr_array_unref(lint->findings);
    g_free(lint);
}

/* ---- the run ---- */

static void entry_clear(gpointer data)
{
    cel_view_free(((CelLintEntry *)data)->view);
}

/* As the search sees it: a raw reference goes through the recipe of its laser. */
static CelView *view_of(const CelReference *reference)
{
    const CelCurve curve = {.x = reference->x, .y_single = reference->y, .n = reference->n};
    if (reference->baseline_removed)
        return cel_view_new(&curve);
    g_autofree double *y = g_new(double, reference->n);
    for (gsize i = 0; i < reference->n; i++)
        y[i] = (double)reference->y[i];
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, reference->x, reference->n, NULL);
    g_autoptr(CelSpectrum) raw = axis != NULL ? cel_spectrum_new(axis, y, NULL) : NULL;
    g_autoptr(CelRecipe) recipe = cel_recipe_default(reference->laser_nm);
    g_autoptr(CelSpectrum) done =
        raw != NULL ? cel_recipe_run(recipe, raw, NULL, NULL, NULL, NULL) : NULL;
    return done != NULL ? cel_view_of(done) : NULL;
}

static gboolean look_alone(CelLint *lint, GArray *entries, CelJob *job, GError **error)
{
    const gsize n = cel_library_size(lint->library);
    for (gsize s = 0; s < n; s++) {
        const CelSubstance *substance = cel_library_substance(lint->library, s);
        if (!cel_job_step(job, N_("Looking at every entry"), s, n, error))
            return FALSE;
        for (gsize r = 0; r < substance->n_references; r++) {
            const CelReference *reference = &substance->references[r];
            const CelLintEntry entry = {substance, reference, s, view_of(reference)};
            g_array_append_val(entries, entry);
            cel_lint_entry(lint, &entry);
        }
        cel_lint_substance(lint, substance);
    }
    lint->n_references = entries->len;
    return TRUE;
}

CelLint *cel_lint_run(const CelLibrary *library, guint threads, CelJob *job, GError **error)
{
    g_autoptr(CelLint) lint = g_new0(CelLint, 1);
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(CelLintEntry));
    g_array_set_clear_func(entries, entry_clear);
    lint->library = library;
    lint->findings = g_ptr_array_new_with_free_func(g_free);
    if (!look_alone(lint, entries, job, error) ||
        !cel_lint_pairs(lint, entries, threads, job, error))
        return NULL;
    g_ptr_array_sort(lint->findings, by_severity); /* stable: entries keep their order */
    return g_steal_pointer(&lint);
}

/* ---- as text and JSON ---- */

enum { DIGITS = 5 };

static void write_entry(CelJsonWriter *json, const CelSubstance *substance,
                        const CelReference *reference)
{
    cel_json_text(json, "substance", substance->id);
    cel_json_text(json, "name_en", substance->name_en);
    cel_json_text(json, "name_zh", substance->name_zh);
    cel_json_text(json, "reference", name_of(reference));
}

static void write_both(CelJsonWriter *json, const char *key, const char *en, const char *zh)
{
    cel_json_open(json, key, '{');
    cel_json_text(json, "en", en);
    cel_json_text(json, "zh_CN", zh);
    cel_json_close(json);
}

char *cel_lint_finding_json(const CelLintFinding *finding)
{
    const CelLintDef *def = cel_lint_def(finding->kind);
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "id", finding->id);
    cel_json_text(json, "kind", def->id);
    cel_json_text(json, "severity", cel_lint_severity_name(def->severity));
    write_entry(json, finding->substance, finding->reference);
    if (finding->other != NULL) {
        cel_json_open(json, "other", '{');
        write_entry(json, finding->other, finding->other_reference);
        cel_json_close(json);
    }
    cel_json_open(json, "numbers", '{');
    for (guint i = 0; i < CEL_LINT_MAX_NUMBERS && finding->numbers[i].key != NULL; i++)
        cel_json_number(json, finding->numbers[i].key, finding->numbers[i].value, DIGITS);
    cel_json_close(json);
    write_both(json, "what", def->title_en, def->title_zh);
    write_both(json, "advice", def->advice_en, def->advice_zh);
    cel_json_close(json);
    return cel_json_finish(json);
}

static void append_entry(GString *out, const CelSubstance *substance, const CelReference *reference,
                         gboolean chinese)
{
    const char *name =
        chinese && *substance->name_zh != '\0' ? substance->name_zh : substance->name_en;
    g_string_append(out, *name != '\0' ? name : substance->id);
    if (reference != NULL)
        g_string_append_printf(out, " (%s)", reference->name);
}

char *cel_lint_finding_text(const CelLintFinding *finding, gboolean chinese)
{
    const CelLintDef *def = cel_lint_def(finding->kind);
    GString *out = g_string_new(NULL);
    append_entry(out, finding->substance, finding->reference, chinese);
    if (finding->other != NULL) {
        g_string_append(out, " / ");
        append_entry(out, finding->other, finding->other_reference, chinese);
    }
    g_string_append_printf(out, ": %s", chinese ? def->title_zh : def->title_en);
    for (guint i = 0; i < CEL_LINT_MAX_NUMBERS && finding->numbers[i].key != NULL; i++)
        g_string_append_printf(out, "%s%s %.*g", i == 0 ? ": " : ", ", finding->numbers[i].key,
                               DIGITS, finding->numbers[i].value);
    return g_string_free(out, FALSE);
}

static void write_spread(CelJsonWriter *json, const char *key, const CelLintSpread *spread)
{
    static const struct {
        const char *key;
        double p;
    } points[] = {{"p05", 0.05}, {"p25", 0.25}, {"p50", 0.5},     {"p75", 0.75},
                  {"p95", 0.95}, {"p99", 0.99}, {"p9999", 0.9999}};
    cel_json_open(json, key, '{');
    cel_json_int(json, "pairs", (gint64)spread->n);
    cel_json_number(json, "above_link_limit", cel_lint_share_above(spread, CEL_LINK_MIN), DIGITS);
    for (guint i = 0; i < G_N_ELEMENTS(points); i++)
        cel_json_number(json, points[i].key, cel_lint_quantile(spread, points[i].p), DIGITS);
    cel_json_close(json);
}

char *cel_lint_summary_json(const CelLint *lint)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_open(json, "summary", '{');
    cel_json_text(json, "name", cel_library_name(lint->library));
    cel_json_text(json, "version", cel_library_version(lint->library));
    cel_json_text(json, "sha256", cel_library_sha256(lint->library));
    cel_json_int(json, "substances", (gint64)cel_library_size(lint->library));
    cel_json_int(json, "references", (gint64)lint->n_references);
    cel_json_int(json, "errors", (gint64)lint->severities[CEL_LINT_ERROR]);
    cel_json_int(json, "warnings", (gint64)lint->severities[CEL_LINT_WARNING]);
    cel_json_int(json, "notes", (gint64)lint->severities[CEL_LINT_NOTE]);
    cel_json_open(json, "kinds", '{');
    for (guint k = 0; k < CEL_N_LINTS; k++)
        cel_json_int(json, defs[k].id, (gint64)lint->counts[k]);
    cel_json_close(json);
    cel_json_open(json, "similarity", '{');
    cel_json_number(json, "link_limit", CEL_LINK_MIN, DIGITS);
    write_spread(json, "within_substance", &lint->within);
    write_spread(json, "between_substances", &lint->between);
    cel_json_close(json);
    cel_json_close(json);
    cel_json_close(json);
    return cel_json_finish(json);
}
