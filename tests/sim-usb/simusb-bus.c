/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus-private.h"

#include "base/cel-number.h"

#include <errno.h>
#include <gio/gio.h>
#include <math.h>
#include <string.h>

enum { FIRST_ADDRESS = 5, LAST_ADDRESS = 127 };

gint64 simusb_now_us(void)
{
    return g_get_monotonic_time();
}

/* ---- time ---- */

static gint64 slot_due_us(SimUsbSlot *slot)
{
    gint64 due = MIN(slot->leave_us, slot->return_us);
    due = MIN(due, simusb_unit_due_us(slot->unit));
    return slot->node != NULL ? MIN(due, simusb_node_due_us(slot->node)) : due;
}

static void wake_clock(SimUsbBus *bus, gint64 due_us)
{
    if (due_us >= bus->clock_us)
        return;
    bus->clock_us = due_us;
    g_cond_signal(&bus->clock_wake);
}

void simusb_bus_touched(SimUsbBus *bus, SimUsbSlot *slot)
{
    if (bus->waiters > 0)
        g_cond_broadcast(&bus->changed);
    wake_clock(bus, slot_due_us(slot));
}

/* What the clock has to do without the lock. */
typedef enum { NOTHING, LEAVE, RETURN } Move;

static void begin_suspension(SimUsbSlot *slot, gint64 now_us, gint64 ms)
{
    if (slot->node != NULL) {
        slot->node->suspended = TRUE;
        simusb_node_kill(slot->node, -EPROTO);
    }
    slot->leave_us = now_us + ms * 1000;
    slot->return_us = slot->leave_us + ms * 1000;
}

static Move move_of(SimUsbSlot *slot, gint64 now_us)
{
    SimUsbFate *fate = &simusb_unit_board(slot->unit)->fate;
    if (fate->kind != SIMUSB_STAYS && fate->at_us <= now_us) {
        const SimUsbFate due = *fate;
        fate->kind = SIMUSB_STAYS;
        if (due.kind == SIMUSB_GOES)
            return LEAVE;
        begin_suspension(slot, now_us, due.ms);
    }
    if (slot->leave_us <= now_us) {
        slot->leave_us = G_MAXINT64;
        return LEAVE;
    }
    if (slot->return_us <= now_us) {
        slot->return_us = G_MAXINT64;
        return RETURN;
    }
    return NOTHING;
}

/* Returns: TRUE when a unit was moved and all must be looked at again. */
static gboolean tick(SimUsbBus *bus, guint i, gint64 now_us)
{
    SimUsbSlot *slot = g_ptr_array_index(bus->slots, i);
    if (simusb_unit_due_us(slot->unit) <= now_us)
        simusb_unit_advance(slot->unit, now_us);
    if (slot->node != NULL)
        simusb_node_serve(slot->node, now_us);
    const Move move = move_of(slot, now_us);
    if (move == NOTHING)
        return FALSE;
    g_mutex_unlock(&bus->lock);
    if (move == LEAVE)
        simusb_bus_unplug(bus, i + 1, NULL);
    else
        simusb_bus_plug(bus, i + 1, 0, NULL);
    g_mutex_lock(&bus->lock);
    return TRUE;
}

static gpointer run_clock(gpointer data)
{
    SimUsbBus *bus = data;
    g_mutex_lock(&bus->lock);
    while (!bus->stop) {
        const gint64 now_us = simusb_now_us();
        gboolean moved = FALSE;
        gint64 due = G_MAXINT64;
        for (guint i = 0; i < bus->slots->len; i++) {
            moved = tick(bus, i, now_us) || moved;
            due = MIN(due, slot_due_us(g_ptr_array_index(bus->slots, i)));
        }
        if (bus->waiters > 0)
            g_cond_broadcast(&bus->changed);
        if (moved || due <= now_us)
            continue;
        bus->clock_us = due;
        if (due == G_MAXINT64)
            g_cond_wait(&bus->clock_wake, &bus->lock);
        else
            g_cond_wait_until(&bus->clock_wake, &bus->lock, due);
        bus->clock_us = 0; /* awake: it will look for itself */
    }
    g_mutex_unlock(&bus->lock);
    return NULL;
}

/* ---- the bus ---- */

static void slot_free(gpointer data)
{
    SimUsbSlot *slot = data;
    simusb_unit_free(slot->unit);
    g_free(slot);
}

