/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-desk-private.h"

#include "base/cel-error.h"
#include "transport-libusb.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define SIMULATED_PREFIX "simulated:"

enum { WATCH_MS = 1000, LIGHT_WATCH_MS = 200, SEEK_EVERY = 3, CLOCK_JUMP_US = 5 * G_USEC_PER_SEC };

void cel_desk_instruments_init(CelDesk *desk)
{
    g_autoptr(GError) error = NULL;
    desk->bus = cel_bus_libusb_new(&error);
    desk->table = cel_drivers(desk->bus);
}

/* ---- looking ---- */

typedef struct {
    CelDesk *desk;
    GArray *seen;
} Scan;

static void scan_free(gpointer data)
{
    Scan *scan = data;
    g_object_unref(scan->desk);
    g_clear_pointer(&scan->seen, g_array_unref);
    g_free(scan);
}

static gboolean scan_run(gpointer data, CelJob *job, GError **error)
{
    Scan *scan = data;
    (void)job;
    (void)error;
    scan->seen = cel_device_scan(&scan->desk->table);
    return TRUE;
}

static void scan_done(gpointer owner, gpointer data, const GError *error)
{
    Scan *scan = data;
    (void)owner;
    if (error != NULL || scan->seen == NULL)
        return;
    g_array_unref(scan->desk->seen);
    scan->desk->seen = g_steal_pointer(&scan->seen);
    cel_desk_tell_instruments(scan->desk);
}

void cel_desk_rescan(CelDesk *desk)
{
    Scan *scan = g_new0(Scan, 1);
    scan->desk = g_object_ref(desk);
    const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                .run = scan_run,
                                .done = scan_done,
                                .data = scan,
                                .free = scan_free};
    cel_task_start(desk->lanes, &order);
}

GArray *cel_desk_scan(CelDesk *desk)
{
    GArray *copy = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    g_array_append_vals(copy, desk->seen->data, desk->seen->len);
    return copy;
}

/* ---- opening ---- */

typedef struct {
    CelDesk *desk;
    char *id, *settings;
    CelDeskDone done;
    CelDeviceDescription description;
    gboolean open;
} Opening;

static void opening_free(gpointer data)
{
    Opening *opening = data;
    g_object_unref(opening->desk);
    g_free(opening->id);
    g_free(opening->settings);
    g_free(opening);
}

static gboolean opening_run(gpointer data, CelJob *job, GError **error)
{
    Opening *opening = data;
    CelDesk *desk = opening->desk;
    (void)job;
    g_mutex_lock(&desk->mutex);
    CelDevice *before = g_steal_pointer(&desk->device);
    g_mutex_unlock(&desk->mutex);
    cel_device_close(before);
    CelDevice *device = cel_device_open(&desk->table, opening->id, opening->settings, error);
    if (device == NULL)
        return FALSE;
    opening->description = *cel_device_describe(device);
    opening->open = TRUE;
    g_mutex_lock(&desk->mutex);
    desk->device = device;
    g_mutex_unlock(&desk->mutex);
    return TRUE;
}

static void opening_done(gpointer owner, gpointer data, const GError *error)
{
    Opening *opening = data;
    CelDeskFacts *facts = &opening->desk->facts;
    const CelDeviceDescription *description = &opening->description;
    facts->has_instrument = opening->open;
    facts->simulated = opening->open && description->instrument.simulated;
    facts->takes_samples =
        opening->open && g_str_has_prefix(description->info.id, SIMULATED_PREFIX);
    facts->laser_kind = description->capabilities.laser;
    facts->laser = CEL_LASER_UNKNOWN;
    cel_desk_set_text(&facts->instrument, description->instrument.model);
    cel_desk_set_text(&facts->serial, description->instrument.serial);
    facts->check = CEL_DAY_UNCHECKED;
    facts->check_us = 0;
    facts->calibration_us = 0;
    cel_desk_set_text(&facts->calibration, NULL);
    cel_desk_set_text(&facts->calibration_problem, NULL);
    cel_desk_set_text(&facts->asset, NULL);
    cel_desk_tell(opening->desk);
    cel_desk_tell_instruments(opening->desk);
    cel_desk_ask_check(opening->desk);
    if (opening->done != NULL)
        opening->done(owner, error);
}

