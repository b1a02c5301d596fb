/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-device-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
    MAX_PIXELS = 1 << 20,
    QUEUE_POLL_US = 10000, /* how soon a cancel is seen while another acquisition has the device */
};

typedef enum { COMMAND_QUEUED, COMMAND_RUNNING, COMMAND_DONE, COMMAND_ABANDONED } CommandState;

typedef struct {
    void (*func)(CelDevice *device, gpointer data);
    gpointer data; /* the waiting caller's; not touched once abandoned */
    CommandState state;
    gboolean is_last;
} Command;

static void scan_one(const CelDriver *driver, CelBus *bus, GArray *out_infos)
{
    if (driver->scan != NULL)
        driver->scan(bus, out_infos);
    else
        cel_usb_scan(driver, bus, out_infos);
}

GArray *cel_device_scan(const CelDriverTable *table)
{
    GArray *infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    for (gsize i = 0; i < table->n; i++)
        scan_one(table->drivers[i], table->bus, infos);
    return infos;
}

/* ---- the worker ---- */

static gboolean start_command(CelDevice *device, Command *command)
{
    g_mutex_lock(&device->lock);
    const gboolean abandoned = command->state == COMMAND_ABANDONED;
    if (!abandoned)
        command->state = COMMAND_RUNNING;
    g_mutex_unlock(&device->lock);
    if (abandoned)
        g_free(command);
    return !abandoned;
}

/* After this the command belongs to its caller again and may be gone. */
static void end_command(CelDevice *device, Command *command)
{
    g_mutex_lock(&device->lock);
    command->state = COMMAND_DONE;
    g_cond_broadcast(&device->done);
    g_mutex_unlock(&device->lock);
}

static gpointer work(gpointer data)
{
    CelDevice *device = data;
    for (gboolean last = FALSE; !last;) {
        Command *command = g_async_queue_pop(device->commands);
        if (!start_command(device, command))
            continue;
        last = command->is_last;
        command->func(device, command->data);
        end_command(device, command);
    }
    return NULL;
}

/* Needs the lock. FALSE: cancelled while still in the queue. */
static gboolean await(CelDevice *device, Command *command, GCancellable *cancel)
{
    while (command->state != COMMAND_DONE) {
        if (command->state == COMMAND_QUEUED && g_cancellable_is_cancelled(cancel)) {
            command->state = COMMAND_ABANDONED;
            return FALSE;
        }
        if (cancel == NULL || command->state == COMMAND_RUNNING)
            g_cond_wait(&device->done, &device->lock);
        else
            g_cond_wait_until(&device->done, &device->lock, g_get_monotonic_time() + QUEUE_POLL_US);
    }
    return TRUE;
}

/* Needs the lock. */
static gboolean run_locked(CelDevice *device, const Command *what, GCancellable *cancel)
{
    Command *command = g_memdup2(what, sizeof *what);
    g_async_queue_push(device->commands, command);
    if (!await(device, command, cancel))
        return FALSE;
    g_free(command);
    return TRUE;
}

gboolean cel_device_run(CelDevice *device, void (*func)(CelDevice *device, gpointer data),
                        gpointer data, GCancellable *cancel)
{
    g_mutex_lock(&device->lock);
    const gboolean ran = run_locked(device, &(Command){.func = func, .data = data}, cancel);
    g_mutex_unlock(&device->lock);
    return ran;
}

typedef struct {
    CelDeviceFunc func;
    gpointer user_data;
} Call;

static void run_call(CelDevice *device, gpointer data)
{
    const Call *call = data;
    call->func(device->driver, device->session, call->user_data);
}

void cel_device_call(CelDevice *device, CelDeviceFunc func, gpointer user_data)
{
    g_return_if_fail(device != NULL && func != NULL);
    Call call = {func, user_data};
    cel_device_run(device, run_call, &call, NULL);
}

/* ---- laser ---- */

void cel_device_set_laser(CelDevice *device, CelLaserState state)
{
    g_mutex_lock(&device->lock);
    device->laser = state;
    g_mutex_unlock(&device->lock);
}

CelLaserState cel_device_switch_off(CelDevice *device)
{
    const CelLaserState state = device->driver->laser_off(device->session);
    cel_device_set_laser(device, state);
    return state;
}

static void ask_laser(CelDevice *device, gpointer data)
{
    CelLaserState *out_state = data;
    *out_state = device->driver->laser(device->session);
    cel_device_set_laser(device, *out_state);
}

