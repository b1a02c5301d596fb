/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-gate.h"

#include "base/cel-error.h"
#include "base/cel-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const gint64 HOUR_US = G_GINT64_CONSTANT(3600000000);

CelGateLimits cel_gate_default_limits(void)
{
    return (CelGateLimits){.least_replicates = 3,
                           .longest_us = 8 * HOUR_US,
                           .most_exhibits = 20,
                           .blank_needed = TRUE,
                           .blind_review = TRUE};
}

void cel_gate_block_free(CelGateBlock *block)
{
    if (block == NULL)
        return;
    g_free(block->en);
    g_free(block->zh);
    g_free(block);
}

/** Gate: one question being answered. */
typedef struct {
    CelRegister *reg;
    const CelGateLimits *limits;
    JsonObject *file;   /* its row */
    GArray *shots;      /* gint64: positions of its acquisitions, in order */
    gint64 first, last; /* of the shots; of the seal when there are none */
    JsonObject *opening, *closing;
    GPtrArray *blocks;
} Gate;

static void gate_clear(Gate *gate)
{
    g_clear_pointer(&gate->file, json_object_unref);
    g_clear_pointer(&gate->opening, json_object_unref);
    g_clear_pointer(&gate->closing, json_object_unref);
    g_clear_pointer(&gate->shots, g_array_unref);
    g_clear_pointer(&gate->blocks, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gate, gate_clear)

static void block(Gate *gate, const char *id, const char *en, const char *zh)
{
    CelGateBlock *one = g_new(CelGateBlock, 1);
    *one = (CelGateBlock){id, g_strdup(en), g_strdup(zh)};
    g_ptr_array_add(gate->blocks, one);
}

static gboolean is(JsonObject *row, const char *column, const char *text)
{
    return strcmp(cel_row_text(row, column), text) == 0;
}

/* Positions count within the ledger in which the file was sealed. */
static const char *ledger_of(const Gate *gate)
{
    return cel_row_text(gate->file, "ledger");
}

/* A list of positions as the register keeps it: "[3,4,5]". */
static GArray *read_positions(const char *text)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(JsonNode) node = *text != '\0' ? cel_json_read(text, strlen(text), NULL) : NULL;
    JsonArray *list =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; list != NULL && i < json_array_get_length(list); i++) {
        const gint64 seq = json_array_get_int_element(list, i);
        g_array_append_val(out, seq);
    }
    return out;
}

/* ---- the file itself ---- */

static void check_file(Gate *gate)
{
    if (!is(gate->file, "state", "complete"))
        block(gate, "file", "The sealed file was not completed and read back.",
              "封存文件未完成写入和回读核对。");
    if (!is(gate->file, "policy", "evidence"))
        block(gate, "policy", "The answer was made under the development policy.",
              "结果采用开发策略得出,不得用于办案。");
    if (*cel_row_text(gate->file, "exploratory") != '\0')
        block(gate, "exploratory",
              "Exploratory work (the recipe was changed after hits were seen); it is not the "
              "method's result.",
              "探索性处理(看到比对结果后修改了处理流程),不属于方法规定的结果。");
}

/* ---- the shots ---- */

/** Shots: what the acquisitions of a file were. */
typedef struct {
    guint valid, missing, discarded, simulated, foreign;
} Shots;

static gboolean count_shots(Gate *gate, Shots *out, GError **error)
{
    for (guint i = 0; i < gate->shots->len; i++) {
        const gint64 seq = g_array_index(gate->shots, gint64, i);
        const CelRowQuery query = {.match = {{"seq", NULL, seq}, {"ledger", ledger_of(gate), 0}}};
        g_autoptr(GError) failure = NULL;
        g_autoptr(JsonObject) row =
            cel_register_row(gate->reg, CEL_ROW_ACQUISITION, &query, &failure);
        if (failure != NULL) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        const gboolean ours = row != NULL &&
                              is(row, "case_id", cel_row_text(gate->file, "case_id")) &&
                              is(row, "item_id", cel_row_text(gate->file, "item_id"));
        out->missing += row == NULL;
        out->foreign += row != NULL && !ours;
        out->discarded += cel_row_number(row, "discarded_seq") > 0;
        out->simulated += cel_row_number(row, "simulated") != 0;
        out->valid += ours && is(row, "kind", "replicate") && is(row, "outcome", "valid");
        gate->first = row != NULL ? MIN(gate->first, seq) : gate->first;
        gate->last = row != NULL ? MAX(gate->last, seq) : gate->last;
    }
    return TRUE;
}

