/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger-fixture.h"
#include "long-check.h"

#include "register/cel-ledger-private.h"

/* Whatever is done to a ledger behind our back is named by the check, or shown by a head that
 * somebody else kept. */

enum { N_EVENTS = 12 };

static void set_up(Desk *desk, gconstpointer data)
{
    desk_set_up(desk, data);
    desk_fill(desk, N_EVENTS);
    g_autoptr(CelLedgerHead) head =
        cel_ledger_sign_head(desk->ledger, desk->ledger_key, cel_clock_system(), NULL);
    g_assert_nonnull(head);
}

static GPtrArray *problems_of(Desk *desk, const CelTrust *trust)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *problems = NULL;
    cel_ledger_check(desk->ledger, trust, &problems, NULL, &error);
    g_assert_no_error(error);
    return problems;
}

static void a_ledger_as_it_was_written_is_sound(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GPtrArray) problems = problems_of(desk, desk->trust);
    for (guint i = 0; i < problems->len; i++)
        g_test_message("%s", (const char *)g_ptr_array_index(problems, i));
    g_assert_cmpuint(problems->len, ==, 0);
}

/* One edit of the database each, and what must be among the problems. */
static const struct {
    const char *name, *sql, *problem;
} attacks[] = {
    {"text-changed",
     "UPDATE event SET record = CAST(replace(CAST(record AS TEXT), '2026-0113', '2026-0114') AS "
     "BLOB) "
     "WHERE seq = 5",
     "Event 5: The signature does not fit"},
    {"no-canonical-form",
     "UPDATE event SET record = CAST(CAST(record AS TEXT) || ' ' AS BLOB) WHERE seq = 5",
     "Event 5: Not canonical JSON"},
    {"last-taken-away",
     "DELETE FROM event WHERE seq = 12; DELETE FROM signature WHERE seq = 12; "
     "DELETE FROM node WHERE place >= (SELECT max(place) - 1 FROM node)",
     "Event 12: the head stored for it"},
    {"one-between-taken-away", "DELETE FROM event WHERE seq = 7", "Event 7: it is missing"},
    {"two-exchanged",
     "UPDATE event SET seq = 100 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 4; "
     "UPDATE event SET seq = 4 WHERE seq = 100",
     "Event 3: it was written for another position"},
    {"one-twice",
     "INSERT INTO event SELECT source, 13, record FROM event WHERE seq = 12; "
     "INSERT INTO signature SELECT source, 13, second, signer, signature, certificate "
     "FROM signature WHERE seq = 12",
     "Event 13: it was written for another position"},
    {"signature-taken-away", "DELETE FROM signature WHERE seq = 6 AND signer = 1",
     "Event 6: The line of the ledger is not usable: a signature is missing"},
    {"signature-of-another",
     "UPDATE signature SET signature = (SELECT signature FROM signature WHERE seq = 2 AND "
     "signer = 0) WHERE seq = 6 AND signer = 0",
     "Event 6: The signature does not fit"},
    {"signature-added",
     "INSERT INTO signature SELECT source, seq, 1, signer, signature, certificate FROM signature "
     "WHERE seq = 6 AND signer = 0",
     "a signature that it does not name"},
    {"certificate-changed",
     "UPDATE signature SET certificate = (SELECT max(id) FROM certificate) WHERE seq = 6 AND "
     "signer = 1",
     "Event 6: The line of the ledger is not usable: a certificate is not the one"},
    {"node-changed",
     "UPDATE node SET sha256 = (SELECT sha256 FROM node WHERE place = 1) WHERE place = 4",
     "its tree does not follow from the events"},
    {"node-of-sm3-changed",
     "UPDATE node SET sm3 = (SELECT sm3 FROM node WHERE place = 1) WHERE place = 4",
     "its tree does not follow from the events"},
    {"node-added", "INSERT INTO node SELECT source, 1000, sha256, sm3 FROM node WHERE place = 1",
     "do not end together"},
    {"head-changed",
     "UPDATE head SET record = CAST(replace(CAST(record AS TEXT), '\"size\":12', '\"size\":11') AS "
     "BLOB)",
     "Event 12: the head stored for it"},
    {"head-signature-changed",
     "UPDATE head_signature SET signature = (SELECT signature FROM signature WHERE seq = 2 AND "
     "signer = 0) WHERE signer = 0",
     "Event 12: the signature of its head does not hold"},
    {"head-without-signature", "DELETE FROM head_signature", "Event 12: its head is not signed"},
    {"orphan",
     "INSERT INTO signature SELECT source, 99, second, signer, signature, certificate "
     "FROM signature WHERE seq = 6",
     "rows that belong to no event"},
    {"hidden-event", "INSERT INTO event SELECT 7, seq, record FROM event WHERE seq = 2",
     "rows that belong to no event"},
    {"hidden-certificate", "INSERT INTO certificate(sha256, der) VALUES('x', x'00')",
     "rows that belong to no event"},
};

