/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "evidence/cel-ca.h"
#include "evidence/cel-entry.h"
#include "evidence/cel-event.h"

#include <string.h>

/* The event alone: what each act must state, who must sign, and every reason to refuse one. */

#define LEDGER_ID "00112233445566778899aabbccddeeff"
static const gint64 NOW_US = G_GINT64_CONSTANT(1795000000000000);

typedef struct {
    CelKey *root, *wang, *li;
} People;

static CelKey *make_key(CelKey *root, const char *name, CelRole role, const char *id)
{
    const CelCaTerms terms = {.role = role, .person_id = id};
    CelKey *key = cel_key_generate(name, FALSE, NULL);
    g_assert_true(cel_ca_certify(root, key, &terms, NULL));
    return key;
}

static void set_up(People *people, gconstpointer data)
{
    (void)data;
    people->root = cel_key_generate_lab("某市物证快检室", FALSE, NULL);
    people->wang = make_key(people->root, "王芳", CEL_ROLE_TECHNICIAN, "P0017");
    people->li = make_key(people->root, "李强", CEL_ROLE_REVIEWER, "P0018");
}

static void tear_down(People *people, gconstpointer data)
{
    (void)data;
    cel_key_free(people->root);
    cel_key_free(people->wang);
    cel_key_free(people->li);
}

static CelEventPlace place_at(guint64 seq)
{
    return (CelEventPlace){.ledger_id = LEDGER_ID,
                           .seq = seq,
                           .previous = seq == 1 ? cel_event_genesis(LEDGER_ID)
                                                : cel_digest_pair("before", 6)};
}

/* Everything an act can need, so that one thing at a time can be left out. */
static CelEventRequest full_request(CelAct act, JsonObject *data)
{
    static CelDigestPair pair;
    const CelActDef *def = cel_act_def(act);
    pair = cel_digest_pair("x", 1);
    for (gsize i = 0; def->needs != NULL && def->needs[i] != NULL; i++)
        json_object_set_string_member(data, def->needs[i], "一");
    return (CelEventRequest){
        .act = act,
        .case_id = "2026-0113",
        .item_id = "1-1",
        .fid = LEDGER_ID,
        .manifest = &pair,
        .from = {"城南派出所", "赵六", "0412"},
        .to = {"快检室", "王芳", NULL},
        .why = "因为",
        .refers = 3,
        .data = data,
        .clock = cel_clock_fixed(NOW_US),
    };
}

static GBytes *write_event(People *people, const CelEventRequest *request, gboolean second,
                           GError **error)
{
    const CelEventPlace place = place_at(7);
    const CelEventSigners signers = {.operator_key = people->wang,
                                     .second_key = second ? people->li : NULL};
    return cel_event_write(request, &place, &signers, error);
}

static void every_act_is_written_and_read_back(People *people, gconstpointer data)
{
    (void)data;
    for (guint act = 0; act < CEL_N_ACTS; act++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonObject) facts = json_object_new();
        const CelEventRequest request = full_request(act, facts);
        g_autoptr(GBytes) record =
            write_event(people, &request, cel_act_def(act)->second_person, &error);
        g_assert_no_error(error);
        g_autoptr(JsonNode) read = cel_event_read(record, &error);
        g_assert_no_error(error);
        JsonObject *event = json_node_get_object(read);
        g_assert_cmpstr(json_object_get_string_member(event, "act"), ==, cel_act_def(act)->id);
        JsonObject *op = json_object_get_object_member(event, "op");
        g_assert_cmpstr(json_object_get_string_member(op, "id"), ==, "P0017");
        g_assert_cmpstr(json_object_get_string_member(op, "role"), ==, "technician");
    }
}

static void the_table_of_acts_is_whole(void)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint act = 0; act < CEL_N_ACTS; act++) {
        const CelActDef *def = cel_act_def(act);
        CelAct found = CEL_N_ACTS;
        g_assert_true(g_hash_table_add(ids, (gpointer)def->id));
        g_assert_true(cel_act_from_id(def->id, &found));
        g_assert_cmpint(found, ==, act);
        g_assert_true(g_str_is_ascii(def->title_en) && !g_str_is_ascii(def->title_zh));
        g_assert_true(cel_act_allows(act, "note"));
        g_assert_false(cel_act_allows(act, "no such member"));
    }
    g_assert_false(cel_act_from_id("approve", &(CelAct){0}));
    g_assert_false(cel_act_from_id(NULL, &(CelAct){0}));
}

static void refused(People *people, const CelEventRequest *request, gboolean second, int code,
                    const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) record = write_event(people, request, second, &error);
    g_assert_null(record);
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

