/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-case-paper.h"
#include "bench/cel-daybook.h"

#include <string.h>

enum { MOST_PARENTS = 32 }; /* a part of a part of ..., against a ring in a foreign ledger */

/** Gather: the facts of one file, and the rows that they come from (each may be NULL). */
typedef struct {
    CelLab *lab;
    CelRegister *reg;
    JsonObject *facts;
    JsonObject *file, *opened;              /* rows: file, case */
    GPtrArray *line;                        /* rows: the exhibit, what it is a part of, and so on */
    JsonObject *collect, *receive, *unseal; /* rows: events */
    JsonObject *opening, *closing, *review, *release, *replaced;
    GPtrArray *shots, *photos;
} Gather;

static void gather_clear(Gather *g)
{
    JsonObject *const rows[] = {g->file,    g->opened,  g->collect, g->receive, g->unseal,
                                g->opening, g->closing, g->review,  g->release, g->replaced};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i] != NULL)
            json_object_unref(rows[i]);
    g_clear_pointer(&g->line, g_ptr_array_unref);
    g_clear_pointer(&g->shots, g_ptr_array_unref);
    g_clear_pointer(&g->photos, g_ptr_array_unref);
    g_clear_pointer(&g->facts, json_object_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gather, gather_clear)

/* ---- putting ---- */

/* The object in which the last name of @path stands. @out_name: that name. */
static JsonObject *object_at(JsonObject *facts, const char *path, const char **out_name)
{
    const char *slash = strchr(path, '/');
    while (slash != NULL) {
        g_autofree char *name = g_strndup(path, (gsize)(slash - path));
        if (!json_object_has_member(facts, name))
            json_object_set_object_member(facts, name, json_object_new());
        facts = json_object_get_object_member(facts, name);
        path = slash + 1;
        slash = strchr(path, '/');
    }
    *out_name = path;
    return facts;
}

static void put(Gather *g, const char *path, const char *text)
{
    const char *name = NULL;
    if (text == NULL || *text == '\0')
        return;
    JsonObject *object = object_at(g->facts, path, &name);
    json_object_set_string_member(object, name, text);
}

static void put_day(Gather *g, const char *path, gint64 wall_us)
{
    g_autofree char *when = wall_us > 0 ? cel_clock_iso8601(wall_us) : NULL;
    if (when != NULL)
        when[strlen("YYYY-MM-DD")] = '\0';
    put(g, path, when);
}

static void put_time(Gather *g, const char *path, gint64 wall_us)
{
    g_autofree char *when = wall_us > 0 ? cel_clock_iso8601(wall_us) : NULL;
    put(g, path, when);
}

static void put_number(Gather *g, const char *path, gint64 number)
{
    const char *name = NULL;
    if (number < 1)
        return;
    JsonObject *object = object_at(g->facts, path, &name);
    json_object_set_int_member(object, name, number);
}

/* ---- rows ---- */

static gboolean first(Gather *g, CelRowKind kind, const CelRowQuery *query, JsonObject **out,
                      GError **error)
{
    g_autoptr(GPtrArray) rows = cel_register_rows(g->reg, kind, query, error);
    if (rows == NULL)
        return FALSE;
    *out = rows->len > 0 ? json_object_ref(g_ptr_array_index(rows, 0)) : NULL;
    return TRUE;
}

static CelRowQuery of_item(const Gather *g, const char *item, const char *column, const char *text)
{
    return (CelRowQuery){.match = {{"case_id", cel_row_text(g->file, "case_id"), 0},
                                   {"item_id", item, 0},
                                   {column, text, 0}}};
}

static CelRowQuery of_exhibit(const Gather *g, const char *column, const char *text)
{
    return of_item(g, cel_row_text(g->file, "item_id"), column, text);
}

