/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-device-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { QUEUE_POLL_US = 10000 }; /* how soon a cancel is seen while another command has the device */

/* One call into the worker; lives on the stack of the caller, who waits for it. */
typedef struct {
    void (*func)(CelDevice *device, gpointer data);
    gpointer data;
    gboolean is_running, is_done, is_last;
} Command;

/* ---- the worker ---- */

static Command *next_command(CelDevice *device)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    while (g_queue_is_empty(&device->commands))
        cel_signal_wait(&device->wanted, &device->lock);
    Command *command = g_queue_pop_head(&device->commands);
    command->is_running = TRUE;
    return command;
}

/* After this the command belongs to its caller again and may be gone. */
static void end_command(CelDevice *device, Command *command)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    device->draining = device->must_drain && !command->is_last;
    command->is_done = TRUE;
    cel_signal_send(&device->done);
}

/* The caller has been answered; what is late is awaited now. */
static void drain_late_frame(CelDevice *device)
{
    cel_device_drain(device, device->closing, NULL);
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    device->draining = FALSE;
}

static gboolean is_draining(CelDevice *device)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    return device->draining;
}

static gpointer work(gpointer data)
{
    CelDevice *device = data;
    for (gboolean last = FALSE; !last;) {
        Command *command = next_command(device);
        last = command->is_last;
        command->func(device, command->data);
        end_command(device, command);
        if (is_draining(device))
            drain_late_frame(device);
    }
    return NULL;
}

/* Needs the lock. FALSE: cancelled while still in the queue. */
static gboolean await(CelDevice *device, Command *command, GCancellable *cancel)
{
    while (!command->is_done) {
        if (!command->is_running && g_cancellable_is_cancelled(cancel)) {
            g_queue_remove(&device->commands, command);
            return FALSE;
        }
        if (cancel == NULL || command->is_running)
            cel_signal_wait(&device->done, &device->lock);
        else
            cel_signal_wait_until(&device->done, &device->lock,
                                  g_get_monotonic_time() + QUEUE_POLL_US);
    }
    return TRUE;
}

/* Needs the lock. */
static gboolean run_locked(CelDevice *device, Command *command, GCancellable *cancel)
{
    g_queue_push_tail(&device->commands, command);
    cel_signal_send(&device->wanted);
    return await(device, command, cancel);
}

gboolean cel_device_run(CelDevice *device, void (*func)(CelDevice *device, gpointer data),
                        gpointer data, GCancellable *cancel)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    return run_locked(device, &(Command){.func = func, .data = data}, cancel);
}

typedef struct {
    CelDeviceFunc func;
    gpointer user_data;
    gboolean ran;
} Call;

static void run_call(CelDevice *device, gpointer data)
{
    Call *call = data;
    call->ran = device->session != NULL;
    if (call->ran)
        call->func(device->driver, device->session, call->user_data);
}

gboolean cel_device_call(CelDevice *device, CelDeviceFunc func, gpointer user_data)
{
    g_return_val_if_fail(device != NULL && func != NULL, FALSE);
    Call call = {func, user_data, FALSE};
    cel_device_run(device, run_call, &call, NULL);
    return call.ran;
}

static void end_wait(GCancellable *cancel, gpointer data)
{
    CelDevice *device = data;
    (void)cancel;
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    device->is_woken = TRUE;
    cel_signal_send(&device->woken);
}

static void sleep_until(CelDevice *device, gint64 end_us)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    while (!device->is_woken && cel_signal_wait_until(&device->woken, &device->lock, end_us))
        continue;
}

gboolean cel_device_wait(CelDevice *device, guint ms, GCancellable *cancel)
{
    const gint64 end_us = g_get_monotonic_time() + (gint64)ms * 1000;
    cel_lock_take(&device->lock);
    device->is_woken = FALSE; /* not by the cancel of an earlier wait */
    cel_lock_give(&device->lock);
    const gulong link =
        cancel != NULL ? g_cancellable_connect(cancel, G_CALLBACK(end_wait), device, NULL) : 0;
    sleep_until(device, end_us);
    if (link != 0) /* 0 as well when it was cancelled before */
        g_cancellable_disconnect(cancel, link);
    return !g_cancellable_is_cancelled(cancel);
}

/* ---- late frames ---- */

void cel_device_want_drain(CelDevice *device)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    device->must_drain = TRUE;
}

gboolean cel_device_drain(CelDevice *device, GCancellable *cancel, GError **error)
{
    cel_lock_take(&device->lock);
    const gboolean wanted = device->must_drain;
    cel_lock_give(&device->lock);
    if (!wanted)
        return TRUE;
    if (cel_device_look_whether_gone(device))
        return cel_device_fail_gone(error);
    if (device->driver->drain != NULL && !device->driver->drain(device->session, cancel, error)) {
        cel_device_look_whether_gone(device);
        return FALSE;
    }
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    device->must_drain = FALSE;
    return TRUE;
}

/* ---- gone ---- */

gboolean cel_device_look_whether_gone(CelDevice *device)
{
    const gboolean gone = device->session == NULL || (device->driver->is_gone != NULL &&
                                                      device->driver->is_gone(device->session));
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    device->gone = device->gone || gone;
    return device->gone;
}

gboolean cel_device_is_gone(CelDevice *device)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    return device->gone;
}

gboolean cel_device_fail_gone(GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument is no longer there. Nothing was measured; the sample stays open. "
                  "Plug it in again and connect to it."));
    return FALSE;
}

