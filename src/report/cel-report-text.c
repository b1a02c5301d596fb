/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-report-text.h"

/* A sealed record is printed in either language, so both stand side by side here and not in the
 * catalogue of the program's messages. */
static const struct {
    const char *en, *zh;
} words[CEL_N_WORDS] = {
    [CEL_WORD_TITLE] = {"Raman rapid screening record", "拉曼光谱快速筛查记录"},
    [CEL_WORD_TRAINING] = {"SIMULATED / TRAINING DATA, NOT EVIDENCE", "模拟/培训数据,不得作为证据"},
    [CEL_WORD_CASE] = {"Case", "案件编号"},
    [CEL_WORD_EXHIBIT] = {"Exhibit", "检材编号"},
    [CEL_WORD_OPERATOR] = {"Operator", "检验人"},
    [CEL_WORD_TIME] = {"Sealed at (UTC)", "封存时间(UTC)"},
    [CEL_WORD_INSTRUMENT] = {"Instrument", "仪器"},
    [CEL_WORD_DRIVER_PROVEN] = {"Driver proven on", "驱动程序验证方式"},
    [CEL_WORD_REPLAY_ONLY] = {"replayed recordings only, not on an instrument",
                              "仅以录制数据回放验证,未经实机验证"},
    [CEL_WORD_SIMULATION] = {"simulation", "仿真"},
    [CEL_WORD_LASER_AFTER] = {"Laser after the measurement", "测量后激光状态"},
    [CEL_WORD_LASER_STEPS] = {"{N} steps logged", "记录状态变化{N}次"},
    [CEL_WORD_OFF_READ_BACK] = {"off (read back)", "关闭(已回读)"},
    [CEL_WORD_OFF_COMMANDED] = {"off (commanded, this instrument cannot confirm)",
                                "已发关闭指令(本仪器不能回读)"},
    [CEL_WORD_LASER_UNKNOWN] = {"unknown, not controlled by Celadon",
                                "激光状态未知(不受本程序控制)"},
    [CEL_WORD_LASER] = {"Excitation wavelength", "激发波长"},
    [CEL_WORD_ACQUISITION] = {"Acquisition", "采集条件"},
    [CEL_WORD_METHOD] = {"Method", "方法"},
    [CEL_WORD_LIBRARY] = {"Reference library", "参考谱库"},
    [CEL_WORD_REPLICATES] = {"Replicates (planned / valid / agreeing)", "重复测量(计划/有效/一致)"},
    [CEL_WORD_SECTION_SPECTRUM] = {"Spectrum", "谱图"},
    [CEL_WORD_SECTION_RESULT] = {"Result", "结果"},
    [CEL_WORD_SECTION_REASONS] = {"What it rests on", "理由说明"},
    [CEL_WORD_SECTION_DEVIATIONS] = {"Deviations from the method", "偏离"},
    [CEL_WORD_SECTION_LIMITS] = {"Limits", "限制与建议"},
    [CEL_WORD_SECTION_INTEGRITY] = {"Integrity of the file", "文件完整性"},
    [CEL_WORD_SAMPLE] = {"sample, corrected", "检材谱(已校正)"},
    [CEL_WORD_REFERENCE] = {"reference", "参考谱"},
    [CEL_WORD_AXIS_SHIFT] = {"Raman shift / cm-1", "拉曼位移 / cm-1"},
    [CEL_WORD_AXIS_INTENSITY] = {"Intensity / a.u.", "强度 / 任意单位"},
    [CEL_WORD_MATCHED] = {"band of the reference, found", "参考谱峰,已对应"},
    [CEL_WORD_MISSING] = {"band of the reference, not found", "参考谱峰,未对应"},
    [CEL_WORD_EXTRA] = {"band of the sample, unexplained", "检材谱峰,未解释"},
    [CEL_WORD_SCOPE] = {"This result covers the tested spots and units only.",
                        "本结果仅对所测部位、所测单元负责。"},
    [CEL_WORD_ENDING] =
        {"This is a rapid screening result. It covers only the tested spot and this "
         "measurement and is no expert opinion; for identification, species or "
         "quantity, a qualified laboratory must examine the item by other methods.",
         "本结果为快速筛查结果,仅对所测部位和当次测量负责,不作为鉴定意见;"
         "如需定性、定种或定量,应送有资质的机构采用其他方法进一步检验。"},
    [CEL_WORD_END] = {"End of record", "以下空白"},
    [CEL_WORD_NONE] = {"none", "无"},
    [CEL_WORD_NOT_STATED] = {"not stated", "未注明"},
    [CEL_WORD_NOT_VALIDATED] =
        {"This laboratory has not validated the method for items of this kind.",
         "本实验室尚未对此类检材验证本方法。"},
    [CEL_WORD_PROVEN] = {"Proven by celadon verify", "经完整性校验证明的项目"},
    [CEL_WORD_NOT_PROVEN] = {"Not proven", "未能证明的项目"},
    [CEL_WORD_SIGNATURES] =
        {"Operator: ____________    Reviewer: ____________    Date: ____________",
         "检验人:____________  复核人:____________  日期:____________"},
    [CEL_WORD_TITLE_EXPERT] = {"Annex for experts to the Raman rapid screening record",
                               "拉曼光谱快速筛查记录 专家附件"},
    [CEL_WORD_NUMBER] = {"Record no.", "编号"},
    [CEL_WORD_REPLACES] = {"This record replaces record no. {N} (SHA-256 {D}). Reason: {W}",
                           "本记录替代编号为{N}的记录(SHA-256 {D})。更改原因:{W}"},
    [CEL_WORD_SECTION_ORDER] = {"Submission and exhibit", "委托与检材"},
    [CEL_WORD_SECTION_EXAM] = {"Time, place and environment", "检验日期、地点和环境"},
    [CEL_WORD_SECTION_METHOD] = {"Method and instrument", "方法与仪器"},
    [CEL_WORD_SECTION_QUALITY] = {"Quality control", "质量控制"},
    [CEL_WORD_SECTION_PROCESS] = {"Course of the work", "过程"},
    [CEL_WORD_SECTION_OBSERVED] = {"Observations", "所见"},
    [CEL_WORD_SECTION_PERSONS] = {"Persons responsible", "检验人、复核人与授权签字人"},
    [CEL_WORD_SECTION_ANNEXES] = {"Annexes and check values", "附件与校验值"},
    [CEL_WORD_OMITTED] = {"left out", "从略"},
    [CEL_WORD_RECIPE] = {"Processing recipe", "数据处理流程"},
    [CEL_WORD_RULE] = {"Decision rule", "判定规则"},
    [CEL_WORD_RULE_TEXT] =
        {"the rule fixed with method {M} in program version {V}; all thresholds are part of it",
         "随方法{M}固定于程序版本{V}的判定规则,含全部阈值"},
    [CEL_WORD_BLANKS] = {"Blanks", "空白"},
    [CEL_WORD_BLANK_INSTRUMENT] = {"instrument blank", "仪器空白"},
    [CEL_WORD_BLANK_PACKAGING] = {"packaging blank", "包装空白"},
    [CEL_WORD_BLANK_CLEANING] = {"blank after cleaning", "清洁后空白"},
    [CEL_WORD_NO_BLANKS] = {"none measured (see deviations)", "未测量(见偏离)"},
    [CEL_WORD_DATA_QUALITY] = {"Quality of the data", "数据质量"},
    [CEL_WORD_QUALITY_TEXT] = {"signal-to-noise ratio {S}; saturated points {N}; cosmic-ray spikes "
                               "{C}; fluorescence/Raman ratio {F}; check of the axis: {A}",
                               "信噪比{S};饱和点{N};宇宙射线尖峰{C};荧光/拉曼比{F};谱轴核查:{A}"},
    [CEL_WORD_CHECK_OK] = {"passed", "通过"},
    [CEL_WORD_CHECK_FAILED] = {"not passed", "未通过"},
    [CEL_WORD_CHECK_NONE] = {"none", "无"},
    [CEL_WORD_INVALID_REPLICATES] = {"Replicates not valid or not agreeing",
                                     "无效或不一致的重复测量"},
    [CEL_WORD_BANDS] = {"Raman bands of the exhibit / cm-1", "检材谱峰 / cm-1"},
    [CEL_WORD_BANDS_NOTE] = {"Position ± standard uncertainty (k = 1): fit and axis of the "
                             "instrument together. ▼: corresponds with a band of the reference. "
                             "Bands outside the measured range cannot be observed.",
                             "峰位±标准不确定度(k=1),含拟合与仪器谱轴两部分。▼:"
                             "与参考谱峰对应。所测范围之外的谱峰不可观测。"},
    [CEL_WORD_BANDS_NO_AXIS] =
        {"The uncertainty of the axis is not known; the figures hold the part of the fit only.",
         "谱轴的不确定度未知,所列数值仅含拟合部分。"},
    [CEL_WORD_BANDS_UNFITTED] = {"without a figure: no fit describes the band",
                                 "未列数值:该峰无法拟合"},
    [CEL_WORD_BANDS_MORE] = {"{N} weaker bands are not listed.", "另有{N}条较弱谱峰未列出。"},
    [CEL_WORD_NO_BANDS] = {"no band stands out of the noise", "无高于噪声的谱峰"},
    [CEL_WORD_ADVICE] = {"Advice", "建议"},
    [CEL_WORD_EXTERNAL] = {"Results of external providers", "外部提供的结果"},
    [CEL_WORD_SIGN_NAME] = {"Name and no.", "姓名及编号"},
    [CEL_WORD_SIGN_ROLE] = {"Role", "职责"},
    [CEL_WORD_SIGN_HAND] = {"Signature", "签名"},
    [CEL_WORD_SIGN_DATE] = {"Date", "日期"},
    [CEL_WORD_SIGN_SEAL] = {"Seal of the laboratory", "签发单位(盖章)"},
    [CEL_WORD_ISSUED] = {"Issued on", "签发日期"},
    [CEL_WORD_EDGE_SEAL] = {"page-edge seal", "骑缝章"},
    [CEL_WORD_PAGE_OF] = {"Page {N} of {T}", "第{N}页 共{T}页"},
    [CEL_WORD_FILE] = {"Sealed file", "封存文件"},
    [CEL_WORD_FILE_SHA256] = {"File SHA-256", "文件SHA-256"},
    [CEL_WORD_FILE_SM3] = {"File SM3", "文件SM3"},
    [CEL_WORD_MANIFEST_SHA256] = {"Content (manifest) SHA-256", "内容清单SHA-256"},
    [CEL_WORD_MANIFEST_SM3] = {"Content (manifest) SM3", "内容清单SM3"},
    [CEL_WORD_RECIPE_SHA256] = {"Recipe SHA-256", "处理流程SHA-256"},
    [CEL_WORD_RECIPE_SM3] = {"Recipe SM3", "处理流程SM3"},
    [CEL_WORD_LIBRARY_SHA256] = {"Library SHA-256", "参考谱库SHA-256"},
    [CEL_WORD_CERT_SM2] = {"Certificate (SM2) SHA-256", "证书(SM2)SHA-256"},
    [CEL_WORD_CERT_ED25519] = {"Certificate (Ed25519) SHA-256", "证书(Ed25519)SHA-256"},
    [CEL_WORD_PREVIOUS] = {"Record before, SHA-256", "前一条记录SHA-256"},
    [CEL_WORD_RECORD_SHA256] = {"Custody record SHA-256", "保管链记录SHA-256"},
    [CEL_WORD_RECORD_SM3] = {"Custody record SM3", "保管链记录SM3"},
    [CEL_WORD_LEDGER_PLACE] = {"Place in the ledger", "台账位置"},
    [CEL_WORD_LEDGER_TEXT] = {"ledger {L}; released as no. {S}; head at issue: {N} entries",
                              "台账{L};签发序号{S};签发时共{N}条"},
    [CEL_WORD_LEDGER_NONE] = {"not stated: no ledger is at hand, so this paper does not show that "
                              "the file is the only and latest one",
                              "未注明:无台账信息,本件不能说明该文件是唯一且最新的文件"},
    [CEL_WORD_QR_NOTE] =
        {"The code holds record no., file id, SM3 of the file, size and root of the ledger.",
         "二维码含编号、文件标识、文件SM3、台账条数与台账根。"},
    [CEL_WORD_EXPERT_NOTE] =
        {"For the technical examination of record and file; not to be used without the record.",
         "供对记录和文件作技术审查;不得脱离记录单独使用。"},
    [CEL_WORD_SECTION_RECIPE] = {"Processing, step by step", "数据处理步骤"},
    [CEL_WORD_STEP] = {"Step and version", "步骤及版本"},
    [CEL_WORD_PARAMETERS] = {"Parameters", "参数"},
    [CEL_WORD_SOURCE] = {"Source", "出处"},
    [CEL_WORD_SECTION_PEAKS] = {"Bands with uncertainties", "谱峰及不确定度"},
    [CEL_WORD_POSITION] = {"Position", "峰位"},
    [CEL_WORD_U_FIT] = {"u (fit)", "u(拟合)"},
    [CEL_WORD_U_AXIS] = {"u (axis)", "u(谱轴)"},
    [CEL_WORD_U_ALL] = {"u (both)", "u(合成)"},
    [CEL_WORD_HEIGHT] = {"Height", "峰高"},
    [CEL_WORD_FWHM] = {"FWHM", "半高宽"},
    [CEL_WORD_AREA] = {"Area", "峰面积"},
    [CEL_WORD_SECTION_HITS] = {"Hits with score and margin", "比对结果:得分与差距"},
    [CEL_WORD_RANK] = {"Rank", "序"},
    [CEL_WORD_NAME] = {"Substance", "物质"},
    [CEL_WORD_REFERENCE_KIND] = {"Reference, kind, grade", "参考谱、类型、等级"},
    [CEL_WORD_SCORE] = {"Score", "得分"},
    [CEL_WORD_MARGIN] = {"Margin to the next", "与下一位之差"},
    [CEL_WORD_HQI] = {"Hit quality index", "谱图相似度指数"},
    [CEL_WORD_PEAK_SCORE] = {"Peak score", "谱峰比对得分"},
    [CEL_WORD_SHIFT] = {"Shift applied", "平移量"},
    [CEL_WORD_COUNTS] = {"Found / not found / extra", "对应/未对应/未解释"},
    [CEL_WORD_MEASURED] = {"measured", "实测谱"},
    [CEL_WORD_BAND_TABLE] = {"table of bands", "谱峰表"},
    [CEL_WORD_FIRST_HIT] = {"Bands of the first hit / cm-1", "首位的谱峰 / cm-1"},
    [CEL_WORD_NOT_OBSERVABLE] = {"outside the measured range: not observable",
                                 "所测范围之外:不可观测"},
    [CEL_WORD_SECTION_RESIDUAL] = {"Residual", "残差"},
    [CEL_WORD_RESIDUAL] = {"exhibit minus scaled reference", "检材谱减去缩放后的参考谱"},
    [CEL_WORD_RESIDUAL_NOTE] =
        {"Reference scaled by least squares ({A}) and moved by {S} cm-1 over {R} cm-1; root mean "
         "square of the residual {E} of the strongest band.",
         "参考谱按最小二乘缩放({A})并平移{S} cm-1,范围{R} cm-1;残差均方根为最强谱峰的{E}。"},
    [CEL_WORD_NO_RESIDUAL] = {"The nearest entry of the library is a table of bands or none: there "
                              "is no curve to subtract.",
                              "库中最接近的条目仅为谱峰表或没有条目,无曲线可作残差。"},
    [CEL_WORD_SECTION_MIXTURE] = {"Components of the fit", "拟合组分"},
    [CEL_WORD_WEIGHT] = {"Spectral weight", "谱拟合权重"},
    [CEL_WORD_WEIGHT_U] = {"u", "u"},
    [CEL_WORD_WEIGHT_NOTE] =
        {"Weights tell how the spectrum is fitted, no amount. Minor components may be missed.",
         "权重仅说明光谱的拟合,不代表数量;可能遗漏少量组分。"},
    [CEL_WORD_SECTION_STABILITY] = {"Stability of the calculation", "复算稳定性"},
    [CEL_WORD_NO_STABILITY] = {"not computed for this file", "本文件未作复算"},
    [CEL_WORD_SECTION_REPLICATES] = {"Replicates, one by one", "各次重复测量"},
    [CEL_WORD_REPLICATE] = {"No.", "序号"},
    [CEL_WORD_OUTCOME] = {"Outcome", "结论类型"},
    [CEL_WORD_SECTION_DIGESTS] = {"All digests", "全部摘要值"},
    [CEL_WORD_SECTION_VERDICT] = {"Verification, line by line", "完整性校验逐项结果"},
    [CEL_WORD_LINE] = {"Line", "项目"},
    [CEL_WORD_STATE] = {"State", "状态"},
    [CEL_WORD_STATEMENT] = {"Statement", "说明"},
    [CEL_WORD_SECTION_VERIFY] = {"How to verify without Celadon", "不使用本程序的校验方法"},
    [CEL_WORD_VERIFY_NOTE] =
        {"With h5dump (HDF5 1.10 or later), openssl 3 and the usual tools of POSIX: run the lines "
         "in "
         "one shell, in an empty folder, in their order. Behind \"=\" stands what they show when "
         "nothing contradicts.",
         "仅需h5dump(HDF5 1.10及以上)、openssl 3和POSIX常用命令:在空文件夹中打开一个shell,"
         "依次执行下列各行。“=”之后为无矛盾时的显示。"},
    [CEL_WORD_VERIFY_FILE] =
        {"0. The whole file (f: its full path) is the one this paper was made from",
         "0. 整个文件(f:其完整路径)即本件所依据的文件"},
    [CEL_WORD_VERIFY_LIMITS] =
        {"This does not prove who the person is (take the laboratory's root certificates from "
         "elsewhere), when the file was sealed (a time stamp), that it is the latest one (the "
         "ledger, or its head on a paper), or that the result follows from the raw data (celadon "
         "replay).",
         "以上不能证明签名人身份(须另行取得实验室根证书)、封存时间(须有时间戳)、本文件为最新版本"
         "(须有台账或纸质文书上的台账头),以及由原始数据可得出该结果(celadon replay)。"},
    [CEL_WORD_SECTION_NEXT] = {"Next step", "下一步"},
    [CEL_WORD_NEXT_SEAL] =
        {"Keep the exhibit packed, labelled and sealed; two signatures at every hand-over.",
         "检材保持包装、标签和封签完好;每次交接由双方签名。"},
    [CEL_WORD_NEXT_FOUND] = {"Attention, to be sent for examination: hand the exhibit and this "
                             "record to the laboratory.",
                             "提示关注,需送检:将检材连同本记录移交实验室。"},
    [CEL_WORD_NEXT_CLASS] =
        {"Attention, to be sent for examination by the methods named under the result.",
         "提示关注,需送检:按结果所列方法进一步检验。"},
    [CEL_WORD_NEXT_MEASURE] =
        {"Follow the advice of the result and measure again, at most as often as the method plans; "
         "otherwise send the exhibit for examination.",
         "按结果中的建议重测,次数不超过方法规定;仍无法判断的,送检。"},
    [CEL_WORD_NEXT_NOTHING] =
        {"This does not mean that the item is free of any substance; when there is another reason "
         "for attention, send the exhibit for examination.",
         "此结果不表示检材中不含某种物质;另有可疑情形的,送检。"},
    [CEL_WORD_NEXT_REFUSED] =
        {"Remove the cause that is named, then begin anew; do not write a result by hand.",
         "消除所列原因后重新测量;不得手工填写结果。"},
    [CEL_WORD_VALIDATED] = {"validated", "已验证"},
    [CEL_WORD_NOT_VALIDATED_SHORT] = {"not validated", "未验证"},
    [CEL_WORD_BASIS] = {"Basis", "依据"},
    [CEL_WORD_LEDGER_SEALED] = {"Seal in the ledger", "封存的台账位置"},
    [CEL_WORD_SEALED_TEXT] = {"ledger {L}, no. {S}; tree of {N} entries",
                              "台账{L}第{S}条;树含{N}条"},
    [CEL_WORD_SEALED_SHA256] = {"Root at the seal, SHA-256", "封存时台账根SHA-256"},
    [CEL_WORD_SEALED_SM3] = {"Root at the seal, SM3", "封存时台账根SM3"},
    [CEL_WORD_PARTICULARS] = {"Particulars", "基本信息"},
    [CEL_WORD_APPROVAL] = {"approved by", "批准"},
    [CEL_WORD_WITH_REFERENCE_TO] = {"With reference to", "参照"},
    [CEL_WORD_SECTION_VALIDATION] = {"The laboratory's own records of known specimens",
                                     "本实验室已知检材验证记录"},
    [CEL_WORD_RECORDS_SHA256] = {"Records, SHA-256", "验证记录SHA-256"},
};

const char *cel_report_word(CelReportWord word, gboolean chinese)
{
    g_return_val_if_fail((guint)word < CEL_N_WORDS, "");
    return chinese ? words[word].zh : words[word].en;
}

static const struct {
    const char *outcome;
    CelReportWord next;
} next_steps[] = {
    {"found", CEL_WORD_NEXT_FOUND},
    {"mixture", CEL_WORD_NEXT_CLASS},
    {"class-only", CEL_WORD_NEXT_CLASS},
    {"inconclusive", CEL_WORD_NEXT_MEASURE},
    {"nothing-claimed", CEL_WORD_NEXT_NOTHING},
    {"refused", CEL_WORD_NEXT_REFUSED},
};

CelReportWord cel_report_next_step(const char *outcome)
{
    for (gsize i = 0; i < G_N_ELEMENTS(next_steps); i++)
        if (g_strcmp0(outcome, next_steps[i].outcome) == 0)
            return next_steps[i].next;
    return CEL_N_WORDS;
}
