/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody may do to sealed files and to the ledger, and the line that says so; and the two
 * things that no file and no ledger can show, as limits. */
#include "court-fixture.h"
#include "long-check.h"

#include "evidence/cel-record.h"
#include "evidence/cel-timestamp.h"
#include "h5/cel-h5-node.h"

#include <gio/gio.h>

/* ---- helpers ---- */

static CelH5Node *open_tree(const char *path)
{
    g_autoptr(GError) error = NULL;
    CelH5Node *root = cel_h5_read(path, CEL_SEAL_MAX_BYTES, NULL, &error);
    g_assert_no_error(error);
    return root;
}

static void put_tree(const char *path, const CelH5Node *root)
{
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, NULL);
    g_unlink(path);
    g_assert_true(cel_file_write(path, image, 0644, NULL));
}

static CelH5Node *find(CelH5Node *root, const char *path)
{
    CelH5Node *node = (CelH5Node *)cel_h5_find(root, path);
    g_assert_nonnull(node);
    return node;
}

static void set_data(CelH5Node *root, const char *path, GBytes *data)
{
    CelH5Node *node = find(root, path);
    g_bytes_unref(node->data);
    node->data = data;
    if (node->rank == 1)
        node->shape[0] = g_bytes_get_size(data) / cel_h5_type_size(node->type);
}

/** Brought: what the verifier of a test has. */
typedef struct {
    const CelTrust *trust;
    CelLedger *ledger;
    const char *kept;
    const char *case_id, *fid;
} Brought;

static GPtrArray *verify(const char *path, const Brought *brought)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelWitness) witness = NULL;
    GPtrArray *lines = NULL;
    if (brought->ledger != NULL) {
        witness = court_witness(brought->ledger, path, brought->kept);
    } else if (brought->kept != NULL) {
        witness = cel_witness_new();
        g_assert_true(cel_witness_keep(witness, brought->kept, NULL));
    }
    const CelVerifyOptions options = {.trust = brought->trust,
                                      .witness = witness,
                                      .expect_case = brought->case_id,
                                      .expect_fid = brought->fid};
    cel_verify(path, &options, &lines, NULL, &error);
    g_assert_no_error(error);
    return lines;
}

static void expect(const char *path, const Brought *brought, const char *ids)
{
    g_autoptr(GPtrArray) lines = verify(path, brought);
    g_autofree char *found = lines_in(lines, CEL_VERDICT_CONTRADICTED);
    for (guint i = 0; !g_str_equal(found, ids) && i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        g_test_message("%s %s %s", line->id, cel_verdict_state_name(line->state), line->text_en);
    }
    g_assert_cmpstr(found, ==, ids);
}

static void expect_state(const char *path, const Brought *brought, const char *id,
                         CelVerdictState state, const char *says)
{
    g_autoptr(GPtrArray) lines = verify(path, brought);
    const CelVerdictLine *line = cel_verdict_find(lines, id);
    g_test_message("%s: %s", id, line->text_en);
    g_assert_cmpint(line->state, ==, state);
    g_assert_nonnull(strstr(line->text_en, says));
    g_assert_false(g_str_is_ascii(line->text_zh));
}

static Brought all_of(const Court *court)
{
    return (Brought){.trust = court->desk.trust, .ledger = court->desk.ledger};
}

static char *other_path(const Court *court, const char *name)
{
    return g_build_filename(court->bag.folder, name, NULL);
}

/* A ledger as it was: the database copied while nobody writes. */
static CelLedger *ledger_as_now(Court *court, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = other_path(court, name);
    cel_ledger_close(court->desk.ledger); /* folds the write-ahead log in */
    g_autoptr(GBytes) bytes = cel_file_read(court->desk.path, G_MAXINT32, &error);
    g_assert_no_error(error);
    g_assert_true(cel_file_write(path, bytes, 0644, &error));
    court->desk.ledger = cel_ledger_open(court->desk.path, FALSE, &error);
    CelLedger *copy = cel_ledger_open(path, FALSE, &error);
    g_assert_no_error(error);
    return copy;
}

/* ---- an untouched file ---- */