void cel_desk_open_instrument(CelDesk *desk, const char *id, const char *settings, GObject *owner,
                              CelDeskDone done)
{
    Opening *opening = g_new0(Opening, 1);
    opening->desk = g_object_ref(desk);
    opening->id = g_strdup(id);
    opening->settings = g_strdup(settings);
    opening->done = done;
    const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                .title = _("Opening the instrument"),
                                .run = opening_run,
                                .done = opening_done,
                                .data = opening,
                                .free = opening_free,
                                .owner = owner};
    cel_task_start(desk->lanes, &order);
}

/* ---- the calibration in force ---- */

typedef struct {
    CelDesk *desk;
    gboolean own;
    CelCalibration calibration;
} InForce;

static void in_force_free(gpointer data)
{
    InForce *in_force = data;
    g_object_unref(in_force->desk);
    g_free(in_force);
}

static gboolean in_force_run(gpointer data, CelJob *job, GError **error)
{
    InForce *in_force = data;
    CelDevice *device = in_force->desk->device;
    (void)job;
    return device == NULL ||
           cel_device_set_calibration(device, in_force->own ? NULL : &in_force->calibration, error);
}

static void in_force_done(gpointer owner, gpointer data, const GError *error)
{
    InForce *in_force = data;
    CelDeskFacts *facts = &in_force->desk->facts;
    (void)owner;
    if (error != NULL)
        cel_desk_set_text(&facts->calibration_problem, error->message);
    else
        cel_desk_set_text(&facts->calibration, in_force->calibration.id);
    cel_desk_tell(in_force->desk);
    cel_desk_tell_instruments(in_force->desk);
}

void cel_desk_put_in_force(CelDesk *desk, const CelCalibration *calibration)
{
    InForce *in_force = g_new0(InForce, 1);
    in_force->desk = g_object_ref(desk);
    in_force->own = calibration == NULL;
    if (calibration != NULL)
        in_force->calibration = *calibration;
    const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                .run = in_force_run,
                                .done = in_force_done,
                                .data = in_force,
                                .free = in_force_free};
    cel_task_start(desk->lanes, &order);
}

/* ---- coming and going ---- */

static void seek_done(gpointer owner, gpointer data, const GError *error)
{
    Scan *scan = data;
    CelDesk *desk = scan->desk;
    (void)owner;
    desk->seeking = FALSE;
    if (error != NULL || scan->seen == NULL)
        return;
    const CelDeviceInfo *only = NULL;
    guint n_real = 0;
    for (guint i = 0; i < scan->seen->len; i++) {
        const CelDeviceInfo *info = &g_array_index(scan->seen, CelDeviceInfo, i);
        if (!g_str_has_prefix(info->id, SIMULATED_PREFIX) && info->may_open) {
            only = info;
            n_real++;
        }
    }
    /* One that cannot be opened is not tried again and again, only once it was unplugged. */
    if (n_real == 1 && !desk->facts.has_instrument && g_strcmp0(desk->tried, only->id) != 0) {
        cel_desk_set_text(&desk->tried, only->id);
        cel_desk_open_instrument(desk, only->id, NULL, NULL, NULL);
    }
    if (n_real == 0)
        cel_desk_set_text(&desk->tried, NULL);
    scan_done(NULL, data, NULL);
}

/* The same unit again, wherever on the bus it is now. */
static gboolean reopen_run(gpointer data, CelJob *job, GError **error)
{
    Scan *scan = data;
    CelDevice *device = scan->desk->device;
    if (device != NULL && cel_device_state(device) == CEL_DEVICE_GONE)
        return cel_device_reopen(device, 0, job, error);
    return TRUE;
}

static void reopen_done(gpointer owner, gpointer data, const GError *error)
{
    CelDesk *desk = ((Scan *)data)->desk;
    (void)owner;
    (void)error; /* not back yet: asked again */
    desk->seeking = FALSE;
}

/* The only instrument that is plugged in is opened; one that left is taken back. */
static void seek(CelDesk *desk)
{
    if (desk->seeking || (desk->facts.has_instrument && !desk->facts.instrument_gone))
        return;
    desk->seeking = TRUE;
    Scan *scan = g_new0(Scan, 1);
    scan->desk = g_object_ref(desk);
    const gboolean again = desk->facts.has_instrument;
    const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                .run = again ? reopen_run : scan_run,
                                .done = again ? reopen_done : seek_done,
                                .data = scan,
                                .free = scan_free};
    cel_task_start(desk->lanes, &order);
}

/* ---- watching ---- */

typedef struct {
    CelDesk *desk;
    char *folder;
    guint number; /* of this look; only what the newest saw counts */
    CelLaserState laser;
    gboolean has_device, gone;
    guint64 disk_free_bytes;
    gint64 clock_offset_us;
} Look;