/* On the bus's thread. */
static void on_bus(CelBusEvent event, const CelUsbPresent *present, gpointer user_data)
{
    CelDevice *device = user_data;
    if (event != CEL_BUS_LEFT)
        return;
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    if (present->bus == device->watched.bus && present->address == device->watched.address)
        device->gone = TRUE;
}

static void watch_bus(CelDevice *device)
{
    CelBus *bus = device->table.bus;
    if (bus != NULL && bus->ops->watch != NULL)
        device->watch = cel_bus_watch(bus, on_bus, device);
}

CelDeviceState cel_device_state(CelDevice *device)
{
    g_return_val_if_fail(device != NULL, CEL_DEVICE_GONE);
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    if (device->gone)
        return CEL_DEVICE_GONE;
    if (device->draining)
        return CEL_DEVICE_DRAINING;
    return device->n_acquiring > 0 ? CEL_DEVICE_BUSY : CEL_DEVICE_READY;
}

void cel_device_count(CelDevice *device, gboolean begins)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    device->n_acquiring += begins ? 1 : -1u;
}

/* ---- laser ---- */

void cel_device_set_laser(CelDevice *device, CelLaserState state)
{
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    device->laser = state;
}

/* What was taken for off and is commanded off again needs no line in the log, unless it is not. */
CelLaserState cel_device_switch_off(CelDevice *device, const CelSwitchOff *how)
{
    CelLaserMachine *machine = &device->laser_machine;
    const gboolean is_ours = device->description.capabilities.laser == CEL_LASER_BUILT_IN;
    const gboolean was_off = machine->step == CEL_LASER_STEP_OFF;
    if (device->session == NULL)
        return CEL_LASER_UNKNOWN;
    if (is_ours && !was_off)
        cel_laser_move(machine, CEL_LASER_STEP_STOPPING, how->cause, how->clock, NULL);
    const CelLaserState state = device->driver->laser_off(device->session, how->cancel);
    const gboolean off = cel_laser_is_off(state);
    cel_device_set_laser(device, state);
    if (!is_ours || (was_off && off))
        return state;
    if (was_off)
        cel_laser_move(machine, CEL_LASER_STEP_STOPPING, "found on", how->clock, NULL);
    cel_laser_move(machine, off ? CEL_LASER_STEP_OFF : CEL_LASER_STEP_UNKNOWN,
                   cel_laser_state_text(state), how->clock, NULL);
    return state;
}

static void ask_laser(CelDevice *device, gpointer data)
{
    CelLaserState *out_state = data;
    if (device->session == NULL)
        return;
    *out_state = device->driver->laser(device->session);
    cel_device_set_laser(device, *out_state);
}

CelLaserState cel_device_laser(CelDevice *device)
{
    g_return_val_if_fail(device != NULL, CEL_LASER_UNKNOWN);
    g_autoptr(CelLocker) locker = cel_locker_new(&device->lock);
    CelLaserState state = CEL_LASER_UNKNOWN;
    if (device->gone)
        return CEL_LASER_UNKNOWN;
    if (device->n_acquiring > 0 || device->draining)
        return device->laser;
    run_locked(device, &(Command){.func = ask_laser, .data = &state}, NULL);
    return state;
}

/* ---- the worker's life ---- */

void cel_device_start(CelDevice *device)
{
    g_queue_init(&device->commands);
    device->closing = g_cancellable_new();
    device->worker = g_thread_new("cel-device", work, device);
    watch_bus(device);
}

static void stop_guard(CelDevice *device)
{
    if (device->guard != NULL)
        device->table.guard->stop(device->guard);
    device->guard = NULL;
}

void cel_device_drop_session(CelDevice *device)
{
    if (device->session == NULL)
        return;
    cel_device_switch_off(
        device, &(CelSwitchOff){.cause = "the instrument is closed", .clock = cel_clock_system()});
    stop_guard(device);
    device->driver->close(device->session);
    device->session = NULL;
}

static void close_session(CelDevice *device, gpointer data)
{
    (void)data;
    cel_device_drop_session(device);
}

void cel_device_close(CelDevice *device)
{
    if (device == NULL)
        return;
    if (device->watch != 0)
        cel_bus_unwatch(device->table.bus, device->watch);
    g_cancellable_cancel(device->closing);
    cel_lock_take(&device->lock);
    run_locked(device, &(Command){.func = close_session, .is_last = TRUE}, NULL);
    cel_lock_give(&device->lock);
    g_thread_join(device->worker);
    g_object_unref(device->closing);
    cel_lock_clear(&device->lock);
    cel_signal_clear(&device->done);
    cel_signal_clear(&device->wanted);
    cel_signal_clear(&device->woken);
    g_free(device->last_counts);
    g_free(device->settings);
    g_free(device);
}

const CelDeviceDescription *cel_device_describe(const CelDevice *device)
{
    return &device->description;
}

gboolean cel_device_set_calibration(CelDevice *device, const CelCalibration *calibration,
                                    GError **error)
{
    CelDeviceDescription *d = &device->description;
    const CelCalibration *wanted = calibration != NULL ? calibration : &device->own_calibration;
    if (calibration != NULL) {
        if (strcmp(calibration->serial, d->instrument.serial) != 0) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                        _("The calibration belongs to instrument \"%s\", not to \"%s\""),
                        calibration->serial, d->instrument.serial);
            return FALSE;
        }
        g_autoptr(CelAxis) axis = cel_calibration_shift_axis(calibration, d->n_pixels, NULL, error);
        if (axis == NULL)
            return FALSE;
    }
    d->calibration = *wanted;
    d->calibration_replaced = calibration != NULL;
    return TRUE;
}
