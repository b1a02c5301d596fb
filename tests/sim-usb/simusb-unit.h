/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-model.h"

G_BEGIN_DECLS

/* One simulated instrument: firmware and board behind one door, as a USB host sees them. Pure: the
 * caller tells the time, and one thread at a time calls. */

typedef struct SimUsbUnit SimUsbUnit;

/** SIMUSB_NEVER: of simusb_unit_control(): the transfer ends only when the host gives up. */
#define SIMUSB_NEVER (-110)

/**
 * simusb_unit_new:
 * @spec: "MODEL" or "MODEL:key=value,..." (keys of simusb_unit_set())
 * @folder, @prefix: (nullable): memory and frames of a real unit instead; then the model's text is
 *   as recorded, so that nothing marks it simulated
 * Returns: (transfer full): or NULL with G_IO_ERROR_INVALID_ARGUMENT.
 */
SimUsbUnit *simusb_unit_new(const char *spec, const char *folder, const char *prefix, gint64 now_us,
                            GError **error);

/** simusb_unit_free: @unit: (nullable) */
void simusb_unit_free(SimUsbUnit *unit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimUsbUnit, simusb_unit_free)

/** simusb_unit_model: Returns: (transfer none): its row. */
const SimUsbModel *simusb_unit_model(const SimUsbUnit *unit);

/** simusb_unit_board: Returns: (transfer none): truth, faults, pipes. */
SimUsbBoard *simusb_unit_board(SimUsbUnit *unit);

/**
 * simusb_unit_control:
 * @data: wLength bytes, of the host or for it
 * @out_due_us: when the transfer ends
 * Returns: bytes moved, a negative errno of USB, or SIMUSB_NEVER.
 */
int simusb_unit_control(SimUsbUnit *unit, const guint8 setup[8], guint8 *data, gsize n,
                        gint64 now_us, gint64 *out_due_us);

/** simusb_unit_bulk_out: Returns: as simusb_unit_control(). */
int simusb_unit_bulk_out(SimUsbUnit *unit, guint8 endpoint, const guint8 *data, gsize n,
                         gint64 now_us, gint64 *out_due_us);

/** simusb_unit_bulk_in: Returns: as simusb_board_read(). */
int simusb_unit_bulk_in(SimUsbUnit *unit, SimUsbRead *read, gint64 now_us);

/** simusb_unit_advance: what happens by itself until @now_us. */
void simusb_unit_advance(SimUsbUnit *unit, gint64 now_us);

/** simusb_unit_due_us: Returns: when to call simusb_unit_advance() next; G_MAXINT64: no need. */
gint64 simusb_unit_due_us(SimUsbUnit *unit);

/** simusb_unit_plugged: @on: FALSE: loses the bus, and its power too unless it has its own
 * supply. */
void simusb_unit_plugged(SimUsbUnit *unit, gboolean on, gint64 now_us);

/** simusb_unit_set: a property: "time-factor", "supply" (own, usb), "eeprom" (a way to corrupt it),
 * or one of its family. Returns: FALSE with G_IO_ERROR_INVALID_ARGUMENT. */
gboolean simusb_unit_set(SimUsbUnit *unit, const char *key, const char *value, gint64 now_us,
                         GError **error);

G_END_DECLS