CelLaserState cel_device_laser(CelDevice *device)
{
    g_return_val_if_fail(device != NULL, CEL_LASER_UNKNOWN);
    CelLaserState state = CEL_LASER_UNKNOWN;
    g_mutex_lock(&device->lock);
    if (device->n_acquiring > 0)
        state = device->laser;
    else
        run_locked(device, &(Command){.func = ask_laser, .data = &state}, NULL);
    g_mutex_unlock(&device->lock);
    return state;
}

/* ---- open: nothing the instrument says of itself is believed unchecked ---- */

static void clean_text(char *text, gsize size)
{
    text[size - 1] = '\0';
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_strlcpy(text, valid, size);
    const char *end = NULL;
    if (!g_utf8_validate(text, -1, &end)) /* the cut may have split a character */
        text[end - text] = '\0';
}

static void clean_texts(CelDeviceDescription *d)
{
    clean_text(d->instrument.vendor, sizeof d->instrument.vendor);
    clean_text(d->instrument.model, sizeof d->instrument.model);
    clean_text(d->instrument.serial, sizeof d->instrument.serial);
    clean_text(d->instrument.firmware, sizeof d->instrument.firmware);
    clean_text(d->instrument.driver, sizeof d->instrument.driver);
    clean_text(d->instrument.detector, sizeof d->instrument.detector);
    clean_text(d->calibration.id, sizeof d->calibration.id);
    clean_text(d->calibration.serial, sizeof d->calibration.serial);
    clean_text(d->capabilities.laser_class, sizeof d->capabilities.laser_class);
    clean_text(d->capabilities.eyewear, sizeof d->capabilities.eyewear);
}

/* Figures that are no figures become "not known", which is 0 in the record. */
static void clean_figure(double *value)
{
    if (!(isfinite(*value) && *value >= 0.0))
        *value = 0.0;
}

static void clean_figures(CelDeviceDescription *d)
{
    CelInstrument *instrument = &d->instrument;
    CelCapabilities *capabilities = &d->capabilities;
    double *const figures[] = {
        &instrument->range_cm1[0],       &instrument->range_cm1[1],
        &instrument->resolution_cm1,     &instrument->read_noise_counts,
        &instrument->gain_e_per_count,   &d->calibration.u_axis_cm1,
        &capabilities->laser_mw_min,     &capabilities->laser_mw_max,
        &capabilities->laser_mw_default,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++)
        clean_figure(figures[i]);
}

/* A stored calibration that gives no axis is not used, and the record says why. */
static void check_calibration(CelDeviceDescription *d)
{
    CelCalibration *calibration = &d->calibration;
    g_autoptr(GError) error = NULL;
    if (!(isfinite(calibration->laser_nm) && calibration->laser_nm >= 0.0))
        calibration->laser_nm = 0.0;
    if (calibration->n_coefficients == 0)
        return;
    g_autoptr(CelAxis) axis = cel_calibration_axis(calibration, d->n_pixels, &error);
    if (axis != NULL)
        return;
    g_strlcpy(d->calibration_refused, error->message, sizeof d->calibration_refused);
    clean_text(d->calibration_refused, sizeof d->calibration_refused);
    calibration->n_coefficients = 0;
}

static gboolean check_limits(const CelDeviceDescription *d, GError **error)
{
    const gboolean pixels_ok = d->n_pixels >= 2 && d->n_pixels <= MAX_PIXELS;
    const gboolean times_ok = d->integration_min_ms > 0.0 && isfinite(d->integration_max_ms) &&
                              d->integration_max_ms >= d->integration_min_ms;
    if (pixels_ok && times_ok)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument %s says of itself what cannot be (%zu pixels, %g to %g ms). "
                  "Nothing was measured. Unplug it, plug it in again; if that does not help, have "
                  "its stored settings checked."),
                d->info.id, d->n_pixels, d->integration_min_ms, d->integration_max_ms);
    return FALSE;
}

static gboolean describe(CelDevice *device, GError **error)
{
    CelDeviceDescription *d = &device->description;
    const CelDriver *driver = device->driver;
    driver->describe(device->session, &d->instrument, &d->calibration);
    if (driver->capabilities != NULL)
        driver->capabilities(device->session, &d->capabilities);
    d->n_pixels = driver->n_pixels(device->session);
    driver->integration_range(device->session, &d->integration_min_ms, &d->integration_max_ms);
    /* either source is enough, neither can take it off */
    d->instrument.simulated = d->instrument.simulated || d->info.instrument.simulated;
    if (!check_limits(d, error))
        return FALSE;
    clean_texts(d);
    clean_figures(d);
    check_calibration(d);
    return TRUE;
}

