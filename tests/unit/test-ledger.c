/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger-fixture.h"

/* The ledger: what is appended is there, in its place, provable, and survives the file being
 * closed. */

static void an_appended_event_is_there_with_its_signatures(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    const CelEventRequest request = hand_over("1", 0);
    const CelLedgerPlace place = desk_append(desk, &request);
    g_assert_cmpuint(place.seq, ==, 1);
    g_assert_cmpuint(place.size, ==, 1);
    g_assert_false(place.clock_behind);
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(desk->ledger, 1, &error);
    g_assert_no_error(error);
    g_autoptr(JsonNode) event = cel_event_read(entry->record, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(entry->signatures->len, ==, CEL_N_SIGNERS);
    g_assert_true(cel_entry_check(entry, json_node_get_object(event), desk->trust, &error));
    g_assert_no_error(error);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(entry->record, &n);
    const CelDigestPair digests = cel_digest_pair(bytes, n);
    g_assert_cmpstr(digests.sha256, ==, place.record.sha256);
    g_assert_cmpstr(digests.sm3, ==, place.record.sm3);
}

static void each_event_names_the_one_before_it(Desk *desk, gconstpointer data)
{
    (void)data;
    desk_fill(desk, 4);
    CelDigestPair before = cel_event_genesis(cel_ledger_id(desk->ledger));
    for (guint64 seq = 1; seq <= 4; seq++) {
        g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(desk->ledger, seq, NULL);
        g_autoptr(JsonNode) event = cel_event_read(entry->record, NULL);
        JsonObject *previous = json_object_get_object_member(json_node_get_object(event), "prev");
        g_assert_cmpstr(json_object_get_string_member(previous, "sha256"), ==, before.sha256);
        g_assert_cmpstr(json_object_get_string_member(previous, "sm3"), ==, before.sm3);
        gsize n = 0;
        const void *bytes = g_bytes_get_data(entry->record, &n);
        before = cel_digest_pair(bytes, n);
    }
}

static void every_place_is_proven_in_every_later_tree(Desk *desk, gconstpointer data)
{
    (void)data;
    enum { N = 19 };
    desk_fill(desk, N);
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        for (guint64 size = 1; size <= N; size++) {
            CelMerkleHead head = {.size = size}, last = {.size = N};
            CelMerkleProof proof;
            g_assert_true(cel_ledger_root(desk->ledger, k, size, &head.root, NULL));
            g_assert_true(cel_ledger_root(desk->ledger, k, N, &last.root, NULL));
            for (guint64 seq = 1; seq <= size; seq++) {
                g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(desk->ledger, seq, NULL);
                const CelMerkleHash leaf = cel_merkle_leaf(k, entry->record);
                g_assert_true(cel_ledger_inclusion(desk->ledger, k, seq, size, &proof, NULL));
                g_assert_true(
                    cel_merkle_check_inclusion(k, &leaf, seq - 1, size, &proof, &head.root));
            }
            g_assert_true(cel_ledger_consistency(desk->ledger, k, size, N, &proof, NULL));
            g_assert_true(cel_merkle_check_consistency(k, &head, &last, &proof));
        }
}

static void the_root_that_an_append_gives_is_that_of_its_tree(Desk *desk, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < 9; i++) {
        const CelEventRequest request = hand_over("1", i);
        const CelLedgerPlace place = desk_append(desk, &request);
        for (guint k = 0; k < CEL_N_MERKLE; k++) {
            CelMerkleHash root;
            g_assert_true(cel_ledger_root(desk->ledger, k, place.size, &root, NULL));
            g_assert_cmpint(memcmp(root.bytes, place.root[k].bytes, sizeof root.bytes), ==, 0);
        }
    }
}

static void a_ledger_opened_again_goes_on_where_it_was(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    desk_fill(desk, 5);
    g_autofree char *id = g_strdup(cel_ledger_id(desk->ledger));
    cel_ledger_close(desk->ledger);
    desk->ledger = cel_ledger_open(desk->path, FALSE, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_ledger_id(desk->ledger), ==, id);
    const CelEventRequest request = hand_over("6", 6);
    g_assert_cmpuint(desk_append(desk, &request).seq, ==, 6);
}

static void positions_that_are_not_there_are_refused(Desk *desk, gconstpointer data)
{
    (void)data;
    desk_fill(desk, 3);
    CelMerkleProof proof;
    CelMerkleHash root;
    const guint64 wrong[][2] = {{0, 3}, {4, 3}, {1, 4}, {G_MAXUINT64, 3}};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(cel_ledger_inclusion(desk->ledger, CEL_MERKLE_SHA256, wrong[i][0],
                                            wrong[i][1], &proof, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_ledger_entry(desk->ledger, 4, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_assert_false(cel_ledger_root(desk->ledger, CEL_MERKLE_SM3, 4, &root, NULL));
}

static void a_clock_that_went_back_is_said_and_the_order_stays(Desk *desk, gconstpointer data)
{
    (void)data;
    const CelEventRequest late = hand_over("1", 10), early = hand_over("1", 4);
    g_assert_false(desk_append(desk, &late).clock_behind);
    const CelLedgerPlace place = desk_append(desk, &early);
    g_assert_true(place.clock_behind);
    g_assert_cmpuint(place.seq, ==, 2);
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(desk->ledger, 2, NULL);
    g_autoptr(JsonNode) node = cel_event_read(entry->record, NULL);
    JsonObject *event = json_node_get_object(node);
    g_assert_cmpstr(json_object_get_string_member(event, "clock"), ==, "behind");
    g_assert_cmpint(json_object_get_int_member(event, "clock_behind_us"), ==,
                    G_GINT64_CONSTANT(360000000));
}

static void a_refused_event_leaves_nothing_behind(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    guint64 size = 0;
    CelEventRequest request = hand_over("1", 0);
    request.act = CEL_ACT_RELEASE_REPORT;
    const CelEventSigners signers = {.operator_key = desk->wang};
    g_assert_false(cel_ledger_append(desk->ledger, &request, &signers, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_true(cel_ledger_size(desk->ledger, &size, NULL));
    g_assert_cmpuint(size, ==, 0);
    request.act = CEL_ACT_TRANSFER;
    g_assert_cmpuint(desk_append(desk, &request).seq, ==, 1);
}

static void two_openings_of_one_ledger_append_in_turn(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLedger) other = cel_ledger_open(desk->path, FALSE, &error);
    g_assert_no_error(error);
    CelLedger *mine = desk->ledger;
    for (guint i = 0; i < 6; i++) {
        const CelEventRequest request = hand_over("1", i);
        desk->ledger = i % 2 == 0 ? mine : other;
        g_assert_cmpuint(desk_append(desk, &request).seq, ==, i + 1);
    }
    desk->ledger = mine;
}

#define DESK(path, test) g_test_add(path, Desk, NULL, desk_set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    DESK("/ledger/append/entry", an_appended_event_is_there_with_its_signatures);
    DESK("/ledger/append/chain", each_event_names_the_one_before_it);
    DESK("/ledger/append/root", the_root_that_an_append_gives_is_that_of_its_tree);
    DESK("/ledger/append/refused", a_refused_event_leaves_nothing_behind);
    DESK("/ledger/append/two", two_openings_of_one_ledger_append_in_turn);
    DESK("/ledger/append/clock", a_clock_that_went_back_is_said_and_the_order_stays);
    DESK("/ledger/proof/places", every_place_is_proven_in_every_later_tree);
    DESK("/ledger/proof/wrong", positions_that_are_not_there_are_refused);
    DESK("/ledger/open/again", a_ledger_opened_again_goes_on_where_it_was);
    return g_test_run();
}
