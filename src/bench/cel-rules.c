/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-rules.h"

#include "base/cel-error.h"
#include "bench/cel-rights.h"

#include <glib/gi18n-lib.h>
#include <stdint.h>
#include <string.h>

/** Rule: the event that is asked about and what the register says of its exhibit. */
typedef struct {
    CelRegister *reg;
    const CelRules *rules;
    JsonObject *event;
    CelAct act;
    const char *case_id, *item_id;
    JsonObject *exhibit; /* (nullable): its row */
} Rule;

static void rule_clear(Rule *rule)
{
    g_clear_pointer(&rule->exhibit, json_object_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rule, rule_clear)

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean refuse(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY, _("%s; nothing was recorded"), why);
    return FALSE;
}

static JsonObject *member(JsonObject *object, const char *name)
{
    JsonNode *node = object != NULL ? json_object_get_member(object, name) : NULL;
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static const char *data_text(const Rule *rule, const char *name)
{
    return cel_row_text(member(rule->event, "data"), name);
}

static const char *fid_of(const Rule *rule)
{
    return cel_row_text(rule->event, "fid");
}

/* ---- the life of an exhibit ---- */

static char *states_text(guint from)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint s = 0; s < CEL_N_EXHIBIT_STATES; s++)
        if ((from & (1U << s)) != 0)
            g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "",
                                   cel_exhibit_state_def(s)->id);
    return g_strdup(out->str);
}

static gboolean check_life(const Rule *rule, GError **error)
{
    const CelExhibitState state = cel_exhibit_state(rule->exhibit);
    const guint from = cel_exhibit_move(rule->act, state, *fid_of(rule) != '\0')->from;
    if (from == 0 || (from & (1U << state)) != 0)
        return TRUE;
    if (rule->exhibit == NULL)
        return refuse(error,
                      _("Exhibit %s of case %s is not registered; take it in first "
                        "(\"celadon case intake\")"),
                      rule->item_id, rule->case_id);
    g_autofree char *allowed = states_text(from);
    return refuse(error, _("Exhibit %s of case %s is \"%s\"; \"%s\" is for: %s"), rule->item_id,
                  rule->case_id, cel_exhibit_state_def(state)->id, cel_act_def(rule->act)->id,
                  allowed);
}

/* ---- the seal on the bag ---- */

static gboolean compares_bag(CelAct act)
{
    return act == CEL_ACT_RECEIVE || act == CEL_ACT_OPEN_SEAL || act == CEL_ACT_TRANSFER ||
           act == CEL_ACT_RETURN;
}

/* Whoever takes a bag over reads its number; another number than the last one is a finding, not a
 * slip of typing: it is recorded with its reason, or not at all. */
static gboolean check_bag(const Rule *rule, GError **error)
{
    const char *known = cel_row_text(rule->exhibit, "seal_no");
    const char *read = cel_row_text(member(rule->event, "seal"), "no");
    const gboolean differs = *known != '\0' && *read != '\0' && strcmp(known, read) != 0;
    if (rule->act == CEL_ACT_SEAL && *known != '\0' && strcmp(known, read) == 0)
        return refuse(error, _("Seal %s was on this bag before; a new seal has a new number"),
                      read);
    if (!compares_bag(rule->act) || !differs || strcmp(data_text(rule, "compared"), "differs") == 0)
        return TRUE;
    return refuse(error,
                  _("The bag of exhibit %s should carry seal %s, not %s. Look again; if it is so, "
                    "say --compared differs with --why, or refuse the exhibit"),
                  rule->item_id, known, read);
}

/* ---- what stays out of reach ---- */

static gboolean check_hold(const Rule *rule, GError **error)
{
    if (rule->act != CEL_ACT_DISPOSE && rule->act != CEL_ACT_CONSUME)
        return TRUE;
    const CelRowQuery query = {.match = {{"case_id", rule->case_id, 0},
                                         {"item_id", rule->item_id, 0},
                                         {"lifted_seq", NULL, 0}}};
    guint64 n = 0;
    if (!cel_register_count(rule->reg, CEL_ROW_HOLD, &query, &n, error))
        return FALSE;
    return n == 0 || refuse(error, _("Exhibit %s of case %s is on hold; lift the hold first"),
                            rule->item_id, rule->case_id);
}

static gboolean check_authority(const Rule *rule, GError **error)
{
    if (rule->act != CEL_ACT_DISPOSE || *cel_row_text(rule->event, "authority") != '\0')
        return TRUE;
    return refuse(error, _("A disposal names the order it rests on (--authority)"));
}

