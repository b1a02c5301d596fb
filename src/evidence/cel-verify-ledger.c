/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-verify-private.h"

/* ---- the line "ledger" ---- */

static const struct {
    const char *en, *zh;
} findings[CEL_N_PLACE_FINDINGS] = {
    [CEL_PLACE_OTHER_EVENT] = {"the ledger's event is not the one that the record names",
                               "台账事件不是记录所载的事件"},
    [CEL_PLACE_UNNAMED_PART] = {"a part stands in the custody record that it does not name, or the "
                                "other way round",
                                "保管链中的组成部分与记录所载不符"},
    [CEL_PLACE_OTHER_FILE] = {"the ledger's event speaks of another file",
                              "台账事件所载为另一文件"},
    [CEL_PLACE_NOT_SIGNED] = {"the ledger's event is not signed by the person who sealed",
                              "台账事件没有封存人的有效签名"},
    [CEL_PLACE_NO_PROOF] =
        {"the proof of the place is missing or not the one that the record names",
         "位置证明缺失,或与记录所载不符"},
    [CEL_PLACE_PROOF_FAILS] = {"the proof does not lead from the event to the root",
                               "位置证明不能由事件推得根值"},
    [CEL_PLACE_HEAD_FAILS] = {"the head is not signed by a ledger that counts here, or is of "
                              "another tree",
                              "台账头没有此处认可的台账签名,或属于另一棵树"},
    [CEL_PLACE_OTHER_LEDGER] = {"the ledger at hand is another one than the file's",
                                "手边的台账与文件所属台账不是同一台账"},
    [CEL_PLACE_LEDGER_CUT] = {"the ledger at hand ends before this seal: it was cut or rolled back",
                              "手边的台账在本次封存之前即已终止:台账被截断或回退"},
    [CEL_PLACE_LEDGER_CHANGED] = {"the ledger at hand is not the continuation of the one in which "
                                  "this file was sealed: it was changed",
                                  "手边的台账不是本文件封存时台账的延续:台账被改动"},
    [CEL_PLACE_NOT_IN_LEDGER] = {"the ledger at hand does not hold this seal",
                                 "手边的台账中没有本次封存"},
    [CEL_PLACE_LEDGER_KNOWS] = {"the record says that no ledger had a part in the seal, but the "
                                "ledger at hand names this file",
                                "记录称封存时没有台账参与,但手边的台账载有本文件"},
    [CEL_PLACE_KEPT_CUT] = {"a head kept elsewhere counts more events than the ledger at hand: the "
                            "ledger was cut or rolled back",
                            "他处保存的台账头所载事件多于手边的台账:台账被截断或回退"},
    [CEL_PLACE_KEPT_CHANGED] = {"a head kept elsewhere has another root: file or ledger were "
                                "rewritten",
                                "他处保存的台账头根值不同:文件或台账被重写"},
};

static void say_contradicted(CelCheck *check)
{
    cel_check_say(
        check, "ledger", CEL_VERDICT_CONTRADICTED,
        g_strdup_printf("The place in the ledger does not hold: %s", findings[check->place].en),
        g_strdup_printf("在存证台账中的位置不成立:%s", findings[check->place].zh));
}

static char *list(const CelCheck *check, gboolean chinese)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    if (check->by_head)
        g_ptr_array_add(parts, chinese ? (gpointer) "台账签名的台账头"
                                       : (gpointer) "a head signed by the lab's ledger");
    if (check->by_ledger)
        g_ptr_array_add(parts, chinese ? (gpointer) "手边的台账" : (gpointer) "the ledger at hand");
    if (check->by_kept)
        g_ptr_array_add(parts, chinese ? (gpointer) "他处保存的台账头"
                                       : (gpointer) "a head kept elsewhere");
    g_ptr_array_add(parts, NULL);
    return g_strjoinv(chinese ? "、" : ", ", (char **)parts->pdata);
}

/* A file that a later event corrects may be as it was sealed and yet not count. */
static gboolean say_corrected(CelCheck *check)
{
    g_autoptr(JsonNode) node = cel_check_later(check, "correct");
    if (node == NULL)
        return FALSE;
    JsonObject *event = json_node_get_object(node);
    const char *why = cel_record_text(event, "why");
    const gint64 seq = cel_record_number(event, "seq");
    cel_check_say(check, "ledger", CEL_VERDICT_NOT_PROVEN,
                  g_strdup_printf("Event %" G_GINT64_FORMAT " of the ledger corrects this seal: %s",
                                  seq, why != NULL ? why : "?"),
                  g_strdup_printf("台账第 %" G_GINT64_FORMAT " 号事件更正了本次封存:%s", seq,
                                  why != NULL ? why : "?"));
    return TRUE;
}

/* The newest sealed file of the same exhibit behind this one, 0: none. Its bag being sealed again
 * names no file. */