/* A part lay in the bag of what it was taken from, and shares what is known of that. */
static gboolean read_line(Gather *g, GError **error)
{
    const char *item = cel_row_text(g->file, "item_id");
    g->line = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    while (*item != '\0' && g->line->len < MOST_PARENTS) {
        const CelRowQuery query = of_item(g, item, NULL, NULL);
        JsonObject *row = NULL;
        if (!first(g, CEL_ROW_EXHIBIT, &query, &row, error))
            return FALSE;
        if (row == NULL)
            return TRUE;
        g_ptr_array_add(g->line, row);
        item = cel_row_text(row, "parent");
    }
    return TRUE;
}

/* Of the exhibit, or else of the nearest that it was taken from. */
static const char *said_of_line(const Gather *g, const char *column)
{
    const char *text = "";
    for (guint i = 0; *text == '\0' && i < g->line->len; i++)
        text = cel_row_text(g_ptr_array_index(g->line, i), column);
    return text;
}

static gboolean event(Gather *g, CelAct act, JsonObject **out, GError **error)
{
    for (guint i = 0; *out == NULL && i < g->line->len; i++) {
        const char *item = cel_row_text(g_ptr_array_index(g->line, i), "item_id");
        const CelRowQuery query = of_item(g, item, "act", cel_act_def(act)->id);
        if (!first(g, CEL_ROW_EVENT, &query, out, error))
            return FALSE;
    }
    return TRUE;
}

/* From the bag as it came to the part that was measured. */
static gboolean read_photos(Gather *g, GError **error)
{
    g->photos = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    for (guint i = g->line->len; i > 0; i--) {
        const char *item = cel_row_text(g_ptr_array_index(g->line, i - 1), "item_id");
        const CelRowQuery query = of_item(g, item, NULL, NULL);
        g_autoptr(GPtrArray) some = cel_register_rows(g->reg, CEL_ROW_PHOTO, &query, error);
        if (some == NULL)
            return FALSE;
        for (guint k = 0; k < some->len; k++)
            g_ptr_array_add(g->photos, json_object_ref(g_ptr_array_index(some, k)));
    }
    return TRUE;
}

/* The paper of an earlier report that the one at hand replaces: as it was last printed before. */
static gboolean read_replaced(Gather *g, GError **error)
{
    const CelRowQuery earlier = {.match = {{"report", cel_row_text(g->release, "replaces"), 0}},
                                 .newest_first = TRUE};
    g_autoptr(JsonObject) old = NULL;
    if (!first(g, CEL_ROW_RELEASE, &earlier, &old, error))
        return FALSE;
    const CelRowQuery papers = {
        .match = {{"fid", cel_row_text(old, "fid"), 0}, {"form", cel_row_text(old, "form"), 0}},
        .newest_first = TRUE};
    g_autoptr(GPtrArray) rows = cel_register_rows(g->reg, CEL_ROW_EXPORT, &papers, error);
    for (guint i = 0; rows != NULL && g->replaced == NULL && i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        if (cel_row_number(row, "seq") < cel_row_number(g->release, "seq"))
            g->replaced = json_object_ref(row);
    }
    return rows != NULL;
}

static gboolean read_releases(Gather *g, GError **error)
{
    const CelRowQuery of_file = {.match = {{"fid", cel_row_text(g->file, "fid"), 0}},
                                 .newest_first = TRUE};
    return first(g, CEL_ROW_RELEASE, &of_file, &g->release, error) &&
           (*cel_row_text(g->release, "replaces") == '\0' || read_replaced(g, error));
}

