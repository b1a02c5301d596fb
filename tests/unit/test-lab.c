/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab-fixture.h"

static void follows_an_exhibit_from_receipt_to_return(Room *room, gconstpointer data)
{
    (void)data;
    room_receive(room, "1");
    room_state_is(room, "1", CEL_EXHIBIT_RECEIVED);
    room_open_bag(room, "1");
    room_state_is(room, "1", CEL_EXHIBIT_OPEN);
    room_happens(room, WANG, (RoomEvent){.act = CEL_ACT_SEAL, .item = "1", .seal_no = "B1"},
                 N_PEOPLE);
    room_state_is(room, "1", CEL_EXHIBIT_CLOSED);
    g_autoptr(JsonObject) row = room_exhibit(room, "1");
    g_assert_cmpstr(cel_row_text(row, "seal_no"), ==, "B1");
    g_assert_cmpstr(cel_row_text(row, "seal_state"), ==, "intact");
    g_assert_cmpstr(cel_row_text(row, "holder_person"), ==, "王芳");
    g_assert_cmpstr(cel_row_text(row, "amount"), ==, "12 g");
    room_happens(room, WANG,
                 (RoomEvent){.act = CEL_ACT_RETURN, .item = "1", .data = "condition=完好"},
                 N_PEOPLE);
    room_state_is(room, "1", CEL_EXHIBIT_RETURNED);
}

static void refuses_what_an_exhibit_cannot_live(Room *room, gconstpointer data)
{
    (void)data;
    room_may_not(room, WANG,
                 (RoomEvent){.act = CEL_ACT_OPEN_SEAL, .item = "9", .seal_state = "broken"}, LI,
                 "not registered");
    room_receive(room, "1");
    room_may_not(
        room, WANG,
        (RoomEvent){.act = CEL_ACT_CONSUME, .item = "1", .data = "amount=1 g", .why = "测"},
        N_PEOPLE, "\"received\"");
    room_open_bag(room, "1");
    room_may_not(room, WANG,
                 (RoomEvent){.act = CEL_ACT_RETURN, .item = "1", .data = "condition=完好"},
                 N_PEOPLE, "\"open\"");
    room_may_not(room, WANG,
                 (RoomEvent){.act = CEL_ACT_RECEIVE, .item = "1", .data = "condition=完好"},
                 N_PEOPLE, "\"open\"");
}

static void takes_another_seal_number_for_a_finding(Room *room, gconstpointer data)
{
    (void)data;
    RoomEvent open = {.act = CEL_ACT_OPEN_SEAL,
                      .item = "1",
                      .seal_no = "A7",
                      .seal_state = "broken",
                      .why = "封签号与登记不符,拍照留存"};
    room_receive(room, "1");
    room_may_not(room, WANG, open, LI, "should carry seal A1, not A7");
    open.data = "compared=differs";
    room_happens(room, WANG, open, LI);
}

static void gives_no_seal_number_twice_to_a_bag(Room *room, gconstpointer data)
{
    (void)data;
    room_receive(room, "1");
    room_open_bag(room, "1");
    room_may_not(room, WANG, (RoomEvent){.act = CEL_ACT_SEAL, .item = "1", .seal_no = "A1"},
                 N_PEOPLE, "new number");
}

static void asks_the_role_before_the_act(Room *room, gconstpointer data)
{
    (void)data;
    const RoomEvent receive = {
        .act = CEL_ACT_RECEIVE, .item = "1", .data = "description=粉末; condition=完好"};
    room_may_not(room, ZHAO, receive, N_PEOPLE, "officer may not do \"receive\"");
    room_may_not(room, LI, receive, N_PEOPLE, "reviewer may not do \"receive\"");
    room_receive(room, "1");
    room_open_bag(room, "1");
    const guint64 shot = room_happens(
        room, WANG,
        (RoomEvent){.act = CEL_ACT_ACQUIRE, .item = "1", .data = "kind=replicate; state=valid"},
        N_PEOPLE);
    const RoomEvent discard = {
        .act = CEL_ACT_DISCARD_ACQUISITION, .item = "1", .why = "样品移动", .refers = shot};
    room_may_not(room, WANG, discard, ZHAO, "officer may not agree");
    room_may_not(room, WANG, discard, N_PEOPLE, "second person");
    room_happens(room, WANG, discard, LI);
    room_may_not(room, WANG, discard, LI, "before");
}

