/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-verify-private.h"

/* The record repeats what the file says of itself; a difference means one of them was exchanged. */
typedef struct {
    const char *member, *path;
} Pair;

static const char *first_other_text(const CelCheck *check, const Pair *pairs, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *text = cel_h5_get_text(check->root, pairs[i].path, NULL);
        if (g_strcmp0(text, cel_record_text(check->record, pairs[i].member)) != 0)
            return pairs[i].path;
    }
    return NULL;
}

static const char *first_other_mark(const CelCheck *check)
{
    static const char *const marks[] = {"training", "simulated"};
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        g_autofree char *path = g_strconcat("/celadon/", marks[i], NULL);
        gsize n = 0;
        g_autofree double *value = cel_h5_get_f64(check->root, path, &n, NULL);
        if (value == NULL || n != 1 ||
            (value[0] > 0.0) != cel_record_truth(check->record, marks[i]))
            return marks[i];
    }
    return NULL;
}

static const char *disagreement(const CelCheck *check)
{
    static const Pair measured[] = {
        {"fid", "/celadon/fid"},
        {"case", "/celadon/case"},
        {"item", "/celadon/exhibit"},
        {"outcome", "/celadon/result/outcome"},
        {"op/name", "/entry/operator/name"},
        {"op/id", "/entry/operator/facility_user_id"},
    };
    static const Pair object[] = {
        {"fid", "/celadon/fid"},
        {"subject/kind", "/celadon/kind"},
        {"subject/id", "/celadon/id"},
        {"op/name", "/celadon/operator/name"},
        {"op/id", "/celadon/operator/facility_user_id"},
    };
    const char *other = cel_record_is_object(check->record)
                            ? first_other_text(check, object, G_N_ELEMENTS(object))
                            : first_other_text(check, measured, G_N_ELEMENTS(measured));
    return other != NULL ? other : first_other_mark(check);
}

void cel_check_record(CelCheck *check)
{
    const char *differs = check->record != NULL ? disagreement(check) : NULL;
    if (check->record == NULL)
        cel_check_say(check, "record", CEL_VERDICT_CONTRADICTED,
                      g_strdup_printf("The custody record is missing or not usable (%s)",
                                      check->record_problem),
                      g_strdup_printf("保管链记录缺失或无法使用(%s)", check->record_problem));
    else if (differs != NULL)
        cel_check_say(
            check, "record", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The custody record states something else than the file: %s", differs),
            g_strdup_printf("保管链记录与文件内容不一致:%s", differs));
    else if (cel_record_is_object(check->record))
        cel_check_say(
            check, "record", CEL_VERDICT_PROVEN,
            g_strdup_printf("The custody record is in canonical form and starts the chain of file "
                            "%s: %s %s",
                            cel_record_text(check->record, "fid"),
                            cel_record_text(check->record, "subject/kind"),
                            cel_record_text(check->record, "subject/id")),
            g_strdup_printf("保管链记录为规范格式,是文件 %s 的首条记录:%s %s",
                            cel_record_text(check->record, "fid"),
                            cel_record_text(check->record, "subject/kind"),
                            cel_record_text(check->record, "subject/id")));
    else
        cel_check_say(
            check, "record", CEL_VERDICT_PROVEN,
            g_strdup_printf("The custody record is in canonical form and starts the chain of file "
                            "%s: case %s, exhibit %s",
                            cel_record_text(check->record, "fid"),
                            cel_record_text(check->record, "case"),
                            cel_record_text(check->record, "item")),
            g_strdup_printf("保管链记录为规范格式,是文件 %s 的首条记录:案件编号 %s,检材编号 %s",
                            cel_record_text(check->record, "fid"),
                            cel_record_text(check->record, "case"),
                            cel_record_text(check->record, "item")));
}

/* ---- identity ---- */

/* NULL when everything that was expected is so. */
static const char *unexpected(const CelCheck *check)
{
    const CelVerifyOptions *o = check->options;
    const Pair wanted[] = {
        {"case", o->expect_case}, {"item", o->expect_exhibit}, {"fid", o->expect_fid}};
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
        if (wanted[i].path != NULL &&
            (check->record == NULL ||
             g_strcmp0(cel_record_text(check->record, wanted[i].member), wanted[i].path) != 0))
            return wanted[i].path;
    return NULL;
}

void cel_check_identity(CelCheck *check)
{
    const CelVerifyOptions *o = check->options;
    const char *other = unexpected(check);
    if (other != NULL)
        cel_check_say(
            check, "identity", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("This is another file than the one expected: it is not of %s", other),
            g_strdup_printf("本文件不是所要核对的文件:与“%s”不符", other));
    else if (o->expect_case == NULL && o->expect_exhibit == NULL && o->expect_fid == NULL)
        cel_check_plain(check, "identity", CEL_VERDICT_NOT_PROVEN,
                        "Nobody said which file this must be: a name on a disk proves nothing. "
                        "Compare case, exhibit and file id with the paper",
                        "未说明本文件应为哪一份:磁盘上的文件名不能证明任何事项。"
                        "请与纸质文书核对案件编号、检材编号和文件编号");
    else
        cel_check_plain(check, "identity", CEL_VERDICT_PROVEN,
                        "Case, exhibit or file id are the expected ones, as far as they were named",
                        "案件编号、检材编号或文件编号与所给的一致");
}