static void every_line_but_time_and_replay_is_proven(Court *court, gconstpointer data)
{
    (void)data;
    court_seal(court, court->bag.path);
    g_autofree char *head = court_head(court->desk.ledger);
    Brought brought = all_of(court);
    brought.kept = head;
    brought.case_id = court->bag.request.case_id;
    g_autoptr(GPtrArray) lines = verify(court->bag.path, &brought);
    g_autofree char *open = lines_in(lines, CEL_VERDICT_NOT_PROVEN);
    g_autofree char *bad = lines_in(lines, CEL_VERDICT_CONTRADICTED);
    g_assert_cmpstr(bad, ==, "");
    g_assert_cmpstr(open, ==, "time replay");
    const char *text = cel_verdict_find(lines, "ledger")->text_en;
    g_assert_nonnull(strstr(text, "a head signed by the lab's ledger, the ledger at hand, a head "
                                  "kept elsewhere"));
    g_assert_nonnull(strstr(cel_verdict_find(lines, "certificate")->text_zh, "某市物证快检室"));
}

static void without_anything_at_hand_the_place_is_shown_and_not_proven(Court *court,
                                                                       gconstpointer data)
{
    (void)data;
    court_seal(court, court->bag.path);
    expect_state(court->bag.path, &(Brought){.trust = NULL}, "ledger", CEL_VERDICT_NOT_PROVEN,
                 "Event 4 of ledger");
    expect(court->bag.path, &(Brought){.trust = NULL}, "");
}

static void a_head_kept_elsewhere_confirms_the_place_alone(Court *court, gconstpointer data)
{
    (void)data;
    guint64 size = 0;
    court_seal(court, court->bag.path);
    g_autoptr(CelSealed) sealed = cel_sealed_open(court->bag.path, NULL, NULL);
    JsonObject *record = cel_sealed_record(sealed);
    size = (guint64)cel_record_number(record, "ledger/size");
    g_autofree char *kept = g_strdup_printf("%" G_GUINT64_FORMAT ":%s", size,
                                            cel_record_text(record, "ledger/root/sha256"));
    expect_state(court->bag.path, &(Brought){.kept = kept}, "ledger", CEL_VERDICT_PROVEN,
                 "a head kept elsewhere");
    char *last = &kept[strlen(kept) - 1]; /* another digit, and one still */
    *last = *last == '0' ? '1' : '0';
    expect(court->bag.path, &(Brought){.kept = kept}, "ledger");
}