SimUsbBus *simusb_bus_new(GError **error)
{
    UMockdevTestbed *bed = umockdev_testbed_new();
    /* asks once and remembers, so only after the testbed stands */
    if (!umockdev_in_mock_environment()) {
        g_object_unref(bed);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "not under LD_PRELOAD=libumockdev-preload.so.0");
        return NULL;
    }
    SimUsbBus *bus = g_new0(SimUsbBus, 1);
    bus->bed = bed;
    bus->root = umockdev_testbed_get_root_dir(bed);
    bus->slots = g_ptr_array_new_with_free_func(slot_free);
    bus->nodes = g_ptr_array_new_with_free_func(simusb_node_free);
    bus->next_address = FIRST_ADDRESS;
    g_mutex_init(&bus->topology);
    g_mutex_init(&bus->lock);
    g_cond_init(&bus->changed);
    g_cond_init(&bus->clock_wake);
    bus->clock = g_thread_new("sim-usb clock", run_clock, bus);
    return bus;
}

void simusb_bus_free(SimUsbBus *bus)
{
    if (bus == NULL)
        return;
    for (guint i = 1; i <= bus->slots->len; i++)
        simusb_bus_unplug(bus, i, NULL);
    g_mutex_lock(&bus->lock);
    bus->stop = TRUE;
    g_cond_signal(&bus->clock_wake);
    g_mutex_unlock(&bus->lock);
    g_thread_join(bus->clock);
    g_object_unref(bus->bed); /* ends umockdev's thread, so that nobody calls the nodes any more */
    g_ptr_array_unref(bus->nodes);
    g_ptr_array_unref(bus->slots);
    g_mutex_clear(&bus->topology);
    g_mutex_clear(&bus->lock);
    g_cond_clear(&bus->changed);
    g_cond_clear(&bus->clock_wake);
    g_free(bus->root);
    g_free(bus);
}

/* Returns: with the lock held when found. */
static SimUsbSlot *lock_slot(SimUsbBus *bus, guint unit, GError **error)
{
    g_mutex_lock(&bus->lock);
    if (unit >= 1 && unit <= bus->slots->len)
        return g_ptr_array_index(bus->slots, unit - 1);
    g_mutex_unlock(&bus->lock);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no unit %u", unit);
    return NULL;
}

guint simusb_bus_n_units(SimUsbBus *bus)
{
    g_mutex_lock(&bus->lock);
    const guint n = bus->slots->len;
    g_mutex_unlock(&bus->lock);
    return n;
}

/* Moves the properties that are the bus's out of "MODEL:key=value,...". Returns: (transfer full):
 * the rest of it. */
static char *take_bus_properties(const char *spec, SimUsbSlot *slot, gboolean *out_absent)
{
    g_auto(GStrv) parts = g_strsplit(spec, ":", 2);
    GString *rest = g_string_new(parts[0]);
    g_auto(GStrv) pairs = g_strsplit(parts[0] != NULL && parts[1] != NULL ? parts[1] : "", ",", -1);
    char mark = ':';
    for (char **pair = pairs; *pair != NULL; pair++) {
        if (strcmp(*pair, "plugged=0") == 0) {
            *out_absent = TRUE;
        } else if (strcmp(*pair, "permission=0") == 0) {
            slot->denied = TRUE;
        } else {
            g_string_append_printf(rest, "%c%s", mark, *pair);
            mark = ',';
        }
    }
    return g_string_free(rest, FALSE);
}

/* No two units of a bus are the same one. */
static void set_serial(SimUsbUnit *unit, guint number)
{
    const SimUsbFamily *family = simusb_unit_model(unit)->family;
    g_autofree char *serial =
        g_strdup_printf("%s%0*u", family->serial_prefix, family->serial_digits, number);
    simusb_unit_set(unit, "serial", serial, simusb_now_us(), NULL);
}

guint simusb_bus_add(SimUsbBus *bus, const char *spec, const char *folder, const char *prefix,
                     GError **error)
{
    SimUsbSlot *slot = g_new0(SimUsbSlot, 1);
    *slot = (SimUsbSlot){.leave_us = G_MAXINT64, .return_us = G_MAXINT64};
    gboolean absent = FALSE;
    g_autofree char *own = take_bus_properties(spec, slot, &absent);
    slot->unit = simusb_unit_new(own, folder, prefix, simusb_now_us(), error);
    if (slot->unit == NULL) {
        g_free(slot);
        return 0;
    }
    g_mutex_lock(&bus->lock);
    g_ptr_array_add(bus->slots, slot);
    const guint number = bus->slots->len;
    if (folder == NULL && strstr(own, "serial=") == NULL)
        set_serial(slot->unit, number);
    g_mutex_unlock(&bus->lock);
    return absent || simusb_bus_plug(bus, number, 0, error) ? number : 0;
}

