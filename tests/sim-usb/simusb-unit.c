/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-unit.h"

#include "base/cel-number.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

enum { HIGH_SPEED_PACKET = 512, FULL_SPEED_PACKET = 64 };
G_STATIC_ASSERT(SIMUSB_NEVER == -ETIMEDOUT);

struct SimUsbUnit {
    const SimUsbModel *model;
    SimUsbBoard board;
    SimUsbFirmware *firmware;
    gboolean own_supply;
};

static const SimUsbModel *find_model(const char *id)
{
    gsize n = 0;
    const SimUsbModel *models = simusb_models(&n);
    for (gsize i = 0; i < n; i++) {
        if (strcmp(models[i].id, id) == 0)
            return &models[i];
    }
    return NULL;
}

static gboolean set_all(SimUsbUnit *unit, const char *list, gint64 now_us, GError **error)
{
    g_auto(GStrv) pairs = g_strsplit(list, ",", -1);
    for (char **pair = pairs; *pair != NULL; pair++) {
        g_auto(GStrv) words = g_strsplit(*pair, "=", 2);
        if (words[0] == NULL || words[1] == NULL) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "not key=value: %s", *pair);
            return FALSE;
        }
        if (!simusb_unit_set(unit, words[0], words[1], now_us, error))
            return FALSE;
    }
    return TRUE;
}

static SimUsbUnit *make(const SimUsbModel *model, gint64 now_us)
{
    SimUsbUnit *unit = g_new0(SimUsbUnit, 1);
    guint n = 0;
    while (n < G_N_ELEMENTS(model->in) && model->in[n] != 0)
        n++;
    unit->model = model;
    unit->own_supply = model->own_supply;
    simusb_board_init(&unit->board, model->in, n,
                      model->full_speed ? FULL_SPEED_PACKET : HIGH_SPEED_PACKET);
    unit->board.now_us = now_us;
    unit->firmware = model->family->create(model, &unit->board);
    return unit;
}

SimUsbUnit *simusb_unit_new(const char *spec, const char *folder, const char *prefix, gint64 now_us,
                            GError **error)
{
    g_auto(GStrv) parts = g_strsplit(spec, ":", 2);
    const SimUsbModel *model = parts[0] != NULL ? find_model(parts[0]) : NULL;
    if (model == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no such model: %s", spec);
        return NULL;
    }
    g_autoptr(SimUsbUnit) unit = make(model, now_us);
    if (folder != NULL && model->family->load == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s cannot serve recordings",
                    model->id);
        return NULL;
    }
    if (folder != NULL && !model->family->load(unit->firmware, folder, prefix, error))
        return NULL;
    if (parts[1] != NULL && !set_all(unit, parts[1], now_us, error))
        return NULL;
    return g_steal_pointer(&unit);
}

void simusb_unit_free(SimUsbUnit *unit)
{
    if (unit == NULL)
        return;
    unit->model->family->destroy(unit->firmware);
    simusb_board_clear(&unit->board);
    g_free(unit);
}

const SimUsbModel *simusb_unit_model(const SimUsbUnit *unit)
{
    return unit->model;
}

SimUsbBoard *simusb_unit_board(SimUsbUnit *unit)
{
    return &unit->board;
}

/* ---- transfers ---- */

/* What a driver is judged by: commands that arrived, whatever became of them. */
static void count_command(SimUsbTruth *truth, const SimUsbEvent *event)
{
    if (event->state == SIMUSB_LASER_ON)
        truth->enables++;
    else if (event->state == SIMUSB_LASER_OFF)
        truth->disables++;
}

/* Judges and performs. Returns: 0 or a negative errno. */
static int execute(SimUsbUnit *unit, SimUsbRequest *request, SimUsbStrike *out_strike)
{
    const SimUsbEvent event = unit->model->family->classify(unit->firmware, request);
    const SimUsbStrike strike = simusb_board_judge(&unit->board, &event);
    count_command(&unit->board.truth, &event);
    *out_strike = strike;
    const SimUsbFault *stall = strike.by[SIMUSB_STALL];
    if (stall != NULL && !stall->obeyed)
        return -EPIPE;
    if (strike.by[SIMUSB_TIMEOUT] != NULL || simusb_board_is_cut(&strike))
        return SIMUSB_NEVER;
    if (strike.by[SIMUSB_LOST] != NULL && !event.to_host)
        return 0;
    const int status = unit->model->family->perform(unit->firmware, request);
    return stall != NULL ? -EPIPE : status;
}

