/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger-fixture.h"

#include "register/cel-ledger-batch.h"
#include "register/cel-ledger-private.h"

/* A tablet's ledger comes home: its events stay what they are, the lab's ledger names them, and the
 * tablet can prove that it delivered them. */

enum { N_FIELD = 9 };

/* The lab, and beside it a tablet in the hands of an officer. */
typedef struct {
    Desk lab;
    char *path;
    CelKey *officer;
    CelLedger *tablet;
} Home;

static void record_item(Home *home, const char *item, guint n)
{
    g_autoptr(GError) error = NULL;
    const CelEventSigners signers = {.operator_key = home->officer};
    for (guint i = 0; i < n; i++) {
        const CelEventRequest request = hand_over(item, i);
        cel_ledger_append(home->tablet, &request, &signers, NULL, &error);
        g_assert_no_error(error);
    }
}

static void record_in_field(Home *home, guint n)
{
    record_item(home, "7", n);
}

static void set_up(Home *home, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    desk_set_up(&home->lab, data);
    desk_fill(&home->lab, 3);
    home->path = g_build_filename(home->lab.folder, "tablet.sqlite", NULL);
    home->officer = certified_key(home->lab.root, "赵六", CEL_ROLE_OFFICER, "0412");
    home->tablet = cel_ledger_open(home->path, TRUE, &error);
    g_assert_no_error(error);
    record_in_field(home, N_FIELD);
}

static void tear_down(Home *home, gconstpointer data)
{
    cel_ledger_close(home->tablet);
    cel_key_free(home->officer);
    g_free(home->path);
    desk_tear_down(&home->lab, data);
}

/* As it travels. */
static CelLedgerBatch *batch_from(Home *home, guint64 from)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLedgerBatch) batch = cel_ledger_batch_take(home->tablet, from, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) text = cel_ledger_batch_write(batch, &error);
    g_assert_no_error(error);
    CelLedgerBatch *read = cel_ledger_batch_read(text, &error);
    g_assert_no_error(error);
    return read;
}

static gboolean take(Home *home, const CelLedgerBatch *batch, CelLedgerPlace *place, GError **error)
{
    const CelEventSigners signers = {.operator_key = home->lab.wang};
    const CelLedgerTakeOver what = {
        .batch = batch,
        .trust = home->lab.trust,
        .signers = &signers,
        .clock = cel_clock_fixed(recorded_us() + (gint64)7200 * G_USEC_PER_SEC)};
    return cel_ledger_take_over(home->lab.ledger, &what, place, error);
}

static CelLedgerPlace take_well(Home *home, guint64 from)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLedgerBatch) batch = batch_from(home, from);
    CelLedgerPlace place = {0};
    take(home, batch, &place, &error);
    g_assert_no_error(error);
    return place;
}

static void assert_sound(Home *home)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) problems = NULL;
    cel_ledger_check(home->lab.ledger, home->lab.trust, &problems, NULL, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < problems->len; i++)
        g_test_message("%s", (const char *)g_ptr_array_index(problems, i));
    g_assert_cmpuint(problems->len, ==, 0);
}

static guint64 foreign_size(Home *home)
{
    guint64 size = 0;
    g_assert_true(
        cel_ledger_foreign_size(home->lab.ledger, cel_ledger_id(home->tablet), &size, NULL));
    return size;
}

static void the_lab_holds_the_tablets_events_and_is_sound(Home *home, gconstpointer data)
{
    (void)data;
    const CelLedgerPlace place = take_well(home, 1);
    g_assert_cmpuint(place.seq, ==, 4);
    g_assert_cmpuint(foreign_size(home), ==, N_FIELD);
    assert_sound(home);
    for (guint64 seq = 1; seq <= N_FIELD; seq++) {
        g_autoptr(CelLedgerEntry) there = cel_ledger_entry(home->tablet, seq, NULL);
        g_autoptr(CelLedgerEntry) here = cel_store_get(home->lab.ledger->db, 2, seq, NULL);
        g_autofree char *one = cel_entry_write(there, NULL), *other = cel_entry_write(here, NULL);
        g_assert_cmpstr(one, ==, other);
    }
}

static void a_second_batch_goes_on_where_the_first_ended(Home *home, gconstpointer data)
{
    (void)data;
    take_well(home, 1);
    record_in_field(home, 4);
    take_well(home, N_FIELD + 1);
    record_in_field(home, 2);
    take_well(home, 1); /* all of it once more: only the new ones are taken */
    g_assert_cmpuint(foreign_size(home), ==, N_FIELD + 6);
    assert_sound(home);
}

