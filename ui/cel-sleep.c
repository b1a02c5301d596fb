/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-sleep.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define LOGIND      "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define MANAGER     "org.freedesktop.login1.Manager"

/** Lock: held as long as its descriptor is open. */
typedef enum {
    LOCK_DELAY, /* always: sleep waits until the light is off, as long as logind has patience */
    LOCK_BLOCK, /* while there is light */
    N_LOCKS,
} Lock;

static const char *const lock_modes[N_LOCKS] = {"delay", "block"};

struct _CelSleep {
    GObject parent;
    GtkApplication *application; /* (transfer none) */
    CelLanes *lanes;
    GDBusConnection *bus; /* (nullable) */
    GCancellable *cancel;
    guint signal_id, inhibit_id;
    gboolean asked[N_LOCKS]; /* the answer is not there yet */
    int fds[N_LOCKS];        /* -1: none */
    gboolean sleeps;
    CelClock clock;
    gint64 slept_us; /* when the light came */
    guint watch_id;  /* a timeout, while there is light */
};

G_DEFINE_FINAL_TYPE(CelSleep, cel_sleep, G_TYPE_OBJECT)

/* ---- logind's locks ---- */

static gboolean is_wanted(const CelSleep *sleep, Lock lock)
{
    const gboolean light = cel_lanes_has_light(sleep->lanes);
    return lock == LOCK_BLOCK ? light : light || !sleep->sleeps;
}

static void let_go(CelSleep *sleep, Lock lock)
{
    if (sleep->fds[lock] >= 0)
        close(sleep->fds[lock]);
    sleep->fds[lock] = -1;
}

static void adjust(CelSleep *sleep, Lock lock);

