/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-clock.h"
#include "evidence/cel-timestamp.h"
#include "evidence/cel-verify-private.h"

/* The record is made after the event that it names; a clock that is being set may step back a
 * little between the two. */
static const gint64 STEP_BACK_US = 2 * G_USEC_PER_SEC;

/* The time of the ledger's event that the record names, 0: it names none. */
static gint64 event_wall_us(const CelCheck *check)
{
    gsize n = 0;
    GBytes *bytes = check->custody.parts[CEL_PART_EVENT];
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    g_autoptr(JsonNode) node = text != NULL ? cel_canon_read(text, n, NULL) : NULL;
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node)
               ? cel_record_number(json_node_get_object(node), "t_wall_us")
               : 0;
}

static gboolean is_before_event(const CelCheck *check)
{
    return check->record != NULL &&
           cel_record_number(check->record, "t_wall_us") < event_wall_us(check) - STEP_BACK_US;
}

static void say_own_clock(CelCheck *check)
{
    const char *time = check->record != NULL ? cel_record_text(check->record, "t_wall") : NULL;
    cel_check_say(check, "time", CEL_VERDICT_NOT_PROVEN,
                  g_strdup_printf("The time of sealing (%s by the computer's own clock) is not "
                                  "proven: there is no trusted time stamp",
                                  time != NULL ? time : "not readable"),
                  g_strdup_printf("封存时间未获证明:没有可信时间戳,所载时间(%s)仅来自本机时钟",
                                  time != NULL ? time : "无法读取"));
}

static void say_token(CelCheck *check, CelTimestampState state, const CelTimestamp *stamp)
{
    g_autofree char *time = cel_clock_iso8601(stamp->time_us);
    const char *who = stamp->authority != NULL ? stamp->authority : "?";
    if (state == CEL_TIMESTAMP_PROVEN)
        cel_check_say(
            check, "time", CEL_VERDICT_PROVEN,
            g_strdup_printf("Sealed not later than %s: the time stamp of %s is over the "
                            "record's signature",
                            time, who),
            g_strdup_printf("封存时间不晚于 %s:%s 的时间戳覆盖记录的数字签名", time, who));
    else if (state == CEL_TIMESTAMP_UNKNOWN_AUTHORITY)
        cel_check_say(
            check, "time", CEL_VERDICT_NOT_PROVEN,
            g_strdup_printf("A time stamp says %s; whether to believe %s is not known "
                            "here: no root of this authority was given",
                            time, who),
            g_strdup_printf("时间戳所载时间为 %s;未给出颁发者 %s 的根证书,无从判断是否可信", time,
                            who));
    else
        cel_check_plain(check, "time", CEL_VERDICT_CONTRADICTED,
                        "The time stamp is not over this record's signature, or its own signature "
                        "does not hold",
                        "时间戳不是针对本记录的数字签名,或其自身签名无效");
}

void cel_check_time(CelCheck *check)
{
    GBytes *own = check->custody.parts[CEL_PART_TOKEN];
    GBytes *token = check->options->token != NULL ? check->options->token : own;
    GBytes *signature = check->custody.parts[CEL_PART_SIGNATURE + CEL_SIGN_SM2];
    if (is_before_event(check)) {
        cel_check_plain(check, "time", CEL_VERDICT_CONTRADICTED,
                        "The record claims a time before the ledger's event that it names: it was "
                        "made again with an earlier clock",
                        "记录所载时间早于其所引台账事件的时间:记录是以更早的时钟重新制作的");
        return;
    }
    if (token == NULL) {
        say_own_clock(check);
        return;
    }
    g_auto(CelTimestamp) stamp = {0};
    const CelTimestampState state =
        signature != NULL ? cel_timestamp_judge(token, signature, check->options->tsa_roots, &stamp)
                          : CEL_TIMESTAMP_OTHER_DATA;
    say_token(check, state, &stamp);
}