/* Leaves one member out after the other and asks that exactly the needed ones are missed. */
static void what_an_act_needs_is_asked_for(People *people, gconstpointer data)
{
    (void)data;
    for (guint act = 0; act < CEL_N_ACTS; act++) {
        const CelActDef *def = cel_act_def(act);
        g_autoptr(JsonObject) facts = json_object_new();
        const CelEventRequest full = full_request(act, facts);
        CelEventRequest r = full;
        if (def->exhibit) {
            r.case_id = NULL;
            refused(people, &r, def->second_person, CEL_ERROR_USAGE, "\"case\"");
            r = full;
            r.item_id = "";
            refused(people, &r, def->second_person, CEL_ERROR_USAGE, "\"item\"");
        }
        r = full;
        r.to = (CelParty){0};
        if (def->parties)
            refused(people, &r, def->second_person, CEL_ERROR_USAGE, "\"to\"");
        r = full;
        r.why = NULL;
        if (def->reason)
            refused(people, &r, def->second_person, CEL_ERROR_USAGE, "\"why\"");
        r = full;
        r.refers = 0;
        if (def->refers)
            refused(people, &r, def->second_person, CEL_ERROR_USAGE, "\"refers\"");
        if (def->second_person)
            refused(people, &full, FALSE, CEL_ERROR_POLICY, "second person");
        for (gsize i = 0; def->needs != NULL && def->needs[i] != NULL; i++) {
            json_object_remove_member(facts, def->needs[i]);
            refused(people, &full, def->second_person, CEL_ERROR_USAGE, def->needs[i]);
            json_object_set_string_member(facts, def->needs[i], "一");
        }
        json_object_set_string_member(facts, "colour of the moon", "red");
        refused(people, &full, def->second_person, CEL_ERROR_USAGE, "colour of the moon");
    }
}

static void what_must_not_be_said_is_refused(People *people, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonObject) facts = json_object_new();
    const CelEventRequest full = full_request(CEL_ACT_TRANSFER, facts);
    g_autofree char *longest = g_strnfill(CEL_EVENT_MAX_ID + 1, 'x');
    g_autofree char *novel = g_strnfill(CEL_EVENT_MAX_TEXT + 1, 'x');
    const struct {
        const char *item, *why, *state, *number, *photo;
        guint64 refers;
        const char *part;
    } wrong[] = {
        {"1-\u202e1", NULL, NULL, NULL, NULL, 0, "\"item\""}, /* right-to-left override */
        {"1\n1", NULL, NULL, NULL, NULL, 0, "\"item\""},
        {"  ", NULL, NULL, NULL, NULL, 0, "\"item\""},
        {longest, NULL, NULL, NULL, NULL, 0, "\"item\""},
        {"1", novel, NULL, NULL, NULL, 0, "\"why\""},
        {"1", NULL, "torn", "A1", NULL, 0, "\"seal\""},
        {"1", NULL, "intact", NULL, NULL, 0, "\"seal\""},
        {"1", NULL, NULL, "A1", NULL, 0, "\"state\""},
        {"1", NULL, "none", NULL, "abc", 0, "\"photo\""},
        {"1", NULL, NULL, NULL, NULL, 7, "\"refers\""}, /* itself */
        {"1", NULL, NULL, NULL, NULL, 8, "\"refers\""}, /* the future */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        CelEventRequest r = full;
        r.item_id = wrong[i].item;
        r.why = wrong[i].why;
        r.seal_state = wrong[i].state;
        r.seal_no = wrong[i].number;
        r.seal_photo_sha256 = wrong[i].photo;
        r.refers = wrong[i].refers;
        refused(people, &r, FALSE, CEL_ERROR_USAGE, wrong[i].part);
    }
}

static void numbers_with_a_point_are_no_facts(People *people, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonObject) facts = json_object_new();
    const CelEventRequest request = full_request(CEL_ACT_TRANSFER, facts);
    json_object_set_double_member(facts, "amount", 0.5);
    refused(people, &request, FALSE, CEL_ERROR_USAGE, "\"data\"");
    json_object_set_null_member(facts, "amount");
    refused(people, &request, FALSE, CEL_ERROR_USAGE, "\"data\"");
}

