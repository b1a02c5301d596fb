/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-forms.h"

#include <string.h>

/* clang-format off */
#define END {NULL, NULL, NULL, FALSE}

static const CelFormField label_fields[] = {
    {"code", "Code", "编码", TRUE},
    {"case", "Case no.", "案件编号", TRUE},
    {"exhibit", "Exhibit no.", "检材编号", TRUE},
    {"name", "Exhibit", "检材名称", TRUE},
    {"amount", "Amount", "数量", FALSE},
    {"seal_no", "Seal no.", "封签编号", TRUE},
    {"packed_at", "Packed on", "封装日期", TRUE},
    {"packer", "Packed by", "封装人", TRUE},
    {"keeper", "Keeper", "保管人", FALSE},
    {"department", "Department", "单位", FALSE},
    END};

static const CelFormField handover_fields[] = {
    {"number", "Sheet no.", "交接单编号", TRUE},
    {"time", "Date and time", "交接时间", TRUE},
    {"from/department", "From (department)", "移交单位", TRUE},
    {"to/department", "To (department)", "接收单位", TRUE},
    {"from/person", "Handed over by", "移交人", TRUE},
    {"to/person", "Received by", "接收人", TRUE},
    {"from/id", "No. of the giver", "移交人编号", FALSE},
    {"to/id", "No. of the receiver", "接收人编号", FALSE},
    {"why", "Reason", "交接原因", TRUE},
    {"authority", "Approved by", "批准依据", FALSE},
    {"ledger/id", "Ledger", "存证台账", FALSE},
    {"ledger/seq", "Event no.", "台账序号", FALSE},
    END};
static const CelFormField handover_columns[] = {
    {"case", "Case no.", "案件编号", TRUE},
    {"exhibit", "Exhibit no.", "检材编号", TRUE},
    {"name", "Exhibit", "检材名称", TRUE},
    {"seal_no", "Seal no.", "封签编号", TRUE},
    {"seal_state", "State of the seal", "封签状态", TRUE},
    {"condition", "Condition", "检材状态", FALSE},
    END};
static const CelFormField handover_signatures[] = {
    {"", "Handed over by", "移交人", FALSE},
    {"", "Received by", "接收人", FALSE},
    {"", "Witness", "见证人", FALSE},
    END};

static const CelFormField day_fields[] = {
    {"date", "Day", "日期", TRUE},
    {"lab", "Laboratory", "实验室", TRUE},
    {"ledger/id", "Ledger", "存证台账", TRUE},
    {"ledger/size", "Entries at the end of the day", "当日末条数", TRUE},
    {"ledger/sha256", "Root SHA-256", "台账根SHA-256", TRUE},
    {"ledger/sm3", "Root SM3", "台账根SM3", TRUE},
    {"checks", "Checks of the day", "当日期间核查", FALSE},
    {"remarks", "Remarks", "备注", FALSE},
    END};
static const CelFormField day_columns[] = {
    {"time", "Head signed at", "签名时间", TRUE},
    {"size", "Entries", "条数", TRUE},
    {"sha256", "Root SHA-256", "台账根SHA-256", TRUE},
    END};
static const CelFormField day_signatures[] = {
    {"", "Head of the laboratory", "实验室负责人", FALSE},
    {"", "Second person", "第二人", FALSE},
    END};

static const CelFormField intake_fields[] = {
    {"case", "Case no.", "案件编号", FALSE},
    {"received", "Received on", "受理日期", FALSE},
    {"department", "Submitting department", "委托/送检单位", FALSE},
    {"person", "Submitted by", "送检人", FALSE},
    {"contact", "Contact", "通讯地址/电话", FALSE},
    {"request", "Request", "检验要求", FALSE},
    {"summary", "Summary of the case", "简要案情", FALSE},
    {"decision", "Accepted / refused, reason", "受理/不受理及原因", FALSE},
    END};
static const CelFormField intake_columns[] = {
    {"exhibit", "Exhibit no.", "检材编号", FALSE},
    {"name", "Description, colour, amount", "检材描述、颜色、数量", FALSE},
    {"seal_no", "Seal no.", "封签编号", FALSE},
    {"seal_state", "State of the seal", "封签状态", FALSE},
    {"photo", "Photo no.", "照片编号", FALSE},
    END};
static const CelFormField intake_signatures[] = {
    {"", "Submitted by", "送检人", FALSE},
    {"", "Received by", "受理人", FALSE},
    END};

