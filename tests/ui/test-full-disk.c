/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-practice.h"
#include "desk/cel-archive-page.h"
#include "desk/cel-bundle-panel.h"
#include "path-hands.h"
#include "scene-lab.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A disk that is full, a small one of the test's own: where something is exported to, and where the
 * lab lies. */

#define OF_ANOTHER "CELADON_TEST_DISK" /* the disk, for the program that is killed */

enum { PATIENCE_MS = 30000, SKIPPED = 77 };

static char *folder, *disk;
static CelWindow *window;

/* ---- the disk ---- */

static gboolean put(const char *path, const char *text)
{
    const int fd = g_open(path, O_WRONLY | O_CLOEXEC, 0);
    const gboolean ok = fd >= 0 && write(fd, text, strlen(text)) == (gssize)strlen(text);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Before there is any thread. Returns: FALSE where nobody may mount anything. */
static gboolean own_disk(void)
{
    g_autofree char *users = g_strdup_printf("0 %u 1", getuid());
    g_autofree char *groups = g_strdup_printf("0 %u 1", getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !put("/proc/self/setgroups", "deny") ||
        !put("/proc/self/uid_map", users) || !put("/proc/self/gid_map", groups))
        return FALSE;
    disk = g_dir_make_tmp("celadon-disk-XXXXXX", NULL);
    return disk != NULL && mount("celadon", disk, "tmpfs", 0, "size=64M") == 0;
}

static char *filler(void)
{
    return g_build_filename(disk, "filler", NULL);
}

static void fill(void)
{
    static const char block[1 << 16];
    g_autofree char *path = filler();
    const int fd = g_open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    for (gsize n = sizeof block; n > 0; n /= 2)
        while (write(fd, block, n) > 0)
            continue;
    close(fd);
}

static void make_room(void)
{
    g_autofree char *path = filler();
    g_assert_cmpint(g_unlink(path), ==, 0);
}

static guint n_files(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(disk, 0, NULL);
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

/* ---- the window ---- */

static gboolean says_full(gpointer data)
{
    (void)data;
    return ui_reads("the disk is full; make room on it, then do it again") != NULL;
}

static gboolean is_there(gpointer path)
{
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void an_export_to_a_full_disk_says_so_and_leaves_nothing_half(void)
{
    g_autofree char *path = g_build_filename(disk, "bundle.zip", NULL);
    cel_window_show(window, "archive", NULL, NULL);
    ui_pump_idle(window, 100);
    fill();
    cel_bundle_export_start(cel_window_page(window, NULL), SCENE_CASE, "Prosecutor", path);
    g_assert_true(ui_pump(says_full, NULL, PATIENCE_MS));
    g_assert_cmpuint(n_files(), ==, 1); /* the filler */
    gtk_window_destroy(GTK_WINDOW(ui_reads("the disk is full")));
    make_room();
    cel_bundle_export_start(cel_window_page(window, NULL), SCENE_CASE, "Prosecutor", path);
    g_assert_true(ui_pump(is_there, path, PATIENCE_MS));
    ui_pump_idle(window, 100);
    g_assert_null(ui_reads("the disk is full"));
}

/* ---- killed while a shot waits to be written ---- */

static char *lab_on_disk(void)
{
    return g_build_filename(disk, "lab", NULL);
}

static gboolean light_is_on(gpointer data)
{
    (void)data;
    return cel_path_session_phase(hands_session(window)) == CEL_PATH_PHASE_LIGHT;
}

static gboolean offers_to_write(gpointer data)
{
    (void)data;
    return ui_reads("Write it now") != NULL && ui_reads("What was measured is not lost") != NULL;
}

/* The program that is killed: one good spot, and a second one that the full disk does not take. */
static void wait_to_be_killed(void)
{
    g_autoptr(GError) error = NULL;
    folder = lab_on_disk();
    const CelPractice practice = {
        .folder = folder, .passphrase = "practice", .clock = cel_clock_system()};
    cel_practice_found(&practice, NULL, &error);
    g_assert_no_error(error);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "officer");
    ui_open_instrument(window, "simulated:785", "seed=3");
    cel_window_show(window, "path", NULL, NULL);
    hands_start_delay(1);
    hands_begin(window, "C-2026-77", "Zhang San");
    hands_field_until(window, folder, CEL_PATH_STEP_MEASURE);
    hands_click(window, "No, none of these");
    hands_shoot(window);
    g_assert_cmpuint(hands_view(window)->valid, ==, 1);
    hands_hold(window);
    g_assert_true(ui_pump(light_is_on, NULL, PATIENCE_MS));
    fill();
    g_assert_true(ui_pump(offers_to_write, NULL, PATIENCE_MS));
    g_assert_true(cel_path_session_has_unkept(hands_session(window)));
    printf("waits\n");
    fflush(stdout);
    ui_pump(NULL, NULL, G_MAXINT);
}

static void die_with_the_test(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/** Heard: what the other program said so far. */
typedef struct {
    int fd; /* does not block */
    GString *text;
} Heard;

/* Or has ended. */
static gboolean waits(gpointer data)
{
    char part[64];
    Heard *heard = data;
    const ssize_t n = read(heard->fd, part, sizeof part);
    if (n > 0)
        g_string_append_len(heard->text, part, n);
    return n == 0 || strstr(heard->text->str, "waits\n") != NULL;
}

/* Returns: once it waits. Meanwhile this window goes on, as any window does. */
static GPid start_another(void)
{
    GPid pid = 0;
    int out = -1;
    g_autoptr(GError) error = NULL;
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    char *argv[] = {self, NULL};
    g_auto(GStrv) env = g_environ_setenv(g_get_environ(), OF_ANOTHER, disk, TRUE);
    g_spawn_async_with_pipes(NULL, argv, env, G_SPAWN_DO_NOT_REAP_CHILD, die_with_the_test, NULL,
                             &pid, NULL, &out, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(g_unix_set_fd_nonblocking(out, TRUE, NULL));
    Heard heard = {.fd = out, .text = g_string_new(NULL)};
    ui_pump(waits, &heard, 4 * PATIENCE_MS);
    g_assert_nonnull(strstr(heard.text->str, "waits\n"));
    g_string_free(heard.text, TRUE);
    close(out);
    return pid;
}

/* What was acknowledged: names and sizes of everything in these folders of the lab. */
static GHashTable *held(void)
{
    static const char *const parts[] = {"open", "raw", "photos"};
    g_autofree char *lab = lab_on_disk();
    GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *place = g_build_filename(lab, parts[i], NULL);
        g_autoptr(GDir) dir = g_dir_open(place, 0, NULL);
        g_assert_nonnull(dir);
        for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
            GStatBuf info;
            char *path = g_build_filename(place, name, NULL);
            g_assert_cmpint(g_stat(path, &info), ==, 0);
            g_hash_table_insert(files, path, g_memdup2(&info.st_size, sizeof info.st_size));
        }
    }
    return files;
}

static void assert_all_there(GHashTable *before, GHashTable *after)
{
    GHashTableIter each;
    gpointer path = NULL, size = NULL;
    g_hash_table_iter_init(&each, before);
    while (g_hash_table_iter_next(&each, &path, &size)) {
        const goffset *now = g_hash_table_lookup(after, path);
        g_assert_nonnull(now);
        g_assert_cmpint(*now, >=, *(goffset *)size);
    }
}

static gboolean lab_is(gpointer lab)
{
    return g_str_equal(cel_desk_facts(cel_window_desk(window))->lab_folder, lab);
}

static void take_up(const char *lab)
{
    cel_desk_open_lab(cel_window_desk(window), lab, NULL, NULL);
    g_assert_true(ui_pump(lab_is, (gpointer)lab, PATIENCE_MS));
    ui_sign_in(window, lab, "officer");
    ui_open_instrument(window, "simulated:785", "seed=4,speed=1e6");
    cel_window_show(window, "path", NULL, NULL);
    hands_settle(window);
    hands_click(window, "Go on");
}

static void a_kill_while_a_shot_waits_loses_that_shot_alone_and_says_so(void)
{
    g_autofree char *lab = lab_on_disk();
    const GPid pid = start_another();
    g_autoptr(GHashTable) before = held();
    kill(pid, SIGKILL);
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
    make_room();
    take_up(lab);
    g_autoptr(GHashTable) after = held();
    assert_all_there(before, after);
    const CelPathView *view = hands_view(window);
    g_assert_cmpint(view->step, ==, CEL_PATH_STEP_MEASURE);
    g_assert_cmpuint(view->valid, ==, 1);
    g_assert_cmpuint(view->taken, ==, 2);
    g_assert_cmpstr(cel_path_view_last_shot(view)->state, ==, "failed");
    g_assert_nonnull(ui_reads("The program ended before this measurement was written"));
    hands_field_until(window, lab, CEL_PATH_STEP_RESULT); /* and the way goes on */
    g_assert_cmpuint(hands_view(window)->valid, ==, 3);
    g_assert_cmpuint(hands_view(window)->taken, ==, 4);
}

int main(int argc, char **argv)
{
    disk = g_strdup(g_getenv(OF_ANOTHER));
    if (disk != NULL) {
        ui_test_init(&argc, &argv);
        wait_to_be_killed();
        return 1;
    }
    if (!own_disk()) {
        g_printerr("nobody may mount a disk here\n");
        return SKIPPED;
    }
    ui_test_init(&argc, &argv);
    folder = scene_lab();
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    g_test_add_func("/export/full", an_export_to_a_full_disk_says_so_and_leaves_nothing_half);
    g_test_add_func("/shot/killed", a_kill_while_a_shot_waits_loses_that_shot_alone_and_says_so);
    const int status = g_test_run();
    ui_window_end();
    umount(disk);
    g_rmdir(disk);
    g_free(disk);
    g_free(folder);
    return status;
}
