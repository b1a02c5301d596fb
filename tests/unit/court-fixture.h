/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ledger-fixture.h"
#include "seal-fixture.h"

#include "evidence/cel-record.h"
#include "register/cel-ledger-witness.h"

/* A file sealed in a lab's ledger: the bag of seal-fixture.h, whose operator the lab of
 * ledger-fixture.h certified, and what a verifier brings along. */

typedef struct {
    Bag bag;
    Desk desk;
    GBytes *roots;
    CelMerkleHead kept; /* a head that a paper showed */
} Court;

static inline void court_set_up(Court *court, gconstpointer data)
{
    (void)data;
    bag_set_up(&court->bag, NULL);
    desk_set_up(&court->desk, NULL);
    cel_key_free(court->bag.key);
    court->bag.key = certified_key(court->desk.root, "王芳", CEL_ROLE_TECHNICIAN, "P0017");
    court->roots = cel_ca_roots(court->desk.root, NULL);
    court->bag.request.clock = cel_clock_fixed(recorded_us() + (gint64)3600 * G_USEC_PER_SEC);
    court->bag.request.fid = NULL;
    desk_fill(&court->desk, 3);
}

static inline void court_tear_down(Court *court, gconstpointer data)
{
    (void)data;
    g_bytes_unref(court->roots);
    bag_tear_down(&court->bag, NULL);
    desk_tear_down(&court->desk, NULL);
}

static inline guint64 court_append(Court *court, const CelEventRequest *request)
{
    g_autoptr(GError) error = NULL;
    CelLedgerPlace place;
    const CelEventSigners signers = {
        .operator_key = court->bag.key, .operator_id = "P0017", .second_key = court->desk.li};
    cel_ledger_append(court->desk.ledger, request, &signers, &place, &error);
    g_assert_no_error(error);
    return place.seq;
}

/* Appends the event of the read-back, as a lab does. */
static inline void court_read_back(Court *court, const char *path, const char *fid, guint64 seq)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_SEAL_MAX_BYTES, NULL);
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    const CelDigestPair digests = cel_digest_pair(data, n);
    g_autoptr(JsonObject) verdict = json_object_new();
    json_object_set_string_member(verdict, "verdict", "intact");
    const CelEventRequest request = {.act = CEL_ACT_VERIFY,
                                     .case_id = court->bag.request.case_id,
                                     .item_id = court->bag.request.exhibit_id,
                                     .fid = fid,
                                     .file = &digests,
                                     .refers = seq,
                                     .data = verdict,
                                     .clock = court->bag.request.clock};
    court_append(court, &request);
}

static inline CelLedgerSeal *court_place(Court *court, guint64 seq)
{
    g_autoptr(GError) error = NULL;
    CelLedgerHead *head = cel_ledger_sign_head(court->desk.ledger, court->desk.ledger_key,
                                               court->bag.request.clock, &error);
    g_assert_no_error(error);
    CelLedgerSeal *place = cel_ledger_seal(court->desk.ledger, seq, head, court->roots, &error);
    g_assert_no_error(error);
    return place;
}

/* The whole way: draft, event, head, file, read-back. Returns: the event's position. */
static inline guint64 court_seal(Court *court, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSealDraft) draft = cel_seal_prepare(&court->bag.request, court->bag.key, &error);
    g_assert_no_error(error);
    const CelEventRequest request = {.act = CEL_ACT_SEAL,
                                     .case_id = court->bag.request.case_id,
                                     .item_id = court->bag.request.exhibit_id,
                                     .fid = cel_seal_draft_fid(draft),
                                     .manifest = cel_seal_draft_manifest(draft),
                                     .clock = court->bag.request.clock};
    const guint64 seq = court_append(court, &request);
    g_autoptr(CelLedgerSeal) place = court_place(court, seq);
    const CelSealEnd end = {.place = &place->place, .path = path};
    cel_seal_finish(draft, &end, NULL, &error);
    g_assert_no_error(error);
    court_read_back(court, path, cel_seal_draft_fid(draft), seq);
    return seq;
}

/* What a paper's QR code shows of the ledger now. Returns: (transfer full): "SIZE:ROOT". */
static inline char *court_head(CelLedger *ledger)
{
    CelMerkleHash root;
    guint64 size = 0;
    g_assert_true(cel_ledger_size(ledger, &size, NULL));
    g_assert_true(cel_ledger_root(ledger, CEL_MERKLE_SHA256, size, &root, NULL));
    g_autofree char *hex = cel_merkle_hex(&root);
    return g_strdup_printf("%" G_GUINT64_FORMAT ":%s", size, hex);
}

/* What @ledger says about the file at @path, with the head @kept (nullable). */
static inline CelWitness *court_witness(CelLedger *ledger, const char *path, const char *kept)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, NULL, &error);
    g_assert_no_error(error);
    const char *const heads[] = {kept, NULL};
    CelWitness *witness = cel_ledger_witness(ledger, cel_sealed_record(sealed), heads, &error);
    g_assert_no_error(error);
    return witness;
}

/* The ids of the lines in @state with blanks between. */
static inline char *lines_in(const GPtrArray *lines, CelVerdictState state)
{
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        if (line->state == state)
            g_string_append_printf(ids, "%s%s", ids->len > 0 ? " " : "", line->id);
    }
    return g_string_free(g_steal_pointer(&ids), FALSE);
}
