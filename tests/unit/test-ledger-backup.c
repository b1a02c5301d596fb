/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger-fixture.h"

#include "register/cel-ledger-backup.h"
#include "register/cel-ledger-private.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Backup and restore, and what a ledger says when the world around it is not as it should be. */

enum { N_EVENTS = 7 };

static void set_up(Desk *desk, gconstpointer data)
{
    desk_set_up(desk, data);
    desk_fill(desk, N_EVENTS);
}

static char *beside(const Desk *desk, const char *name)
{
    return g_build_filename(desk->folder, name, NULL);
}

static void back_up(Desk *desk, const char *path)
{
    g_autoptr(GError) error = NULL;
    guint64 size = 0;
    cel_ledger_backup(desk->ledger, path, &size, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(size, ==, N_EVENTS);
}

static guint n_files(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n = 0;
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void a_drill_brings_the_ledger_back_as_it_was(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *backup = beside(desk, "backup.sqlite");
    g_autofree char *id = g_strdup(cel_ledger_id(desk->ledger));
    g_autofree char *moved = beside(desk, "lost");
    CelMerkleHash before, after;
    g_assert_true(cel_ledger_root(desk->ledger, CEL_MERKLE_SHA256, N_EVENTS, &before, NULL));
    back_up(desk, backup);
    cel_ledger_close(g_steal_pointer(&desk->ledger));
    g_assert_cmpint(g_rename(desk->path, moved), ==, 0);
    const CelLedgerRestore restore = {backup, desk->path, desk->trust};
    cel_ledger_restore(&restore, NULL, NULL, &error);
    g_assert_no_error(error);
    desk->ledger = cel_ledger_open(desk->path, FALSE, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_ledger_id(desk->ledger), ==, id);
    g_assert_true(cel_ledger_root(desk->ledger, CEL_MERKLE_SHA256, N_EVENTS, &after, NULL));
    g_assert_cmpint(memcmp(&before, &after, sizeof before), ==, 0);
    const CelEventRequest request = hand_over("8", 60);
    g_assert_cmpuint(desk_append(desk, &request).seq, ==, N_EVENTS + 1);
}

static void a_backup_is_one_file_and_nothing_else_is_left(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autofree char *folder = beside(desk, "stick");
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_autofree char *backup = g_build_filename(folder, "backup.sqlite", NULL);
    back_up(desk, backup);
    g_assert_cmpuint(n_files(folder), ==, 1);
}

static void what_came_after_a_backup_is_missing_and_a_kept_head_says_so(Desk *desk,
                                                                        gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *backup = beside(desk, "backup.sqlite");
    g_autofree char *moved = beside(desk, "lost");
    back_up(desk, backup);
    desk_fill(desk, 2);
    CelMerkleHead kept = {.size = N_EVENTS + 2};
    CelHeadVerdict verdict = CEL_HEAD_CONTINUED;
    g_assert_true(cel_ledger_root(desk->ledger, CEL_MERKLE_SM3, kept.size, &kept.root, NULL));
    cel_ledger_close(g_steal_pointer(&desk->ledger));
    g_assert_cmpint(g_rename(desk->path, moved), ==, 0);
    const CelLedgerRestore restore = {backup, desk->path, NULL};
    g_assert_true(cel_ledger_restore(&restore, NULL, NULL, &error));
    desk->ledger = cel_ledger_open(desk->path, FALSE, &error);
    g_assert_true(
        cel_ledger_judge_head(desk->ledger, NULL, CEL_MERKLE_SM3, &kept, &verdict, &error));
    g_assert_cmpint(verdict, ==, CEL_HEAD_ROLLED_BACK);
}

static void nothing_is_replaced(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *backup = beside(desk, "backup.sqlite");
    back_up(desk, backup);
    g_assert_false(cel_ledger_backup(desk->ledger, backup, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_clear_error(&error);
    const CelLedgerRestore restore = {backup, desk->path, NULL};
    g_assert_false(cel_ledger_restore(&restore, NULL, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void a_backup_that_was_edited_is_not_restored(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) problems = NULL;
    g_autofree char *backup = beside(desk, "backup.sqlite"), *to = beside(desk, "new.sqlite");
    back_up(desk, backup);
    sqlite3 *db = cel_sql_open(backup, SQLITE_OPEN_READWRITE, &error);
    cel_sql_exec(db, "DELETE FROM signature WHERE seq = 3", &error);
    cel_sql_close(db);
    g_assert_no_error(error);
    const CelLedgerRestore restore = {backup, to, desk->trust};
    const guint before = n_files(desk->folder);
    g_assert_false(cel_ledger_restore(&restore, &problems, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_cmpuint(problems->len, ==, 1);
    g_assert_false(g_file_test(to, G_FILE_TEST_EXISTS));
    g_assert_cmpuint(n_files(desk->folder), ==, before);
}

static void what_is_no_backup_is_refused(Desk *desk, gconstpointer data)
{
    static const char *const contents[] = {"", "SQLite format 3", "no database at all, but text"};
    (void)data;
    g_autofree char *backup = beside(desk, "backup.sqlite"), *to = beside(desk, "new.sqlite");
    const CelLedgerRestore restore = {backup, to, NULL};
    for (gsize i = 0; i <= G_N_ELEMENTS(contents); i++) {
        g_autoptr(GError) error = NULL;
        if (i < G_N_ELEMENTS(contents))
            g_assert_true(g_file_set_contents(backup, contents[i], -1, NULL));
        else
            g_unlink(backup);
        g_assert_false(cel_ledger_restore(&restore, NULL, NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_false(g_file_test(to, G_FILE_TEST_EXISTS));
    }
}

/* ---- the world around ---- */

static void another_programs_database_is_refused_and_left_alone(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = beside(desk, "browser.sqlite"), *before = NULL, *after = NULL;
    gsize n_before = 0, n_after = 0;
    sqlite3 *db = cel_sql_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &error);
    cel_sql_exec(db, "CREATE TABLE event(x)", &error);
    cel_sql_close(db);
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(path, &before, &n_before, NULL));
    g_assert_null(cel_ledger_open(path, TRUE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_true(g_file_get_contents(path, &after, &n_after, NULL));
    g_assert_cmpuint(n_before, ==, n_after);
    g_assert_cmpint(memcmp(before, after, n_before), ==, 0);
}

static void a_ledger_with_other_tables_or_triggers_is_refused(Desk *desk, gconstpointer data)
{
    static const char *const edits[] = {
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END",
        "CREATE VIEW v AS SELECT 1",
        "ALTER TABLE event ADD COLUMN more TEXT",
        "DROP TABLE head_signature",
        "PRAGMA user_version = 99",
        "DELETE FROM source",
        "UPDATE source SET ledger = 'x'",
        "DELETE FROM event WHERE seq = 7",
        "DELETE FROM node WHERE place = (SELECT max(place) FROM node)",
    };
    (void)data;
    g_autofree char *backup = beside(desk, "backup.sqlite");
    for (gsize i = 0; i < G_N_ELEMENTS(edits); i++) {
        g_autoptr(GError) error = NULL;
        back_up(desk, backup);
        sqlite3 *db = cel_sql_open(backup, SQLITE_OPEN_READWRITE, &error);
        cel_sql_exec(db, edits[i], &error);
        cel_sql_close(db);
        g_assert_no_error(error);
        g_assert_null(cel_ledger_open(backup, FALSE, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_unlink(backup);
    }
}

/* In a child without rights, for root may write everywhere. Exits with the number of the first step
 * that is not as it should be. */
static void read_in_child(const Desk *desk, const char *path)
{
    g_autoptr(GError) error = NULL;
    enum { NOBODY = 65534 };
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        _exit(1);
    CelLedger *ledger = cel_ledger_open(path, FALSE, &error);
    if (ledger == NULL)
        _exit(2);
    if (cel_ledger_entry(ledger, 3, NULL) == NULL)
        _exit(3);
    const CelEventRequest request = hand_over("9", 60);
    const CelEventSigners signers = {.operator_key = desk->wang};
    if (cel_ledger_append(ledger, &request, &signers, NULL, &error))
        _exit(4);
    if (!g_error_matches(error, CEL_ERROR, CEL_ERROR_SYSTEM))
        _exit(5);
    _exit(strstr(error->message, "Nothing was recorded") != NULL ? 0 : 6);
}

static void read_only(Desk *desk, const char *folder, const char *path)
{
    int status = 0;
    g_chmod(path, 0444);
    g_chmod(folder, 0555);
    g_chmod(desk->folder, 0755);
    const pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0)
        read_in_child(desk, path);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    g_assert_true(WIFEXITED(status));
    g_chmod(folder, 0700);
}

static void a_read_only_backup_can_be_read_and_nothing_is_recorded(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autofree char *folder = beside(desk, "dvd");
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    back_up(desk, path);
    read_only(desk, folder, path);
}

/* As it stands in the lab, closed, in a folder that somebody write-protected. */
static void a_read_only_ledger_can_be_read_and_nothing_is_recorded(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autofree char *folder = beside(desk, "archive");
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    cel_ledger_close(g_steal_pointer(&desk->ledger));
    g_assert_cmpint(g_rename(desk->path, path), ==, 0);
    read_only(desk, folder, path);
}

static void a_folder_that_is_not_there_is_a_clear_failure(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = beside(desk, "no/such/register.sqlite");
    g_assert_null(cel_ledger_open(path, TRUE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
}

/* Each in a process of its own, all at once. */
static void append_in_child(const Desk *desk, guint n)
{
    g_autoptr(CelLedger) ledger = cel_ledger_open(desk->path, FALSE, NULL);
    const CelEventSigners signers = {.operator_key = desk->wang};
    for (guint i = 0; i < n; i++) {
        const CelEventRequest request = hand_over("5", i);
        if (ledger == NULL || !cel_ledger_append(ledger, &request, &signers, NULL, NULL))
            _exit(1);
    }
    _exit(0);
}

static void processes_that_append_at_once_lose_nothing(Desk *desk, gconstpointer data)
{
    enum { PROCESSES = 4, EACH = 12 };
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) problems = NULL;
    guint64 size = 0;
    pid_t children[PROCESSES];
    cel_ledger_close(g_steal_pointer(&desk->ledger)); /* SQLite is not to be forked while open */
    for (guint i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        g_assert_cmpint(children[i], >=, 0);
        if (children[i] == 0)
            append_in_child(desk, EACH);
    }
    for (guint i = 0; i < PROCESSES; i++) {
        int status = 0;
        g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
        g_assert_cmpint(status, ==, 0);
    }
    desk->ledger = cel_ledger_open(desk->path, FALSE, &error);
    g_assert_no_error(error);
    g_assert_true(cel_ledger_size(desk->ledger, &size, NULL));
    g_assert_cmpuint(size, ==, N_EVENTS + PROCESSES * EACH);
    g_assert_true(cel_ledger_check(desk->ledger, desk->trust, &problems, NULL, NULL));
    g_assert_cmpuint(problems->len, ==, 0);
}

static void a_cancelled_check_says_so(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) problems = NULL;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_cancellable_cancel(cancel);
    g_assert_false(cel_ledger_check(desk->ledger, NULL, &problems, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    const CelEventRequest request = hand_over("8", 60);
    g_assert_cmpuint(desk_append(desk, &request).seq, ==, N_EVENTS + 1); /* no lock is left */
}

#define DESK(path, test) g_test_add(path, Desk, NULL, set_up, test, desk_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    DESK("/ledger-backup/drill", a_drill_brings_the_ledger_back_as_it_was);
    DESK("/ledger-backup/one-file", a_backup_is_one_file_and_nothing_else_is_left);
    DESK("/ledger-backup/older", what_came_after_a_backup_is_missing_and_a_kept_head_says_so);
    DESK("/ledger-backup/no-replace", nothing_is_replaced);
    DESK("/ledger-backup/edited", a_backup_that_was_edited_is_not_restored);
    DESK("/ledger-backup/none", what_is_no_backup_is_refused);
    DESK("/ledger-world/foreign", another_programs_database_is_refused_and_left_alone);
    DESK("/ledger-world/schema", a_ledger_with_other_tables_or_triggers_is_refused);
    DESK("/ledger-world/read-only/backup", a_read_only_backup_can_be_read_and_nothing_is_recorded);
    DESK("/ledger-world/read-only/ledger", a_read_only_ledger_can_be_read_and_nothing_is_recorded);
    DESK("/ledger-world/no-folder", a_folder_that_is_not_there_is_a_clear_failure);
    DESK("/ledger-world/processes", processes_that_append_at_once_lose_nothing);
    DESK("/ledger-world/cancel", a_cancelled_check_says_so);
    return g_test_run();
}