static void refuses(Home *home, const CelLedgerBatch *batch, int code, const char *words)
{
    g_autoptr(GError) error = NULL;
    guint64 before = 0, after = 0;
    const guint64 foreign = foreign_size(home);
    g_assert_true(cel_ledger_size(home->lab.ledger, &before, NULL));
    g_assert_false(take(home, batch, NULL, &error));
    g_assert_error(error, CEL_ERROR, code);
    if (strstr(error->message, words) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, words);
    g_assert_true(cel_ledger_size(home->lab.ledger, &after, NULL));
    g_assert_cmpuint(before, ==, after);
    g_assert_cmpuint(foreign_size(home), ==, foreign);
}

static void a_batch_with_nothing_new_is_said(Home *home, gconstpointer data)
{
    (void)data;
    take_well(home, 1);
    g_autoptr(CelLedgerBatch) batch = batch_from(home, 1);
    refuses(home, batch, CEL_ERROR_USAGE, "here already");
}

static void a_gap_is_refused(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(CelLedgerBatch) batch = batch_from(home, 3);
    refuses(home, batch, CEL_ERROR_INPUT, "events are missing before it");
}

static void a_tablet_that_was_rewritten_is_refused(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(CelLedgerBatch) other = NULL;
    g_autofree char *saved = g_build_filename(home->lab.folder, "saved", NULL);
    (void)saved;
    g_autofree char *bytes = NULL;
    gsize n = 0;
    cel_ledger_close(g_steal_pointer(&home->tablet));
    g_assert_true(g_file_get_contents(home->path, &bytes, &n, NULL));
    home->tablet = cel_ledger_open(home->path, FALSE, NULL);
    record_in_field(home, 1);
    take_well(home, 1);
    cel_ledger_close(g_steal_pointer(&home->tablet));
    g_assert_true(g_file_set_contents(home->path, bytes, (gssize)n, NULL));
    home->tablet = cel_ledger_open(home->path, FALSE, NULL);
    record_item(home, "8", 3);
    other = batch_from(home, 1);
    refuses(home, other, CEL_ERROR_POLICY, "it was rewritten");
}

static void the_labs_own_events_are_no_batch(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(CelLedgerBatch) batch = cel_ledger_batch_take(home->lab.ledger, 1, NULL);
    refuses(home, batch, CEL_ERROR_POLICY, "own events");
}

static void a_stranger_brings_nothing_in(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) stranger = cel_key_generate("Mallory", FALSE, NULL);
    const CelEventSigners signers = {.operator_key = stranger};
    const CelEventRequest request = hand_over("7", 50);
    g_assert_true(cel_ledger_append(home->tablet, &request, &signers, NULL, NULL));
    g_autoptr(CelLedgerBatch) batch = batch_from(home, 1);
    refuses(home, batch, CEL_ERROR_INPUT, "no known laboratory vouches");
}

/* The tablet was lost, its key revoked at position 4: whatever comes later is not believed. */
static void a_key_revoked_here_brings_nothing_in(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) der = cel_key_certificate(home->officer, CEL_SIGN_ED25519, NULL);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(der, &n);
    g_autofree char *digest = cel_digest_hex("sha256", bytes, n);
    cel_trust_revoke(home->lab.trust, digest, 4);
    g_autoptr(CelLedgerBatch) batch = batch_from(home, 1);
    refuses(home, batch, CEL_ERROR_INPUT, "revoked before");
}

static void a_key_revoked_after_the_batch_leaves_it_sound(Home *home, gconstpointer data)
{
    (void)data;
    take_well(home, 1);
    g_autoptr(GBytes) der = cel_key_certificate(home->officer, CEL_SIGN_ED25519, NULL);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(der, &n);
    g_autofree char *digest = cel_digest_hex("sha256", bytes, n);
    cel_trust_revoke(home->lab.trust, digest, 5); /* behind the batch, before the tablet's last */
    assert_sound(home);
}

static void an_event_that_was_edited_on_the_way_is_refused(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLedgerBatch) batch = batch_from(home, 1);
    g_autoptr(GBytes) text = cel_ledger_batch_write(batch, NULL);
    g_autoptr(GString) edited =
        g_string_new_len(g_bytes_get_data(text, NULL), (gssize)g_bytes_get_size(text));
    g_string_replace(edited, "城南派出所", "城北派出所", 1);
    g_autoptr(GBytes) bytes = g_bytes_new(edited->str, edited->len);
    g_autoptr(CelLedgerBatch) read = cel_ledger_batch_read(bytes, &error);
    g_assert_no_error(error);
    refuses(home, read, CEL_ERROR_INPUT, "signature does not fit");
}