static gboolean check_shots(Gate *gate, GError **error)
{
    Shots shots = {0};
    gate->first = gate->last = cel_row_number(gate->file, "seq");
    if (gate->shots->len > 0)
        gate->last = 0;
    if (!count_shots(gate, &shots, error))
        return FALSE;
    if (gate->shots->len == 0 || shots.missing + shots.foreign > 0)
        block(gate, "acquisitions",
              "The measurements of the file are not on record as acquisitions of this exhibit.",
              "文件中的测量没有作为本检材的测量记录在台账中。");
    if (shots.discarded > 0)
        block(gate, "discarded", "The file rests on a measurement that was set aside.",
              "文件使用了已弃用的测量。");
    if (shots.simulated > 0 && cel_row_number(gate->file, "training") == 0)
        block(gate, "training-mark", "Simulated measurements without the training mark.",
              "模拟测量缺少培训标记。");
    const gint64 agree = cel_row_number(gate->file, "agree");
    const gint64 needed =
        gate->limits->four_of_five && shots.valid >= 5 ? (shots.valid * 4 + 4) / 5 : shots.valid;
    if (shots.valid < gate->limits->least_replicates || agree < needed)
        block(gate, "replicates", "Too few valid replicates that agree.",
              "有效且一致的重复测量次数不足。");
    return TRUE;
}

/* Where the exhibit's last complete file before this one was sealed; 0: there is none. */
static gboolean find_earlier_file(Gate *gate, gint64 *out_seq, GError **error)
{
    const CelRowQuery query = {.match = {{"case_id", cel_row_text(gate->file, "case_id"), 0},
                                         {"item_id", cel_row_text(gate->file, "item_id"), 0},
                                         {"state", "complete", 0},
                                         {"ledger", ledger_of(gate), 0}},
                               .before_seq = (guint64)cel_row_number(gate->file, "seq"),
                               .newest_first = TRUE,
                               .most = 1};
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_FILE, &query, error);
    if (rows == NULL)
        return FALSE;
    *out_seq = rows->len > 0 ? cel_row_number(g_ptr_array_index(rows, 0), "seq") : 0;
    return TRUE;
}

static gboolean is_used(const Gate *gate, gint64 seq)
{
    for (guint i = 0; i < gate->shots->len; i++)
        if (g_array_index(gate->shots, gint64, i) == seq)
            return TRUE;
    return FALSE;
}

/* Nothing is picked: a good shot at the exhibit is in the file, or was set aside with a reason and
 * a second person. */
static gboolean check_left_out(Gate *gate, GError **error)
{
    gint64 earlier = 0;
    if (!find_earlier_file(gate, &earlier, error))
        return FALSE;
    const CelRowQuery query = {.match = {{"case_id", cel_row_text(gate->file, "case_id"), 0},
                                         {"item_id", cel_row_text(gate->file, "item_id"), 0},
                                         {"kind", "replicate", 0},
                                         {"ledger", ledger_of(gate), 0}},
                               .after_seq = (guint64)earlier,
                               .before_seq = (guint64)cel_row_number(gate->file, "seq")};
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_ACQUISITION, &query, error);
    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        if (!is(row, "outcome", "valid") || cel_row_number(row, "discarded_seq") > 0 ||
            is_used(gate, cel_row_number(row, "seq")))
            continue;
        block(gate, "left-out",
              "A valid measurement of the exhibit is neither in the file nor set aside.",
              "有一次有效测量既未纳入文件,也未登记弃用。");
        break;
    }
    return TRUE;
}

static gboolean check_blank(Gate *gate, GError **error)
{
    if (!gate->limits->blank_needed)
        return TRUE;
    g_autoptr(GArray) blanks = read_positions(cel_row_text(gate->file, "blanks"));
    gboolean found = FALSE;
    for (guint i = 0; !found && i < blanks->len; i++) {
        const gint64 seq = g_array_index(blanks, gint64, i);
        const CelRowQuery query = {.match = {{"seq", NULL, seq}, {"ledger", ledger_of(gate), 0}}};
        g_autoptr(GError) failure = NULL;
        g_autoptr(JsonObject) row =
            cel_register_row(gate->reg, CEL_ROW_ACQUISITION, &query, &failure);
        if (failure != NULL) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        found = is(row, "kind", "instrument-blank") && is(row, "outcome", "valid") &&
                cel_row_number(row, "discarded_seq") == 0 &&
                is(row, "instrument", cel_row_text(gate->file, "instrument"));
    }
    if (!found)
        block(gate, "blank", "No valid instrument blank of this instrument belongs to the file.",
              "文件没有本仪器的有效仪器空白。");
    return TRUE;
}

/* ---- the day's checks ---- */

static gboolean is_check(JsonObject *row)
{
    return is(row, "kind", "performance") || is(row, "kind", "closing");
}