static void a_namesake_sets_nothing_aside(Room *room, gconstpointer data)
{
    (void)data;
    const RoomEvent collect = {
        .act = CEL_ACT_COLLECT, .item = "1", .seal_no = "C1", .data = "description=粉末"};
    room_happens(room, ZHAO, collect, N_PEOPLE);
    const guint64 shot = room_happens(
        room, ZHAO,
        (RoomEvent){.act = CEL_ACT_ACQUIRE, .item = "1", .data = "kind=replicate; state=valid"},
        N_PEOPLE);
    const RoomEvent discard = {
        .act = CEL_ACT_DISCARD_ACQUISITION, .item = "1", .why = "样品移动", .refers = shot};
    cel_key_free(room->people[ZHAO]);
    room->people[ZHAO] = room_key(room->root, "赵六", CEL_ROLE_OFFICER, "0413");
    room_may_not(room, ZHAO, discard, LI, "measured themselves");
    cel_key_free(room->people[ZHAO]);
    room->people[ZHAO] = room_key(room->root, "赵六", CEL_ROLE_OFFICER, "0412");
    room_happens(room, ZHAO, discard, LI);
}

static void keeps_what_is_on_hold(Room *room, gconstpointer data)
{
    (void)data;
    RoomEvent dispose = {.act = CEL_ACT_DISPOSE, .item = "1", .data = "how=销毁", .why = "结案"};
    room_receive(room, "1");
    room_happens(room, SUN,
                 (RoomEvent){.act = CEL_ACT_HOLD, .item = "1", .data = "what=set", .why = "上诉"},
                 LI);
    room_may_not(room, SUN, dispose, LI, "on hold");
    room_happens(
        room, SUN,
        (RoomEvent){.act = CEL_ACT_HOLD, .item = "1", .data = "what=lifted", .why = "终审"}, LI);
    room_may_not(room, SUN, dispose, LI, "--authority");
    g_autoptr(JsonObject) how = room_data(dispose.data);
    CelEventRequest request = room_event(&dispose, how);
    request.authority = "局长批示2026-7";
    room_refuses(room, SUN, &request, N_PEOPLE, "second person");
    room_do(room, SUN, &request, LI);
    room_state_is(room, "1", CEL_EXHIBIT_DISPOSED);
}

static JsonObject *parts_of(const char *item)
{
    JsonObject *data = json_object_new(), *part = json_object_new();
    JsonArray *parts = json_array_new();
    json_object_set_string_member(part, "item", item);
    json_object_set_string_member(part, "description", "白色小颗粒");
    json_array_add_object_element(parts, part);
    json_object_set_array_member(data, "parts", parts);
    return data;
}

static void divides_an_open_exhibit_into_numbered_parts(Room *room, gconstpointer data)
{
    (void)data;
    const RoomEvent split = {.act = CEL_ACT_SPLIT, .item = "1"};
    g_autoptr(JsonObject) good = parts_of("1-1");
    g_autoptr(JsonObject) foreign = parts_of("2-1");
    room_receive(room, "1");
    const CelEventRequest early = room_event(&split, good), wrong = room_event(&split, foreign);
    room_refuses(room, WANG, &early, N_PEOPLE, "\"received\"");
    room_open_bag(room, "1");
    room_refuses(room, WANG, &wrong, N_PEOPLE, "numbered 1-1");
    room_do(room, WANG, &early, N_PEOPLE);
    room_refuses(room, WANG, &early, N_PEOPLE, "already");
    g_autoptr(JsonObject) part = room_exhibit(room, "1-1");
    g_assert_cmpstr(cel_row_text(part, "parent"), ==, "1");
    g_assert_cmpstr(cel_row_text(part, "state"), ==, "open");
}

