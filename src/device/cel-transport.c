/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-driver.h"

#include "base/cel-error.h"
#include "base/cel-lock.h"

#include <glib/gi18n-lib.h>

enum { MAX_CONTROL_BYTES = 4096, MAX_BULK_BYTES = 1 << 20 };

G_DEFINE_QUARK(cel - transport - error - quark, cel_transport_error)

gboolean cel_transport_control(CelTransport *transport, const CelControl *setup, guint8 *data,
                               gsize n, const CelTransfer *limits, gsize *out_n, GError **error)
{
    g_return_val_if_fail(n <= MAX_CONTROL_BYTES && (data != NULL || n == 0), FALSE);
    g_return_val_if_fail(limits->timeout_ms > 0, FALSE);
    gsize done = 0;
    const gboolean ok = transport->ops->control(transport, setup, data, n, limits, &done, error);
    if (out_n != NULL)
        *out_n = done;
    return ok;
}

gboolean cel_transport_bulk(CelTransport *transport, guint8 endpoint, guint8 *data, gsize n,
                            const CelTransfer *limits, gsize *out_n, GError **error)
{
    g_return_val_if_fail(data != NULL && n > 0 && n <= MAX_BULK_BYTES, FALSE);
    g_return_val_if_fail(limits->timeout_ms > 0, FALSE);
    gsize done = 0;
    const gboolean ok = transport->ops->bulk(transport, endpoint, data, n, limits, &done, error);
    if (out_n != NULL)
        *out_n = done;
    return ok;
}

gboolean cel_transport_clear_halt(CelTransport *transport, guint8 endpoint, GError **error)
{
    return transport->ops->clear_halt(transport, endpoint, error);
}

gboolean cel_transport_reset(CelTransport *transport, GError **error)
{
    return transport->ops->reset(transport, error);
}

gsize cel_transport_packet_bytes(CelTransport *transport, guint8 endpoint)
{
    return transport->ops->packet_bytes(transport, endpoint);
}

gboolean cel_transport_is_high_speed(CelTransport *transport)
{
    return transport->ops->is_high_speed(transport);
}

guint cel_transport_n_open(CelTransport *transport)
{
    return transport->ops->n_open(transport);
}

gint64 cel_transport_now_us(CelTransport *transport)
{
    return transport->ops->now_us(transport);
}

gboolean cel_transport_wait(CelTransport *transport, guint ms, GCancellable *cancel)
{
    return transport->ops->wait(transport, ms, cancel);
}

guint32 cel_transport_random(CelTransport *transport)
{
    return transport->ops->random(transport);
}

void cel_transport_close(CelTransport *transport)
{
    if (transport != NULL)
        transport->ops->close(transport);
}

/* Our own lock, and not the cancellable's descriptor: ThreadSanitizer sees it. */
typedef struct {
    CelLock lock;
    CelSignal woken;
} Sleep;

static void wake(GCancellable *cancel, gpointer user_data)
{
    (void)cancel;
    Sleep *sleep = user_data;
    cel_take_over(sleep);
    cel_lock_take(&sleep->lock);
    cel_signal_send(&sleep->woken);
    cel_lock_give(&sleep->lock);
    cel_hand_over(sleep);
}

static void sleep_until(Sleep *sleep, gint64 end_us, GCancellable *cancel)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&sleep->lock);
    gboolean in_time = TRUE;
    while (in_time && !g_cancellable_is_cancelled(cancel))
        in_time = cel_signal_wait_until(&sleep->woken, &sleep->lock, end_us);
}

gboolean cel_transport_sleep(guint ms, GCancellable *cancel)
{
    Sleep sleep = {0};
    const gint64 end_us = g_get_monotonic_time() + (gint64)ms * 1000;
    cel_hand_over(&sleep);
    const gulong id =
        cancel != NULL ? g_cancellable_connect(cancel, G_CALLBACK(wake), &sleep, NULL) : 0;
    sleep_until(&sleep, end_us, cancel);
    g_cancellable_disconnect(cancel, id);
    cel_take_over(&sleep);
    cel_signal_clear(&sleep.woken);
    cel_lock_clear(&sleep.lock);
    return !g_cancellable_is_cancelled(cancel);
}