static void a_witness_from_a_bundle_says_what_the_ledger_said(Court *court, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    court_seal(court, court->bag.path);
    desk_fill(&court->desk, 2);
    g_autoptr(CelWitness) witness = court_witness(court->desk.ledger, court->bag.path, NULL);
    g_autoptr(GBytes) text = cel_witness_write(witness);
    g_autoptr(CelWitness) again = cel_witness_read(text, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) lines = NULL;
    const CelVerifyOptions options = {.trust = court->desk.trust, .witness = again};
    g_assert_true(cel_verify(court->bag.path, &options, &lines, NULL, NULL));
    static const char *const proven[] = {"ledger", "file", "certificate", NULL};
    g_assert_true(cel_verdict_satisfies(lines, proven));
    g_autofree guint8 *cut = g_memdup2(g_bytes_get_data(text, NULL), g_bytes_get_size(text));
    g_autoptr(GBytes) half = g_bytes_new(cut, g_bytes_get_size(text) / 2);
    g_assert_null(cel_witness_read(half, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

/* ---- the rows of the table of attacks ---- */

static void an_edited_data_point_is_seen(Court *court, gconstpointer data)
{
    (void)data;
    const char *at = "/entry/instrument/detector_1/raw_data/raw";
    court_seal(court, court->bag.path);
    g_autoptr(CelH5Node) root = open_tree(court->bag.path);
    gsize n = 0;
    const guint8 *old = g_bytes_get_data(find(root, at)->data, &n);
    guint8 *copy = g_memdup2(old, n);
    copy[100] ^= 1;
    set_data(root, at, g_bytes_new_take(copy, n));
    put_tree(court->bag.path, root);
    const Brought brought = all_of(court);
    expect(court->bag.path, &brought, "content.sha256 content.sm3 file");
}

static void edited_metadata_are_seen(Court *court, gconstpointer data)
{
    (void)data;
    court_seal(court, court->bag.path);
    g_autoptr(CelH5Node) root = open_tree(court->bag.path);
    cel_h5_attr_text(find(root, "/entry"), "note", "x");
    put_tree(court->bag.path, root);
    const Brought brought = all_of(court);
    expect(court->bag.path, &brought, "content.sha256 content.sm3 file");
}

static void swapped_payloads_are_seen(Court *court, gconstpointer data)
{
    (void)data;
    const char *at = "/entry/instrument/detector_1/raw_data/raw";
    court_seal(court, court->bag.path);
    g_autoptr(CelH5Node) root = open_tree(court->bag.path);
    g_autofree char *second = g_strconcat("/replicate_2", at, NULL);
    GBytes *one = g_bytes_ref(find(root, at)->data), *two = g_bytes_ref(find(root, second)->data);
    set_data(root, at, two);
    set_data(root, second, one);
    put_tree(court->bag.path, root);
    const Brought brought = all_of(court);
    expect(court->bag.path, &brought, "content.sha256 content.sm3 file");
}

static void an_unknown_operator_is_seen(Court *court, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) stranger = cel_key_generate("钱七", FALSE, NULL);
    g_assert_true(cel_seal_write(&court->bag.request, stranger, court->bag.path, NULL, NULL));
    const Brought brought = all_of(court);
    expect(court->bag.path, &brought, "certificate ledger");
    expect(court->bag.path, &(Brought){.trust = court->desk.trust}, "certificate");
}

static void a_known_name_with_another_key_is_seen(Court *court, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) namesake = cel_key_generate("王芳", FALSE, NULL);
    g_assert_true(cel_seal_write(&court->bag.request, namesake, court->bag.path, NULL, NULL));
    expect(court->bag.path, &(Brought){.trust = court->desk.trust}, "certificate");
}

/* Signs @root's record anew after @from became @to in it. */
static void sign_again(CelH5Node *root, CelKey *key, const char *from, const char *to)
{
    static const char *const signatures[] = {"sig_sm2", "sig_ed25519"};
    g_autofree char *text = cel_h5_get_text(root, CEL_PATH_RECORD "/record", NULL);
    g_auto(GStrv) parts = g_strsplit(text, from, 2);
    g_assert_nonnull(parts[1]);
    g_autofree char *changed = g_strjoinv(to, parts);
    g_autoptr(GBytes) record = g_bytes_new(changed, strlen(changed));
    set_data(root, CEL_PATH_RECORD "/record", g_bytes_ref(record));
    set_data(root, CEL_PATH_RECORD "/data", g_bytes_ref(record));
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_autofree char *path = g_strconcat(CEL_PATH_RECORD "/", signatures[s], NULL);
        set_data(root, path, cel_key_sign(key, s, record, NULL));
    }
}

static void a_record_made_again_with_an_earlier_clock_is_seen(Court *court, gconstpointer data)
{
    (void)data;
    court_seal(court, court->bag.path);
    g_autoptr(CelH5Node) root = open_tree(court->bag.path);
    const gint64 sealed_us = court->bag.request.clock.fixed_wall_us;
    g_autofree char *from = g_strdup_printf("\"t_wall_us\":%" G_GINT64_FORMAT, sealed_us);
    g_autofree char *to = g_strdup_printf("\"t_wall_us\":%" G_GINT64_FORMAT,
                                          sealed_us - (gint64)600 * G_USEC_PER_SEC);
    sign_again(root, court->bag.key, from, to);
    put_tree(court->bag.path, root);
    const Brought brought = all_of(court);
    expect(court->bag.path, &brought, "file time");
}

static void taking_the_event_out_of_the_file_is_seen(Court *court, gconstpointer data)
{
    (void)data;
    static const char *const names[] = {
        "event",         "event_sig_sm2",    "event_sig_ed25519", "proof", "head", "head_sig_sm2",
        "head_cert_sm2", "head_sig_ed25519", "head_cert_ed25519", "roots"};
    court_seal(court, court->bag.path);
    g_autoptr(CelH5Node) root = open_tree(court->bag.path);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        cel_h5_remove(find(root, CEL_PATH_RECORD), names[i]);
    put_tree(court->bag.path, root);
    expect(court->bag.path, &(Brought){.trust = court->desk.trust}, "ledger");
}

