/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which records of known specimens a lab's ledger vouches for. */
#include "lab-fixture.h"

#include "bench/cel-lab-keys.h"
#include "bench/cel-lab-validation.h"
#include "register/cel-ledger-private.h"

static const char table[] =
    "outcome\tright\tspecimen\tlaser_nm\tinstrument\tclass\tfirst_class\tcondition\tpolicy\t"
    "libraries\tthresholds\twho\twhen\n"
    "found\t1\tS1\t785\tM1\tpolymer\tpolymer\tclean\tevidence\tL\tT\tLi "
    "Lei\t2026-01-02T03:04:05Z\n";

static CelRecords *table_records(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(table, strlen(table));
    CelRecords *records = cel_records_read(bytes, "r.tsv", &error);
    g_assert_no_error(error);
    return records;
}

/* Returns: the event that the lab's ledger vouches with; 0: none. */
static guint64 vouched(Room *room)
{
    static const CelRecordDomain domain = {.policy = "evidence",
                                           .libraries = "L",
                                           .thresholds = "T",
                                           .laser_nm = 785,
                                           .instrument = "M1",
                                           .condition = "clean",
                                           .class_id = "polymer"};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelRecords) records = table_records();
    g_assert_true(cel_lab_vouch(room->lab, records, &error));
    g_assert_no_error(error);
    g_autoptr(CelRates) rates = cel_records_rates(records, &domain);
    return rates->event;
}

/* An event of @act that names the digest of the table. */
static guint64 name_table(Room *room, CelAct act, const char *more)
{
    g_autoptr(CelRecords) records = table_records();
    g_autofree char *data = g_strdup_printf("sha256=%s; %s", cel_records_sha256(records), more);
    return room_happens(room, SUN, (RoomEvent){.act = act, .data = data, .why = "方法启用"}, LI);
}

static guint64 record_table(Room *room)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(table, strlen(table));
    CelLabValidation validation = {.records = bytes,
                                   .name = "r.tsv",
                                   .why = "方法启用",
                                   .policy = "evidence",
                                   .libraries = (char *)"L",
                                   .thresholds = (char *)"T"};
    CelLedgerPlace place = {0};
    const CelLabPerson second = {.key = room->people[LI]};
    room_sign_in(room, SUN);
    cel_lab_record_validation(room->lab, &validation, &second, &place, &error);
    g_assert_no_error(error);
    return place.seq;
}

static void vouches_for_what_was_recorded(Room *room, gconstpointer data)
{
    (void)data;
    g_assert_cmpuint(vouched(room), ==, 0);
    const guint64 seq = record_table(room);
    g_assert_cmpuint(seq, >, 0);
    g_assert_cmpuint(vouched(room), ==, seq);
}

/* Rows are made from the records; whoever changes one changes no record. */
static void takes_no_other_event_for_a_validation(Room *room, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    name_table(room, CEL_ACT_LIBRARY, "what=imported; name=x");
    g_assert_cmpuint(vouched(room), ==, 0);
    cel_sql_exec(cel_lab_ledger(room->lab)->db,
                 "UPDATE row_event SET act = 'validation' WHERE act = 'library'", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(vouched(room), ==, 0);
}

/* Takes the keys of @who back from the ledger's position @from on. */
static void take_back(Room *room, Who who, guint64 from)
{
    g_autoptr(GError) error = NULL;
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    CelLedgerPlace place = {0};
    const CelLabPerson second = {.key = room->people[WANG]};
    g_autoptr(GBytes) pem = room_public_pem(room->people[who], room->folder);
    g_assert_true(cel_key_holder_read(pem, &holder, &error));
    const CelLabKeyEvent event = {
        .what = "revoked", .holder = &holder, .from_seq = from, .why = "借给他人"};
    room_sign_in(room, SUN);
    cel_lab_record_key(room->lab, &event, &second, &place, &error);
    g_assert_no_error(error);
    cel_lab_close(room->lab);
    room->lab = cel_lab_open(room->folder, &error);
    g_assert_no_error(error);
}

static void a_key_taken_back_later_leaves_what_it_signed(Room *room, gconstpointer data)
{
    (void)data;
    const guint64 seq = record_table(room);
    take_back(room, LI, seq + 1);
    g_assert_cmpuint(vouched(room), ==, seq);
}

static void a_key_taken_back_from_before_takes_the_records_along(Room *room, gconstpointer data)
{
    (void)data;
    take_back(room, LI, record_table(room));
    g_assert_cmpuint(vouched(room), ==, 0);
}

#define T(name) g_test_add("/lab-validation/" #name, Room, NULL, room_set_up, name, room_tear_down)
int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    T(vouches_for_what_was_recorded);
    T(takes_no_other_event_for_a_validation);
    T(a_key_taken_back_later_leaves_what_it_signed);
    T(a_key_taken_back_from_before_takes_the_records_along);
    return g_test_run();
}
