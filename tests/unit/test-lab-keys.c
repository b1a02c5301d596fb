/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-head.h"
#include "bench/cel-lab-profile.h"
#include "bench/cel-work.h"
#include "evidence/cel-head-verdict.h"
#include "lab-fixture.h"

/* Keys, heads and countersignatures of a lab with its people. */

static CelKey *machine_key(Room *room, const char *name)
{
    return room_key(room->root, name, CEL_ROLE_DEVICE, NULL);
}

/* ---- certificates between a person and the lab ---- */

static void certificates_travel_and_the_key_stays(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    const CelCaTerms terms = {.role = CEL_ROLE_TECHNICIAN, .person_id = "P9"};
    g_autofree char *path = g_build_filename(room->folder, "new.pem", NULL);
    g_autoptr(CelKey) key = cel_key_generate("周九", FALSE, NULL);
    g_assert_true(cel_key_save(key, path, "correct horse", &error));
    g_autoptr(GBytes) file = cel_file_read(path, 65536, &error);
    g_autoptr(GBytes) sent = cel_key_holder_public(file, &error);
    gsize n = 0;
    const char *text = g_bytes_get_data(sent, &n);
    g_assert_null(g_strstr_len(text, (gssize)n, "PRIVATE KEY"));
    g_autoptr(GBytes) back = cel_key_holder_certify(room->root, sent, &terms, &error);
    g_autoptr(GBytes) installed = cel_key_holder_install(file, back, &error);
    g_assert_no_error(error);
    g_assert_true(cel_file_write(path, installed, 0600, &error));
    g_autoptr(CelKey) again = cel_key_load(path, "correct horse", &error);
    g_assert_no_error(error);
    g_assert_cmpint(cel_key_role(again), ==, CEL_ROLE_TECHNICIAN);
    g_assert_cmpstr(cel_key_person_id(again), ==, "P9");
    const CelLabPerson person = {.key = again};
    g_assert_true(cel_lab_sign_in(room->lab, &person, &error));
}