static gboolean read_rows(Gather *g, GError **error)
{
    const CelRowQuery of_case = {.match = {{"case_id", cel_row_text(g->file, "case_id"), 0}}};
    const CelRowQuery of_file = {.match = {{"fid", cel_row_text(g->file, "fid"), 0}},
                                 .newest_first = TRUE};
    const CelRowQuery replicates = of_exhibit(g, "kind", "replicate");
    g->shots = cel_register_rows(g->reg, CEL_ROW_ACQUISITION, &replicates, error);
    return g->shots != NULL && read_line(g, error) && read_photos(g, error) &&
           first(g, CEL_ROW_CASE, &of_case, &g->opened, error) &&
           first(g, CEL_ROW_REVIEW, &of_file, &g->review, error) && read_releases(g, error) &&
           event(g, CEL_ACT_COLLECT, &g->collect, error) &&
           event(g, CEL_ACT_RECEIVE, &g->receive, error) &&
           event(g, CEL_ACT_OPEN_SEAL, &g->unseal, error) &&
           cel_gate_checks(g->reg, cel_row_text(g->file, "fid"), &g->opening, &g->closing, error);
}

/* ---- what follows from them ---- */

/** Plain: a fact that is one column of one row. */
typedef struct {
    const char *path;
    gsize row; /* offset of the row in Gather */
    const char *column;
} Plain;

#define FROM(row) G_STRUCT_OFFSET(Gather, row)
static const Plain plain[] = {
    {"customer/department", FROM(opened), "customer_dept"},
    {"customer/person", FROM(opened), "customer_person"},
    {"customer/contact", FROM(opened), "customer_contact"},
    {"request/text", FROM(opened), "request"},
    {"case/summary", FROM(opened), "title"},
    {"case/number", FROM(file), "case_id"},
    {"exhibit/number", FROM(file), "item_id"},
    {"file/fid", FROM(file), "fid"},
    {"exhibit/seal/no", FROM(receive), "seal_no"},
    {"exhibit/seal/state", FROM(receive), "seal_state"},
    {"instrument/calibration", FROM(opening), "calibration"},
    {"persons/examiner/name", FROM(file), "op_name"},
    {"persons/examiner/id", FROM(file), "op_id"},
    {"persons/second/name", FROM(unseal), "second_name"},
    {"persons/second/id", FROM(unseal), "second_id"},
    {"persons/reviewer/name", FROM(review), "op_name"},
    {"persons/reviewer/id", FROM(review), "op_id"},
    {"persons/signatory/name", FROM(release), "second_name"},
    {"persons/signatory/id", FROM(release), "second_id"},
    {"report/number", FROM(release), "report"},
};

/** OfLine: a fact of the exhibit, or else of what it was taken from. */
typedef struct {
    const char *path, *column;
} OfLine;

static const OfLine of_line[] = {
    {"exhibit/description", "description"}, {"exhibit/condition", "condition"},
    {"sampling/population", "population"},  {"sampling/tested", "units_tested"},
    {"sampling/rule", "sampling"},          {"sampling/homogeneity", "homogeneity"},
};

static void put_exhibit(Gather *g)
{
    JsonObject *own = g->line->len > 0 ? g_ptr_array_index(g->line, 0) : NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(of_line); i++)
        put(g, of_line[i].path, said_of_line(g, of_line[i].column));
    g_autofree char *amount = g_strstrip(
        g_strdup_printf("%s %s", cel_row_text(own, "amount"), cel_row_text(own, "unit")));
    gboolean altered = FALSE;
    JsonArray *photos = json_array_new();
    for (guint i = 0; i < g->photos->len; i++)
        json_array_add_string_element(photos,
                                      cel_row_text(g_ptr_array_index(g->photos, i), "sha256"));
    for (guint i = 0; i < g->shots->len; i++)
        altered = altered ||
                  strcmp(cel_row_text(g_ptr_array_index(g->shots, i), "outcome"), "altered") == 0;
    const char *name = NULL;
    JsonObject *exhibit = object_at(g->facts, "exhibit/photos", &name);
    json_object_set_array_member(exhibit, name, photos);
    put(g, "exhibit/amount", amount);
    put(g, "exhibit/after",
        *cel_row_text(own, "consumed") != '\0' ? "consumed"
        : altered                              ? "altered"
                                               : "unchanged");
    put_day(g, "received/date", cel_row_number(g->receive, "t_wall_us"));
    put_day(g, "collected/date", cel_row_number(g->collect, "t_wall_us"));
}