static gboolean address_is_taken(SimUsbBus *bus, guint address)
{
    for (guint i = 0; i < bus->slots->len; i++) {
        const SimUsbSlot *slot = g_ptr_array_index(bus->slots, i);
        if (slot->node != NULL && slot->node->address == address)
            return TRUE;
    }
    return FALSE;
}

static guint free_address(SimUsbBus *bus, guint wanted)
{
    if (wanted != 0)
        return address_is_taken(bus, wanted) ? 0 : wanted;
    for (guint i = 0; i < LAST_ADDRESS; i++) {
        const guint address = bus->next_address;
        bus->next_address = address == LAST_ADDRESS ? 1 : address + 1;
        if (!address_is_taken(bus, address))
            return address;
    }
    return 0;
}

gboolean simusb_bus_plug(SimUsbBus *bus, guint unit, guint address, GError **error)
{
    g_mutex_lock(&bus->topology);
    SimUsbSlot *slot = lock_slot(bus, unit, error);
    gboolean ok = FALSE;
    if (slot != NULL) {
        const guint at = slot->node == NULL ? free_address(bus, MIN(address, LAST_ADDRESS)) : 0;
        g_mutex_unlock(&bus->lock);
        if (at == 0)
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "unit %u is plugged in, or no address",
                        unit);
        else
            ok = simusb_node_new(bus, slot, at, error) != NULL;
    }
    g_mutex_unlock(&bus->topology);
    return ok;
}

gboolean simusb_bus_unplug(SimUsbBus *bus, guint unit, GError **error)
{
    g_mutex_lock(&bus->topology);
    SimUsbSlot *slot = lock_slot(bus, unit, error);
    SimUsbNode *node = NULL;
    if (slot != NULL) {
        node = slot->node;
        if (node != NULL) {
            node->gone = TRUE;
            slot->node = NULL;
            simusb_node_kill(node, -ESHUTDOWN);
            simusb_unit_plugged(slot->unit, FALSE, simusb_now_us());
            simusb_node_close_unused(node);
            simusb_bus_touched(bus, slot);
        } else {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "unit %u is not plugged in",
                        unit);
        }
        g_mutex_unlock(&bus->lock);
    }
    if (node != NULL)
        simusb_node_leave(node);
    g_mutex_unlock(&bus->topology);
    return node != NULL;
}

/* ---- faults and properties ---- */

guint simusb_bus_arm(SimUsbBus *bus, guint unit, const char *text, GError **error)
{
    SimUsbFault fault;
    g_auto(GStrv) words = g_strsplit_set(text, " ", -1);
    if (!simusb_fault_parse(words, &fault, error))
        return 0;
    SimUsbSlot *slot = lock_slot(bus, unit, error);
    if (slot == NULL)
        return 0;
    const guint id = simusb_board_arm(simusb_unit_board(slot->unit), &fault);
    g_mutex_unlock(&bus->lock);
    return id;
}

void simusb_bus_disarm(SimUsbBus *bus, guint unit, guint fault)
{
    SimUsbSlot *slot = lock_slot(bus, unit, NULL);
    if (slot == NULL)
        return;
    simusb_board_disarm(simusb_unit_board(slot->unit), fault);
    g_mutex_unlock(&bus->lock);
}

char *simusb_bus_faults(SimUsbBus *bus, guint unit)
{
    GString *text = g_string_new(NULL);
    SimUsbSlot *slot = lock_slot(bus, unit, NULL);
    if (slot != NULL) {
        const GArray *faults = simusb_unit_board(slot->unit)->faults;
        for (guint i = 0; i < faults->len; i++) {
            g_autofree char *one = simusb_fault_text(&g_array_index(faults, SimUsbFault, i));
            g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", one);
        }
        g_mutex_unlock(&bus->lock);
    }
    return g_string_free(text, FALSE);
}

static gboolean set_permission(SimUsbBus *bus, SimUsbSlot *slot, gboolean allowed)
{
    g_mutex_lock(&bus->topology);
    slot->denied = !allowed;
    if (slot->node != NULL)
        simusb_node_permit(slot->node, allowed);
    g_mutex_unlock(&bus->topology);
    return TRUE;
}

gboolean simusb_bus_set(SimUsbBus *bus, guint unit, const char *key, const char *value,
                        GError **error)
{
    SimUsbSlot *slot = lock_slot(bus, unit, error);
    double number = 0.0;
    gboolean ok = TRUE;
    if (slot == NULL)
        return FALSE;
    const gboolean is_number = cel_number_parse(value, strlen(value), '.', &number);
    if (strcmp(key, "permission") == 0) {
        g_mutex_unlock(&bus->lock);
        return set_permission(bus, slot, number > 0.0);
    }
    if (strcmp(key, "busy") == 0 && is_number)
        slot->busy = (guint)CLAMP(number, 0.0, 1e6);
    else
        ok = simusb_unit_set(slot->unit, key, value, simusb_now_us(), error);
    simusb_bus_touched(bus, slot);
    g_mutex_unlock(&bus->lock);
    return ok;
}