static void each_part_of_the_place_is_bound(Court *court, gconstpointer data)
{
    (void)data;
    static const char *const names[] = {
        "event", "proof", "head", "roots", "event_sig_sm2", "head_sig_sm2", "head_cert_ed25519"};
    court_seal(court, court->bag.path);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = other_path(court, "changed.cel.h5");
        g_autofree char *at = g_strconcat(CEL_PATH_RECORD "/", names[i], NULL);
        g_autoptr(CelH5Node) root = open_tree(court->bag.path);
        gsize n = 0;
        const guint8 *old = g_bytes_get_data(find(root, at)->data, &n);
        guint8 *copy = g_memdup2(old, n);
        copy[n / 2] ^= 1;
        set_data(root, at, g_bytes_new_take(copy, n));
        put_tree(path, root);
        g_test_message("%s", names[i]);
        expect(path, &(Brought){.trust = court->desk.trust}, "ledger");
    }
}

/* The older of two sealed files is presented: the ledger says that it is not the latest. */
static void an_older_file_of_the_exhibit_is_said_to_be_older(Court *court, gconstpointer data)
{
    (void)data;
    g_autofree char *newer = other_path(court, "newer.cel.h5");
    court_seal(court, court->bag.path);
    court_seal(court, newer);
    const Brought brought = all_of(court);
    expect_state(court->bag.path, &brought, "ledger", CEL_VERDICT_NOT_PROVEN, "not the latest");
    expect_state(newer, &brought, "ledger", CEL_VERDICT_PROVEN, "the ledger at hand");
}

static void a_cut_ledger_is_seen(Court *court, gconstpointer data)
{
    (void)data;
    g_autoptr(CelLedger) before = ledger_as_now(court, "before.sqlite");
    court_seal(court, court->bag.path);
    Brought brought = all_of(court);
    brought.ledger = before; /* ends before the seal */
    expect(court->bag.path, &brought, "ledger");
}

/* File and ledger row are gone: only a head that somebody else keeps shows it. */
static void file_and_ledger_rolled_back_together_are_seen_by_a_kept_head(Court *court,
                                                                         gconstpointer data)
{
    (void)data;
    g_autofree char *newer = other_path(court, "newer.cel.h5");
    court_seal(court, court->bag.path);
    g_autoptr(CelLedger) before = ledger_as_now(court, "before.sqlite");
    court_seal(court, newer);
    g_autofree char *head = court_head(court->desk.ledger);
    Brought brought = {.trust = court->desk.trust, .ledger = before};
    expect(court->bag.path, &brought, ""); /* two layers alone do not see it */
    brought.kept = head;
    expect(court->bag.path, &brought, "ledger");
}

/* The lab's own key sealed a file that the ledger never heard of. */
static void a_record_in_the_file_only_is_seen(Court *court, gconstpointer data)
{
    (void)data;
    g_assert_true(cel_seal_write(&court->bag.request, court->bag.key, court->bag.path, NULL, NULL));
    const Brought brought = all_of(court);
    expect(court->bag.path, &brought, "ledger");
}

/* All keys are stolen, the ledger's too: file and ledger are made anew. */
static void a_rewritten_ledger_is_seen_by_a_kept_head(Court *court, gconstpointer data)
{
    (void)data;
    g_autofree char *path = other_path(court, "rewritten.sqlite");
    court_seal(court, court->bag.path);
    g_autofree char *head = court_head(court->desk.ledger);
    CelLedger *true_ledger = court->desk.ledger;
    court->desk.ledger = cel_ledger_open(path, TRUE, NULL);
    g_unlink(court->bag.path);
    desk_fill(&court->desk, 5);
    court_seal(court, court->bag.path);
    Brought brought = all_of(court);
    expect(court->bag.path, &brought, ""); /* without a witness nothing tells them apart */
    brought.kept = head;
    expect(court->bag.path, &brought, "ledger");
    cel_ledger_close(court->desk.ledger);
    court->desk.ledger = true_ledger;
    brought = all_of(court);
    expect(court->bag.path, &brought, "ledger"); /* another ledger */
}

/* Documented limit: whoever has the key and goes through the ledger looks like its owner. What
 * helps is a second person, a revocation from that position on, and the owner reading his own
 * events. */
static void a_stolen_key_used_through_the_ledger_is_not_seen(Court *court, gconstpointer data)
{
    (void)data;
    court_seal(court, court->bag.path);
    g_autofree char *head = court_head(court->desk.ledger);
    Brought brought = all_of(court);
    brought.kept = head;
    expect(court->bag.path, &brought, "");
    expect_state(court->bag.path, &brought, "ledger", CEL_VERDICT_PROVEN, "confirmed by");
}

/* Documented limit: two sound files under each other's name are two sound files; the verifier must
 * say which one he expects. */