static void an_edit_is_named(Desk *desk, gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE(data);
    g_autoptr(GError) error = NULL;
    cel_sql_exec(desk->ledger->db, "PRAGMA foreign_keys = OFF", &error);
    cel_sql_exec(desk->ledger->db, attacks[i].sql, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) problems = problems_of(desk, desk->trust);
    gboolean found = FALSE;
    for (guint k = 0; k < problems->len; k++) {
        g_test_message("%s", (const char *)g_ptr_array_index(problems, k));
        found |= strstr(g_ptr_array_index(problems, k), attacks[i].problem) != NULL;
    }
    g_assert_true(found);
}

static void an_unknown_laboratory_is_said(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(CelTrust) nobody = cel_trust_new();
    g_autoptr(GPtrArray) problems = problems_of(desk, nobody);
    g_assert_cmpuint(problems->len, ==, 4); /* two certificates of a person, two of the ledger */
    g_assert_nonnull(strstr(g_ptr_array_index(problems, 0), "no known laboratory vouches for"));
}

static void take_back(Desk *desk, guint64 from_seq)
{
    g_autoptr(GBytes) der = cel_key_certificate(desk->wang, CEL_SIGN_SM2, NULL);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(der, &n);
    g_autofree char *digest = cel_digest_hex("sha256", bytes, n);
    cel_trust_revoke(desk->trust, digest, from_seq);
}

static void a_key_revoked_before_its_last_use_is_said(Desk *desk, gconstpointer data)
{
    (void)data;
    take_back(desk, N_EVENTS);
    g_autoptr(GPtrArray) problems = problems_of(desk, desk->trust);
    g_assert_cmpuint(problems->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(problems, 0), "王芳 was revoked before"));
}

static void a_key_revoked_later_leaves_what_it_signed(Desk *desk, gconstpointer data)
{
    (void)data;
    take_back(desk, N_EVENTS + 1);
    g_autoptr(GPtrArray) problems = problems_of(desk, desk->trust);
    g_assert_cmpuint(problems->len, ==, 0);
}

static void a_head_signed_by_a_person_is_said(Desk *desk, gconstpointer data)
{
    (void)data;
    const CelEventRequest request = hand_over("99", 99);
    desk_append(desk, &request);
    g_autoptr(CelLedgerHead) head =
        cel_ledger_sign_head(desk->ledger, desk->li, cel_clock_system(), NULL);
    g_assert_nonnull(head);
    g_autoptr(GPtrArray) problems = problems_of(desk, desk->trust);
    g_assert_cmpuint(problems->len, ==, 2);
    g_assert_nonnull(strstr(g_ptr_array_index(problems, 0), "李强, who is not the ledger"));
}