/* ---- reading ---- */

static double value_locked(const SimUsbSlot *slot, const char *name)
{
    double value = (double)NAN;
    const SimUsbNode *node = slot->node;
    if (strcmp(name, "plugged") == 0)
        return node != NULL && !node->suspended;
    if (strcmp(name, "pending") == 0)
        return node != NULL ? (double)node->pending.length : 0.0;
    if (strcmp(name, "address") == 0)
        return node != NULL ? (double)node->address : 0.0;
    if (strcmp(name, "clients") == 0)
        return node != NULL ? (double)g_hash_table_size(node->clients) : 0.0;
    simusb_truth_value(&simusb_unit_board(slot->unit)->truth, name, simusb_now_us(), &value);
    return value;
}

double simusb_bus_value(SimUsbBus *bus, guint unit, const char *name)
{
    SimUsbSlot *slot = lock_slot(bus, unit, NULL);
    if (slot == NULL)
        return (double)NAN;
    const double value = value_locked(slot, name);
    g_mutex_unlock(&bus->lock);
    return value;
}

char *simusb_bus_read(SimUsbBus *bus, guint unit)
{
    SimUsbSlot *slot = lock_slot(bus, unit, NULL);
    if (slot == NULL)
        return g_strdup("");
    g_autofree char *truth =
        simusb_truth_text(&simusb_unit_board(slot->unit)->truth, simusb_now_us());
    char *text =
        g_strdup_printf("plugged=%.0f address=%.0f pending=%.0f clients=%.0f %s",
                        value_locked(slot, "plugged"), value_locked(slot, "address"),
                        value_locked(slot, "pending"), value_locked(slot, "clients"), truth);
    g_mutex_unlock(&bus->lock);
    return text;
}

char *simusb_bus_edges(SimUsbBus *bus, guint unit)
{
    SimUsbSlot *slot = lock_slot(bus, unit, NULL);
    if (slot == NULL)
        return g_strdup("");
    char *text = simusb_truth_edges_text(&simusb_unit_board(slot->unit)->truth);
    g_mutex_unlock(&bus->lock);
    return text;
}

/* ---- waiting ---- */

/* "name", how to compare, "value" */
typedef struct {
    char name[32];
    char compare[3];
    double value;
} Condition;

static gboolean parse_condition(const char *text, Condition *out)
{
    const gsize name = strcspn(text, "=!<>");
    const gsize sign = strspn(text + name, "=!<>");
    if (name == 0 || name >= sizeof out->name || sign == 0 || sign >= sizeof out->compare)
        return FALSE;
    g_strlcpy(out->name, text, name + 1);
    g_strlcpy(out->compare, text + name, sign + 1);
    const char *value = text + name + sign;
    return cel_number_parse(value, strlen(value), '.', &out->value);
}

static gboolean holds(const Condition *condition, double value)
{
    const gboolean equal = fabs(value - condition->value) < 1e-9;
    const gboolean strict = condition->compare[1] == '\0';
    switch (condition->compare[0]) {
    case '=':
        return equal;
    case '!':
        return !equal;
    case '<':
        return value < condition->value || (!strict && equal);
    default:
        return value > condition->value || (!strict && equal);
    }
}

gboolean simusb_bus_wait(SimUsbBus *bus, guint unit, const char *condition, guint timeout_ms,
                         GError **error)
{
    Condition wanted;
    SimUsbSlot *slot = lock_slot(bus, unit, error);
    if (slot == NULL)
        return FALSE;
    if (!parse_condition(condition, &wanted) || isnan(value_locked(slot, wanted.name))) {
        g_mutex_unlock(&bus->lock);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "not a condition: %s",
                    condition);
        return FALSE;
    }
    const gint64 until = simusb_now_us() + (gint64)timeout_ms * 1000;
    bus->waiters++;
    gboolean ok = FALSE;
    gboolean time_left = TRUE;
    while (!(ok = holds(&wanted, value_locked(slot, wanted.name))) && time_left)
        time_left = g_cond_wait_until(&bus->changed, &bus->lock, until);
    bus->waiters--;
    const double value = value_locked(slot, wanted.name);
    g_mutex_unlock(&bus->lock);
    if (!ok)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s is %g after %u ms", wanted.name,
                    value, timeout_ms);
    return ok;
}