/* The nearest performance check of the instrument before the first shot, or after the last. */
static gboolean find_check(Gate *gate, gboolean after, JsonObject **out, GError **error)
{
    CelRowQuery query = {
        .match = {{"instrument", cel_row_text(gate->file, "instrument"), 0},
                  {"ledger", ledger_of(gate), 0}},
        .after_seq = after ? (guint64)gate->last : 0,
        .before_seq = after ? 0 : (guint64)gate->first,
        .newest_first = !after,
    };
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_CHECK, &query, error);
    if (rows == NULL)
        return FALSE;
    for (guint i = 0; *out == NULL && i < rows->len; i++)
        if (is_check(g_ptr_array_index(rows, i)))
            *out = json_object_ref(g_ptr_array_index(rows, i));
    return TRUE;
}

static gboolean wall_of(Gate *gate, gint64 seq, gint64 *out_us, GError **error)
{
    const CelRowQuery query = {.match = {{"seq", NULL, seq}, {"ledger", ledger_of(gate), 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_EVENT, &query, error);
    if (rows == NULL)
        return FALSE;
    *out_us = rows->len > 0 ? cel_row_number(g_ptr_array_index(rows, 0), "t_wall_us") : 0;
    return TRUE;
}

static gboolean check_opening(Gate *gate, GError **error)
{
    gint64 last_us = 0;
    if (!find_check(gate, FALSE, &gate->opening, error) ||
        !wall_of(gate, gate->last, &last_us, error))
        return FALSE;
    const gint64 expires_us = cel_row_number(gate->opening, "expires_us");
    if (gate->opening == NULL || !is(gate->opening, "verdict", "pass"))
        block(gate, "opening-check",
              "No passed performance check of the instrument stands before the series.",
              "测量前没有通过的期间核查。");
    else if (expires_us > 0 && last_us > expires_us)
        block(gate, "opening-check", "The opening check had expired before the last measurement.",
              "最后一次测量时,开始核查已过有效期。");
    return TRUE;
}

static gboolean check_closing(Gate *gate, GError **error)
{
    if (!find_check(gate, TRUE, &gate->closing, error))
        return FALSE;
    if (gate->closing == NULL)
        block(gate, "closing-check", "Awaiting the closing check of the instrument.",
              "等待结束核查。");
    else if (!is(gate->closing, "verdict", "pass"))
        block(gate, "closing-check",
              "The closing check did not pass: the results of the series are in doubt.",
              "结束核查未通过,本批结果存疑。");
    return TRUE;
}

static gboolean count_exhibits(Gate *gate, guint *out_n, GError **error)
{
    const CelRowQuery query = {
        .match = {{"instrument", cel_row_text(gate->file, "instrument"), 0},
                  {"ledger", ledger_of(gate), 0}},
        .after_seq = (guint64)cel_row_number(gate->opening, "seq"),
        .before_seq = (guint64)cel_row_number(gate->closing, "seq"),
    };
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_ACQUISITION, &query, error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        if (*cel_row_text(row, "item_id") != '\0')
            g_hash_table_add(seen, g_strconcat(cel_row_text(row, "case_id"), "\n",
                                               cel_row_text(row, "item_id"), NULL));
    }
    *out_n = g_hash_table_size(seen);
    return TRUE;
}

static gboolean check_series(Gate *gate, GError **error)
{
    guint exhibits = 0;
    if (gate->opening == NULL || gate->closing == NULL)
        return TRUE;
    if (!count_exhibits(gate, &exhibits, error))
        return FALSE;
    const gint64 span =
        cel_row_number(gate->closing, "t_wall_us") - cel_row_number(gate->opening, "t_wall_us");
    if (span < 0 || span > gate->limits->longest_us || exhibits > gate->limits->most_exhibits)
        block(gate, "series",
              "Too much time or too many exhibits lie between opening and closing check.",
              "开始核查与结束核查之间的时间或检材数量超过规定。");
    return TRUE;
}

/* The standard that checks is another one, of another lot, than what the axis was made with. */
static gboolean check_standard(Gate *gate, GError **error)
{
    const CelRowQuery query = {
        .match = {{"instrument", cel_row_text(gate->file, "instrument"), 0},
                  {"kind", "calibration", 0},
                  {"ledger", ledger_of(gate), 0}},
        .before_seq = (guint64)gate->first,
        .newest_first = TRUE,
        .most = 1,
    };
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_CHECK, &query, error);
    if (rows == NULL)
        return FALSE;
    JsonObject *made = rows->len > 0 ? g_ptr_array_index(rows, 0) : NULL;
    if (made != NULL && gate->opening != NULL &&
        is(made, "standard", cel_row_text(gate->opening, "standard")) &&
        is(made, "standard_lot", cel_row_text(gate->opening, "standard_lot")))
        block(gate, "standard", "The check used the same standard and lot as the calibration.",
              "核查与校准使用了同一批号的标准物质。");
    return TRUE;
}