/* All that the ledger holds and cannot be computed. */
static char *content_of(Desk *desk)
{
    guint64 size = 0;
    g_autoptr(GString) text = g_string_new(cel_ledger_id(desk->ledger));
    g_assert_true(cel_ledger_size(desk->ledger, &size, NULL));
    for (guint64 seq = 1; seq <= size; seq++) {
        g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(desk->ledger, seq, NULL);
        g_autofree char *line = cel_entry_write(entry, NULL);
        g_string_append_printf(text, "%s\n", line);
    }
    g_autoptr(CelLedgerHead) head = cel_ledger_last_head(desk->ledger, 1, NULL);
    g_string_append_len(text, g_bytes_get_data(head->record, NULL),
                        (gssize)g_bytes_get_size(head->record));
    return cel_digest_hex("sha256", text->str, text->len);
}

static void a_damaged_page_is_a_problem_and_no_crash(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *content = content_of(desk);
    cel_ledger_close(g_steal_pointer(&desk->ledger));
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(desk->path, &bytes, &n, NULL));
    guint refused = 0, told = 0, unseen = 0;
    for (gsize at = 4096; at<n; at += long_count(1)> 1 ? 101 : 797) {
        bytes[at] ^= 0x41;
        g_assert_true(g_file_set_contents(desk->path, bytes, (gssize)n, NULL));
        desk->ledger = cel_ledger_open(desk->path, FALSE, NULL);
        GPtrArray *problems = desk->ledger != NULL ? problems_of(desk, desk->trust) : NULL;
        refused += problems == NULL ? 1 : 0;
        told += problems != NULL && problems->len > 0 ? 1 : 0;
        if (problems != NULL && problems->len == 0) {
            g_autofree char *left = content_of(desk);
            g_assert_cmpstr(left, ==, content);
            unseen++;
        }
        g_clear_pointer(&problems, g_ptr_array_unref);
        cel_ledger_close(g_steal_pointer(&desk->ledger));
        bytes[at] ^= 0x41;
    }
    g_assert_true(g_file_set_contents(desk->path, bytes, (gssize)n, NULL));
    g_test_message("%u refused, %u told, %u in unused bytes", refused, told, unseen);
    g_assert_cmpuint(told, >, 0);
    desk->ledger = cel_ledger_open(desk->path, FALSE, &error);
    g_assert_no_error(error);
    a_ledger_as_it_was_written_is_sound(desk, NULL);
}

/* ---- heads that somebody else kept ---- */

static CelMerkleHead head_now(Desk *desk)
{
    CelMerkleHead head = {0};
    g_assert_true(cel_ledger_size(desk->ledger, &head.size, NULL));
    g_assert_true(cel_ledger_root(desk->ledger, CEL_MERKLE_SHA256, head.size, &head.root, NULL));
    return head;
}

static CelHeadVerdict verdict(Desk *desk, const char *id, const CelMerkleHead *head)
{
    g_autoptr(GError) error = NULL;
    CelHeadVerdict out = CEL_HEAD_CONTINUED;
    cel_ledger_judge_head(desk->ledger, id, CEL_MERKLE_SHA256, head, &out, &error);
    g_assert_no_error(error);
    g_assert_true(g_utf8_strlen(cel_head_verdict_text(out), -1) > 20);
    return out;
}

static void a_kept_head_is_continued_by_its_ledger(Desk *desk, gconstpointer data)
{
    (void)data;
    const CelMerkleHead kept = head_now(desk);
    g_assert_cmpint(verdict(desk, cel_ledger_id(desk->ledger), &kept), ==, CEL_HEAD_CONTINUED);
    desk_fill(desk, 5);
    g_assert_cmpint(verdict(desk, NULL, &kept), ==, CEL_HEAD_CONTINUED);
}

static void copy_file(const char *from, const char *to)
{
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(from, &bytes, &n, NULL));
    g_assert_true(g_file_set_contents(to, bytes, (gssize)n, NULL));
}