static void one_person_is_not_two(People *people, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonObject) facts = json_object_new();
    const CelEventRequest request = full_request(CEL_ACT_RELEASE_REPORT, facts);
    const CelEventPlace place = place_at(7);
    g_autoptr(CelKey) again = make_key(people->root, "王芳", CEL_ROLE_REVIEWER, "P0017");
    CelKey *const seconds[] = {people->wang, again};
    for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++) {
        g_autoptr(GError) error = NULL;
        const CelEventSigners signers = {.operator_key = people->wang, .second_key = seconds[i]};
        g_assert_null(cel_event_write(&request, &place, &signers, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    }
}

static void the_two_exceptions_of_the_second_person_are_no_wider(People *people, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = json_object_new(), begin = json_object_new();
    CelEventRequest request = full_request(CEL_ACT_CORRECT, facts);
    json_object_set_string_member(facts, "what", "not-completed");
    g_autoptr(GBytes) closed = write_event(people, &request, FALSE, &error);
    (void)closed;
    g_assert_no_error(error);
    json_object_set_string_member(facts, "what", "amount");
    refused(people, &request, FALSE, CEL_ERROR_POLICY, "second person");

    CelEventRequest keys = full_request(CEL_ACT_KEY_EVENT, begin);
    keys.refers = 0;
    const CelEventPlace first = place_at(1), second = place_at(2);
    const CelEventSigners alone = {.operator_key = people->wang};
    g_autoptr(GBytes) founded = cel_event_write(&keys, &first, &alone, &error);
    (void)founded;
    g_assert_no_error(error);
    g_assert_null(cel_event_write(&keys, &second, &alone, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void a_seal_is_of_a_bag_or_of_a_file(People *people, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = json_object_new();
    const CelEventRequest full = full_request(CEL_ACT_SEAL, facts);
    CelEventRequest r = full;
    r.manifest = NULL;
    refused(people, &r, FALSE, CEL_ERROR_USAGE, "neither a bag nor a file");
    r.seal_no = "A7";
    r.seal_state = "intact";
    r.fid = NULL;
    g_autoptr(GBytes) bag = write_event(people, &r, FALSE, &error);
    (void)bag;
    g_assert_no_error(error);
    r = full;
    r.case_id = r.item_id = NULL;
    refused(people, &r, FALSE, CEL_ERROR_USAGE, "\"item\"");
    json_object_set_string_member(facts, "object", "calibration");
    g_autoptr(GBytes) object = write_event(people, &r, FALSE, &error);
    (void)object;
    g_assert_no_error(error);
}

/* ---- reading ---- */

/* The record of a hand-over with @from replaced by @to, canonical again where it can be. */
static void edit_is_refused(GBytes *record, const char *from, const char *to, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text =
        g_string_new_len(g_bytes_get_data(record, NULL), (gssize)g_bytes_get_size(record));
    g_assert_cmpuint(g_string_replace(text, from, to, 1), ==, 1);
    g_autoptr(GBytes) bytes = g_bytes_new(text->str, text->len);
    g_assert_null(cel_event_read(bytes, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

static void an_event_from_elsewhere_is_held_to_every_rule(People *people, gconstpointer data)
{
    static const struct {
        const char *from, *to, *part;
    } edits[] = {
        {"{\"act\"", "{ \"act\"", "canonical"},
        {"\"v\":1", "\"v\":2", "\"v\""},
        {"\"kind\":\"event\"", "\"kind\":\"head\"", "\"kind\""},
        {"\"act\":\"transfer\"", "\"act\":\"approve\"", "\"act\""},
        {"\"act\":\"transfer\"", "\"act\":\"dispose\"", "this act needs it"},
        {"\"seq\":7", "\"seq\":0", "\"seq\""},
        {"\"seq\":7", "\"seq\":1", "\"prev\""},
        {"\"seq\":7", "\"seq\":\"7\"", "\"seq\""},
        {"\"ledger\":\"00", "\"ledger\":\"0G", "\"ledger\""},
        {"\"distid\":\"1234567812345678\"", "\"distid\":\"x\"", "\"distid\""},
        {"\"t_wall_us\":1795000000000000", "\"t_wall_us\":1795000001000000", "\"t_wall\""},
        {"\"t_wall_us\":1795000000000000", "\"t_wall_us\":-5", "\"t_wall_us\""},
        {"\"case\":\"2026-0113\",", "\"case\":\"2026-0113\",\"case2\":\"x\",", "\"case2\""},
        {"\"item\":\"1-1\",", "", "\"item\""},
        {"\"op\":{", "\"op\":{\"age\":7,", "\"age\""},
        {"\"sw\":{", "\"shoe\":{", "\"shoe\""},
    };
    (void)data;
    g_autoptr(GError) error = NULL;
    CelEventRequest request = full_request(CEL_ACT_TRANSFER, NULL);
    request.data = NULL;
    request.refers = 0;
    g_autoptr(GBytes) record = write_event(people, &request, FALSE, &error);
    g_assert_no_error(error);
    for (gsize i = 0; i < G_N_ELEMENTS(edits); i++)
        edit_is_refused(record, edits[i].from, edits[i].to, edits[i].part);
}

static void a_record_without_its_second_person_is_refused(People *people, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = json_object_new();
    const CelEventRequest request = full_request(CEL_ACT_DISPOSE, facts);
    g_autoptr(GBytes) record = write_event(people, &request, TRUE, &error);
    g_assert_no_error(error);
    g_autoptr(JsonNode) node = cel_event_read(record, &error);
    g_autoptr(JsonNode) copy = json_node_copy(node);
    (void)copy;
    g_autofree char *text = cel_canon_write(node, NULL);
    char *start = strstr(text, ",\"second\":{"), *end = strstr(start, "},\"seq\"");
    g_autofree char *alone = g_strdup_printf("%.*s%s", (int)(start - text), text, end + 1);
    g_autoptr(GBytes) bytes = g_bytes_new(alone, strlen(alone));
    g_assert_null(cel_event_read(bytes, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "\"second\""));
}

/* ---- lines ---- */

static void an_entry_is_one_line_and_comes_back_the_same(People *people, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = json_object_new();
    const CelEventRequest request = full_request(CEL_ACT_RELEASE_REPORT, facts);
    const CelEventSigners signers = {.operator_key = people->wang, .second_key = people->li};
    g_autoptr(GBytes) record = write_event(people, &request, TRUE, &error);
    g_autoptr(CelLedgerEntry) entry = cel_entry_sign(record, 7, &signers, &error);
    g_assert_no_error(error);
    g_autofree char *line = cel_entry_write(entry, &error);
    g_assert_null(strchr(line, '\n'));
    g_autoptr(CelLedgerEntry) back = cel_entry_read(line, strlen(line), &error);
    g_assert_no_error(error);
    g_autofree char *again = cel_entry_write(back, &error);
    g_assert_cmpstr(line, ==, again);
    g_assert_cmpuint(back->signatures->len, ==, 2 * CEL_N_SIGNERS);
    g_autoptr(JsonNode) event = cel_event_read(back->record, NULL);
    g_assert_true(cel_entry_check(back, json_node_get_object(event), NULL, &error));
    g_assert_no_error(error);
}

static void the_second_persons_signature_is_needed_and_is_the_second_persons(People *people,
                                                                             gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) facts = json_object_new();
    const CelEventRequest request = full_request(CEL_ACT_RELEASE_REPORT, facts);
    const CelEventSigners signers = {.operator_key = people->wang, .second_key = people->li};
    g_autoptr(GBytes) record = write_event(people, &request, TRUE, &error);
    g_autoptr(JsonNode) event = cel_event_read(record, &error);
    g_autoptr(CelLedgerEntry) entry = cel_entry_sign(record, 7, &signers, &error);
    CelLedgerSignature *last = g_ptr_array_index(entry->signatures, 3);
    last->second = FALSE; /* the first person's, twice */
    g_assert_false(cel_entry_check(entry, json_node_get_object(event), NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_ptr_array_remove_index(entry->signatures, 3);
    g_assert_false(cel_entry_check(entry, json_node_get_object(event), NULL, &error));
    g_assert_nonnull(strstr(error->message, "a signature is missing"));
}

#define PEOPLE(path, test) g_test_add(path, People, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/event/acts/table", the_table_of_acts_is_whole);
    PEOPLE("/event/acts/round", every_act_is_written_and_read_back);
    PEOPLE("/event/acts/needs", what_an_act_needs_is_asked_for);
    PEOPLE("/event/write/wrong", what_must_not_be_said_is_refused);
    PEOPLE("/event/write/numbers", numbers_with_a_point_are_no_facts);
    PEOPLE("/event/write/seal", a_seal_is_of_a_bag_or_of_a_file);
    PEOPLE("/event/second/one-person", one_person_is_not_two);
    PEOPLE("/event/second/exceptions", the_two_exceptions_of_the_second_person_are_no_wider);
    PEOPLE("/event/read/edits", an_event_from_elsewhere_is_held_to_every_rule);
    PEOPLE("/event/read/second", a_record_without_its_second_person_is_refused);
    PEOPLE("/event/entry/line", an_entry_is_one_line_and_comes_back_the_same);
    PEOPLE("/event/entry/second", the_second_persons_signature_is_needed_and_is_the_second_persons);
    return g_test_run();
}