int simusb_unit_control(SimUsbUnit *unit, const guint8 setup[8], guint8 *data, gsize n,
                        gint64 now_us, gint64 *out_due_us)
{
    simusb_unit_advance(unit, now_us);
    unit->board.truth.controls++;
    g_autoptr(GByteArray) answer = g_byte_array_new();
    const gboolean get = (setup[0] & 0x80) != 0;
    SimUsbRequest request = {
        .setup = setup, .data = data, .n = get ? 0 : n, .answer = answer, .room = n};
    SimUsbStrike strike;
    const int status = execute(unit, &request, &strike);
    *out_due_us = now_us + simusb_board_delay_us(&strike);
    if (status != 0)
        return status;
    if (!get)
        return (int)n;
    simusb_board_spoil(&unit->board, &strike, answer);
    if (answer->len > n)
        return -EOVERFLOW;
    if (answer->len > 0)
        memcpy(data, answer->data, answer->len);
    return (int)answer->len;
}

int simusb_unit_bulk_out(SimUsbUnit *unit, guint8 endpoint, const guint8 *data, gsize n,
                         gint64 now_us, gint64 *out_due_us)
{
    simusb_unit_advance(unit, now_us);
    unit->board.truth.bulk_outs++;
    SimUsbRequest request = {.endpoint = endpoint, .data = data, .n = n};
    SimUsbStrike strike;
    const int status = execute(unit, &request, &strike);
    *out_due_us = now_us + simusb_board_delay_us(&strike);
    simusb_unit_advance(unit, now_us);
    return status != 0 ? status : (int)n;
}

int simusb_unit_bulk_in(SimUsbUnit *unit, SimUsbRead *read, gint64 now_us)
{
    simusb_unit_advance(unit, now_us);
    const int status = simusb_board_read(&unit->board, read);
    if (status != -EINPROGRESS)
        unit->board.truth.bulk_ins++;
    return status;
}

/* ---- time ---- */

void simusb_unit_advance(SimUsbUnit *unit, gint64 now_us)
{
    unit->board.now_us = MAX(now_us, unit->board.now_us);
    unit->model->family->advance(unit->firmware);
}

gint64 simusb_unit_due_us(SimUsbUnit *unit)
{
    return MIN(simusb_board_due_us(&unit->board), unit->model->family->due_us(unit->firmware));
}

void simusb_unit_plugged(SimUsbUnit *unit, gboolean on, gint64 now_us)
{
    simusb_unit_advance(unit, now_us);
    unit->board.fate.kind = SIMUSB_STAYS;
    if (!on && !unit->own_supply) {
        unit->model->family->power(unit->firmware, FALSE);
        simusb_board_power_loss(&unit->board);
    } else if (on && !unit->own_supply) {
        unit->model->family->power(unit->firmware, TRUE);
    }
}

static gboolean set_common(SimUsbUnit *unit, const char *key, const char *value)
{
    double number = 0.0;
    if (strcmp(key, "supply") == 0) {
        unit->own_supply = strcmp(value, "own") == 0;
        return unit->own_supply || strcmp(value, "usb") == 0;
    }
    if (strcmp(key, "eeprom") == 0)
        return unit->model->family->corrupt(unit->firmware, value);
    if (strcmp(key, "time-factor") != 0 || !cel_number_parse(value, strlen(value), '.', &number) ||
        number < 0.0)
        return FALSE;
    unit->board.time_factor = number;
    return TRUE;
}

gboolean simusb_unit_set(SimUsbUnit *unit, const char *key, const char *value, gint64 now_us,
                         GError **error)
{
    simusb_unit_advance(unit, now_us);
    if (set_common(unit, key, value) || unit->model->family->set(unit->firmware, key, value))
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s takes no %s=%s",
                unit->model->id, key, value);
    return FALSE;
}