/* ---- parts ---- */

static gboolean check_part(const Rule *rule, JsonObject *part, GError **error)
{
    const char *item = cel_row_text(part, "item");
    g_autofree char *prefix = g_strconcat(rule->item_id, "-", NULL);
    if (!g_str_has_prefix(item, prefix) || strlen(item) == strlen(prefix))
        return refuse(error, _("A part of exhibit %s is numbered %s-1, %s-2, ..., not \"%s\""),
                      rule->item_id, rule->item_id, rule->item_id, item);
    const CelRowQuery query = {.match = {{"case_id", rule->case_id, 0}, {"item_id", item, 0}}};
    guint64 n = 0;
    if (!cel_register_count(rule->reg, CEL_ROW_EXHIBIT, &query, &n, error))
        return FALSE;
    return n == 0 ||
           refuse(error, _("There is an exhibit %s of case %s already"), item, rule->case_id);
}

static gboolean check_parts(const Rule *rule, GError **error)
{
    JsonObject *data = member(rule->event, "data");
    if (rule->act != CEL_ACT_SPLIT)
        return TRUE;
    JsonNode *node = data != NULL ? json_object_get_member(data, "parts") : NULL;
    JsonArray *parts =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    const guint n = parts != NULL ? json_array_get_length(parts) : 0;
    for (guint i = 0; i < n; i++) {
        JsonNode *part = json_array_get_element(parts, i);
        if (!JSON_NODE_HOLDS_OBJECT(part) || !check_part(rule, json_node_get_object(part), error))
            return error != NULL && *error != NULL
                       ? FALSE
                       : refuse(error, _("A part is described by item and description"));
    }
    return n > 0 || refuse(error, _("A division names at least one part"));
}

/* ---- shots and files ---- */

static gboolean same_person(JsonObject *row, JsonObject *person)
{
    const char *id = cel_row_text(person, "id"), *theirs = cel_row_text(row, "op_id");
    const gboolean same_id = *id != '\0' && strcmp(id, theirs) == 0;
    return same_id || strcmp(cel_row_text(row, "op_name"), cel_row_text(person, "name")) == 0;
}

/* Whoever bears the name of another person is not that person. */
static gboolean is_theirs(JsonObject *row, JsonObject *person)
{
    const char *id = cel_row_text(person, "id"), *theirs = cel_row_text(row, "op_id");
    return same_person(row, person) && strcmp(id, theirs) == 0;
}

/* In the field there is nobody but the officers: what one of them measured, that one sets aside and
 * another one agrees. What the laboratory measured is not theirs. */
static gboolean check_whose_shot(const Rule *rule, JsonObject *shot, GError **error)
{
    static const char officer[] = "officer";
    JsonObject *op = member(rule->event, "op");
    const gboolean by_officer = strcmp(cel_row_text(op, "role"), officer) == 0;
    const gboolean agreed_by_officer =
        strcmp(cel_row_text(member(rule->event, "second"), "role"), officer) == 0;
    if (by_officer && !is_theirs(shot, op))
        return refuse(error, _("An officer sets aside only what they measured themselves"));
    return by_officer || !agreed_by_officer ||
           refuse(error, _("An officer may not agree to what the laboratory sets aside"));
}