static void lets_no_check_pass_with_an_expired_standard(Room *room, gconstpointer data)
{
    (void)data;
    RoomEvent check = {.act = CEL_ACT_CHECK,
                       .data = "kind=blank; verdict=pass; serial=S7; standard=聚苯乙烯; lot=L1"};
    room_happens(room, WANG,
                 (RoomEvent){.act = CEL_ACT_CONSUME,
                             .data = "name=聚苯乙烯; lot=L1; amount=1 片; expires=2020-01-01; "
                                     "kind=into-use",
                             .why = "启用"},
                 N_PEOPLE);
    room_may_not(room, WANG, check, N_PEOPLE, "expired on 2020-01-01");
    check.data = "kind=blank; verdict=fail; serial=S7; standard=聚苯乙烯; lot=L1";
    room_happens(room, WANG, check, N_PEOPLE);
    check.data = "kind=blank; verdict=pass; serial=S7; standard=聚苯乙烯; lot=L2";
    room_happens(room, WANG, check, N_PEOPLE);
    check.data = "kind=performance; verdict=pass; serial=S7; standard=聚苯乙烯";
    room_may_not(room, WANG, check, N_PEOPLE, "measured, not stated");
}

static void keeps_training_and_true_people_apart(Room *room, gconstpointer training)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) root = cel_key_generate_lab("培训", training == NULL, &error);
    g_autoptr(CelKey) other = room_key(root, "钱七", CEL_ROLE_TECHNICIAN, "T1");
    g_autoptr(CelKey) foreign_root = cel_key_generate_lab("别的", training != NULL, &error);
    g_autoptr(CelKey) foreign = room_key(foreign_root, "周八", CEL_ROLE_TECHNICIAN, "P9");
    g_autoptr(CelKey) nobody = cel_key_generate("吴九", training != NULL, &error);
    CelKey *const keys[] = {other, foreign, nobody};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const CelLabPerson person = {.key = keys[i]};
        g_autoptr(GError) refused = NULL;
        g_assert_false(cel_lab_sign_in(room->lab, &person, &refused));
        g_assert_error(refused, CEL_ERROR, CEL_ERROR_POLICY);
    }
    g_assert_cmpint(cel_lab_is_training(room->lab), ==, training != NULL);
}

static void marks_every_event_of_a_training_lab(Room *room, gconstpointer training)
{
    room_receive(room, "1");
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(cel_lab_ledger(room->lab), 1, NULL);
    gsize n = 0;
    const char *record = g_bytes_get_data(entry->record, &n);
    g_assert_cmpint(g_strstr_len(record, (gssize)n, "\"training\":true") != NULL, ==,
                    training != NULL);
}

static void keeps_simulated_shots_out_of_a_true_lab(Room *room, gconstpointer training)
{
    g_autoptr(JsonObject) data = room_data("kind=replicate; state=valid");
    JsonObject *instrument = json_object_new();
    json_object_set_string_member(instrument, "serial", "SIM-1");
    json_object_set_boolean_member(instrument, "simulated", TRUE);
    json_object_set_object_member(data, "instrument", instrument);
    const RoomEvent shot = {.act = CEL_ACT_ACQUIRE, .item = "1"};
    const CelEventRequest request = room_event(&shot, data);
    room_receive(room, "1");
    if (training != NULL)
        room_do(room, WANG, &request, N_PEOPLE);
    else
        room_refuses(room, WANG, &request, N_PEOPLE, "training lab only");
}

