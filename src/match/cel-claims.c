/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-claims.h"

#include <stdarg.h>
#include <string.h>

#define ROW(name, id, english, chinese) [name] = {id, english, chinese}

/* THE table. Placeholders: {X} substance, {Y} another one, {M} method, {L} library, {A} what it is
 * not told from, {C} class, {P} positions in cm-1, {V} a value, {N} a number, {W} reasons, {R}
 * advice. */
static const CelSentence table[CEL_N_CLAIMS] = {
    ROW(CEL_CLAIM_LABEL_FOUND, "label-found", "corresponds (screening)", "筛查相符"),
    ROW(CEL_CLAIM_LABEL_MIXTURE, "label-mixture", "several components suspected", "疑似多组分"),
    ROW(CEL_CLAIM_LABEL_CLASS_ONLY, "label-class-only", "class indicated only", "仅提示类别"),
    ROW(CEL_CLAIM_LABEL_INCONCLUSIVE, "label-inconclusive", "inconclusive", "无法判断"),
    ROW(CEL_CLAIM_LABEL_NOTHING_CLAIMED, "label-nothing-claimed", "nothing claimed",
        "不作指向性结论"),
    ROW(CEL_CLAIM_LABEL_REFUSED, "label-refused", "result not issued", "结果不予出具"),

    ROW(CEL_CLAIM_FOUND, "found",
        "The measured spectrum corresponds with the {X} reference under method {M}, library {L} "
        "and its decision rule; not distinguished from {A}.",
        "在方法{M}、参考库{L}及其判定规则下,所测光谱与{X}的参考光谱相符。本方法不能区分:{A}。"),
    ROW(CEL_CLAIM_MIXTURE, "mixture",
        "The measured spectrum can be explained by the references of {X} together; further "
        "components are possible. This states no content or proportion.",
        "所测光谱可由{X}等参考光谱共同解释,不排除其他组分;不表示含量或比例。"),
    ROW(CEL_CLAIM_CLASS_ONLY, "class-only",
        "The measured spectrum shows features of {C}; this method does not suffice to tell the "
        "substance (or species).",
        "所测光谱呈现{C}类物质的特征,本方法不足以区分具体物质(或物种)。"),
    ROW(CEL_CLAIM_INCONCLUSIVE, "inconclusive",
        "The data do not suffice for a judgement, because: {W}. Advice: {R}.",
        "现有数据不足以作出判断,原因:{W}。建议:{R}。"),
    ROW(CEL_CLAIM_NOTHING_CLAIMED, "nothing-claimed",
        "The measurement is valid, but the conditions for pointing to any substance of the library "
        "are not met. This does not mean that the item is free of any substance.",
        "测量有效,但未达到对库内任何物质作出提示的条件。此结果不表示检材中不含某种物质。"),
    ROW(CEL_CLAIM_REFUSED, "refused",
        "No result was issued because: {W}; this has nothing to do with the nature of the item.",
        "因{W},系统未出具结果;此情形与检材性质无关。"),

    ROW(CEL_CLAIM_ENDING, "ending",
        "This is a quick screening result for the spot measured and this measurement only, not an "
        "expert opinion; to determine kind, species or amount, send the item to a qualified "
        "laboratory for examination by other methods.",
        "本结果为快速筛查结果,仅对所测部位和当次测量负责,不作为鉴定意见;如需定性、定种或定量,"
        "应送有资质的机构采用其他方法进一步检验。"),
    ROW(CEL_CLAIM_LEAD, "lead", "Lead (to be verified): {X}. May not be written into a conclusion.",
        "线索(待核实),不得写入结论:{X}。"),
    ROW(CEL_CLAIM_NOT_VALIDATED, "not-validated",
        "This laboratory has not validated this method for items of this kind.",
        "本实验室尚未对此类检材验证本方法。"),
    ROW(CEL_CLAIM_TRAINING, "training", "Simulated or training data, not to be used as evidence.",
        "模拟/培训数据,不得作为证据。"),
    ROW(CEL_CLAIM_STABILITY, "stability",
        "{V} of {N} recalculations of this same measurement gave the same answer; this is not the "
        "probability that it is right.",
        "对同一次测量数据复算{N}次,{V}次结论不变;该数不代表结论正确的概率。"),
    ROW(CEL_CLAIM_SCOPE, "scope", "This result is for the spot and the unit measured only.",
        "本结果仅对所测部位、所测单元负责。"),
    ROW(CEL_CLAIM_DEVELOPMENT, "development",
        "Made under the development policy: for measuring accuracy only, not for a case.",
        "按开发策略得出:仅用于评估准确度,不得用于案件。"),
    ROW(CEL_CLAIM_NO_LOOKALIKES, "no-lookalikes",
        "substances whose spectra differ less than this measurement shows; none is listed",
        "光谱差异小于本次测量分辨能力的物质(库内未列出具体名称)"),

    ROW(CEL_CLAIM_WATCH, "watch", "Attention: to be sent for examination.", "提示关注,需送检。"),

    ROW(CEL_CLAIM_SEND_TO, "send-to", "To go further: {V}.", "进一步检验建议:{V}。"),
    ROW(CEL_CLAIM_LIMIT_PIGMENT, "limit-pigment", "A pigment says nothing about its carrier.",
        "颜料信号不说明其载体材料。"),
    ROW(CEL_CLAIM_LIMIT_LASER_MADE, "limit-laser-made",
        "May be made by the laser from another phase during the measurement.",
        "可能由测量激光使其他物相转变而成。"),

    ROW(CEL_WHY_WEAK, "weak", "the strongest band is only {V} times the noise (at least {N} asked)",
        "最强谱峰仅为噪声的{V}倍(要求不低于{N}倍)"),
    ROW(CEL_WHY_SATURATED, "saturated", "{N} samples of the detector are saturated",
        "{N}个数据点饱和"),
    ROW(CEL_WHY_FLUORESCENCE, "fluorescence",
        "fluorescence is {V} times the strongest band: not measurable at this laser",
        "荧光背景为最强谱峰的{V}倍:在此激光下不可测"),
    ROW(CEL_WHY_FEW_BANDS, "few-bands",
        "only {N} diagnostic bands of {X} lie inside the common range and match (at least 3 asked)",
        "{X}的特征峰在共同范围内仅有{N}条相符(要求不少于3条)"),
    ROW(CEL_WHY_FEW_LINES, "few-lines",
        "the spectrum itself shows only {N} clear bands (at least 3 asked)",
        "所测光谱本身仅有{N}条明显的谱峰(要求不少于3条)"),
    ROW(CEL_WHY_NO_REFERENCE, "no-reference", "no reference shares enough of the measured range",
        "参考库中没有与所测范围足够重叠的参考光谱"),
    ROW(CEL_WHY_LOW_SCORE, "low-score",
        "the best hit {X} reaches a score of {V}, the decision rule asks {N}",
        "排在首位的{X}得分{V},判定规则要求{N}"),
    ROW(CEL_WHY_CLOSE_SECOND, "close-second", "{X} and {Y} fit almost equally well ({V} apart)",
        "{X}与{Y}的吻合程度接近(相差{V})"),
    ROW(CEL_WHY_LITTLE_EVIDENCE, "little-evidence",
        "score, distance to the next substance and bands of {X} together give {V}, the decision "
        "rule asks {N}",
        "{X}的得分、与次位的差距和谱峰比对合计为{V},判定规则要求{N}"),
    ROW(CEL_WHY_MISSING_BANDS, "missing-bands",
        "strong bands of {X} are absent from the sample: {P} cm-1",
        "样品光谱缺少{X}的强峰:{P} cm-1"),
    ROW(CEL_WHY_EXTRA_BANDS, "extra-bands",
        "strong bands of the sample are not explained by {X}: {P} cm-1",
        "样品光谱中有{X}不能解释的强峰:{P} cm-1"),
    ROW(CEL_WHY_AXIS_NONE, "axis-none",
        "there is no valid check of this instrument's axis: lead at most",
        "该仪器没有有效的期间核查:至多作为线索"),
    ROW(CEL_WHY_AXIS_FAILED, "axis-failed", "the check of this instrument did not pass",
        "该仪器的期间核查未通过"),
    ROW(CEL_WHY_AXIS_EXPIRED, "axis-expired",
        "the check of this instrument has expired or no longer holds; it needs a new one",
        "该仪器的期间核查已过有效期或已失效,需重新核查"),
    ROW(CEL_WHY_AXIS_SHIFT, "axis-shift",
        "the axis had to be shifted by {V} cm-1, more than three times its uncertainty: lead at "
        "most",
        "比对时谱轴需移动{V} cm-1,超过其不确定度的三倍:至多作为线索"),
    ROW(CEL_WHY_READER_UNVALIDATED, "reader-unvalidated",
        "the file was read by a reader that has never been tried on a real file of its format: "
        "lead at most",
        "读取该文件的程序模块尚未用该格式的真实文件验证:至多作为线索"),
    ROW(CEL_WHY_GRADE_B, "grade-b",
        "the reference of {X} is of grade B (published with proof of identity), not verified on "
        "this "
        "laboratory's own instrument: class only",
        "{X}的参考光谱为B级(公开发表并附身份证明),尚未在本实验室仪器上验证:仅限类别"),
    ROW(CEL_WHY_GRADE_C, "grade-c",
        "the reference of {X} is of grade C (published without proof of identity): a lead, not to "
        "be "
        "written into a conclusion",
        "{X}的参考光谱为C级(公开发表但无身份证明):仅作线索,不得写入结论"),
    ROW(CEL_WHY_GRADE_D, "grade-d",
        "for {X} there is only a table of bands (grade D): a lead, not to be written into a "
        "conclusion",
        "{X}仅有谱峰表(D级):仅作线索,不得写入结论"),
    ROW(CEL_WHY_RECALLED, "recalled",
        "the bands of {X} are recalled from literature and unchecked: a lead under any policy",
        "{X}的谱峰凭文献记忆录入且未经核对:在任何策略下仅作线索"),
    ROW(CEL_WHY_CEILING_LEAD, "ceiling-lead", "Raman alone does not carry more than a lead for {X}",
        "对{X},仅凭拉曼光谱至多作为线索"),
    ROW(CEL_WHY_NO_LEAD, "no-lead", "no substance of the library stands out",
        "库内没有突出的候选物质"),
    ROW(CEL_WHY_BASELINE_BY_SOURCE, "baseline-by-source",
        "the sample's background was already removed by its source; it was not corrected again",
        "样品光谱的背景已由数据来源扣除,未再次校正"),
    ROW(CEL_WHY_REFERENCE_CORRECTED, "reference-corrected",
        "the reference's background was removed by its source, by another procedure than the "
        "sample's",
        "参考光谱的背景由其来源扣除,与样品的扣除方法不同"),
    ROW(CEL_WHY_LASER_UNKNOWN, "laser-unknown",
        "the laser wavelength is not known; the recipe for an unknown laser was used",
        "激光波长未知;采用了未知激光的处理流程"),
    ROW(CEL_WHY_SIMULATED, "simulated", "the data are simulated", "数据为模拟数据"),
    ROW(CEL_WHY_BLANK, "blank", "a blank shows a band of {X}: possible contamination or carry-over",
        "空白测量中出现{X}的谱峰:可能存在污染或残留"),
    ROW(CEL_WHY_REPLICATE_FEW, "replicates-few",
        "only {V} valid replicates of {N} (at least three are asked)",
        "计划{N}次重复测量,仅{V}次有效(要求不少于三次)"),
    ROW(CEL_WHY_REPLICATE_DISAGREE, "replicates-disagree",
        "the replicates do not agree ({V} of {N}): the item is heterogeneous",
        "各次重复测量结果不一致({N}次中{V}次一致):检材不均匀"),
    ROW(CEL_WHY_REPLICATE_INVALID, "replicate-invalid", "replicate {N} is not valid: {V}",
        "第{N}次重复测量无效:{V}"),
    ROW(CEL_WHY_REPLICATE_OTHER, "replicate-other", "replicate {N} gives: {V}",
        "第{N}次重复测量的结果为:{V}"),
    ROW(CEL_WHY_REPLICATE_COPY, "replicate-copy",
        "its data are those of replicate {N}; a copy is no second measurement",
        "数据与第{N}次重复测量相同;副本不是另一次测量"),
    ROW(CEL_WHY_FOUND_BASIS, "found-basis",
        "{N} bands match; score {V}; next different substance {Y} is {P} behind",
        "{N}条谱峰相符;得分{V};次位的不同物质{Y}落后{P}"),
    ROW(CEL_WHY_MIXTURE_BASIS, "mixture-basis",
        "no single reference explains the spectrum; {P} do together, each with bands of its own; "
        "{V} of the variance is left over; minor components may be missed",
        "没有单一参考光谱可解释所测光谱;{P}可共同解释,且各有独立谱峰;剩余方差占比{V};"
        "少量组分可能未被发现"),
    ROW(CEL_WHY_MIXTURE_CEILING, "mixture-ceiling",
        "{P} explain the spectrum together, but references, axis check or ceilings do not allow "
        "that to be claimed",
        "{P}可共同解释所测光谱,但参考光谱等级、轴校验或结论上限不允许据此作出提示"),
    ROW(CEL_WHY_NOT_ALONE, "not-alone",
        "{X} alone does not explain the spectrum; with another component it is explained to its "
        "noise, but that one shows too few bands of its own to be named",
        "仅{X}不足以解释所测光谱;加入另一组分后残差降至噪声水平,但该组分独立谱峰过少,不能指明"),
    ROW(CEL_WHY_RESIDUAL, "residual",
        "what the fit leaves resembles {X} most (cosine {V}): a lead at most",
        "拟合残差与{X}最相近(余弦{V}),至多为线索"),
    ROW(CEL_WHY_PACKAGING, "packaging",
        "{X} may be the packaging and not the item; measure a blank of the packaging",
        "{X}可能来自包装而非检材;应测量包装空白"),
    ROW(CEL_WHY_BARRIER, "barrier",
        "a recorded blank of the packaging explains part of the spectrum; what it leaves, {V} of "
        "the strongest band, was compared",
        "所记录的包装空白可解释部分光谱;对其剩余部分(为最强峰的{V})进行了比对"),
    ROW(CEL_WHY_BARRIER_ONLY, "barrier-only",
        "the recorded blank of the packaging explains the spectrum; what it leaves, {V} of the "
        "strongest band, is too little to compare",
        "所记录的包装空白已可解释所测光谱;其剩余部分(为最强峰的{V})过弱,无法比对"),

    ROW(CEL_EXPLAIN_MATCHED, "explain-matched",
        "Bands that agree ({N}; shift of the sample's axis by {V} applied), cm-1: {P}.",
        "相符谱峰({N}条;样品谱轴已平移{V}),cm-1:{P}。"),
    ROW(CEL_EXPLAIN_PAIR, "explain-pair",
        "{P} (measured {V}, difference {A}, allowed {W}; relative intensity {N}, measured {R})",
        "{P}(实测{V},偏差{A},允许{W};相对强度{N},实测{R})"),
    ROW(CEL_EXPLAIN_MISSING, "explain-missing",
        "Bands of the reference that are missing ({N}), cm-1: {P}.",
        "缺失的参考谱峰({N}条),cm-1:{P}。"),
    ROW(CEL_EXPLAIN_ABSENT, "explain-absent", "{P} (relative intensity {N}, measured {R})",
        "{P}(相对强度{N},实测{R})"),
    ROW(CEL_EXPLAIN_UNWEIGHED, "explain-unweighed", "not compared", "未比对"),
    ROW(CEL_EXPLAIN_EXTRA, "explain-extra",
        "Bands of the sample that the reference does not explain ({N}), cm-1: {P}.",
        "参考光谱不能解释的谱峰({N}条),cm-1:{P}。"),
    ROW(CEL_EXPLAIN_SURPLUS, "explain-surplus", "{P} (relative intensity {R})", "{P}(相对强度{R})"),
    ROW(CEL_EXPLAIN_OUTSIDE, "explain-outside",
        "Bands of the reference outside the common range, not observable ({N}), cm-1: {P}.",
        "共同测量范围以外、无法观察的参考谱峰({N}条),cm-1:{P}。"),
    ROW(CEL_EXPLAIN_MARGIN, "explain-margin",
        "The next different substance is {Y}; the score is {V} lower.",
        "次位的不同物质为{Y},得分低{V}。"),
    ROW(CEL_EXPLAIN_ALIKE, "explain-alike", "Look-alikes among the hits (score lower by): {A}.",
        "检索结果中的易混淆物质(得分低):{A}。"),
    ROW(CEL_EXPLAIN_VIEW, "explain-view",
        "Scores of the views, this substance against the next different one: {P}. The distance "
        "rests most on: {V}.",
        "各视图得分(本物质对次位的不同物质):{P}。差距主要来自:{V}。"),
    ROW(CEL_EXPLAIN_VIEW_ALONE, "explain-view-alone", "Scores of the views: {P}.",
        "各视图得分:{P}。"),

    ROW(CEL_RATES_COUNTS, "rates-counts",
        "This laboratory's own records, specimens like this one: {N}. Named right: {P}; named "
        "wrong: {W}; nothing named: {R} (exact 95 % intervals).",
        "本实验室验证记录中此类检材:{N}件。指向正确:{P};指向错误:{W};未作指向:{R}(95%精确区间)。"),
    ROW(CEL_RATES_FEW, "rates-few",
        "This laboratory has not validated this method for items of this kind ({N} specimens; at "
        "least {V} are asked).",
        "本实验室尚未对此类检材验证本方法(已有{N}件,要求不少于{V}件)。"),
    ROW(CEL_RATES_NONE, "rates-none",
        "This laboratory has not validated this method for items of this kind (no records).",
        "本实验室尚未对此类检材验证本方法(无记录)。"),
    ROW(CEL_RATES_DOMAIN, "rates-domain",
        "Records of class {C}, laser {L} nm, instrument {X}, condition {Y}; made by {A}, {V}.",
        "记录范围:类别{C},激光{L}nm,仪器{X},状态{Y};记录人{A},{V}。"),
    ROW(CEL_RATES_UNKNOWN, "rates-unknown",
        "This laboratory has not validated this method for items of this kind (the records at hand "
        "are not those that its ledger knows).",
        "本实验室尚未对此类检材验证本方法(现有记录未在台账登记)。"),

    ROW(CEL_ADVICE_REMEASURE, "advice-remeasure",
        "measure again with longer integration, more frames or at another spot",
        "延长积分时间、增加累加次数或更换测点后重测"),
    ROW(CEL_ADVICE_LESS_LIGHT, "advice-less-light",
        "measure again with shorter integration or less laser power",
        "缩短积分时间或降低激光功率后重测"),
    ROW(CEL_ADVICE_OTHER_LASER, "advice-other-laser",
        "use a longer laser wavelength, another spot or another technique",
        "改用更长波长的激光、更换测点或采用其他技术"),
    ROW(CEL_ADVICE_CHECK_AXIS, "advice-check-axis",
        "check the instrument with a standard and measure again", "用标准物质核查仪器后重测"),
    ROW(CEL_ADVICE_OWN_REFERENCE, "advice-own-reference",
        "measure an authenticated reference of {X} on the laboratory's own instrument",
        "在本实验室仪器上测量{X}的有证参考物质"),
    ROW(CEL_ADVICE_OTHER_METHOD, "advice-other-method",
        "send the item for examination by other methods", "送检并采用其他方法进一步检验"),
    ROW(CEL_ADVICE_CLEAN, "advice-clean", "clean, measure blank and item again",
        "清洁后重新测量空白与检材"),
    ROW(CEL_ADVICE_MORE_REPLICATES, "advice-more-replicates",
        "measure more spots, or separate the parts and measure each",
        "增加测点,或分离各部分后分别测量"),
};