static gboolean check_discard(const Rule *rule, GError **error)
{
    if (rule->act != CEL_ACT_DISCARD_ACQUISITION)
        return TRUE;
    const CelRowQuery query = {.match = {{"seq", NULL, cel_row_number(rule->event, "refers")},
                                         {"ledger", cel_row_text(rule->event, "ledger"), 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(rule->reg, CEL_ROW_ACQUISITION, &query, error);
    if (rows == NULL)
        return FALSE;
    JsonObject *shot = rows->len > 0 ? g_ptr_array_index(rows, 0) : NULL;
    if (shot == NULL || strcmp(cel_row_text(shot, "case_id"), rule->case_id) != 0 ||
        strcmp(cel_row_text(shot, "item_id"), rule->item_id) != 0)
        return refuse(error, _("Event %jd is no measurement of this exhibit"),
                      (intmax_t)cel_row_number(rule->event, "refers"));
    if (cel_row_number(shot, "discarded_seq") != 0)
        return refuse(error, _("The measurement was set aside before"));
    return check_whose_shot(rule, shot, error);
}

static gboolean check_training(const Rule *rule, GError **error)
{
    JsonObject *data = member(rule->event, "data");
    const gboolean simulated =
        data != NULL && (json_object_has_member(data, "instrument") &&
                         cel_row_number(member(data, "instrument"), "simulated") != 0);
    if (!simulated || rule->rules->training)
        return TRUE;
    return refuse(error, _("Simulated measurements belong into a training lab only"));
}

static JsonObject *file_row(const Rule *rule, GError **error)
{
    const CelRowQuery query = {.match = {{"fid", fid_of(rule), 0}}};
    g_autoptr(GError) failure = NULL;
    JsonObject *row = cel_register_row(rule->reg, CEL_ROW_FILE, &query, &failure);
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    else if (row == NULL)
        refuse(error, _("No file %s is sealed in this lab's ledger"), fid_of(rule));
    return row;
}

/* A reviewer is somebody else than who sealed and who measured. */
static gboolean check_reviewer(const Rule *rule, GError **error)
{
    if (rule->act != CEL_ACT_REVIEW)
        return TRUE;
    JsonObject *reviewer = member(rule->event, "op");
    g_autoptr(JsonObject) file = file_row(rule, error);
    if (file == NULL)
        return FALSE;
    gboolean own = same_person(file, reviewer);
    const CelRowQuery query = {
        .match = {{"case_id", rule->case_id, 0}, {"item_id", rule->item_id, 0}}};
    g_autoptr(GPtrArray) shots = cel_register_rows(rule->reg, CEL_ROW_ACQUISITION, &query, error);
    if (shots == NULL)
        return FALSE;
    for (guint i = 0; i < shots->len; i++)
        own = own || same_person(g_ptr_array_index(shots, i), reviewer);
    return !own || refuse(error, _("Whoever measured or sealed does not review; ask a colleague"));
}

/* ---- release ---- */

static gboolean check_number(const Rule *rule, GError **error)
{
    const char *report = data_text(rule, "report"), *replaces = data_text(rule, "replaces");
    const CelRowQuery query = {.match = {{"report", report, 0}}};
    const CelRowQuery earlier = {.match = {{"report", replaces, 0}}};
    guint64 n = 0, m = 1;
    if (!cel_register_count(rule->reg, CEL_ROW_RELEASE, &query, &n, error) ||
        (*replaces != '\0' && !cel_register_count(rule->reg, CEL_ROW_RELEASE, &earlier, &m, error)))
        return FALSE;
    if (n > 0)
        return refuse(error, _("Report %s was released before; an amended one has its own number"),
                      report);
    return m > 0 || refuse(error, _("There is no report %s to replace"), replaces);
}

static gboolean check_release(const Rule *rule, GError **error)
{
    if (rule->act != CEL_ACT_RELEASE_REPORT)
        return TRUE;
    if (!check_number(rule, error))
        return FALSE;
    g_autoptr(GPtrArray) blocks =
        cel_gate_release(rule->reg, fid_of(rule), &rule->rules->limits, error);
    if (blocks == NULL)
        return FALSE;
    g_autofree char *ids = cel_gate_ids(blocks);
    return blocks->len == 0 ||
           refuse(error, _("The report cannot be released yet: %s (see \"celadon case gate\")"),
                  ids);
}

/* ---- standards and consumables ---- */

/* An expired lot is locked: nothing that was done with it passes. Dates are "YYYY-MM-DD". */
static gboolean check_lot(const Rule *rule, GError **error)
{
    const char *lot = data_text(rule, "lot"), *name = data_text(rule, "standard");
    if (rule->act != CEL_ACT_CHECK || *lot == '\0')
        return TRUE;
    const CelRowQuery query = {.match = {{"lot", lot, 0}, {"name", name, 0}}, .newest_first = TRUE};
    g_autoptr(GPtrArray) rows = cel_register_rows(rule->reg, CEL_ROW_STOCK, &query, error);
    if (rows == NULL)
        return FALSE;
    const char *expires = rows->len > 0 ? cel_row_text(g_ptr_array_index(rows, 0), "expires")
                                        : data_text(rule, "expires");
    g_autofree char *now = cel_clock_iso8601(cel_row_number(rule->event, "t_wall_us"));
    if (*expires == '\0' || strncmp(now, expires, strlen("YYYY-MM-DD")) <= 0 ||
        strcmp(data_text(rule, "verdict"), "pass") != 0)
        return TRUE;
    return refuse(error, _("%s, lot %s, expired on %s: no check made with it passes"), name, lot,
                  expires);
}

/* A verdict that somebody typed is no check: what was found, the limits and the recording stand
 * with it, so that anybody can judge again. */
static gboolean check_figures(const Rule *rule, GError **error)
{
    const char *kind = data_text(rule, "kind");
    if (rule->act != CEL_ACT_CHECK ||
        (strcmp(kind, "performance") != 0 && strcmp(kind, "closing") != 0))
        return TRUE;
    JsonObject *data = json_object_get_object_member(rule->event, "data");
    return (json_object_has_member(data, "results") && json_object_has_member(data, "limits") &&
            json_object_has_member(rule->event, "file")) ||
           refuse(error, _("A performance check is measured, not stated: use the guided check of "
                           "the window, or \"celadon qualify --lab\""));
}

/* ---- what an instrument measures with ---- */

gboolean cel_rules_in_force(CelRegister *reg, const char *serial, JsonObject **out_row,
                            GError **error)
{
    const CelRowQuery query = {.match = {{"instrument", serial, 0},
                                         {"kind", "calibration", 0},
                                         {"in_force", NULL, 1},
                                         {"ledger", cel_ledger_id(cel_register_ledger(reg)), 0}},
                               .newest_first = TRUE,
                               .most = 1};
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, CEL_ROW_CHECK, &query, error);
    if (rows == NULL)
        return FALSE;
    JsonObject *row = rows->len > 0 ? g_ptr_array_index(rows, 0) : NULL;
    const gboolean taken_back = row != NULL && *cel_row_text(row, "fid") == '\0';
    *out_row = row != NULL && !taken_back ? json_object_ref(row) : NULL;
    return TRUE;
}

/* Its own needs no file; what is taken back was in force, and the reason stands with it. */
static gboolean check_way_back(const Rule *rule, GError **error)
{
    g_autoptr(JsonObject) row = NULL;
    if (*cel_row_text(rule->event, "why") == '\0')
        return refuse(error,
                      _("The way back to the instrument's own calibration needs its reason"));
    if (!cel_rules_in_force(rule->reg, data_text(rule, "serial"), &row, error))
        return FALSE;
    return row != NULL ||
           refuse(error, _("The instrument \"%s\" measures with its own calibration"),
                  data_text(rule, "serial"));
}

/* What an instrument measures with from now on: the sealed file stands with it, unless it is the
 * instrument's own. */
static gboolean check_calibration(const Rule *rule, GError **error)
{
    JsonObject *data = member(rule->event, "data");
    CelRole role = CEL_ROLE_NONE;
    if (rule->act != CEL_ACT_CHECK || cel_row_number(data, "in_force") == 0)
        return TRUE;
    const gboolean is_sealed = *fid_of(rule) != '\0';
    const gboolean is_own =
        !is_sealed && strcmp(data_text(rule, "calibration"), CEL_RULES_OWN_CALIBRATION) == 0;
    if (strcmp(data_text(rule, "kind"), "calibration") != 0 || !(is_sealed || is_own))
        return refuse(error, _("Only a sealed calibration is put in force"));
    if (is_own && !check_way_back(rule, error))
        return FALSE;
    cel_role_from_id(cel_row_text(member(rule->event, "op"), "role"), &role);
    return cel_right_put_in_force(role, error);
}

gboolean cel_rules_check(CelRegister *reg, JsonObject *event, gpointer rules, GError **error)
{
    static gboolean (*const of_exhibit[])(const Rule *, GError **) = {
        check_life,  check_bag,     check_hold,     check_authority,
        check_parts, check_discard, check_reviewer, check_release,
    };
    g_auto(Rule) rule = {.reg = reg,
                         .rules = rules,
                         .event = event,
                         .case_id = cel_row_text(event, "case"),
                         .item_id = cel_row_text(event, "item")};
    if (!cel_act_from_id(cel_row_text(event, "act"), &rule.act))
        return TRUE;
    if (!check_training(&rule, error) || !check_lot(&rule, error) || !check_figures(&rule, error) ||
        !check_calibration(&rule, error))
        return FALSE;
    if (*rule.item_id == '\0')
        return check_discard(&rule, error); /* a blank belongs to no exhibit */
    const CelRowQuery query = {
        .match = {{"case_id", rule.case_id, 0}, {"item_id", rule.item_id, 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, CEL_ROW_EXHIBIT, &query, error);
    if (rows == NULL)
        return FALSE;
    if (rows->len > 0)
        rule.exhibit = json_object_ref(g_ptr_array_index(rows, 0));
    for (gsize i = 0; i < G_N_ELEMENTS(of_exhibit); i++)
        if (!of_exhibit[i](&rule, error))
            return FALSE;
    return TRUE;
}