/* ---- the second pair of eyes ---- */

/* A disagreement is settled by nonconforming work on the exhibit that was closed after it. */
static gboolean is_settled(Gate *gate, gint64 seq, gboolean *out_settled, GError **error)
{
    const CelRowQuery query = {.match = {{"case_id", cel_row_text(gate->file, "case_id"), 0},
                                         {"item_id", cel_row_text(gate->file, "item_id"), 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_NONCONFORM, &query, error);
    if (rows == NULL)
        return FALSE;
    *out_settled = FALSE;
    for (guint i = 0; i < rows->len; i++)
        *out_settled =
            *out_settled || cel_row_number(g_ptr_array_index(rows, i), "closed_seq") > seq;
    return TRUE;
}

static gboolean check_review(Gate *gate, GError **error)
{
    const CelRowQuery query = {.match = {{"fid", cel_row_text(gate->file, "fid"), 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_REVIEW, &query, error);
    if (rows == NULL)
        return FALSE;
    gboolean blind = FALSE, agreed = FALSE, settled = TRUE;
    gint64 against = 0;
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        const gboolean compared = is(row, "stage", "compared");
        const gboolean agrees = cel_row_number(row, "agrees") != 0;
        blind = blind || cel_row_number(row, "blind") != 0;
        agreed = agreed || (compared && agrees);
        against = compared && !agrees ? cel_row_number(row, "seq") : against;
    }
    if (against > 0 && !is_settled(gate, against, &settled, error))
        return FALSE;
    if ((gate->limits->blind_review && !blind) || (!agreed && against == 0))
        block(gate, "review", "No blind review by another person is complete.",
              "尚未由他人完成盲法复核。");
    if (!settled)
        block(gate, "disagreement",
              "A reviewer came to another result; settle it as nonconforming work first.",
              "复核人得出不同结果,请先按不符合工作处理。");
    return TRUE;
}

static gboolean check_nonconforming(Gate *gate, GError **error)
{
    const CelRowQuery query = {
        .match = {{"case_id", cel_row_text(gate->file, "case_id"), 0}, {"closed_seq", NULL, 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_NONCONFORM, &query, error);
    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        const gboolean here = *cel_row_text(row, "item_id") == '\0' ||
                              is(row, "item_id", cel_row_text(gate->file, "item_id"));
        if (!here)
            continue;
        block(gate, "nonconforming", "Nonconforming work on this exhibit is not closed.",
              "本检材的不符合工作尚未关闭。");
        break;
    }
    return TRUE;
}

static gboolean gate_open(Gate *gate, const char *fid, GError **error)
{
    const CelRowQuery query = {.match = {{"fid", fid, 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(gate->reg, CEL_ROW_FILE, &query, error);
    if (rows == NULL)
        return FALSE;
    if (rows->len == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("No file %s is sealed in this lab's ledger"), fid);
        return FALSE;
    }
    gate->file = json_object_ref(g_ptr_array_index(rows, 0));
    gate->shots = read_positions(cel_row_text(gate->file, "acquisitions"));
    gate->blocks = g_ptr_array_new_with_free_func((GDestroyNotify)cel_gate_block_free);
    return TRUE;
}

GPtrArray *cel_gate_release(CelRegister *reg, const char *fid, const CelGateLimits *limits,
                            GError **error)
{
    static gboolean (*const checks[])(Gate *, GError **) = {
        check_shots,  check_left_out, check_blank,  check_opening,       check_closing,
        check_series, check_standard, check_review, check_nonconforming,
    };
    g_auto(Gate) gate = {.reg = reg, .limits = limits};
    if (!gate_open(&gate, fid, error))
        return NULL;
    check_file(&gate);
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
        if (!checks[i](&gate, error))
            return NULL;
    return g_steal_pointer(&gate.blocks);
}

gboolean cel_gate_checks(CelRegister *reg, const char *fid, JsonObject **out_opening,
                         JsonObject **out_closing, GError **error)
{
    const CelGateLimits limits = cel_gate_default_limits();
    g_auto(Gate) gate = {.reg = reg, .limits = &limits};
    if (!gate_open(&gate, fid, error) || !check_shots(&gate, error) ||
        !find_check(&gate, FALSE, &gate.opening, error) ||
        !find_check(&gate, TRUE, &gate.closing, error))
        return FALSE;
    *out_opening = g_steal_pointer(&gate.opening);
    *out_closing = g_steal_pointer(&gate.closing);
    return TRUE;
}

char *cel_gate_ids(const GPtrArray *blocks)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < blocks->len; i++) {
        const CelGateBlock *one = g_ptr_array_index(blocks, i);
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", one->id);
    }
    return g_strdup(out->str);
}
