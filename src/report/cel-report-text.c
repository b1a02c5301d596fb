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
    [CEL_WORD_LASER_STEPS] = {"%u steps logged", "记录状态变化%u次"},
    [CEL_WORD_OFF_READ_BACK] = {"off (read back)", "关闭(已回读)"},
    [CEL_WORD_OFF_COMMANDED] = {"off (commanded, this instrument cannot confirm)",
                                "已发关闭指令(本仪器无法确认)"},
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
    [CEL_WORD_PAGE] = {"Page 1 of 1", "第1页 共1页"},
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
};

const char *cel_report_word(CelReportWord word, gboolean chinese)
{
    g_return_val_if_fail((guint)word < CEL_N_WORDS, "");
    return chinese ? words[word].zh : words[word].en;
}