const CelSentence *cel_claim(CelClaimId id)
{
    g_return_val_if_fail((guint)id < CEL_N_CLAIMS, NULL);
    return &table[id];
}

static const char *value_of(GHashTable *values, const char *name, gsize length)
{
    g_autofree char *key = g_strndup(name, length);
    return g_hash_table_lookup(values, key);
}

char *cel_claim_fill(const char *template, const char *first, ...)
{
    g_autoptr(GHashTable) values = g_hash_table_new(g_str_hash, g_str_equal);
    va_list args;
    va_start(args, first);
    for (const char *name = first; name != NULL; name = va_arg(args, const char *))
        g_hash_table_insert(values, (gpointer)name, va_arg(args, char *));
    va_end(args);

    GString *out = g_string_new(NULL);
    for (const char *at = template; *at != '\0';) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        const char *value = end != NULL ? value_of(values, at + 1, (gsize)(end - at - 1)) : NULL;
        if (value != NULL) {
            g_string_append(out, value);
            at = end + 1;
        } else {
            g_string_append_c(out, *at++);
        }
    }
    return g_string_free(out, FALSE);
}

char *cel_claim_stability(guint same, guint runs, gboolean chinese)
{
    const CelSentence *row = cel_claim(CEL_CLAIM_STABILITY);
    g_autofree char *v = g_strdup_printf("%u", same);
    g_autofree char *n = g_strdup_printf("%u", runs);
    return cel_claim_fill(chinese ? row->zh : row->en, "N", n, "V", v, NULL);
}