static void exchanged_names_are_seen_only_when_one_file_is_expected(Court *court,
                                                                    gconstpointer data)
{
    (void)data;
    g_autofree char *other = other_path(court, "other.cel.h5");
    court_seal(court, court->bag.path);
    court->bag.request.exhibit_id = "检材 1-2";
    court_seal(court, other);
    g_autoptr(CelSealed) sealed = cel_sealed_open(court->bag.path, NULL, NULL);
    g_autofree char *fid = g_strdup(cel_record_text(cel_sealed_record(sealed), "fid"));
    Brought brought = all_of(court);
    expect(other, &brought, "");
    expect_state(other, &brought, "identity", CEL_VERDICT_NOT_PROVEN, "proves nothing");
    brought.fid = fid;
    expect(other, &brought, "identity");
    expect(court->bag.path, &brought, "");
    brought.case_id = "2026-刑-0099";
    expect(court->bag.path, &brought, "identity");
}

/* ---- keys and ledgers ---- */

static void take_key_back(Court *court)
{
    g_autoptr(JsonObject) what = json_object_new();
    JsonObject *certificates = json_object_new();
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        gsize n = 0;
        g_autoptr(GBytes) der = cel_key_certificate(court->bag.key, s, NULL);
        const void *bytes = g_bytes_get_data(der, &n);
        g_autofree char *sha256 = cel_digest_hex("sha256", bytes, n);
        json_object_set_string_member(certificates, cel_signer_name(s), sha256);
    }
    json_object_set_string_member(what, "what", "revoked");
    json_object_set_object_member(what, "certificates", certificates);
    const CelEventRequest request = {
        .act = CEL_ACT_KEY_EVENT, .why = "lost", .data = what, .clock = court->bag.request.clock};
    CelLedgerPlace place;
    g_autoptr(GError) error = NULL;
    const CelEventSigners signers = {.operator_key = court->desk.wang,
                                     .second_key = court->desk.li};
    cel_ledger_append(court->desk.ledger, &request, &signers, &place, &error);
    g_assert_no_error(error);
}

static void a_seal_before_the_revocation_stays_good(Court *court, gconstpointer data)
{
    (void)data;
    court_seal(court, court->bag.path);
    take_key_back(court);
    const Brought brought = all_of(court);
    expect(court->bag.path, &brought, "");
    expect_state(court->bag.path, &brought, "certificate", CEL_VERDICT_PROVEN,
                 "not revoked before");
}

static void a_seal_behind_the_revocation_is_refused(Court *court, gconstpointer data)
{
    (void)data;
    take_key_back(court);
    court_seal(court, court->bag.path);
    const Brought brought = all_of(court);
    expect(court->bag.path, &brought, "certificate");
    expect_state(court->bag.path, &brought, "certificate", CEL_VERDICT_CONTRADICTED, "revoked");
}

static void another_labs_roots_do_not_vouch(Court *court, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) other = cel_key_generate_lab("某市物证快检室", FALSE, NULL);
    g_autoptr(GBytes) roots = cel_ca_roots(other, NULL);
    g_autoptr(CelTrust) trust = cel_trust_new();
    g_assert_true(cel_trust_add_roots(trust, roots, NULL));
    court_seal(court, court->bag.path);
    expect(court->bag.path, &(Brought){.trust = trust}, "certificate ledger");
}

static void a_head_signed_by_a_person_is_no_head(Court *court, gconstpointer data)
{
    (void)data;
    CelKey *ledger_key = court->desk.ledger_key;
    court->desk.ledger_key = court->desk.wang;
    court_seal(court, court->bag.path);
    court->desk.ledger_key = ledger_key;
    expect(court->bag.path, &(Brought){.trust = court->desk.trust}, "ledger");
}

static void the_ledger_of_another_lab_is_seen(Court *court, gconstpointer data)
{
    (void)data;
    g_autofree char *path = other_path(court, "foreign.sqlite");
    court_seal(court, court->bag.path);
    g_autoptr(CelLedger) foreign = cel_ledger_open(path, TRUE, NULL);
    CelLedger *own = court->desk.ledger;
    court->desk.ledger = foreign;
    desk_fill(&court->desk, 9);
    court->desk.ledger = own;
    const Brought brought = {.trust = court->desk.trust, .ledger = foreign};
    expect_state(court->bag.path, &brought, "ledger", CEL_VERDICT_CONTRADICTED, "another one");
}

