/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-archive-page.h"
#include "desk/cel-bundle-panel.h"
#include "scene-lab.h"
#include "ui-test.h"

#include <glib/gstdio.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* What is exported to a disk that is full: a small one of the test's own. */

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
    return disk != NULL && mount("celadon", disk, "tmpfs", 0, "size=32M") == 0;
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

static gboolean holds(GtkWidget *root, const char *words)
{
    if (GTK_IS_LABEL(root) && strstr(gtk_label_get_text(GTK_LABEL(root)), words) != NULL)
        return TRUE;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        if (holds(child, words))
            return TRUE;
    return FALSE;
}

static GtkWidget *dialog_with(const char *words)
{
    g_autoptr(GList) all = gtk_window_list_toplevels();
    for (GList *at = all; at != NULL; at = at->next)
        if (at->data != (gpointer)window && holds(at->data, words))
            return at->data;
    return NULL;
}

static gboolean says_full(gpointer data)
{
    (void)data;
    return dialog_with("the disk is full; make room on it, then do it again") != NULL;
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
    gtk_window_destroy(GTK_WINDOW(dialog_with("the disk is full")));
    make_room();
    cel_bundle_export_start(cel_window_page(window, NULL), SCENE_CASE, "Prosecutor", path);
    g_assert_true(ui_pump(is_there, path, PATIENCE_MS));
    ui_pump_idle(window, 100);
    g_assert_null(dialog_with("the disk is full"));
}

int main(int argc, char **argv)
{
    if (!own_disk()) {
        g_printerr("nobody may mount a disk here\n");
        return SKIPPED;
    }
    ui_test_init(&argc, &argv);
    folder = scene_lab();
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    g_test_add_func("/export/full", an_export_to_a_full_disk_says_so_and_leaves_nothing_half);
    const int status = g_test_run();
    ui_window_end();
    umount(disk);
    g_rmdir(disk);
    g_free(disk);
    g_free(folder);
    return status;
}