/* What the first shot that says it says. */
static const char *first_said(const GPtrArray *shots, const char *column)
{
    const char *text = "";
    for (guint i = 0; *text == '\0' && i < shots->len; i++)
        text = cel_row_text(g_ptr_array_index(shots, i), column);
    return text;
}

static void put_examination(Gather *g)
{
    JsonObject *shot = g->shots->len > 0 ? g_ptr_array_index(g->shots, 0) : NULL;
    JsonObject *last = shot != NULL ? g_ptr_array_index(g->shots, g->shots->len - 1) : NULL;
    guint valid = 0;
    for (guint i = 0; i < g->shots->len; i++)
        valid +=
            strcmp(cel_row_text(g_ptr_array_index(g->shots, i), "outcome"), "valid") == 0 ? 1 : 0;
    put_time(g, "exam/started", cel_row_number(shot, "t_wall_us"));
    put_time(g, "exam/ended", cel_row_number(last, "t_wall_us"));
    put(g, "exam/place", first_said(g->shots, "place"));
    put(g, "exam/environment", first_said(g->shots, "environment"));
    g_autofree char *text =
        g_strdup_printf("启封后对检材测量%u次,其中有效%u次;测量前后各进行一次核查。 "
                        "(measured %u times, %u valid; checked before and "
                        "after)",
                        g->shots->len, valid, g->shots->len, valid);
    if (g->shots->len > 0)
        put(g, "process/text", text);
}

static void put_check(Gather *g, const char *which, JsonObject *check)
{
    if (check == NULL)
        return;
    g_autofree char *when = cel_clock_iso8601(cel_row_number(check, "t_wall_us"));
    g_autofree char *text =
        g_strdup_printf("%s %s%s", when, cel_row_text(check, "op_name"),
                        *cel_row_text(check, "results") != '\0' ? ", results on record" : "");
    g_autofree char *text_path = g_strdup_printf("checks/%s/text", which);
    g_autofree char *verdict_path = g_strdup_printf("checks/%s/verdict", which);
    const char *verdict = cel_row_text(check, "verdict");
    put(g, text_path, text);
    put(g, verdict_path, strcmp(verdict, "pass") == 0 ? "pass" : "fail");
}

static void put_checks(Gather *g)
{
    g_autofree char *standard = g_strdup_printf("%s, lot %s", cel_row_text(g->opening, "standard"),
                                                cel_row_text(g->opening, "standard_lot"));
    if (g->opening != NULL)
        put(g, "checks/standard", standard);
    put_check(g, "opening", g->opening);
    put_check(g, "closing", g->closing);
}

/* ---- the instrument ---- */

/* The light that the exhibit got: one power, or from the least to the most. */
static void put_power(Gather *g)
{
    gint64 least = 0, most = 0;
    for (guint i = 0; i < g->shots->len; i++) {
        const gint64 uw = cel_row_number(g_ptr_array_index(g->shots, i), "power_uw");
        least = uw > 0 && (least == 0 || uw < least) ? uw : least;
        most = MAX(most, uw);
    }
    g_autofree char *one = g_strdup_printf("%.1f mW", (double)most / 1e3);
    g_autofree char *range = g_strdup_printf("%.1f - %s", (double)least / 1e3, one);
    if (most > 0)
        put(g, "instrument/laser_power", least == most ? one : range);
}

static gboolean put_asset(Gather *g, GError **error)
{
    const CelDaybookUnit unit = {cel_row_text(g->file, "instrument"),
                                 cel_row_text(g->file, "ledger")};
    g_autofree char *asset = cel_daybook_asset(g->reg, &unit, error);
    put(g, "instrument/asset", asset);
    return asset != NULL;
}