static void look_free(gpointer data)
{
    Look *look = data;
    if (look->number == look->desk->n_looks)
        look->desk->looking = FALSE;
    g_object_unref(look->desk);
    g_free(look->folder);
    g_free(look);
}

static guint64 free_bytes(const char *folder)
{
    g_autoptr(GFile) file = g_file_new_for_path(folder);
    g_autoptr(GFileInfo) info =
        g_file_query_filesystem_info(file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, NULL, NULL);
    return info != NULL ? g_file_info_get_attribute_uint64(info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE)
                        : 0;
}

static gboolean look_run(gpointer data, CelJob *job, GError **error)
{
    Look *look = data;
    (void)job;
    (void)error;
    CelDesk *desk = look->desk;
    g_mutex_lock(&desk->mutex); /* nobody closes the instrument meanwhile */
    look->has_device = desk->device != NULL;
    look->laser = look->has_device ? cel_device_laser(desk->device) : CEL_LASER_UNKNOWN;
    look->gone = look->has_device && cel_device_state(desk->device) == CEL_DEVICE_GONE;
    g_mutex_unlock(&desk->mutex);
    look->disk_free_bytes = free_bytes(look->folder);
    const CelClock clock = cel_clock_system();
    look->clock_offset_us = cel_clock_wall_us(clock) - cel_clock_mono_us(clock);
    return TRUE;
}

static void look_done(gpointer owner, gpointer data, const GError *error)
{
    const Look *look = data;
    CelDesk *desk = look->desk;
    CelDeskFacts *facts = &desk->facts;
    (void)owner;
    if (error != NULL || look->number != desk->n_looks)
        return;
    if (desk->clock_offset_us == 0)
        desk->clock_offset_us = look->clock_offset_us;
    const gint64 jump_us = ABS(look->clock_offset_us - desk->clock_offset_us);
    const gboolean doubt = facts->clock_doubt || jump_us > CLOCK_JUMP_US;
    const guint64 mebibyte = 1 << 20;
    const gboolean same = facts->laser == look->laser && facts->instrument_gone == look->gone &&
                          facts->clock_doubt == doubt &&
                          facts->disk_free_bytes / mebibyte == look->disk_free_bytes / mebibyte;
    facts->laser = look->laser;
    facts->instrument_gone = look->gone;
    facts->clock_doubt = doubt;
    facts->disk_free_bytes = look->disk_free_bytes;
    if (!same)
        cel_desk_tell(desk);
}

static void start_look(CelDesk *desk)
{
    Look *look = g_new0(Look, 1);
    look->desk = g_object_ref(desk);
    look->number = ++desk->n_looks;
    look->folder =
        g_strdup(*desk->facts.lab_folder != '\0' ? desk->facts.lab_folder : g_get_home_dir());
    const CelTaskOrder order = {.lane = CEL_LANE_WATCH,
                                .run = look_run,
                                .done = look_done,
                                .data = look,
                                .free = look_free};
    desk->looking = TRUE;
    cel_task_start(desk->lanes, &order);
}

static gboolean look(gpointer data)
{
    CelDesk *desk = data;
    if (!desk->looking)
        start_look(desk);
    return G_SOURCE_CONTINUE;
}

static gboolean watch(gpointer data)
{
    CelDesk *desk = data;
    if (++desk->n_watches % SEEK_EVERY == 0)
        seek(desk);
    return look(desk);
}

/* After the light nobody claims that it is off until a new look has come back: one that was under
 * way may have seen it burn. */
static void light_changed(CelDesk *desk)
{
    g_clear_handle_id(&desk->light_watch_id, g_source_remove);
    if (cel_lanes_has_light(desk->lanes)) {
        desk->light_watch_id = g_timeout_add(LIGHT_WATCH_MS, look, desk);
        return;
    }
    desk->facts.laser = CEL_LASER_UNKNOWN;
    start_look(desk);
    cel_desk_tell(desk);
}

void cel_desk_watch_start(CelDesk *desk)
{
    desk->watch_id = g_timeout_add(WATCH_MS, watch, desk);
    g_signal_connect_swapped(desk->lanes, "light-changed", G_CALLBACK(light_changed), desk);
    watch(desk);
}

void cel_desk_watch_stop(CelDesk *desk)
{
    g_signal_handlers_disconnect_by_func(desk->lanes, light_changed, desk);
    g_clear_handle_id(&desk->watch_id, g_source_remove);
    g_clear_handle_id(&desk->light_watch_id, g_source_remove);
}