static const CelFormField custody_fields[] = {
    {"case", "Case no.", "案件编号", FALSE},
    {"exhibit", "Exhibit no.", "检材编号", FALSE},
    {"name", "Exhibit", "检材名称", FALSE},
    {"seal_no", "Seal no.", "封签编号", FALSE},
    END};
static const CelFormField custody_columns[] = {
    {"time", "Date and time", "日期时间", FALSE},
    {"act", "What was done", "事项", FALSE},
    {"from", "From (signature)", "移交人(签名)", FALSE},
    {"to", "To (signature)", "接收人(签名)", FALSE},
    {"seal", "Seal no. and state", "封签编号及状态", FALSE},
    {"why", "Reason, approval", "原因及批准", FALSE},
    END};

static const CelFormField measurement_fields[] = {
    {"case", "Case no.", "案件编号", FALSE},
    {"exhibit", "Exhibit no.", "检材编号", FALSE},
    {"operator", "Examiner", "检验人", FALSE},
    {"second", "Second examiner", "第二检验人", FALSE},
    {"place", "Place", "检验地点", FALSE},
    {"environment", "Temperature, humidity, light", "温度、湿度、光照", FALSE},
    {"instrument", "Instrument, asset no.", "仪器及资产编号", FALSE},
    {"laser", "Laser wavelength and power", "激光波长及功率", FALSE},
    {"eyewear", "Eyewear on, beam blocked, nobody in line", "已戴护目镜、光路遮挡、光路无人", FALSE},
    {"danger", "Dark, black, flammable or possibly explosive?", "深色、黑色、易燃或可能爆炸?", FALSE},
    {"opening", "Opening check: standard, lot, deviation", "开始核查:标准物质、批号、偏差", FALSE},
    {"closing", "Closing check: deviation", "结束核查:偏差", FALSE},
    END};
static const CelFormField measurement_columns[] = {
    {"time", "Time", "时间", FALSE},
    {"what", "Blank or spot", "空白或测点", FALSE},
    {"integration", "Integration time, frames", "积分时间、累加次数", FALSE},
    {"file", "File", "文件名", FALSE},
    {"change", "Visible change", "可见变化", FALSE},
    {"remarks", "Remarks", "备注", FALSE},
    END};
static const CelFormField measurement_signatures[] = {
    {"", "Examiner", "检验人", FALSE},
    {"", "Second examiner", "第二检验人", FALSE},
    END};

static const CelFormField nothing[] = {END};

static const CelFormDef defs[CEL_N_FORMS] = {
    [CEL_FORM_LABEL] = {CEL_FORM_LABEL, "label", "Exhibit label", "检材标签",
                        label_fields, NULL, nothing, nothing, 0},
    [CEL_FORM_HANDOVER] = {CEL_FORM_HANDOVER, "handover", "Hand-over of exhibits", "检材交接单",
                           handover_fields, "exhibits", handover_columns, handover_signatures, 0},
    [CEL_FORM_DAY] = {CEL_FORM_DAY, "day", "Day sheet of the ledger", "存证台账日报单",
                      day_fields, "heads", day_columns, day_signatures, 0},
    [CEL_FORM_BLANK_INTAKE] = {CEL_FORM_BLANK_INTAKE, "blank-intake",
                               "Intake (form for use without the tablet)", "检材受理登记表(备用)",
                               intake_fields, "exhibits", intake_columns, intake_signatures, 12},
    [CEL_FORM_BLANK_CUSTODY] = {CEL_FORM_BLANK_CUSTODY, "blank-custody",
                                "Custody record (form for use without the tablet)",
                                "检材流转记录表(备用)",
                                custody_fields, "events", custody_columns, nothing, 24},
    [CEL_FORM_BLANK_MEASUREMENT] = {CEL_FORM_BLANK_MEASUREMENT, "blank-measurement",
                                    "Measurement (form for use without the tablet)",
                                    "测量记录表(备用)", measurement_fields, "shots",
                                    measurement_columns, measurement_signatures, 10},
};
/* clang-format on */

const CelFormDef *cel_form_def(CelForm form)
{
    g_return_val_if_fail((guint)form < CEL_N_FORMS, NULL);
    return &defs[form];
}

const CelFormDef *cel_form_find(const char *id)
{
    for (guint i = 0; i < CEL_N_FORMS; i++)
        if (strcmp(defs[i].id, id) == 0)
            return &defs[i];
    return NULL;
}
