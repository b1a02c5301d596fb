/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-transport.h"

G_BEGIN_DECLS

/* What is known of Wasatch boards and detectors, as rows of data. Sources: the public programs of
 * the maker, Wasatch.PY (68230cd), Wasatch.NET (27d5daa), Wasatch.VCPP (2ead399). */

/** CelWasatchBoard: what the USB ids tell, and no more. */
typedef struct {
    CelUsbId usb;
    gboolean is_arm;        /* every transfer on endpoint 0 carries at least 8 bytes */
    gboolean has_high_gain; /* opcode EB means high gain; on other boards it means area scan */
} CelWasatchBoard;

enum { CEL_WASATCH_N_BOARDS = 3 };

/** cel_wasatch_usb_ids: for scanning and for the udev rules; in the order of the boards. */
extern const CelUsbId cel_wasatch_usb_ids[CEL_WASATCH_N_BOARDS];

/** cel_wasatch_board: Returns: (transfer none) (nullable): the row of @product. */
const CelWasatchBoard *cel_wasatch_board(guint16 vendor, guint16 product);

/** CelWasatchDetector: a family of detectors, found by its name in the EEPROM. */
typedef struct {
    const char *name;         /* part of the EEPROM's name, in small letters */
    gboolean is_start;        /* @name must stand at the start */
    gboolean is_ingaas;       /* even and odd pixels have amplifiers of their own */
    gboolean is_imx;          /* may give all-equal frames, sleeps, several frames to wake up */
    gboolean has_startup;     /* @startup_celsius is known */
    gint8 startup_celsius;    /* set-point when the EEPROM holds none that is possible */
    guint8 garbage_first;     /* pixels at the start of the line that hold no light */
    guint8 garbage_last;      /* and at its end */
    const char *garbage_fpga; /* (nullable): only with this FPGA version */
    guint32 saturation_counts;
} CelWasatchDetector;

/** cel_wasatch_detector: Returns: (transfer none): the row for a detector @name; for an unknown one
 * a row that claims nothing but 16 bits. */
const CelWasatchDetector *cel_wasatch_detector(const char *name);

/** cel_wasatch_is_xs: "XS" firmware is told by text, not by USB ids (SpectrometerSettings.py
 * is_xs): what holds for it is the distrust of its laser read-back, its watchdog and its sleeping
 * sensor. */
gboolean cel_wasatch_is_xs(const char *detector, const char *model);

/** cel_wasatch_laser_class: the class by IEC 60825-1:2014 (continuous, 315 nm to 1 mm) that a laser
 * of at most @max_mw cannot exceed: "3B" to 500 mW, "4" above, "" when not known (0). */
const char *cel_wasatch_laser_class(double max_mw);

G_END_DECLS
