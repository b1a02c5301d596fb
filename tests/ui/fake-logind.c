/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-logind.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <poll.h>
#include <unistd.h>

#define LOGIND      "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define MANAGER     "org.freedesktop.login1.Manager"

static const char interface_xml[] = "<node><interface name='" MANAGER "'>"
                                    "<method name='Inhibit'>"
                                    "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                    "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                    "<arg type='h' direction='out'/></method>"
                                    "<signal name='PrepareForSleep'><arg type='b'/></signal>"
                                    "</interface></node>";

/** Held: our end of a lock; the other end is open as long as somebody holds it. */
typedef struct {
    char *mode;
    int fd;
} Held;

static GSubprocess *bus;
static GDBusConnection *connection;
static GArray *held; /* Held */

static void inhibit(GDBusMethodInvocation *call, const char *mode)
{
    int ends[2];
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(pipe(ends), ==, 0);
    g_autoptr(GUnixFDList) list = g_unix_fd_list_new();
    const int index = g_unix_fd_list_append(list, ends[1], &error);
    g_assert_no_error(error);
    close(ends[1]);
    const Held lock = {.mode = g_strdup(mode), .fd = ends[0]};
    g_array_append_val(held, lock);
    g_dbus_method_invocation_return_value_with_unix_fd_list(call, g_variant_new("(h)", index),
                                                            list);
}

static void called(GDBusConnection *from, const char *sender, const char *path, const char *iface,
                   const char *method, GVariant *args, GDBusMethodInvocation *call, gpointer data)
{
    const char *what = NULL, *mode = NULL;
    (void)from;
    (void)sender;
    (void)path;
    (void)iface;
    (void)method;
    (void)data;
    g_variant_get(args, "(&s&s&s&s)", &what, NULL, NULL, &mode);
    g_assert_cmpstr(what, ==, "sleep");
    inhibit(call, mode);
}

void fake_logind_up(void)
{
    static const GDBusInterfaceVTable calls = {.method_call = called};
    g_autoptr(GError) error = NULL;
    held = g_array_new(FALSE, FALSE, sizeof(Held));
    const char *const command[] = {"dbus-daemon", "--session", "--nofork", "--print-address", NULL};
    bus = g_subprocess_newv(
        command, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
    g_assert_no_error(error);
    g_autoptr(GDataInputStream) said = g_data_input_stream_new(g_subprocess_get_stdout_pipe(bus));
    g_autofree char *address = g_data_input_stream_read_line(said, NULL, NULL, &error);
    g_assert_no_error(error);
    g_setenv("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
    connection =
        g_dbus_connection_new_for_address_sync(address,
                                               G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                               NULL, NULL, &error);
    g_assert_no_error(error);
    GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(interface_xml, &error);
    g_assert_no_error(error);
    g_dbus_connection_register_object(connection, LOGIND_PATH, node->interfaces[0], &calls, NULL,
                                      NULL, &error);
    g_assert_no_error(error);
    g_dbus_node_info_unref(node);
    g_autoptr(GVariant) named = g_dbus_connection_call_sync(
        connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
        "RequestName", g_variant_new("(su)", LOGIND, 0U), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
        &error);
    g_assert_no_error(error);
    g_assert_nonnull(named);
}

void fake_logind_down(void)
{
    for (guint i = 0; i < held->len; i++) {
        close(g_array_index(held, Held, i).fd);
        g_free(g_array_index(held, Held, i).mode);
    }
    g_array_unref(held);
    g_clear_object(&connection);
    g_subprocess_force_exit(bus);
    g_clear_object(&bus);
}

guint fake_logind_locks(const char *mode)
{
    guint n = 0;
    for (guint i = 0; i < held->len; i++) {
        const Held *lock = &g_array_index(held, Held, i);
        struct pollfd end = {.fd = lock->fd, .events = 0};
        poll(&end, 1, 0);
        n += (end.revents & POLLHUP) == 0 && g_str_equal(lock->mode, mode) ? 1U : 0U;
    }
    return n;
}

void fake_logind_sleep(gboolean about_to)
{
    g_autoptr(GError) error = NULL;
    g_dbus_connection_emit_signal(connection, NULL, LOGIND_PATH, MANAGER, "PrepareForSleep",
                                  g_variant_new("(b)", about_to), &error);
    g_assert_no_error(error);
}
