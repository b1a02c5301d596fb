/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-verify-private.h"

void cel_check_time(CelCheck *check)
{
    const char *time = check->record != NULL ? cel_record_text(check->record, "t_wall") : NULL;
    cel_check_say(check, "time", CEL_VERDICT_NOT_PROVEN,
                  g_strdup_printf("The time of sealing (%s by the computer's own clock) is not "
                                  "proven: there is no trusted time stamp",
                                  time != NULL ? time : "not readable"),
                  g_strdup_printf("封存时间未获证明:没有可信时间戳,所载时间(%s)仅来自本机时钟",
                                  time != NULL ? time : "无法读取"));
}