/* What no result may say (rules of the bench, section 3). */
static const char *const forbidden[] = {
    "检出",     "未检出",        "阳性",
    "阴性",     "排除",          "确认",
    "认定",     "鉴定为",        "同一",
    "系",       "含量",          "纯度",
    "匹配度",   "置信度",        "概率",
    "不含",     "identified as", "positive",
    "negative", "not detected",  "consistent with",
};

/* Phrases of the prescribed sentences that hold such a word; they may stand as they are. */
static const char *const prescribed[] = {
    "不排除其他组分;不表示含量或比例",
    "此结果不表示检材中不含某种物质",
    "系统未出具结果",
    "对同一次测量数据复算",
    "该数不代表结论正确的概率",
};

const char *cel_claim_forbidden(const char *text)
{
    g_autoptr(GString) rest = g_string_new(text);
    for (gsize i = 0; i < G_N_ELEMENTS(prescribed); i++)
        g_string_replace(rest, prescribed[i], "\n", 0);
    g_autofree char *lower = g_utf8_strdown(rest->str, (gssize)rest->len);
    for (gsize i = 0; i < G_N_ELEMENTS(forbidden); i++)
        if (strstr(lower, forbidden[i]) != NULL)
            return forbidden[i];
    return NULL;
}

guint cel_claim_notes(const char *id, CelClaimId out[CEL_CLAIM_MAX_NOTES])
{
    guint n = 0;
    if (g_str_has_prefix(id, "pigment_") || g_str_has_prefix(id, "phthalo_"))
        out[n++] = CEL_CLAIM_LIMIT_PIGMENT;
    if (strcmp(id, "hematite") == 0 || strcmp(id, "bassanite") == 0)
        out[n++] = CEL_CLAIM_LIMIT_LASER_MADE;
    return n;
}