static void certificates_of_another_key_are_not_installed(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(room->folder, "new.pem", NULL);
    g_assert_true(cel_key_save(room->people[WANG], path, "correct horse", &error));
    g_autoptr(GBytes) file = cel_file_read(path, 65536, &error);
    g_autoptr(GBytes) others = room_public_pem(room->people[LI], room->folder);
    g_assert_null(cel_key_holder_install(file, others, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_file_of_certificates_opens_no_key(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(room->folder, "certs.pem", NULL);
    g_autoptr(GBytes) pem = room_public_pem(room->people[WANG], room->folder);
    g_assert_true(cel_file_write(path, pem, 0644, &error));
    g_assert_null(cel_key_load(path, "correct horse", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

/* ---- events ---- */

static void a_lab_is_founded_once_by_its_head(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_build_filename(room->folder, "second", NULL);
    CelLabFounding founding = {.root = room->root, .head = room->people[WANG]};
    g_assert_false(cel_lab_found(folder, &founding, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_clear_error(&error);
    founding.head = room->people[SUN];
    g_assert_true(cel_lab_found(folder, &founding, &error));
    g_assert_no_error(error);
    g_autoptr(CelLab) lab = cel_lab_open(folder, &error);
    guint64 size = 0;
    g_assert_true(cel_ledger_size(cel_lab_ledger(lab), &size, &error));
    g_assert_cmpuint(size, ==, 1);
    g_assert_false(cel_lab_found(folder, &founding, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static gboolean record_key(Room *room, const CelLabKeyEvent *event, GError **error)
{
    const CelLabPerson second = {.key = room->people[LI]};
    CelLedgerPlace place;
    room_sign_in(room, SUN);
    return cel_lab_record_key(room->lab, event, &second, &place, error);
}

static void a_revoked_key_signs_nothing_more(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    g_autoptr(GBytes) pem = room_public_pem(room->people[WANG], room->folder);
    g_assert_true(cel_key_holder_read(pem, &holder, &error));
    CelLabKeyEvent event = {.what = "certified", .holder = &holder};
    g_assert_true(record_key(room, &event, &error));
    event = (CelLabKeyEvent){.what = "revoked", .holder = &holder, .why = "遗失"};
    g_assert_true(record_key(room, &event, &error));
    g_assert_no_error(error);
    cel_lab_close(room->lab);
    room->lab = cel_lab_open(room->folder, &error);
    const CelLabPerson person = {.key = room->people[WANG]};
    g_assert_false(cel_lab_sign_in(room->lab, &person, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

/* The key is open in one program while another one takes it back. */
static void a_key_revoked_elsewhere_stops_at_once(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    g_autoptr(GBytes) pem = room_public_pem(room->people[WANG], room->folder);
    g_assert_true(cel_key_holder_read(pem, &holder, &error));
    g_autoptr(CelLab) other = cel_lab_open(room->folder, &error);
    const CelLabPerson person = {.key = room->people[WANG]};
    g_assert_true(cel_lab_sign_in(other, &person, &error));
    const CelLabKeyEvent event = {.what = "revoked", .holder = &holder, .why = "遗失"};
    g_assert_true(record_key(room, &event, &error));
    g_autoptr(JsonObject) facts = room_data("description=x; condition=x; amount=1 g");
    const RoomEvent receive = {.act = CEL_ACT_RECEIVE, .item = "1", .seal_no = "A1"};
    CelEventRequest request = room_event(&receive, facts);
    CelLedgerPlace place;
    request.clock = cel_clock_system();
    g_assert_false(cel_lab_record(other, &request, NULL, &place, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_nonnull(strstr(error->message, "revoked"));
}

static void a_founding_that_was_interrupted_goes_on(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_build_filename(room->folder, "third", NULL);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    room_found(folder, room->root); /* ledger and roots, no event yet */
    const CelLabFounding founding = {.root = room->root, .head = room->people[SUN]};
    g_assert_true(cel_lab_found(folder, &founding, &error));
    g_assert_no_error(error);
}

static void a_revocation_needs_a_reason_and_no_future(Room *room, gconstpointer data)
{
    (void)data;
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    g_autoptr(GBytes) pem = room_public_pem(room->people[WANG], room->folder);
    g_assert_true(cel_key_holder_read(pem, &holder, NULL));
    const CelLabKeyEvent bad[] = {
        {.what = "revoked", .holder = &holder},
        {.what = "revoked", .holder = &holder, .why = ""},
        {.what = "revoked", .holder = &holder, .why = "遗失", .from_seq = 99},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(record_key(room, &bad[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    }
}

static GBytes *make_profile(CelKey *root)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelProfile) plain = cel_profile_default();
    g_autoptr(JsonNode) body = json_node_copy(plain->json);
    g_autoptr(JsonNode) lab = json_from_string(
        "{\"name\":{\"zh\":\"某市物证快检室\"},\"address\":{\"zh\":\"某路1号\"}}", NULL);
    json_object_set_member(json_node_get_object(body), "lab", g_steal_pointer(&lab));
    g_autofree char *text = json_to_string(body, FALSE);
    g_autoptr(GBytes) draft = g_bytes_new(text, strlen(text));
    GBytes *made = cel_profile_sign(draft, root, &error);
    g_assert_no_error(error);
    return made;
}

static void a_profile_is_recorded_and_then_in_force(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) profile = make_profile(room->root);
    const CelLabPerson second = {.key = room->people[LI]};
    const CelLabInstall install = {profile, &second, cel_clock_system()};
    CelLedgerPlace place;
    room_receive(room, "1");
    room_sign_in(room, SUN);
    g_assert_true(cel_lab_install_profile(room->lab, &install, &place, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(place.seq, ==, 2);
    g_autoptr(CelLab) again = cel_lab_open(room->folder, &error);
    g_assert_true(cel_lab_profile(again)->is_signed);
    room_sign_in(room, WANG);
    g_assert_false(cel_lab_install_profile(room->lab, &install, &place, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static const CelProfileMethod *screening(CelLab *lab)
{
    return cel_profile_method(cel_lab_profile(lab), CEL_WORK_METHOD_ID);
}

static gboolean sign_words(Room *room, JsonNode *from, const CelProfileWords *words, GError **error)
{
    CelLedgerPlace place;
    g_autoptr(GBytes) draft = cel_lab_profile_draft(from, words, error);
    const CelLabPerson second = {.key = room->people[LI]};
    const CelProfileSigning signing = {draft, room->root, &second, cel_clock_system()};
    room_sign_in(room, SUN);
    return draft != NULL && cel_lab_sign_profile(room->lab, &signing, &place, error);
}

static void a_profile_is_written_by_its_words(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    const CelProfilePerson both[] = {{"P0017", TRUE}, {"P0018", TRUE}};
    CelProfileWords words = {.name_zh = " 某市物证快检室 ",
                             .address_zh = "某路1号",
                             .phone = "",
                             .issued = "2026-11-27",
                             .until = "2098-12-31",
                             .persons = both,
                             .n_persons = 2};
    g_assert_true(sign_words(room, cel_lab_profile(room->lab)->json, &words, &error));
    g_assert_no_error(error);
    g_autoptr(CelLab) again = cel_lab_open(room->folder, &error);
    g_assert_cmpstr(cel_lab_profile(again)->lab.name.zh, ==, "某市物证快检室");
    g_assert_null(cel_lab_profile(again)->lab.phone);
    g_assert_cmpuint(screening(again)->operators->len, ==, 2);
    g_assert_cmpstr(screening(again)->version, ==, CEL_WORK_METHOD_VERSION);
    /* Asked about one of them: the other one's authorisation stays, and so do its dates. */
    const CelProfilePerson one[] = {{"P0018", FALSE}};
    words.until = "2099-12-31";
    words.persons = one;
    words.n_persons = 1;
    g_assert_true(sign_words(room, cel_lab_profile(again)->json, &words, &error));
    g_autoptr(CelLab) last = cel_lab_open(room->folder, &error);
    JsonNode *profile = cel_lab_profile(last)->json;
    g_assert_true(cel_lab_profile_may(profile, "P0017"));
    g_assert_false(cel_lab_profile_may(profile, "P0018"));
    const CelProfileOperator *stays = g_ptr_array_index(screening(last)->operators, 0);
    g_autofree char *until = cel_clock_iso8601(stays->until_us);
    g_assert_true(g_str_has_prefix(until, "2098-12-31"));
}

static void a_profile_that_says_too_little_is_not_written(Room *room, gconstpointer data)
{
    (void)data;
    const CelProfileWords bad[] = {
        {.name_zh = "某室", .address_zh = " ", .issued = "2026-11-27", .until = "2099-12-31"},
        {.name_zh = "某室", .address_zh = "某路", .issued = "2026-11-27", .until = "next year"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(sign_words(room, cel_lab_profile(room->lab)->json, &bad[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
    guint64 size = 1;
    g_assert_true(cel_ledger_size(cel_lab_ledger(room->lab), &size, NULL));
    g_assert_cmpuint(size, ==, 0);
}

static void another_labs_profile_is_not_installed(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) other = cel_key_generate_lab("乙室", FALSE, NULL);
    g_autoptr(GBytes) profile = make_profile(other);
    const CelLabPerson second = {.key = room->people[LI]};
    const CelLabInstall install = {profile, &second, cel_clock_system()};
    CelLedgerPlace place;
    room_sign_in(room, SUN);
    g_assert_false(cel_lab_install_profile(room->lab, &install, &place, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

/* ---- heads and another machine ---- */

static void add_events(Room *room, guint n)
{
    for (guint i = 0; i < n; i++) {
        guint64 size = 0;
        g_assert_true(cel_ledger_size(cel_lab_ledger(room->lab), &size, NULL));
        g_autofree char *item = g_strdup_printf("%" G_GUINT64_FORMAT, size + 1);
        room_receive(room, item);
    }
}

static GBytes *head_file(Room *room, guint64 since)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_lab_use_ledger_key(room->lab, room->ledger_key, &error));
    GBytes *file = cel_lab_head_file(room->lab, since, &error);
    g_assert_no_error(error);
    return file;
}

typedef struct {
    char *folder;
    CelKey *key;
    CelLabWitness witness;
} Machine;

static void machine_begin(Machine *machine, Room *room)
{
    machine->folder = g_build_filename(room->folder, "kept", NULL);
    machine->key = machine_key(room, "乙机");
    machine->witness = (CelLabWitness){machine->folder, machine->key, cel_clock_system()};
}

static void machine_clear(Machine *machine)
{
    g_free(machine->folder);
    cel_key_free(machine->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Machine, machine_clear)

static void a_growing_ledger_is_countersigned(Room *room, gconstpointer data)
{
    (void)data;
    g_auto(Machine) machine = {0};
    machine_begin(&machine, room);
    guint64 since = 0;
    for (guint i = 0; i < 4; i++) {
        g_autoptr(GError) error = NULL;
        add_events(room, i + 1);
        g_autoptr(GBytes) file = head_file(room, since);
        g_autoptr(GBytes) text =
            cel_lab_countersign(&machine.witness, file, cel_lab_trust(room->lab), &error);
        g_assert_no_error(error);
        g_autoptr(CelHeadFile) head = cel_head_file_read(file, &error);
        g_autoptr(CelCountersign) read = cel_countersign_read(text, head, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(read->statement->signer.person, ==, "乙机");
        g_assert_cmpuint(head->from_size, ==, since);
        since = head->is.size;
    }
    g_assert_cmpuint(since, ==, 10);
}

static void a_head_without_a_path_from_the_kept_one_is_not_signed(Room *room, gconstpointer data)
{
    (void)data;
    g_auto(Machine) machine = {0};
    machine_begin(&machine, room);
    add_events(room, 3);
    g_autoptr(GBytes) first = head_file(room, 0);
    g_autoptr(GBytes) signed_first = cel_lab_countersign(&machine.witness, first, NULL, NULL);
    g_assert_nonnull(signed_first);
    add_events(room, 2);
    const guint64 wrong[] = {0, 2};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) second = head_file(room, wrong[i]);
        g_assert_null(cel_lab_countersign(&machine.witness, second, NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    }
}

/* The same ledger rolled back to a copy, with another event after it. */
static void a_rewritten_or_shortened_ledger_is_not_signed(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(Machine) machine = {0};
    machine_begin(&machine, room);
    g_autofree char *path = g_build_filename(room->folder, "register.sqlite", NULL);
    g_autoptr(GBytes) copy = NULL;
    add_events(room, 3);
    cel_lab_close(room->lab);
    copy = cel_file_read(path, 1 << 26, &error);
    room->lab = cel_lab_open(room->folder, &error);
    add_events(room, 2);
    g_autoptr(GBytes) full = head_file(room, 0);
    g_autoptr(GBytes) signed_full = cel_lab_countersign(&machine.witness, full, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(signed_full);
    cel_lab_close(room->lab);
    g_assert_true(cel_file_write(path, copy, 0640, &error));
    room->lab = cel_lab_open(room->folder, &error);
    g_assert_no_error(error);
    const guint more[] = {0, 2, 3}; /* shorter; as long, other events; longer, other events */
    for (gsize i = 0; i < G_N_ELEMENTS(more); i++) {
        g_autoptr(GError) refused = NULL;
        add_events(room, i == 0 ? 0 : more[i] - more[i - 1]);
        g_autoptr(GBytes) head = head_file(room, i == 2 ? 5 : 0);
        g_assert_null(cel_lab_countersign(&machine.witness, head, NULL, &refused));
        g_assert_error(refused, CEL_ERROR, CEL_ERROR_POLICY);
    }
}

static void only_another_machine_countersigns(Room *room, gconstpointer data)
{
    (void)data;
    g_auto(Machine) machine = {0};
    machine_begin(&machine, room);
    add_events(room, 1);
    g_autoptr(GBytes) file = head_file(room, 0);
    CelKey *const wrong[] = {room->ledger_key, room->people[SUN], room->root};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        machine.witness.key = wrong[i];
        g_assert_null(cel_lab_countersign(&machine.witness, file, NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    }
}

static void a_head_of_no_ledger_key_is_not_countersigned(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(Machine) machine = {0};
    machine_begin(&machine, room);
    g_autoptr(CelKey) other_root = cel_key_generate_lab("乙室", FALSE, NULL);
    g_autoptr(GBytes) roots_pem = cel_ca_roots(other_root, NULL);
    g_autoptr(CelTrust) roots = cel_trust_new();
    g_assert_true(cel_trust_add_roots(roots, roots_pem, NULL));
    add_events(room, 1);
    g_autoptr(GBytes) file = head_file(room, 0);
    g_assert_null(cel_lab_countersign(&machine.witness, file, roots, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void no_changed_byte_of_a_head_passes(Room *room, gconstpointer data)
{
    (void)data;
    add_events(room, 3);
    g_autoptr(GBytes) file = head_file(room, 2);
    g_autoptr(CelHeadFile) whole = cel_head_file_read(file, NULL);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(file, &n);
    for (gsize i = 0; i < n; i += 11) {
        g_autofree guint8 *copy = g_memdup2(bytes, n);
        copy[i] ^= (guint8)(1u << (i % 7));
        g_autoptr(GBytes) changed = g_bytes_new_static(copy, n);
        g_autoptr(CelHeadFile) head = cel_head_file_read(changed, NULL);
        if (head != NULL) /* the path is not signed: what it proves is checked when it is used */
            g_assert_true(head->is.size == whole->is.size &&
                          head->is.wall_us == whole->is.wall_us &&
                          memcmp(head->is.root, whole->is.root, sizeof whole->is.root) == 0);
    }
}

static void a_verdict_has_a_line_for_each_question(Room *room, gconstpointer data)
{
    (void)data;
    g_auto(Machine) machine = {0};
    machine_begin(&machine, room);
    add_events(room, 2);
    g_autoptr(GBytes) file = head_file(room, 0);
    g_autoptr(GBytes) text = cel_lab_countersign(&machine.witness, file, NULL, NULL);
    g_autoptr(CelHeadFile) head = cel_head_file_read(file, NULL);
    CelHeadQuestion question = {.head = head, .file = file};
    g_autoptr(GPtrArray) bare = cel_head_verdict(&question);
    g_assert_cmpint(cel_verdict_find(bare, "head")->state, ==, CEL_VERDICT_NOT_PROVEN);
    g_assert_cmpint(cel_verdict_find(bare, "countersignature")->state, ==, CEL_VERDICT_NOT_PROVEN);
    g_assert_cmpint(cel_verdict_find(bare, "time")->state, ==, CEL_VERDICT_NOT_PROVEN);
    question.lab = question.witness = cel_lab_trust(room->lab);
    question.countersign = text;
    g_autoptr(GPtrArray) full = cel_head_verdict(&question);
    g_assert_cmpint(cel_verdict_find(full, "head")->state, ==, CEL_VERDICT_PROVEN);
    g_assert_cmpint(cel_verdict_find(full, "countersignature")->state, ==, CEL_VERDICT_PROVEN);
    question.countersign = question.token = file;
    g_autoptr(GPtrArray) wrong = cel_head_verdict(&question);
    g_assert_cmpint(cel_verdict_find(wrong, "countersignature")->state, ==,
                    CEL_VERDICT_CONTRADICTED);
    g_assert_cmpint(cel_verdict_find(wrong, "time")->state, ==, CEL_VERDICT_CONTRADICTED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define IN_ROOM(path, test)                                                                        \
    g_test_add("/lab-keys/" path, Room, NULL, room_set_up, test, room_tear_down)
    IN_ROOM("holder/travel", certificates_travel_and_the_key_stays);
    IN_ROOM("holder/other_key", certificates_of_another_key_are_not_installed);
    IN_ROOM("holder/no_key", a_file_of_certificates_opens_no_key);
    IN_ROOM("founding/once", a_lab_is_founded_once_by_its_head);
    IN_ROOM("revoke/signs_no_more", a_revoked_key_signs_nothing_more);
    IN_ROOM("founding/interrupted", a_founding_that_was_interrupted_goes_on);
    IN_ROOM("revoke/elsewhere", a_key_revoked_elsewhere_stops_at_once);
    IN_ROOM("revoke/limits", a_revocation_needs_a_reason_and_no_future);
    IN_ROOM("profile/in_force", a_profile_is_recorded_and_then_in_force);
    IN_ROOM("profile/words", a_profile_is_written_by_its_words);
    IN_ROOM("profile/too-little", a_profile_that_says_too_little_is_not_written);
    IN_ROOM("profile/other_lab", another_labs_profile_is_not_installed);
    IN_ROOM("head/grows", a_growing_ledger_is_countersigned);
    IN_ROOM("head/no_path", a_head_without_a_path_from_the_kept_one_is_not_signed);
    IN_ROOM("head/rewritten", a_rewritten_or_shortened_ledger_is_not_signed);
    IN_ROOM("head/machine", only_another_machine_countersigns);
    IN_ROOM("head/other_lab", a_head_of_no_ledger_key_is_not_countersigned);
    IN_ROOM("head/changed", no_changed_byte_of_a_head_passes);
    IN_ROOM("head/verdict", a_verdict_has_a_line_for_each_question);
    return g_test_run();
}
