/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-transport.h"

G_BEGIN_DECLS

/* Ocean Optics / Ocean Insight spectrometers: what differs from model to model, as data. */

typedef enum {
    CEL_OCEAN_OOI, /* the older protocol: single opcodes, ocean-ooi.h */
    CEL_OCEAN_OBP, /* "Ocean Binary Protocol": messages of 64 bytes and more, ocean-obp.h */
} CelOceanProtocol;

/** CelOceanSaturation: where slot 17 holds the count at which the detector is full; counts are then
 * multiplied by full scale / that count. */
typedef enum {
    CEL_OCEAN_FULL_SCALE, /* nowhere: the detector is full at full scale */
    CEL_OCEAN_U16_AT_6,   /* bytes 6-7 of the answer; 0: not programmed, no scaling */
    CEL_OCEAN_U32_AT_6,   /* bytes 6-9 of the answer; 0: not programmed, no scaling */
    CEL_OCEAN_U16_AT_2,   /* bytes 2-3; outside of (32768, full scale]: not programmed */
    CEL_OCEAN_NOT_KNOWN,  /* no source says it: saturation cannot be told */
} CelOceanSaturation;

/** CelOceanEndpoints: 0: none. */
typedef struct {
    guint8 out;          /* commands */
    guint8 in;           /* answers; at full speed spectra too, where @first_part is not 0 */
    guint8 spectra;      /* spectra */
    guint8 first_part;   /* the first CEL_OCEAN_FIRST_PART_BYTES of a split frame, at high speed */
    gboolean has_speeds; /* at full speed (12 Mbit/s) everything comes from @in */
} CelOceanEndpoints;

enum { CEL_OCEAN_FIRST_PART_BYTES = 2048 };

/** CelOceanModel: one kind of spectrometer; a new one is a new row. */
typedef struct {
    const char *name;
    CelOceanProtocol protocol;
    const CelOceanEndpoints *endpoints;
    guint n_sent;             /* pixels in a frame */
    guint n_pixels;           /* those of the detector; what follows is padding */
    guint bytes_per_pixel;    /* 2 or 4 */
    guint metadata_bytes;     /* before the pixels (OBP) */
    double integration_us[2]; /* least, most */
    guint unit_us;            /* integration times are sent in this unit: 1 or 1000 */
    guint32 full_scale;       /* counts; nothing above it is given out */
    guint16 flip;             /* OOI: bits to turn over in every pixel */
    gboolean is_shuffled;     /* OOI: 64 low bytes, then 64 high bytes of 4 bits each */
    gboolean is_split;        /* OOI: at high speed the frame begins on @endpoints->first_part */
    gboolean no_sync;         /* OOI: the frame does not end in the sync byte */
    gboolean has_fpga;        /* OOI: it tells its version, and the speed it runs at (opcode FE) */
    gboolean has_cooler;      /* tells the detector's temperature */
    guint16 flame_major;      /* OOI: from this FPGA version on it is sold as @flame_name; 0: no */
    const char *flame_name;
    CelOceanSaturation saturation;
    guint16 dark_pixels[2][2]; /* covered ones, [first, after last) */
    guint n_dark_ranges;
    int first_index;          /* the index of pixel 0 in the wavelength polynomial */
    guint32 spectrum_message; /* OBP: the message that asks for a frame */
    gboolean is_buffered;     /* OBP: it runs freely into a buffer that must be emptied first */
} CelOceanModel;

enum { CEL_OCEAN_N_MODELS = 23 };

/** cel_ocean_usb_ids: the USB id and full title of every model. */
extern const CelUsbId cel_ocean_usb_ids[CEL_OCEAN_N_MODELS];

/** cel_ocean_model: Returns: (nullable) (transfer none): the row of that id. Thread-safe: yes. */
const CelOceanModel *cel_ocean_model(guint16 vendor, guint16 product);

/** cel_ocean_frame_bytes: Returns: how long a frame of @model is: OOI on the wire with its sync
 * byte, OBP the payload of the message. */
gsize cel_ocean_frame_bytes(const CelOceanModel *model);

G_END_DECLS