/* What a failure means and what to do; the order is that of CelTransportError. */
static const char *const advice[] = {
    [CEL_TRANSPORT_ERROR_TIMEOUT] =
        N_("the instrument did not answer in time. The measurement is not usable. Repeat it; "
           "if that does not help, unplug the instrument and plug it in again."),
    [CEL_TRANSPORT_ERROR_STALL] =
        N_("the instrument refused the request. The measurement is not usable. Repeat it; if "
           "that does not help, unplug the instrument and plug it in again."),
    [CEL_TRANSPORT_ERROR_GONE] =
        N_("the instrument no longer answers: it was unplugged or lost power. The measurement "
           "is not usable; the sample stays open. Plug the instrument in and repeat."),
    [CEL_TRANSPORT_ERROR_BUSY] =
        N_("another program has this instrument. Nothing was measured. Close that program, "
           "then repeat."),
    [CEL_TRANSPORT_ERROR_ACCESS] =
        N_("no permission to use this instrument. Nothing was measured. Install the rule file "
           "70-celadon.rules (\"celadon doctor\" prints it), then plug the instrument in again."),
    [CEL_TRANSPORT_ERROR_OVERFLOW] =
        N_("the instrument sent more than was asked for. The measurement is not usable. Repeat "
           "it."),
    [CEL_TRANSPORT_ERROR_CANCELLED] = N_("stopped. Nothing was written."),
    [CEL_TRANSPORT_ERROR_IO] =
        N_("the connection to the instrument failed. The measurement is not usable. Check the "
           "cable, plug the instrument in again, then repeat."),
    [CEL_TRANSPORT_ERROR_OFF_SCRIPT] =
        N_("the recording does not hold this exchange. Nothing was measured. Record it again."),
};

gboolean cel_transport_explain(GError *failure, const char *doing, GError **error)
{
    g_autoptr(GError) owned = failure;
    g_return_val_if_fail(failure != NULL, FALSE);
    if (failure->domain != CEL_TRANSPORT_ERROR) {
        g_propagate_error(error, g_steal_pointer(&owned));
        return FALSE;
    }
    const gsize code = MIN((gsize)failure->code, G_N_ELEMENTS(advice) - 1);
    const gboolean cancelled = code == CEL_TRANSPORT_ERROR_CANCELLED;
    g_set_error(error, CEL_ERROR, cancelled ? CEL_ERROR_CANCELLED : CEL_ERROR_DEVICE, "%s: %s",
                doing, _(advice[code]));
    return FALSE;
}

GArray *cel_bus_list(CelBus *bus, GError **error)
{
    return bus->ops->list(bus, error);
}

CelTransport *cel_bus_open(CelBus *bus, const CelUsbPresent *present, gboolean claim,
                           GError **error)
{
    return bus->ops->open(bus, present, claim, error);
}

guint cel_bus_watch(CelBus *bus, CelBusFunc func, gpointer user_data)
{
    return bus->ops->watch != NULL ? bus->ops->watch(bus, func, user_data) : 0;
}

void cel_bus_unwatch(CelBus *bus, guint id)
{
    bus->ops->unwatch(bus, id);
}

void cel_bus_free(CelBus *bus)
{
    if (bus != NULL)
        bus->ops->free(bus);
}

/* ---- scanning ---- */

static const CelUsbId *find_id(const CelDriver *driver, const CelUsbPresent *present)
{
    for (gsize i = 0; i < driver->n_usb_ids; i++) {
        const CelUsbId *id = &driver->usb_ids[i];
        if (id->vendor == present->vendor && id->product == present->product)
            return id;
    }
    return NULL;
}

static void append_info(const CelDriver *driver, const CelUsbId *id, const CelUsbPresent *present,
                        GArray *out_infos)
{
    CelDeviceInfo info = {.usb = *present, .may_open = present->may_open};
    g_snprintf(info.id, sizeof info.id, "%s:%u-%u", driver->id, present->bus, present->address);
    g_strlcpy(info.instrument.model, id->title, sizeof info.instrument.model);
    g_strlcpy(info.instrument.driver, driver->id, sizeof info.instrument.driver);
    if (!present->may_open)
        g_strlcpy(info.why_not,
                  _("no permission: install 70-celadon.rules (\"celadon doctor\" prints it)"),
                  sizeof info.why_not);
    g_array_append_val(out_infos, info);
}

void cel_usb_scan(const CelDriver *driver, CelBus *bus, GArray *out_infos)
{
    g_autoptr(GArray) present = bus != NULL ? cel_bus_list(bus, NULL) : NULL;
    for (guint i = 0; present != NULL && i < present->len; i++) {
        const CelUsbPresent *one = &g_array_index(present, CelUsbPresent, i);
        const CelUsbId *id = find_id(driver, one);
        if (id != NULL)
            append_info(driver, id, one, out_infos);
    }
}