static gboolean put_release(Gather *g, GError **error)
{
    g_autoptr(GPtrArray) blocks = cel_gate_release(g->reg, cel_row_text(g->file, "fid"),
                                                   &cel_lab_rules(g->lab)->limits, error);
    if (blocks == NULL)
        return FALSE;
    const char *name = NULL;
    JsonArray *blocked = json_array_new();
    for (guint i = 0; i < blocks->len; i++)
        json_array_add_string_element(blocked,
                                      ((const CelGateBlock *)g_ptr_array_index(blocks, i))->zh);
    JsonObject *release = object_at(g->facts, "release/blocked", &name);
    json_object_set_array_member(release, name, blocked);
    put_number(g, "release/seq", cel_row_number(g->release, "seq"));
    put_day(g, "report/issued", cel_row_number(g->release, "t_wall_us"));
    const char *replaces = cel_row_text(g->release, "replaces");
    put(g, "report/replaces/number", replaces);
    if (*replaces != '\0')
        put(g, "report/replaces/why", cel_row_text(g->release, "why"));
    put(g, "report/replaces/sha256", cel_row_text(g->replaced, "bundle"));
    return TRUE;
}

static gboolean put_ledger(Gather *g, GError **error)
{
    CelLedger *ledger = cel_lab_ledger(g->lab);
    guint64 size = 0;
    CelMerkleHash root;
    static const char *const paths[CEL_N_MERKLE] = {
        [CEL_MERKLE_SHA256] = "ledger/root/sha256", [CEL_MERKLE_SM3] = "ledger/root/sm3"};
    if (!cel_ledger_size(ledger, &size, error))
        return FALSE;
    put(g, "ledger/id", cel_ledger_id(ledger));
    put_number(g, "ledger/size", (gint64)size);
    for (guint kind = 0; kind < CEL_N_MERKLE; kind++) {
        if (!cel_ledger_root(ledger, kind, size, &root, error))
            return FALSE;
        g_autofree char *hex = cel_merkle_hex(&root);
        put(g, paths[kind], hex);
    }
    return TRUE;
}

static void put_lab(Gather *g)
{
    const CelProfileLab *lab = &cel_lab_profile(g->lab)->lab;
    put(g, "lab/name", lab->name.zh != NULL ? lab->name.zh : lab->name.en);
    put(g, "lab/address", lab->address.zh != NULL ? lab->address.zh : lab->address.en);
}

/* By the signed profile: for which method, until when. */
static void put_authorised(Gather *g)
{
    const CelProfileMethod *method =
        cel_profile_method(cel_lab_profile(g->lab), cel_row_text(g->file, "method_id"));
    if (method == NULL || strcmp(method->version, cel_row_text(g->file, "method_version")) != 0)
        return;
    for (guint i = 0; i < method->operators->len; i++) {
        const CelProfileOperator *person = g_ptr_array_index(method->operators, i);
        if (strcmp(person->id, cel_row_text(g->file, "op_id")) != 0)
            continue;
        g_autofree char *until = cel_clock_iso8601(person->until_us);
        g_autofree char *text =
            g_strdup_printf("%s %s (- %.10s)", method->id, method->version, until);
        put(g, "persons/examiner/authorised", text);
    }
}

JsonObject *cel_case_facts(CelLab *lab, const char *fid, GError **error)
{
    g_auto(Gather) g = {.lab = lab, .reg = cel_lab_register(lab)};
    g.file = cel_case_file(lab, fid, error);
    if (g.file == NULL || !read_rows(&g, error))
        return NULL;
    g.facts = json_object_new();
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
        put(&g, plain[i].path,
            cel_row_text(G_STRUCT_MEMBER(JsonObject *, &g, plain[i].row), plain[i].column));
    put_lab(&g);
    put_exhibit(&g);
    put_examination(&g);
    put_checks(&g);
    put_power(&g);
    put_authorised(&g);
    return put_asset(&g, error) && put_release(&g, error) && put_ledger(&g, error)
               ? json_object_ref(g.facts)
               : NULL;
}