static void took(CelSleep *sleep, Lock lock, GObject *bus, GAsyncResult *result)
{
    g_autoptr(GUnixFDList) list = NULL;
    g_autoptr(GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish(
        G_DBUS_CONNECTION(bus), &list, result, NULL);
    sleep->asked[lock] = FALSE;
    if (answer == NULL || list == NULL)
        return; /* refused: asked again with the next light */
    sleep->fds[lock] = g_unix_fd_list_get(list, 0, NULL);
    adjust(sleep, lock);
}

static void took_delay(GObject *bus, GAsyncResult *result, gpointer data)
{
    g_autoptr(CelSleep) sleep = data;
    took(sleep, LOCK_DELAY, bus, result);
}

static void took_block(GObject *bus, GAsyncResult *result, gpointer data)
{
    g_autoptr(CelSleep) sleep = data;
    took(sleep, LOCK_BLOCK, bus, result);
}

/* Takes the lock or lets it go, as is wanted now. */
static void adjust(CelSleep *sleep, Lock lock)
{
    static const GAsyncReadyCallback callbacks[N_LOCKS] = {took_delay, took_block};
    const gboolean wanted = is_wanted(sleep, lock);
    if (!wanted)
        let_go(sleep, lock);
    if (!wanted || sleep->bus == NULL || sleep->fds[lock] >= 0 || sleep->asked[lock])
        return;
    sleep->asked[lock] = TRUE;
    g_dbus_connection_call_with_unix_fd_list(
        sleep->bus, LOGIND, LOGIND_PATH, MANAGER, "Inhibit",
        g_variant_new("(ssss)", "sleep", "Celadon", _("The laser must be off first"),
                      lock_modes[lock]),
        G_VARIANT_TYPE("(h)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, sleep->cancel, callbacks[lock],
        g_object_ref(sleep));
}

/* ---- asleep without a word ---- */

static void go_dark(CelSleep *sleep)
{
    cel_lanes_go_dark(sleep->lanes, _("The computer went to sleep, so the laser was turned off "
                                      "and this measurement does not count. What was measured "
                                      "before is kept. Measure this again."));
}

/* Where no bus told it beforehand, the clocks tell it afterwards. An order that still waited for
 * its turn ends too: nobody may stand there any more. */
static gboolean look_at_clocks(gpointer data)
{
    CelSleep *sleep = data;
    if (!cel_clock_has_slept(sleep->clock, sleep->slept_us))
        return G_SOURCE_CONTINUE;
    sleep->slept_us = cel_clock_slept_us(sleep->clock);
    go_dark(sleep);
    if (!sleep->sleeps)
        cel_lanes_go_dark(sleep->lanes, NULL);
    return G_SOURCE_CONTINUE;
}

static void watch_clocks(CelSleep *sleep, gboolean light)
{
    enum { LOOK_MS = 200 };
    g_clear_handle_id(&sleep->watch_id, g_source_remove);
    if (!light)
        return;
    sleep->slept_us = cel_clock_slept_us(sleep->clock);
    sleep->watch_id = g_timeout_add(LOOK_MS, look_at_clocks, sleep);
}

/* ---- light ---- */

static void light_changed(CelSleep *sleep)
{
    watch_clocks(sleep, cel_lanes_has_light(sleep->lanes));
    if (sleep->inhibit_id != 0)
        gtk_application_uninhibit(sleep->application, sleep->inhibit_id);
    sleep->inhibit_id = 0;
    if (cel_lanes_has_light(sleep->lanes))
        sleep->inhibit_id = gtk_application_inhibit(
            sleep->application, NULL,
            GTK_APPLICATION_INHIBIT_SUSPEND | GTK_APPLICATION_INHIBIT_LOGOUT,
            _("A measurement with laser light is under way"));
    adjust(sleep, LOCK_BLOCK);
    adjust(sleep, LOCK_DELAY);
}

/* ---- sleeping ---- */

static void prepare(GDBusConnection *bus, const char *sender, const char *path, const char *iface,
                    const char *name, GVariant *args, gpointer data)
{
    CelSleep *sleep = data;
    (void)bus;
    (void)sender;
    (void)path;
    (void)iface;
    (void)name;
    if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(b)")))
        return;
    g_variant_get(args, "(b)", &sleep->sleeps);
    if (sleep->sleeps)
        go_dark(sleep);
    else
        cel_lanes_go_dark(sleep->lanes, NULL);
    adjust(sleep, LOCK_DELAY);
}

static void bus_there(GObject *object, GAsyncResult *result, gpointer data)
{
    g_autoptr(CelSleep) sleep = data;
    (void)object;
    sleep->bus = g_bus_get_finish(result, NULL);
    if (sleep->bus == NULL || sleep->lanes == NULL)
        return;
    g_dbus_connection_set_exit_on_close(sleep->bus, FALSE);
    sleep->signal_id = g_dbus_connection_signal_subscribe(
        sleep->bus, LOGIND, MANAGER, "PrepareForSleep", LOGIND_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
        prepare, sleep, NULL);
    adjust(sleep, LOCK_DELAY);
    adjust(sleep, LOCK_BLOCK);
}

/* ---- the object ---- */

static void cel_sleep_dispose(GObject *object)
{
    CelSleep *sleep = CEL_SLEEP(object);
    g_cancellable_cancel(sleep->cancel);
    if (sleep->signal_id != 0)
        g_dbus_connection_signal_unsubscribe(sleep->bus, sleep->signal_id);
    sleep->signal_id = 0;
    g_clear_handle_id(&sleep->watch_id, g_source_remove);
    if (sleep->lanes != NULL)
        g_signal_handlers_disconnect_by_data(sleep->lanes, sleep);
    for (Lock lock = 0; lock < N_LOCKS; lock++)
        let_go(sleep, lock);
    g_clear_object(&sleep->lanes);
    g_clear_object(&sleep->bus);
    G_OBJECT_CLASS(cel_sleep_parent_class)->dispose(object);
}

static void cel_sleep_finalize(GObject *object)
{
    g_clear_object(&CEL_SLEEP(object)->cancel);
    G_OBJECT_CLASS(cel_sleep_parent_class)->finalize(object);
}

static void cel_sleep_class_init(CelSleepClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_sleep_dispose;
    G_OBJECT_CLASS(klass)->finalize = cel_sleep_finalize;
}

static void cel_sleep_init(CelSleep *sleep)
{
    sleep->cancel = g_cancellable_new();
    for (Lock lock = 0; lock < N_LOCKS; lock++)
        sleep->fds[lock] = -1;
}

CelSleep *cel_sleep_new(GtkApplication *application, CelLanes *lanes, CelClock clock)
{
    CelSleep *sleep = g_object_new(CEL_TYPE_SLEEP, NULL);
    sleep->application = application;
    sleep->lanes = g_object_ref(lanes);
    sleep->clock = clock;
    g_signal_connect_swapped(lanes, "light-changed", G_CALLBACK(light_changed), sleep);
    g_bus_get(G_BUS_TYPE_SYSTEM, sleep->cancel, bus_there, g_object_ref(sleep));
    return sleep;
}
