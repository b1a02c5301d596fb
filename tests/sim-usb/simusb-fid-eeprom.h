/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes the 64-byte pages of a FID unit's memory (Wasatch Photonics, formats 3 to 19), field by
 * field as public readers of them expect. Little endian, IEEE 754. Pure. */

enum { SIMFID_PAGES = 9, SIMFID_PAGE_BYTES = 64 };

/** SimFidMemory: the pages as the unit holds them. */
typedef guint8 SimFidMemory[SIMFID_PAGES][SIMFID_PAGE_BYTES];

/** SimFidFields: what is written; text longer than its field is cut. */
typedef struct {
    guint8 format;
    const char *model, *serial, *detector, *configuration;
    gboolean cooling, battery, laser;
    guint16 features; /* bits of section 5 of the vendor's layout */
    guint16 slit_um, startup_ms;
    gint16 startup_celsius;
    double gain, gain_odd;
    gint16 offset, offset_odd;
    double wavelength[5];
    double celsius_to_dac[3], adc_to_celsius[3];
    gint16 celsius_max, celsius_min;
    guint16 pixels, roi_start, roi_end;
    double power_percent[4]; /* over mW */
    double mw_max, mw_min, laser_nm;
    guint32 integration_ms[2];
    double resolution_cm1;
    guint8 warmup_s;
    guint16 watchdog_s;
    guint8 attenuator;
} SimFidFields;

/** simfid_memory_write: @out_memory: pages that the format has not stay 0xFF. */
void simfid_memory_write(const SimFidFields *fields, SimFidMemory out_memory);

/** simfid_memory_corrupt: @how: nan, nan-laser, zero-pixels, many-pixels, non-monotonic, all-ff,
 * fx2-code, garbage, serial, limits, future. Returns: FALSE: no such way. */
gboolean simfid_memory_corrupt(SimFidMemory memory, const char *how);

/** simfid_memory_u16: Returns: the number at @offset of @page. */
guint16 simfid_memory_u16(SimFidMemory memory, guint page, guint offset);

/** simfid_memory_f32: as simfid_memory_u16(). */
double simfid_memory_f32(SimFidMemory memory, guint page, guint offset);

G_END_DECLS