static void a_correction_is_told(Court *court, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonObject) what = json_object_new();
    const guint64 seq = court_seal(court, court->bag.path);
    json_object_set_string_member(what, "what", "exhibit");
    const CelEventRequest request = {.act = CEL_ACT_CORRECT,
                                     .why = "检材编号有误",
                                     .refers = seq,
                                     .data = what,
                                     .clock = court->bag.request.clock};
    court_append(court, &request);
    const Brought brought = all_of(court);
    expect_state(court->bag.path, &brought, "ledger", CEL_VERDICT_NOT_PROVEN, "检材编号有误");
}

/* ---- the seal itself ---- */

static void a_place_of_another_draft_is_refused(Court *court, gconstpointer data)
{
    (void)data;
    const guint64 seq = court_seal(court, court->bag.path);
    g_autofree char *path = other_path(court, "other.cel.h5");
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSealDraft) draft = cel_seal_prepare(&court->bag.request, court->bag.key, NULL);
    g_autoptr(CelLedgerSeal) place = court_place(court, seq);
    const CelSealEnd end = {.place = &place->place, .path = path};
    g_assert_false(cel_seal_finish(draft, &end, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void a_repacked_file_keeps_all_but_its_bytes(Court *court, gconstpointer data)
{
    (void)data;
    g_autofree char *tool = g_find_program_in_path("h5repack");
    g_autofree char *packed = other_path(court, "packed.cel.h5");
    if (tool == NULL) {
        g_test_skip("h5repack is not there");
        return;
    }
    court_seal(court, court->bag.path);
    const char *const argv[] = {tool, "-f", "GZIP=6", court->bag.path, packed, NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL));
    Brought brought = {.trust = court->desk.trust};
    expect(packed, &brought, "");
    brought.ledger = court->desk.ledger;
    expect(packed, &brought, "file");
}

/* ---- what is put before, behind and beside ---- */

static void write_parts(const char *path, GBytes *a, GBytes *b)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    gsize n = 0;
    const guint8 *one = g_bytes_get_data(a, &n);
    g_byte_array_append(all, one, (guint)n);
    const guint8 *two = g_bytes_get_data(b, &n);
    g_byte_array_append(all, two, (guint)n);
    g_assert_true(g_file_set_contents(path, (const char *)all->data, all->len, NULL));
}

static void a_user_block_and_bytes_behind_the_end_are_unlisted(Court *court, gconstpointer data)
{
    (void)data;
    g_autofree char *path = other_path(court, "changed.cel.h5");
    g_autofree guint8 *zeros = g_malloc0(512);
    g_autoptr(GBytes) block = g_bytes_new_static(zeros, 512);
    court_seal(court, court->bag.path);
    g_autoptr(GBytes) file = cel_file_read(court->bag.path, CEL_SEAL_MAX_BYTES, NULL);
    const Brought brought = {.trust = court->desk.trust};
    write_parts(path, block, file);
    g_autoptr(GPtrArray) before = NULL;
    g_assert_true(cel_verify(path, NULL, &before, NULL, NULL));
    g_autofree char *first = lines_in(before, CEL_VERDICT_CONTRADICTED);
    g_assert_cmpstr(first, ==, "unlisted");
    write_parts(path, file, block);
    g_autoptr(GPtrArray) behind = NULL;
    g_assert_true(
        cel_verify(path, &(CelVerifyOptions){.trust = brought.trust}, &behind, NULL, NULL));
    g_autofree char *second = lines_in(behind, CEL_VERDICT_CONTRADICTED);
    g_assert_cmpstr(second, ==, "unlisted");
    g_assert_nonnull(strstr(cel_verdict_find(behind, "unlisted")->text_en, "behind the end"));
}

/* ---- damage ---- */

typedef struct {
    guint refused, contradicted, unused, silent;
} Flips;

/* One file with one bit flipped: the reader refuses it, or a line is contradicted, or the content
 * is untouched; then the ledger at hand names other digests of the whole file. */
static void judge_flip(const char *path, const CelVerifyOptions *alone,
                       const CelVerifyOptions *with_ledger, Flips *flips)
{
    g_autoptr(GPtrArray) lines = NULL;
    if (!cel_verify(path, alone, &lines, NULL, NULL)) {
        flips->refused++;
        return;
    }
    if (cel_verdict_any_contradicted(lines)) {
        flips->contradicted++;
        return;
    }
    g_autoptr(GPtrArray) again = NULL;
    g_assert_true(cel_verify(path, with_ledger, &again, NULL, NULL));
    if (cel_verdict_find(again, "file")->state == CEL_VERDICT_CONTRADICTED)
        flips->unused++;
    else
        flips->silent++;
}

