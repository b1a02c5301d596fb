/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path-fixture.h"

#include "bench/cel-case-paper.h"
#include "bench/cel-journal.h"
#include "evidence/cel-record.h"
#include "h5/cel-nxraman.h"

/* The way in the laboratory; and every way again with the program ended between any two acts. */

/* ---- the way in the laboratory ---- */

static const CelParty station = {"城南派出所", "赵六", "0412"},
                      room_of_lab = {"快检室", "王芳", "P0017"};

static CelPathReceipt good_receipt(void)
{
    return (CelPathReceipt){
        .accepted = TRUE, .from = station, .to = room_of_lab, .seal_no = "A1", .condition = "完好"};
}

static gboolean receive(Scene *scene, GError **error)
{
    const CelPathReceipt receipt = good_receipt();
    return cel_path_receive(scene->path, &receipt, error);
}

static gboolean open_bag(Scene *scene, GError **error)
{
    const CelLabPerson second = scene_person(scene, LI);
    return cel_path_open_bag(scene->path, &second, "A1", NULL, error);
}

static void come_in(Scene *scene, const char *item)
{
    SCENE_OK(cel_path_scan(scene->path, item, &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_OK(receive(scene, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    SCENE_OK(open_bag(scene, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
}

static void goes_the_way_of_the_laboratory(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_LAB);
    come_in(scene, ROOM_CASE "/1");
    room_state_is(&scene->room, "1", CEL_EXHIBIT_OPEN);
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_go_to(scene, CEL_PATH_STEP_CLOSING);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_CLOSING);
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_result(scene);
    scene_pack(scene, "B1");
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_REVIEW);
    g_autofree char *fid = scene_finish(scene, SUN);
    room_state_is(&scene->room, "1", CEL_EXHIBIT_CLOSED);
    g_autoptr(GPtrArray) blocks = cel_gate_release(cel_lab_register(scene->room.lab), fid,
                                                   &cel_lab_rules(scene->room.lab)->limits, NULL);
    g_autofree char *ids = cel_gate_ids(blocks);
    g_assert_null(strstr(ids, "check"));
    g_assert_nonnull(strstr(ids, "review"));
    /* The check after the last measurement is the closing one, though the file was sealed later. */
    g_autoptr(JsonObject) facts = cel_case_facts(scene->room.lab, fid, NULL);
    g_assert_cmpstr(cel_record_text(facts, "checks/closing/verdict"), ==, "pass");
}

static void awaits_the_closing_check_by_word(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_LAB);
    come_in(scene, ROOM_CASE "/1");
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_go_to(scene, CEL_PATH_STEP_CLOSING);
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "closing check");
    SCENE_OK(cel_path_answer(scene->path, "closing", "later", &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_true(view->closing_later);
}

static void compares_the_seal_before_it_accepts(Scene *scene, gconstpointer data)
{
    (void)data;
    CelPathReceipt receipt = good_receipt();
    scene_begin(scene, CEL_PATH_LAB);
    SCENE_REFUSED(cel_path_scan(scene->path, "77", &scene_error), "No exhibit of this lab");
    SCENE_REFUSED(receive(scene, &scene_error), "Scan the bag first");
    SCENE_OK(cel_path_scan(scene->path, ROOM_CASE "/1", &scene_error));
    SCENE_REFUSED(receive(scene, &scene_error), "Photograph the bag");
    SCENE_OK(scene_photo(scene, &scene_error));
    receipt.condition = NULL;
    SCENE_REFUSED(cel_path_receive(scene->path, &receipt, &scene_error), "which condition");
    receipt = good_receipt();
    receipt.differs = TRUE;
    SCENE_REFUSED(cel_path_receive(scene->path, &receipt, &scene_error), "Say why");
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "Compare the seal");
    SCENE_OK(receive(scene, &scene_error));
    SCENE_REFUSED(receive(scene, &scene_error), "in before");
}

static void takes_another_number_on_the_bag_for_a_finding(Scene *scene, gconstpointer data)
{
    (void)data;
    const CelLabPerson second = scene_person(scene, LI);
    scene_begin(scene, CEL_PATH_LAB);
    SCENE_OK(cel_path_scan(scene->path, ROOM_CASE "/1", &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_OK(receive(scene, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    SCENE_REFUSED(cel_path_open_bag(scene->path, NULL, "A1", NULL, &scene_error), "two persons");
    SCENE_REFUSED(cel_path_open_bag(scene->path, &second, "A7", NULL, &scene_error),
                  "should carry seal A1");
    SCENE_OK(cel_path_open_bag(scene->path, &second, "A7", "封签号不符,已拍照", &scene_error));
    room_state_is(&scene->room, "1", CEL_EXHIBIT_OPEN);
}

static void ends_with_a_refusal(Scene *scene, gconstpointer data)
{
    (void)data;
    CelPathReceipt receipt = good_receipt();
    receipt.accepted = FALSE;
    scene_begin(scene, CEL_PATH_LAB);
    SCENE_OK(cel_path_scan(scene->path, ROOM_CASE "/1", &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_REFUSED(cel_path_receive(scene->path, &receipt, &scene_error), "Say why");
    receipt.why = "封签破损";
    SCENE_OK(cel_path_receive(scene->path, &receipt, &scene_error));
    g_assert_true(cel_path_is_over(scene->path));
    room_state_is(&scene->room, "1", CEL_EXHIBIT_REFUSED);
}

static void needs_no_receipt_twice(Scene *scene, gconstpointer data)
{
    (void)data;
    room_receive(&scene->room, "1");
    room_sign_in(&scene->room, WANG);
    scene_begin(scene, CEL_PATH_LAB);
    SCENE_OK(cel_path_scan(scene->path, ROOM_CASE "/1", &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_OPEN);
    SCENE_OK(open_bag(scene, &scene_error));
}

static void measures_again_what_was_sealed_at_the_scene(Scene *scene, gconstpointer data)
{
    (void)data;
    CelPathReceipt receipt = good_receipt();
    const CelLabPerson second = scene_person(scene, LI);
    receipt.seal_no = "B1";
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_SIGN);
    g_autofree char *of_scene = scene_finish(scene, LI);
    room_state_is(&scene->room, "1", CEL_EXHIBIT_PACKED);
    room_may_not(
        &scene->room, WANG,
        (RoomEvent){.act = CEL_ACT_OPEN_SEAL, .item = "1", .seal_no = "B1", .seal_state = "broken"},
        LI, "\"packed\""); /* not before it was taken in */
    room_sign_in(&scene->room, WANG);
    g_clear_pointer(&scene->path, cel_path_close);
    scene_begin(scene, CEL_PATH_LAB);
    SCENE_OK(cel_path_scan(scene->path, ROOM_CASE "/1", &scene_error));
    SCENE_REFUSED(cel_path_next(scene->path, &scene_error), "photo of the bag");
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_OK(cel_path_receive(scene->path, &receipt, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    SCENE_OK(cel_path_open_bag(scene->path, &second, "B1", NULL, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    SCENE_OK(scene_photo(scene, &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_go_to(scene, CEL_PATH_STEP_CLOSING);
    SCENE_OK(cel_path_answer(scene->path, "closing", "later", &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_result(scene);
    scene_pack(scene, "C1");
    g_autofree char *of_lab = scene_finish(scene, SUN);
    room_state_is(&scene->room, "1", CEL_EXHIBIT_CLOSED);
    g_assert_cmpstr(of_scene, !=, of_lab);
    const CelRowQuery seals = {.match = {{"item_id", "1", 0}, {"act", "seal", 0}, {"fid", "", 0}}};
    guint64 n = 0;
    g_assert_true(
        cel_register_count(cel_lab_register(scene->room.lab), CEL_ROW_EVENT, &seals, &n, NULL));
    g_assert_cmpuint(n, ==, 2); /* the bag, at the scene and in the lab */
    g_autoptr(GPtrArray) blocks = cel_gate_release(cel_lab_register(scene->room.lab), of_lab,
                                                   &cel_lab_rules(scene->room.lab)->limits, NULL);
    g_autofree char *ids = cel_gate_ids(blocks);
    g_assert_null(strstr(ids, "left-out"));
}

static void measures_a_part_and_puts_it_back(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_LAB);
    come_in(scene, ROOM_CASE "/1");
    SCENE_REFUSED(cel_path_take_part(scene->path, "2-1", "颗粒", &scene_error), "numbered 1-1");
    SCENE_OK(cel_path_take_part(scene->path, "1-1", "白色颗粒", &scene_error));
    SCENE_REFUSED(cel_path_take_part(scene->path, "1-2", "黑色颗粒", &scene_error), "of its own");
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_go_to(scene, CEL_PATH_STEP_CLOSING);
    SCENE_OK(cel_path_answer(scene->path, "closing", "later", &scene_error));
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    scene_result(scene);
    scene_pack(scene, "B1");
    g_autofree char *fid = scene_finish(scene, SUN);
    g_autoptr(JsonObject) file = cel_case_file(scene->room.lab, fid, NULL);
    g_assert_cmpstr(cel_row_text(file, "item_id"), ==, "1-1");
    /* It came in the bag of the whole. */
    g_autoptr(JsonObject) facts = cel_case_facts(scene->room.lab, fid, NULL);
    g_assert_cmpstr(cel_record_text(facts, "exhibit/number"), ==, "1-1");
    g_assert_cmpstr(cel_record_text(facts, "exhibit/description"), ==, "白色颗粒");
    g_assert_cmpstr(cel_record_text(facts, "exhibit/seal/no"), ==, "A1");
    g_assert_nonnull(cel_record_text(facts, "received/date"));
    g_assert_nonnull(cel_record_text(facts, "persons/second/id"));
    room_state_is(&scene->room, "1", CEL_EXHIBIT_CLOSED);
    room_state_is(&scene->room, "1-1", CEL_EXHIBIT_CLOSED);
}

/* ---- between any two acts ---- */

/* The program ends, another one goes on; what was seen before is seen after. */
static void hop(Scene *scene)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelPathView) before = scene_view(scene);
    cel_path_close(g_steal_pointer(&scene->path));
    scene->path = cel_path_resume(scene->room.lab, before->id, cel_clock_system(), NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelPathView) after = scene_view(scene);
    g_assert_cmpint(before->step, ==, after->step);
    g_assert_cmpstr(before->item_id, ==, after->item_id);
    g_assert_cmpstr(before->seal_no, ==, after->seal_no);
    g_assert_cmpstr(before->outcome, ==, after->outcome);
    g_assert_cmpint(before->hazard, ==, after->hazard);
    g_assert_cmpint(before->through, ==, after->through);
    g_assert_cmpuint(before->shots->len, ==, after->shots->len);
    g_assert_cmpuint(before->photos->len, ==, after->photos->len);
    g_assert_cmpuint(before->touches[0], ==, after->touches[0]);
    g_assert_cmpuint(before->touches[1], ==, after->touches[1]);
    for (guint i = 0; i < before->shots->len; i++) {
        const CelPathShot *a = g_ptr_array_index(before->shots, i);
        const CelPathShot *b = g_ptr_array_index(after->shots, i);
        g_assert_cmpstr(a->sha256, ==, b->sha256);
        g_assert_cmpstr(a->verdict, ==, b->verdict);
        g_assert_cmpuint(a->seq, ==, b->seq);
    }
}

static gboolean act_safety(Scene *scene, GError **error)
{
    return cel_path_answer(scene->path, "safety", "yes", error);
}

static gboolean act_scan(Scene *scene, GError **error)
{
    return cel_path_scan(scene->path, ROOM_CASE "/1", error);
}

static gboolean act_next(Scene *scene, GError **error)
{
    return cel_path_next(scene->path, error);
}

static gboolean act_shoot(Scene *scene, GError **error)
{
    return scene_shoot(scene, CEL_PATH_SHOT_DUE, error);
}

static gboolean act_through(Scene *scene, GError **error)
{
    return cel_path_answer(scene->path, "through", "yes", error);
}

static gboolean act_hazard(Scene *scene, GError **error)
{
    return cel_path_answer(scene->path, "hazard", "no", error);
}

static gboolean act_later(Scene *scene, GError **error)
{
    return cel_path_answer(scene->path, "closing", "later", error);
}

static gboolean act_identify(Scene *scene, GError **error)
{
    return cel_path_identify(scene->path, scene->desk.bench, NULL, error);
}

static gboolean act_pack(Scene *scene, GError **error)
{
    return cel_path_pack(scene->path, "B1", error);
}

static gboolean act_finish(Scene *scene, GError **error)
{
    const CelLabPerson second = scene_person(scene, LI);
    const CelPathFinish finish = {.second = &second};
    return cel_path_finish(scene->path, &finish, NULL, NULL, error);
}

typedef gboolean (*Act)(Scene *scene, GError **error);

static const Act field_acts[] = {act_safety,    scene_photo, act_scan,  scene_photo,  act_next,
                                 scene_connect, act_shoot,   act_shoot, act_through,  act_shoot,
                                 act_hazard,    act_shoot,   act_shoot, act_shoot,    act_identify,
                                 act_next,      scene_photo, act_pack,  act_identify, act_next,
                                 act_identify,  act_finish,  NULL};
static const Act lab_acts[] = {
    act_scan,    scene_photo,   receive,      act_next,  open_bag,     act_next,     scene_photo,
    act_next,    scene_connect, act_shoot,    act_shoot, act_through,  act_shoot,    act_hazard,
    act_shoot,   act_shoot,     act_shoot,    act_later, act_next,     act_identify, act_next,
    scene_photo, act_pack,      act_identify, act_next,  act_identify, act_finish,   NULL};

static void run_acts(Scene *scene, const Act *acts, gboolean hopping)
{
    for (gsize i = 0; acts[i] != NULL; i++) {
        SCENE_OK(acts[i](scene, &scene_error));
        if (hopping && acts[i] != act_identify && acts[i + 1] != NULL)
            hop(scene);
    }
}

/* Acts, kinds and states of every event of exhibit work, in order. */
static char *story(Scene *scene)
{
    guint64 size = 0;
    g_autoptr(GString) out = g_string_new(NULL);
    cel_ledger_size(cel_lab_ledger(scene->room.lab), &size, NULL);
    for (guint64 seq = 1; seq <= size; seq++) {
        g_autoptr(CelLedgerEntry) entry =
            cel_ledger_entry(cel_lab_ledger(scene->room.lab), seq, NULL);
        g_autoptr(JsonNode) node = cel_event_read(entry->record, NULL);
        JsonObject *event = json_node_get_object(node);
        JsonObject *facts = json_object_get_object_member(event, "data");
        g_string_append_printf(out, "%s %s %s\n", cel_row_text(event, "act"),
                               cel_row_text(facts, "kind"), cel_row_text(facts, "state"));
    }
    return g_strdup(out->str);
}

static char *story_of(Scene *scene, CelPathWay way, gboolean hopping)
{
    scene_begin(scene, way);
    run_acts(scene, way == CEL_PATH_FIELD ? field_acts : lab_acts, hopping);
    g_assert_true(cel_path_is_over(scene->path));
    return story(scene);
}

static void goes_on_after_every_act(CelPathWay way)
{
    Scene straight, hopping;
    scene_set_up(&straight, NULL);
    scene_set_up(&hopping, NULL);
    g_autofree char *one = story_of(&straight, way, FALSE);
    g_autofree char *other = story_of(&hopping, way, TRUE);
    g_assert_cmpstr(one, ==, other);
    scene_tear_down(&straight, NULL);
    scene_tear_down(&hopping, NULL);
}

static void goes_on_after_every_act_in_the_field(Scene *scene, gconstpointer data)
{
    (void)scene;
    (void)data;
    goes_on_after_every_act(CEL_PATH_FIELD);
}

static void goes_on_after_every_act_in_the_laboratory(Scene *scene, gconstpointer data)
{
    (void)scene;
    (void)data;
    goes_on_after_every_act(CEL_PATH_LAB);
}

/* ---- ended in the middle of an act ---- */

static char *journal_path(Scene *scene, const char *id)
{
    g_autofree char *name = g_strconcat(id, ".journal", NULL);
    return cel_lab_path(scene->room.lab, CEL_LAB_OPEN, name);
}

/* What a crash leaves: the first @lines lines. */
static void cut_to(const char *path, const char *whole, guint lines)
{
    const char *end = whole;
    for (guint i = 0; i < lines; i++)
        end = strchr(end, '\n') + 1;
    g_assert_true(g_file_set_contents(path, whole, (gssize)(end - whole), NULL));
}

static guint count_lines(const char *text)
{
    guint n = 0;
    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

static guint count_acts(Scene *scene, const char *act)
{
    guint64 n = 0;
    const CelRowQuery query = {.match = {{"act", act, 0}}};
    cel_register_count(cel_lab_register(scene->room.lab), CEL_ROW_EVENT, &query, &n, NULL);
    return (guint)n;
}

/* The journal lost its last word, the ledger did not: the events are found, none is made twice. */
static void finds_events_that_the_journal_does_not_know_yet(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    g_autofree char *id = g_strdup(cel_path_id(scene->path));
    g_autofree char *file = journal_path(scene, id);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    for (guint round = 0; round < 3; round++) {
        g_autofree char *whole = NULL;
        SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
        g_autoptr(CelPathView) before = scene_view(scene);
        cel_path_close(g_steal_pointer(&scene->path));
        g_assert_true(g_file_get_contents(file, &whole, NULL, NULL));
        guint lines = count_lines(whole);
        while (strstr(whole, "\"intent\"") != NULL && lines > 0) {
            cut_to(file, whole, lines);
            g_autofree char *cut = NULL;
            g_file_get_contents(file, &cut, NULL, NULL);
            const char *last = strrchr(g_strchomp(cut), '\n');
            if (strstr(last, "\"act\":\"intent\"") != NULL)
                break;
            lines--;
        }
        g_autoptr(GError) error = NULL;
        scene->path = cel_path_resume(scene->room.lab, id, cel_clock_system(), NULL, &error);
        g_assert_no_error(error);
        g_autoptr(CelPathView) after = scene_view(scene);
        g_assert_cmpuint(before->shots->len, ==, after->shots->len);
        g_assert_cmpuint(count_acts(scene, "acquire"), ==, after->shots->len);
        g_assert_cmpint(before->step, ==, after->step);
    }
    g_assert_cmpuint(count_acts(scene, "collect"), ==, 1);
}

/* Kept in the folder, not in the ledger yet: the exposure is not made twice. */
static void records_a_shot_that_was_kept_before_the_end(Scene *scene, gconstpointer data)
{
    CelAcquireOptions options;
    CelDigestPair digests;
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    g_autofree char *id = g_strdup(cel_path_id(scene->path));
    g_autofree char *file = journal_path(scene, id);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    SCENE_OK(cel_path_hold(scene->path, CEL_PATH_SHOT_DUE, &all_held, &options, &scene_error));
    g_autoptr(CelDevice) device = scene_device(scene, CEL_PATH_SHOT_SPOT, NULL);
    g_autoptr(CelMeasurement) m = cel_device_acquire(device, &options, NULL, NULL);
    g_autofree char *saved = g_build_filename(scene->desk.folder, "m.h5", NULL);
    g_assert_true(cel_nxraman_save(m, saved, TRUE, NULL));
    g_autoptr(GBytes) bytes = cel_file_read(saved, 1 << 26, NULL);
    g_assert_true(cel_lab_keep(scene->room.lab, CEL_LAB_RAW, bytes, &digests, NULL));
    cel_path_close(g_steal_pointer(&scene->path));
    g_autoptr(GPtrArray) acts = NULL;
    g_autoptr(CelJournal) journal = cel_journal_open(file, &acts, NULL);
    guint64 size = 0;
    cel_ledger_size(cel_lab_ledger(scene->room.lab), &size, NULL);
    g_autofree char *text =
        g_strdup_printf("{\"act\":\"intent\",\"after\":%" G_GUINT64_FORMAT
                        ",\"facts\":{\"kind\":\"spot\",\"sha256\":\"%s\",\"state\":\"valid\"},"
                        "\"t\":0,\"what\":\"shot\"}",
                        size, digests.sha256);
    g_autoptr(JsonNode) node = json_from_string(text, NULL);
    g_assert_true(cel_journal_add(journal, json_node_get_object(node), NULL));
    cel_journal_close(g_steal_pointer(&journal));
    g_autoptr(GError) error = NULL;
    scene->path = cel_path_resume(scene->room.lab, id, cel_clock_system(), NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->valid, ==, 1);
    g_assert_false(view->holding);
    const CelPathShot *shot = g_ptr_array_index(view->shots, view->shots->len - 1);
    g_assert_cmpstr(shot->sha256, ==, digests.sha256);
}

static void lists_a_shot_that_never_came_back_as_failed(Scene *scene, gconstpointer data)
{
    CelAcquireOptions options;
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_go_to(scene, CEL_PATH_STEP_MEASURE);
    SCENE_OK(cel_path_answer(scene->path, "hazard", "no", &scene_error));
    SCENE_OK(cel_path_hold(scene->path, CEL_PATH_SHOT_DUE, &all_held, &options, &scene_error));
    g_autofree char *id = g_strdup(cel_path_id(scene->path));
    cel_path_close(g_steal_pointer(&scene->path));
    g_autoptr(GError) error = NULL;
    scene->path = cel_path_resume(scene->room.lab, id, cel_clock_system(), NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpuint(view->taken, ==, 1);
    g_assert_cmpuint(view->valid, ==, 0);
    const CelPathShot *shot = g_ptr_array_index(view->shots, view->shots->len - 1);
    g_assert_cmpstr(shot->state, ==, "failed");
    g_assert_nonnull(strstr(shot->problem, "ended before this measurement was written"));
    g_assert_true(view->interrupted);
    g_assert_true(cel_path_view_last_shot(view) == shot);
    SCENE_OK(scene_shoot(scene, CEL_PATH_SHOT_DUE, &scene_error));
    g_autoptr(CelPathView) later = scene_view(scene);
    g_assert_false(later->interrupted);
}

/* The second person's key does not work at the bag: the file stays sealed, once. */
static void seals_no_file_twice_when_the_bag_fails(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    g_autofree char *id = g_strdup(cel_path_id(scene->path));
    g_autofree char *file = journal_path(scene, id);
    scene_go_to(scene, CEL_PATH_STEP_SIGN);
    g_autofree char *whole = NULL;
    g_assert_true(g_file_get_contents(file, &whole, NULL, NULL));
    g_free(scene_finish(scene, LI));
    g_assert_cmpuint(count_acts(scene, "seal"), ==, 2);
    /* What a crash between any two words of the ending leaves. */
    g_assert_true(g_file_set_contents(file, whole, -1, NULL));
    g_autoptr(GPtrArray) acts = NULL;
    g_autoptr(CelJournal) journal = cel_journal_open(file, &acts, NULL);
    const CelRowQuery query = {.match = {{"act", "seal", 0}}};
    g_autoptr(JsonObject) row =
        cel_register_row(cel_lab_register(scene->room.lab), CEL_ROW_EVENT, &query, NULL);
    g_autofree char *text = g_strdup_printf("{\"act\":\"intent\",\"after\":%" G_GINT64_FORMAT
                                            ",\"t\":0,\"what\":\"file\"}",
                                            cel_row_number(row, "seq") - 1);
    g_autoptr(JsonNode) node = json_from_string(text, NULL);
    g_assert_true(cel_journal_add(journal, json_node_get_object(node), NULL));
    cel_journal_close(g_steal_pointer(&journal));
    cel_path_close(scene->path);
    g_autoptr(GError) error = NULL;
    scene->path = cel_path_resume(scene->room.lab, id, cel_clock_system(), NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelPathView) view = scene_view(scene);
    g_assert_cmpstr(view->fid, !=, "");
    g_assert_cmpuint(count_acts(scene, "seal"), ==, 2);
    SCENE_REFUSED(cel_path_abandon(scene->path, "x", &scene_error), "sealed already");
}

/* ---- the list, giving up, damage ---- */

static void lists_what_is_open_and_nothing_else(Scene *scene, gconstpointer data)
{
    (void)data;
    g_autoptr(GPtrArray) none = cel_path_list(scene->room.lab, NULL);
    g_assert_cmpuint(none->len, ==, 0);
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    g_autoptr(GPtrArray) open = cel_path_list(scene->room.lab, NULL);
    g_assert_cmpuint(open->len, ==, 1);
    const CelPathOpen *one = g_ptr_array_index(open, 0);
    g_assert_cmpstr(one->item_id, ==, "1");
    g_assert_cmpstr(one->person, ==, "P0017");
    g_assert_cmpint(one->step, ==, CEL_PATH_STEP_CHECK);
    g_assert_true(one->busy);
    SCENE_OK(cel_path_abandon(scene->path, "下雨", &scene_error));
    g_autoptr(GPtrArray) after = cel_path_list(scene->room.lab, NULL);
    g_assert_cmpuint(after->len, ==, 0);
}

static void goes_on_with_the_open_sample_of_a_named_exhibit(Scene *scene, gconstpointer data)
{
    (void)data;
    const CelPathSetup setup = scene_setup(CEL_PATH_LAB);
    room_receive(&scene->room, "1");
    room_sign_in(&scene->room, WANG);
    SCENE_OK((scene->path = cel_path_open_exhibit(scene->room.lab, &setup, ROOM_CASE "/1", NULL,
                                                  &scene_error)) != NULL);
    SCENE_OK(cel_path_next(scene->path, &scene_error));
    g_autofree char *id = g_strdup(cel_path_id(scene->path));
    g_clear_pointer(&scene->path, cel_path_close);
    SCENE_OK((scene->path = cel_path_open_exhibit(scene->room.lab, &setup, ROOM_CASE "/1", NULL,
                                                  &scene_error)) != NULL);
    g_assert_cmpstr(cel_path_id(scene->path), ==, id);
    g_assert_cmpint(cel_path_step(scene->path), ==, CEL_PATH_STEP_OPEN);
}

static void opens_nothing_for_an_exhibit_that_is_not_measured(Scene *scene, gconstpointer data)
{
    (void)data;
    const CelPathSetup setup = scene_setup(CEL_PATH_LAB);
    room_happens(
        &scene->room, WANG,
        (RoomEvent){
            .act = CEL_ACT_REFUSE, .item = "1", .data = "condition=破损", .why = "封条破损"},
        N_PEOPLE);
    room_sign_in(&scene->room, WANG);
    g_assert_false(cel_path_takes(CEL_PATH_LAB, CEL_EXHIBIT_REFUSED));
    SCENE_REFUSED(
        cel_path_open_exhibit(scene->room.lab, &setup, ROOM_CASE "/1", NULL, &scene_error),
        "is not measured here");
    SCENE_REFUSED(
        cel_path_open_exhibit(scene->room.lab, &setup, ROOM_CASE "/9", NULL, &scene_error), "9");
    g_autoptr(GPtrArray) open = cel_path_list(scene->room.lab, NULL);
    g_assert_cmpuint(open->len, ==, 0);
}

static void gives_up_only_with_a_reason_that_goes_on_record(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    SCENE_REFUSED(cel_path_abandon(scene->path, " ", &scene_error), "Say why");
    SCENE_OK(cel_path_abandon(scene->path, "电池没电", &scene_error));
    const CelRowQuery query = {.match = {{"act", "nonconform", 0}, {"item_id", "1", 0}}};
    g_autoptr(JsonObject) row =
        cel_register_row(cel_lab_register(scene->room.lab), CEL_ROW_EVENT, &query, NULL);
    g_assert_cmpstr(cel_row_text(row, "why"), ==, "电池没电");
    guint64 open = 1;
    g_assert_true(cel_register_count(cel_lab_register(scene->room.lab), CEL_ROW_NONCONFORM, NULL,
                                     &open, NULL));
    g_assert_cmpuint(open, ==, 0); /* it blocks nothing */
}

static void names_a_damaged_journal_and_leaves_it_alone(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    scene_scan(scene, "1");
    g_autofree char *id = g_strdup(cel_path_id(scene->path));
    g_autofree char *file = journal_path(scene, id);
    g_autofree char *text = NULL;
    cel_path_close(g_steal_pointer(&scene->path));
    g_file_get_contents(file, &text, NULL, NULL);
    text[strlen(text) / 2] ^= 1;
    g_file_set_contents(file, text, -1, NULL);
    g_autoptr(GPtrArray) open = cel_path_list(scene->room.lab, NULL);
    g_assert_cmpuint(open->len, ==, 1);
    g_assert_nonnull(strstr(((CelPathOpen *)g_ptr_array_index(open, 0))->problem, "damaged"));
    SCENE_REFUSED(cel_path_resume(scene->room.lab, id, cel_clock_system(), NULL, &scene_error),
                  "damaged");
    g_autofree char *after = NULL;
    g_file_get_contents(file, &after, NULL, NULL);
    g_assert_cmpstr(text, ==, after);
}

static void resumes_no_sample_that_is_none(Scene *scene, gconstpointer data)
{
    (void)data;
    static const char *const ids[] = {"", "../register", "20260101T000000Z-00000000", "a/b"};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        SCENE_REFUSED(
            cel_path_resume(scene->room.lab, ids[i], cel_clock_system(), NULL, &scene_error),
            "no open sample");
}

/* The last word was written, the file not yet taken away. */
static void clears_away_what_is_over(Scene *scene, gconstpointer data)
{
    (void)data;
    scene_begin(scene, CEL_PATH_FIELD);
    g_autofree char *id = g_strdup(cel_path_id(scene->path));
    g_autofree char *file = journal_path(scene, id);
    cel_path_close(g_steal_pointer(&scene->path));
    g_autoptr(GPtrArray) acts = NULL;
    g_autoptr(CelJournal) journal = cel_journal_open(file, &acts, NULL);
    g_autoptr(JsonNode) node = json_from_string("{\"act\":\"end\",\"t\":0}", NULL);
    g_assert_true(cel_journal_add(journal, json_node_get_object(node), NULL));
    cel_journal_close(g_steal_pointer(&journal));
    g_autoptr(GPtrArray) open = cel_path_list(scene->room.lab, NULL);
    g_assert_cmpuint(open->len, ==, 0);
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
}

/* A file of zero bytes, as a kill in the first moment leaves it, is nobody's sample. */
static void passes_over_a_beginning_that_was_never_acknowledged(Scene *scene, gconstpointer data)
{
    (void)data;
    g_autofree char *file = journal_path(scene, "20260101T000000Z-00000000");
    g_assert_true(g_file_set_contents(file, "", 0, NULL));
    g_autoptr(GPtrArray) open = cel_path_list(scene->room.lab, NULL);
    g_assert_cmpuint(open->len, ==, 0);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*run)(Scene *, gconstpointer);
    } tests[] = {
        {"/path/lab/goes-the-way-of-the-laboratory", goes_the_way_of_the_laboratory},
        {"/path/lab/awaits-the-closing-check-by-word", awaits_the_closing_check_by_word},
        {"/path/lab/compares-the-seal-before-it-accepts", compares_the_seal_before_it_accepts},
        {"/path/lab/takes-another-number-on-the-bag-for-a-finding",
         takes_another_number_on_the_bag_for_a_finding},
        {"/path/lab/ends-with-a-refusal", ends_with_a_refusal},
        {"/path/lab/needs-no-receipt-twice", needs_no_receipt_twice},
        {"/path/lab/measures-again-what-was-sealed-at-the-scene",
         measures_again_what_was_sealed_at_the_scene},
        {"/path/lab/measures-a-part-and-puts-it-back", measures_a_part_and_puts_it_back},
        {"/path/resume/goes-on-after-every-act-in-the-field", goes_on_after_every_act_in_the_field},
        {"/path/resume/goes-on-after-every-act-in-the-laboratory",
         goes_on_after_every_act_in_the_laboratory},
        {"/path/resume/finds-events-that-the-journal-does-not-know-yet",
         finds_events_that_the_journal_does_not_know_yet},
        {"/path/resume/records-a-shot-that-was-kept-before-the-end",
         records_a_shot_that_was_kept_before_the_end},
        {"/path/resume/lists-a-shot-that-never-came-back-as-failed",
         lists_a_shot_that_never_came_back_as_failed},
        {"/path/resume/seals-no-file-twice-when-the-bag-fails",
         seals_no_file_twice_when_the_bag_fails},
        {"/path/list/lists-what-is-open-and-nothing-else", lists_what_is_open_and_nothing_else},
        {"/path/list/goes-on-with-the-open-sample-of-a-named-exhibit",
         goes_on_with_the_open_sample_of_a_named_exhibit},
        {"/path/list/opens-nothing-for-an-exhibit-that-is-not-measured",
         opens_nothing_for_an_exhibit_that_is_not_measured},
        {"/path/list/gives-up-only-with-a-reason-that-goes-on-record",
         gives_up_only_with_a_reason_that_goes_on_record},
        {"/path/list/names-a-damaged-journal-and-leaves-it-alone",
         names_a_damaged_journal_and_leaves_it_alone},
        {"/path/list/resumes-no-sample-that-is-none", resumes_no_sample_that_is_none},
        {"/path/list/clears-away-what-is-over", clears_away_what_is_over},
        {"/path/list/passes-over-a-beginning-that-was-never-acknowledged",
         passes_over_a_beginning_that_was_never_acknowledged},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Scene, NULL, scene_set_up, tests[i].run, scene_tear_down);
    return g_test_run();
}