/* A consistent older copy in the place of the ledger: nothing in it is wrong. */
static void a_ledger_rolled_back_is_sound_in_itself_and_shown_by_a_kept_head(Desk *desk,
                                                                             gconstpointer data)
{
    (void)data;
    g_autofree char *older = g_build_filename(desk->folder, "older", NULL);
    g_autofree char *id = g_strdup(cel_ledger_id(desk->ledger));
    cel_ledger_close(g_steal_pointer(&desk->ledger));
    copy_file(desk->path, older);
    desk->ledger = cel_ledger_open(desk->path, FALSE, NULL);
    desk_fill(desk, 3);
    const CelMerkleHead kept = head_now(desk);
    cel_ledger_close(g_steal_pointer(&desk->ledger));
    copy_file(older, desk->path);
    desk->ledger = cel_ledger_open(desk->path, FALSE, NULL);
    a_ledger_as_it_was_written_is_sound(desk, NULL);
    g_assert_cmpint(verdict(desk, id, &kept), ==, CEL_HEAD_ROLLED_BACK);
    for (guint i = 0; i < 3; i++) { /* other events until it is as long again */
        const CelEventRequest request = hand_over("777", 20 + i);
        desk_append(desk, &request);
    }
    a_ledger_as_it_was_written_is_sound(desk, NULL);
    g_assert_cmpint(verdict(desk, id, &kept), ==, CEL_HEAD_REWRITTEN);
}

static void a_ledger_deleted_is_said_and_a_new_one_is_another(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    const CelMerkleHead kept = head_now(desk);
    g_autofree char *id = g_strdup(cel_ledger_id(desk->ledger));
    cel_ledger_close(g_steal_pointer(&desk->ledger));
    g_unlink(desk->path);
    g_assert_null(cel_ledger_open(desk->path, FALSE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "deleted or moved"));
    g_clear_error(&error);
    desk->ledger = cel_ledger_open(desk->path, TRUE, &error);
    g_assert_no_error(error);
    g_assert_cmpint(verdict(desk, id, &kept), ==, CEL_HEAD_OTHER_LEDGER);
}

static void the_same_head_is_given_until_an_event_comes(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(CelLedgerHead) one =
        cel_ledger_sign_head(desk->ledger, desk->ledger_key, cel_clock_system(), NULL);
    g_autoptr(CelLedgerHead) two =
        cel_ledger_sign_head(desk->ledger, desk->ledger_key, cel_clock_system(), NULL);
    g_assert_true(g_bytes_equal(one->record, two->record));
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        g_assert_true(g_bytes_equal(one->signatures[s], two->signatures[s]));
    desk_fill(desk, 1);
    g_autoptr(CelLedgerHead) none = cel_ledger_last_head(desk->ledger, N_EVENTS + 1, NULL);
    g_assert_null(none);
    g_autoptr(CelLedgerHead) three =
        cel_ledger_sign_head(desk->ledger, desk->ledger_key, cel_clock_system(), NULL);
    g_assert_cmpuint(three->size, ==, N_EVENTS + 1);
}

#define DESK(path, test) g_test_add(path, Desk, NULL, set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    DESK("/ledger-check/sound", a_ledger_as_it_was_written_is_sound);
    for (gsize i = 0; i < G_N_ELEMENTS(attacks); i++) {
        g_autofree char *path = g_strconcat("/ledger-check/attack/", attacks[i].name, NULL);
        g_test_add(path, Desk, GSIZE_TO_POINTER(i), set_up, an_edit_is_named, desk_tear_down);
    }
    DESK("/ledger-check/trust/unknown", an_unknown_laboratory_is_said);
    DESK("/ledger-check/trust/revoked", a_key_revoked_before_its_last_use_is_said);
    DESK("/ledger-check/trust/revoked-later", a_key_revoked_later_leaves_what_it_signed);
    DESK("/ledger-check/trust/head", a_head_signed_by_a_person_is_said);
    DESK("/ledger-check/damaged", a_damaged_page_is_a_problem_and_no_crash);
    DESK("/ledger-check/head/continued", a_kept_head_is_continued_by_its_ledger);
    DESK("/ledger-check/head/rolled-back",
         a_ledger_rolled_back_is_sound_in_itself_and_shown_by_a_kept_head);
    DESK("/ledger-check/head/deleted", a_ledger_deleted_is_said_and_a_new_one_is_another);
    DESK("/ledger-check/head/same", the_same_head_is_given_until_an_event_comes);
    return g_test_run();
}