static void finds_an_exhibit_by_what_a_scanner_types(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *code = cel_exhibit_code(ROOM_CASE, "1");
    g_autofree char *typed = g_strdup_printf(" %s\r\n", code);
    g_autofree char *other = cel_exhibit_code("2026-01131", "");
    room_receive(room, "1");
    g_assert_cmpuint(strlen(code), ==, CEL_EXHIBIT_CODE);
    g_assert_cmpstr(code, !=, other);
    g_autoptr(JsonObject) scanned = cel_case_find(room->lab, typed, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_row_text(scanned, "item_id"), ==, "1");
    g_autoptr(JsonObject) named = cel_case_find(room->lab, ROOM_CASE "/1", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_row_text(named, "case_id"), ==, ROOM_CASE);
    g_assert_null(cel_case_find(room->lab, "CELX0000000000000000", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void keeps_a_photo_by_its_digest_before_the_event(Room *room, gconstpointer data)
{
    (void)data;
    static const char png[] = "\x89PNG\r\n\x1a\n and so on";
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_build_filename(room->folder, "p.png", NULL);
    room_sign_in(room, WANG);
    g_assert_true(g_file_set_contents(file, png, sizeof png, &error));
    g_autoptr(JsonArray) photos = json_array_new();
    char sha256[65];
    g_assert_true(cel_case_add_photo(room->lab, file, "package", photos, sha256, &error));
    g_autofree char *kept = cel_lab_path(room->lab, CEL_LAB_PHOTOS, sha256);
    g_autoptr(GBytes) bytes = cel_file_read(kept, 1000, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) wanted = g_bytes_new_static(png, sizeof png);
    g_assert_true(g_bytes_equal(bytes, wanted));
    g_assert_true(cel_case_add_photo(room->lab, file, "item", photos, NULL, &error));
    g_assert_cmpuint(json_array_get_length(photos), ==, 2);
    g_assert_true(g_file_set_contents(file, "GIF89a", -1, &error));
    g_assert_false(cel_case_add_photo(room->lab, file, "item", photos, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static char *dump(Room *room)
{
    g_autoptr(GError) error = NULL;
    GString *text = g_string_new(NULL);
    for (guint kind = 0; kind < CEL_N_ROW_KINDS; kind++) {
        g_autoptr(GPtrArray) rows =
            cel_register_rows(cel_lab_register(room->lab), kind, NULL, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < rows->len; i++) {
            g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
            json_node_set_object(node, g_ptr_array_index(rows, i));
            g_autofree char *line = json_to_string(node, FALSE);
            g_string_append_printf(text, "%s %s\n", cel_row_kind_name(kind), line);
        }
    }
    return g_string_free(text, FALSE);
}

static void makes_the_same_projections_from_the_records_alone(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    follows_an_exhibit_from_receipt_to_return(room, NULL);
    room_receive(room, "2");
    room_open_bag(room, "2");
    g_autofree char *before = dump(room);
    g_assert_true(cel_register_rebuild(cel_lab_register(room->lab), NULL, &error));
    g_autofree char *after = dump(room);
    g_assert_cmpstr(before, ==, after);
    g_assert_nonnull(strstr(after, "exhibit {"));
}

#define T(name) g_test_add("/lab/" #name, Room, NULL, room_set_up, name, room_tear_down)
#define BOTH(name)                                                                                 \
    T(name);                                                                                       \
    g_test_add("/lab/training/" #name, Room, "yes", room_set_up, name, room_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    T(follows_an_exhibit_from_receipt_to_return);
    T(refuses_what_an_exhibit_cannot_live);
    T(takes_another_seal_number_for_a_finding);
    T(gives_no_seal_number_twice_to_a_bag);
    T(asks_the_role_before_the_act);
    T(a_namesake_sets_nothing_aside);
    T(keeps_what_is_on_hold);
    T(divides_an_open_exhibit_into_numbered_parts);
    T(lets_no_check_pass_with_an_expired_standard);
    BOTH(keeps_training_and_true_people_apart);
    BOTH(marks_every_event_of_a_training_lab);
    BOTH(keeps_simulated_shots_out_of_a_true_lab);
    T(finds_an_exhibit_by_what_a_scanner_types);
    T(keeps_a_photo_by_its_digest_before_the_event);
    T(makes_the_same_projections_from_the_records_alone);
    return g_test_run();
}