static gint64 newer_seal(const CelCheck *check)
{
    const CelWitness *witness = check->options->witness;
    gint64 newest = 0;
    for (guint i = 0; witness != NULL && check->by_ledger && i < witness->events->len; i++) {
        g_autoptr(JsonNode) node = cel_check_witnessed(check, i);
        JsonObject *event = node != NULL ? json_node_get_object(node) : NULL;
        const gint64 seq = cel_record_number(event, "seq");
        const char *fid = event != NULL ? cel_record_text(event, "fid") : NULL;
        if (fid != NULL && *fid != '\0' && seq > (gint64)check->seq &&
            g_strcmp0(cel_record_text(event, "act"), "seal") == 0 &&
            g_strcmp0(cel_record_text(event, "case"), cel_record_text(check->record, "case")) ==
                0 &&
            g_strcmp0(cel_record_text(event, "item"), cel_record_text(check->record, "item")) == 0)
            newest = seq;
    }
    return newest;
}

static gboolean say_newer(CelCheck *check)
{
    const gint64 seq = newer_seal(check);
    if (seq == 0)
        return FALSE;
    cel_check_say(check, "ledger", CEL_VERDICT_NOT_PROVEN,
                  g_strdup_printf("This is event %" G_GUINT64_FORMAT " of the ledger, and not the "
                                  "latest: event %" G_GINT64_FORMAT " seals this exhibit again",
                                  check->seq, seq),
                  g_strdup_printf("本文件为台账第 %" G_GUINT64_FORMAT
                                  " 号事件,但并非最新:第 %" G_GINT64_FORMAT
                                  " 号事件对同一检材再次封存",
                                  check->seq, seq));
    return TRUE;
}

typedef struct {
    const char *id, *root;
    gint64 size;
    guint64 seq;
} Stands;

static char *stands_en(const Stands *at, const char *by)
{
    return g_strdup_printf(
        "Event %" G_GUINT64_FORMAT " of ledger %s, in the tree of %" G_GINT64_FORMAT
        " events with root %s; %s%s",
        at->seq, at->id, at->size, at->root,
        *by != '\0'
            ? "confirmed by: "
            : "by the file alone: compare the root with a paper, a time stamp or the ledger",
        by);
}

static char *stands_zh(const Stands *at, const char *by)
{
    return g_strdup_printf(
        "台账 %s 的第 %" G_GUINT64_FORMAT " 号事件,所在树共 %" G_GINT64_FORMAT
        " 个事件,根值 %s;%s%s",
        at->id, at->seq, at->size, at->root,
        *by != '\0' ? "由以下内容证实:" : "仅由本文件载明:请与纸质文书、时间戳或台账核对根值", by);
}

static void say_placed(CelCheck *check)
{
    const Stands at = {.id = cel_record_text(check->record, "ledger/id"),
                       .root = cel_record_text(check->record, "ledger/root/sha256"),
                       .size = cel_record_number(check->record, "ledger/size"),
                       .seq = check->seq};
    g_autofree char *en = list(check, FALSE), *zh = list(check, TRUE);
    cel_check_say(check, "ledger", *en != '\0' ? CEL_VERDICT_PROVEN : CEL_VERDICT_NOT_PROVEN,
                  stands_en(&at, en), stands_zh(&at, zh));
}

void cel_check_ledger(CelCheck *check)
{
    if (check->record == NULL)
        cel_check_plain(check, "ledger", CEL_VERDICT_NOT_PROVEN,
                        "Without a usable record nothing can be said of a ledger",
                        "没有可用的记录,无法判断与台账的关系");
    else if (check->place != CEL_PLACE_HOLDS)
        say_contradicted(check);
    else if (check->seq == 0)
        cel_check_plain(check, "ledger", CEL_VERDICT_NOT_PROVEN,
                        "No ledger entry proves that this is the file's only and latest version",
                        "没有存证台账记录,无法证明本文件是唯一且最新的版本");
    else if (!say_corrected(check) && !say_newer(check))
        say_placed(check);
}

/* ---- the line "file" ---- */

static gboolean is_named(const CelCheck *check, const CelDigestPair *named)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(check->bytes, &n);
    const CelDigestPair is = cel_digest_pair(data, n);
    return g_str_equal(is.sha256, named->sha256) && g_str_equal(is.sm3, named->sm3);
}

static void say_file(CelCheck *check, gboolean same)
{
    if (same)
        cel_check_plain(check, "file", CEL_VERDICT_PROVEN,
                        "The whole file has the digests that the ledger or the bundle names",
                        "整个文件的摘要值与台账或案卷包所载一致");
    else
        cel_check_plain(check, "file", CEL_VERDICT_CONTRADICTED,
                        "The bytes of the file are not those that the ledger or the bundle names: "
                        "it was written again or damaged, be it where nothing is stored",
                        "文件字节与台账或案卷包所载不一致:文件被重新写过或已损坏,"
                        "即使改动处并未存储内容");
}

void cel_check_file(CelCheck *check)
{
    g_autoptr(JsonNode) node = cel_check_later(check, "verify");
    if (check->options->expect_file != NULL)
        say_file(check, is_named(check, check->options->expect_file));
    else if (node != NULL)
        say_file(check, cel_check_digests(json_node_get_object(node), "file", check->bytes));
    else
        cel_check_plain(check, "file", CEL_VERDICT_NOT_PROVEN,
                        "Nobody at hand names the digests of the whole file",
                        "手边没有载明整个文件摘要值的台账或案卷包");
}