static void texts_that_are_no_batch_are_refused(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(CelLedgerBatch) batch = batch_from(home, 1);
    g_autoptr(GBytes) text = cel_ledger_batch_write(batch, NULL);
    gsize n = 0;
    const char *good = g_bytes_get_data(text, &n);
    g_autofree char *longer = g_strdup_printf("%.*s{}\n", (int)n, good);
    g_autofree char *cut = g_strndup(good, n - 1);
    const char *const wrong[] = {"", "\n", "{}\n", longer, cut, "{\"from\":1}\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = g_bytes_new(wrong[i], strlen(wrong[i]));
        g_assert_null(cel_ledger_batch_read(bytes, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

/* ---- what the check says when it was tampered with ---- */

static void the_check_finds(Home *home, const char *sql, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) problems = NULL;
    gboolean found = FALSE;
    cel_sql_exec(home->lab.ledger->db, sql, &error);
    cel_ledger_check(home->lab.ledger, home->lab.trust, &problems, NULL, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < problems->len; i++) {
        g_test_message("%s", (const char *)g_ptr_array_index(problems, i));
        found |= strstr(g_ptr_array_index(problems, i), words) != NULL;
    }
    g_assert_true(found);
}

static void a_foreign_event_taken_away_is_said(Home *home, gconstpointer data)
{
    (void)data;
    take_well(home, 1);
    the_check_finds(home, "DELETE FROM event WHERE source = 2 AND seq = 9",
                    "events that this batch brought are missing");
}

static void a_foreign_event_that_no_batch_brought_is_said(Home *home, gconstpointer data)
{
    (void)data;
    take_well(home, 1);
    record_in_field(home, 1);
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(home->tablet, N_FIELD + 1, NULL);
    g_assert_true(cel_store_put(home->lab.ledger->db, 2, entry, NULL));
    the_check_finds(home, "", "no batch brought this event");
}

/* ---- receipts ---- */

static GBytes *receipt_for(Home *home, guint64 seq)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLedgerHead) head = cel_ledger_sign_head(home->lab.ledger, home->lab.ledger_key,
                                                         cel_clock_fixed(recorded_us()), &error);
    GBytes *receipt = cel_ledger_receipt(home->lab.ledger, seq, head, &error);
    g_assert_no_error(error);
    return receipt;
}

static void the_tablet_can_check_its_receipt(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    guint64 to = 0;
    const CelLedgerPlace place = take_well(home, 1);
    desk_fill(&home->lab, 2); /* the head may be a later one */
    g_autoptr(GBytes) receipt = receipt_for(home, place.seq);
    record_in_field(home, 2);
    g_assert_true(cel_ledger_check_receipt(home->tablet, receipt, home->lab.trust, &to, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(to, ==, N_FIELD);
}

static void a_receipt_for_another_ledger_is_refused(Home *home, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    guint64 to = 0;
    const CelLedgerPlace place = take_well(home, 1);
    g_autoptr(GBytes) receipt = receipt_for(home, place.seq);
    g_assert_false(
        cel_ledger_check_receipt(home->lab.ledger, receipt, home->lab.trust, &to, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "another ledger"));
}

/* Every byte of a receipt matters: changed, it is refused; unless it says the same as before. */
static void a_changed_receipt_is_refused(Home *home, gconstpointer data)
{
    (void)data;
    const CelLedgerPlace place = take_well(home, 1);
    g_autoptr(GBytes) receipt = receipt_for(home, place.seq);
    gsize n = 0;
    const guint8 *good = g_bytes_get_data(receipt, &n);
    for (gsize at = 0; at < n; at += 37) {
        g_autoptr(GError) error = NULL;
        guint64 to = 0;
        guint8 *copy = g_memdup2(good, n);
        copy[at] ^= 1;
        g_autoptr(GBytes) bad = g_bytes_new_take(copy, n);
        g_assert_false(cel_ledger_check_receipt(home->tablet, bad, home->lab.trust, &to, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

#define HOME(path, test) g_test_add(path, Home, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    HOME("/ledger-batch/taken", the_lab_holds_the_tablets_events_and_is_sound);
    HOME("/ledger-batch/second", a_second_batch_goes_on_where_the_first_ended);
    HOME("/ledger-batch/nothing-new", a_batch_with_nothing_new_is_said);
    HOME("/ledger-batch/gap", a_gap_is_refused);
    HOME("/ledger-batch/rewritten", a_tablet_that_was_rewritten_is_refused);
    HOME("/ledger-batch/own", the_labs_own_events_are_no_batch);
    HOME("/ledger-batch/stranger", a_stranger_brings_nothing_in);
    HOME("/ledger-batch/revoked", a_key_revoked_here_brings_nothing_in);
    HOME("/ledger-batch/revoked-later", a_key_revoked_after_the_batch_leaves_it_sound);
    HOME("/ledger-batch/edited", an_event_that_was_edited_on_the_way_is_refused);
    HOME("/ledger-batch/no-batch", texts_that_are_no_batch_are_refused);
    HOME("/ledger-batch/check/taken-away", a_foreign_event_taken_away_is_said);
    HOME("/ledger-batch/check/smuggled", a_foreign_event_that_no_batch_brought_is_said);
    HOME("/ledger-batch/receipt/good", the_tablet_can_check_its_receipt);
    HOME("/ledger-batch/receipt/other", a_receipt_for_another_ledger_is_refused);
    HOME("/ledger-batch/receipt/changed", a_changed_receipt_is_refused);
    return g_test_run();
}
