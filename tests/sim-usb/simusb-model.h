/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-board.h"

G_BEGIN_DECLS

/* What a family of simulated instruments implements: requests in, bytes out. Knows no bus. */

/** SimUsbRequest: one transfer that the host sent: control with @setup, or bulk OUT. */
typedef struct {
    const guint8 *setup; /* NULL: bulk OUT */
    guint8 endpoint;     /* bulk OUT */
    const guint8 *data;  /* of the host */
    gsize n;
    GByteArray *answer; /* control IN: the data stage, at most @room */
    gsize room;
} SimUsbRequest;

typedef struct SimUsbModel SimUsbModel; /* a row of the table */

/** SimUsbFirmware: private to its family. */
typedef struct SimUsbFirmware SimUsbFirmware;

/** SimUsbFamily: one protocol. The board's now_us is right in every call. */
typedef struct {
    const char *name;
    const char *serial_prefix; /* before the number of the unit, which has serial_digits */
    int serial_digits;
    SimUsbFirmware *(*create)(const SimUsbModel *model, SimUsbBoard *board);
    void (*destroy)(SimUsbFirmware *firmware);
    /** classify: what @request is about, without doing it. */
    SimUsbEvent (*classify)(SimUsbFirmware *firmware, const SimUsbRequest *request);
    /** perform: Returns: 0, -EPIPE (stall) or -ETIMEDOUT (never answers). */
    int (*perform)(SimUsbFirmware *firmware, SimUsbRequest *request);
    /** due_us: Returns: when something happens by itself; G_MAXINT64: nothing will. */
    gint64 (*due_us)(SimUsbFirmware *firmware);
    /** advance: does what is due. */
    void (*advance)(SimUsbFirmware *firmware);
    /** power: @on: FALSE: all state is lost, the laser goes out. */
    void (*power)(SimUsbFirmware *firmware, gboolean on);
    /** set: a property of the unit, by name. Returns: FALSE: no such, or out of range. */
    gboolean (*set)(SimUsbFirmware *firmware, const char *key, const char *value);
    /** corrupt: its stored memory. Returns: FALSE: no such way. */
    gboolean (*corrupt)(SimUsbFirmware *firmware, const char *how);
    /** load: (nullable): memory and frames of a real unit, as files @folder/@prefix-*. */
    gboolean (*load)(SimUsbFirmware *firmware, const char *folder, const char *prefix,
                     GError **error);
} SimUsbFamily;

/** SimUsbModel: one kind of unit; @details is for its family. */
struct SimUsbModel {
    const char *id;
    guint16 vendor, product;
    const SimUsbFamily *family;
    const void *details;
    guint8 out[2], in[3]; /* endpoints, 0: none */
    gboolean full_speed;  /* 12 Mbit/s, packets of 64 bytes */
    gboolean own_supply;  /* the laser survives unplugging */
};

/** simusb_models: Returns: (transfer none): THE table. */
const SimUsbModel *simusb_models(gsize *out_n);

extern const SimUsbFamily simusb_family_fid, simusb_family_ooi, simusb_family_obp;

G_END_DECLS