static void no_flipped_bit_goes_unseen(Court *court, gconstpointer data)
{
    (void)data;
    court_seal(court, court->bag.path);
    g_autoptr(CelH5Node) sealed = open_tree(court->bag.path);
    g_autofree char *before = cel_manifest_of(sealed);
    g_autoptr(GBytes) image = cel_file_read(court->bag.path, CEL_SEAL_MAX_BYTES, NULL);
    g_autoptr(CelWitness) witness = court_witness(court->desk.ledger, court->bag.path, NULL);
    const CelVerifyOptions alone = {.trust = court->desk.trust};
    const CelVerifyOptions with_ledger = {.trust = court->desk.trust, .witness = witness};
    g_autofree char *path = other_path(court, "flipped.cel.h5");
    g_autoptr(GRand) random = g_rand_new_with_seed(20261123);
    const guint trials = long_count(60);
    Flips flips = {0};
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(image, &n);
    for (guint i = 0; i < trials; i++) {
        const guint unused = flips.unused;
        g_autofree guint8 *copy = g_memdup2(bytes, n);
        copy[(gsize)g_rand_int_range(random, 0, (gint32)n)] ^=
            (guint8)(1u << (guint)g_rand_int_range(random, 0, 8));
        g_assert_true(g_file_set_contents(path, (const char *)copy, (gssize)n, NULL));
        judge_flip(path, &alone, &with_ledger, &flips);
        if (flips.unused > unused) { /* nothing that is stored may have changed */
            g_autoptr(CelH5Node) flipped = open_tree(path);
            g_autofree char *after = cel_manifest_of(flipped);
            g_assert_cmpstr(after, ==, before);
        }
    }
    g_test_message("%u single bit flips: %u reported (%u refused, %u contradicted), %u in unused "
                   "bytes (each reported by the ledger's digest of the file), %u silent",
                   trials, flips.refused + flips.contradicted, flips.refused, flips.contradicted,
                   flips.unused, flips.silent);
    g_assert_cmpuint(flips.silent, ==, 0);
    g_assert_cmpuint(flips.refused + flips.contradicted, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define ADD(test) g_test_add("/attacks/" #test, Court, NULL, court_set_up, test, court_tear_down)
    ADD(every_line_but_time_and_replay_is_proven);
    ADD(without_anything_at_hand_the_place_is_shown_and_not_proven);
    ADD(a_head_kept_elsewhere_confirms_the_place_alone);
    ADD(a_witness_from_a_bundle_says_what_the_ledger_said);
    ADD(an_edited_data_point_is_seen);
    ADD(edited_metadata_are_seen);
    ADD(swapped_payloads_are_seen);
    ADD(an_unknown_operator_is_seen);
    ADD(a_known_name_with_another_key_is_seen);
    ADD(a_record_made_again_with_an_earlier_clock_is_seen);
    ADD(taking_the_event_out_of_the_file_is_seen);
    ADD(each_part_of_the_place_is_bound);
    ADD(an_older_file_of_the_exhibit_is_said_to_be_older);
    ADD(a_cut_ledger_is_seen);
    ADD(file_and_ledger_rolled_back_together_are_seen_by_a_kept_head);
    ADD(a_record_in_the_file_only_is_seen);
    ADD(a_rewritten_ledger_is_seen_by_a_kept_head);
    ADD(a_stolen_key_used_through_the_ledger_is_not_seen);
    ADD(exchanged_names_are_seen_only_when_one_file_is_expected);
    ADD(a_seal_before_the_revocation_stays_good);
    ADD(a_seal_behind_the_revocation_is_refused);
    ADD(another_labs_roots_do_not_vouch);
    ADD(a_head_signed_by_a_person_is_no_head);
    ADD(the_ledger_of_another_lab_is_seen);
    ADD(a_correction_is_told);
    ADD(a_place_of_another_draft_is_refused);
    ADD(a_repacked_file_keeps_all_but_its_bytes);
    ADD(a_user_block_and_bytes_behind_the_end_are_unlisted);
    ADD(no_flipped_bit_goes_unseen);
    return g_test_run();
}
