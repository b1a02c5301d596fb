/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-camera.h"
#include "simusb-model.h"

G_BEGIN_DECLS

/* Firmware of simulated units that speak the older Ocean Optics protocol: one-byte commands on a
 * bulk pipe; written from the public facts alone, apart from the driver. */

/** SimOoiSaturation: how slot 17 says where the detector saturates. */
typedef enum {
    SIMOOI_NO_SATURATION,
    SIMOOI_AT_6_U16,
    SIMOOI_AT_2_U16,
    SIMOOI_AT_6_U32
} SimOoiSaturation;

/** SimOoiDetails: of one model. */
typedef struct {
    SimUsbOptics optics;   /* n_pixels: those on the wire */
    double integration_us; /* that one unit of the command 02 stands for */
    guint16 flipped_bits;  /* XOR of every pixel on the wire */
    gboolean split;        /* at high speed the first 2048 bytes come from the third pipe */
    gboolean no_sync;  /* the frame does not end in 69 (libseabreeze FlameNIRSpectrumExchange) */
    gboolean shuffled; /* blocks of 64 low, then 64 high bytes */
    SimOoiSaturation saturation;
    guint32 saturation_value; /* in slot 17; 0: none there */
    guint16 fpga;             /* register 04 */
    gboolean cooled;
    guint8 commands_in, spectra_in, split_in; /* endpoints; split_in 0: none */
} SimOoiDetails;

G_END_DECLS