typedef struct {
    const CelDriver *driver;
    CelDeviceInfo info;
} Match;

/* The instruments @id may mean: the one of that id, else all of the driver of that id. */
static GArray *find_matches(const CelDriverTable *table, const char *id)
{
    const CelDriver *const *drivers = table->drivers;
    GArray *matches = g_array_new(FALSE, TRUE, sizeof(Match));
    for (gsize i = 0; i < table->n; i++) {
        g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
        scan_one(drivers[i], table->bus, infos);
        for (guint j = 0; j < infos->len; j++) {
            const Match match = {drivers[i], g_array_index(infos, CelDeviceInfo, j)};
            if (strcmp(match.info.id, id) == 0) {
                g_array_set_size(matches, 0);
                return g_array_append_val(matches, match);
            }
            if (strcmp(drivers[i]->id, id) == 0)
                g_array_append_val(matches, match);
        }
    }
    return matches;
}

static gboolean find_one(const CelDriverTable *table, const char *id, Match *out_match,
                         GError **error)
{
    g_autoptr(GArray) matches = find_matches(table, id);
    if (matches->len == 0) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_DEVICE,
            _("No instrument \"%s\" is present. Nothing was measured. Check cable and power, "
              "then look at the list of instruments."),
            id);
        return FALSE;
    }
    if (matches->len > 1) {
        g_autoptr(GString) ids = g_string_new(NULL);
        for (guint i = 0; i < matches->len; i++)
            g_string_append_printf(ids, "%s%s", i > 0 ? ", " : "",
                                   g_array_index(matches, Match, i).info.id);
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("\"%s\" may mean several instruments. Choose one of %s."), id, ids->str);
        return FALSE;
    }
    *out_match = g_array_index(matches, Match, 0);
    if (!out_match->info.may_open) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The instrument %s may not be opened: %s"), id, out_match->info.why_not);
        return FALSE;
    }
    return TRUE;
}

static CelSession *open_session(const Match *match, const char *settings, CelBus *bus,
                                GError **error)
{
    const CelDriver *driver = match->driver;
    g_autoptr(CelParams) params = cel_params_new(driver->params, driver->n_params);
    if (settings != NULL && !cel_params_parse(params, settings, error))
        return NULL;
    return driver->open(&(CelOpening){.info = &match->info, .params = params, .bus = bus}, error);
}

CelDevice *cel_device_open(const CelDriverTable *table, const char *id, const char *settings,
                           GError **error)
{
    g_return_val_if_fail(id != NULL, NULL);
    Match match;
    if (!find_one(table, id, &match, error))
        return NULL;
    CelSession *session = open_session(&match, settings, table->bus, error);
    if (session == NULL)
        return NULL;
    CelDevice *device = g_new0(CelDevice, 1);
    device->driver = match.driver;
    device->session = session;
    device->description.info = match.info;
    if (!describe(device, error)) {
        match.driver->close(session);
        g_free(device);
        return NULL;
    }
    device->last_counts = g_new0(double, device->description.n_pixels);
    device->laser = match.driver->laser(session);
    device->commands = g_async_queue_new();
    g_mutex_init(&device->lock);
    g_cond_init(&device->done);
    device->worker = g_thread_new("cel-device", work, device);
    return device;
}

static void close_session(CelDevice *device, gpointer data)
{
    (void)data;
    device->driver->laser_off(device->session);
    device->driver->close(device->session);
    device->session = NULL;
}

void cel_device_close(CelDevice *device)
{
    if (device == NULL)
        return;
    g_mutex_lock(&device->lock);
    run_locked(device, &(Command){.func = close_session, .is_last = TRUE}, NULL);
    g_mutex_unlock(&device->lock);
    g_thread_join(device->worker);
    g_async_queue_unref(device->commands);
    g_mutex_clear(&device->lock);
    g_cond_clear(&device->done);
    g_free(device->last_counts);
    g_free(device);
}

const CelDeviceDescription *cel_device_describe(const CelDevice *device)
{
    return &device->description;
}
