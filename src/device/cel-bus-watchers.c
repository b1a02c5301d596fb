/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-bus-watchers.h"

typedef struct {
    guint id;
    CelBusFunc func;
    gpointer user_data;
} Watch;

guint cel_bus_watchers_add(CelBusWatchers *watchers, CelBusFunc func, gpointer user_data)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&watchers->lock);
    const Watch watch = {++watchers->last, func, user_data};
    if (watchers->watches == NULL)
        watchers->watches = g_array_new(FALSE, TRUE, sizeof(Watch));
    g_array_append_val(watchers->watches, watch);
    return watch.id;
}

/* With the lock. */
static guint length(const CelBusWatchers *watchers)
{
    return watchers->watches != NULL ? watchers->watches->len : 0;
}

void cel_bus_watchers_remove(CelBusWatchers *watchers, guint id)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&watchers->lock);
    for (guint i = length(watchers); i > 0; i--)
        if (g_array_index(watchers->watches, Watch, i - 1).id == id)
            g_array_remove_index(watchers->watches, i - 1);
}

void cel_bus_watchers_tell(CelBusWatchers *watchers, CelBusEvent event,
                           const CelUsbPresent *present)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&watchers->lock);
    for (guint i = 0; i < length(watchers); i++) {
        const Watch *watch = &g_array_index(watchers->watches, Watch, i);
        watch->func(event, present, watch->user_data);
    }
}

void cel_bus_watchers_clear(CelBusWatchers *watchers)
{
    g_clear_pointer(&watchers->watches, g_array_unref);
    cel_lock_clear(&watchers->lock);
}
