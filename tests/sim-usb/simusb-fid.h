/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-camera.h"
#include "simusb-fid-eeprom.h"
#include "simusb-model.h"

G_BEGIN_DECLS

/* Firmware of simulated units that speak Wasatch Photonics' FID protocol; written from the public
 * facts alone, apart from the driver, so that two readings of them meet. */

/** SimFidBoardKind: */
typedef enum { SIMFID_FX2, SIMFID_FX2_INGAAS, SIMFID_XS } SimFidBoardKind;

/** SimFidDetails: of one model. */
typedef struct {
    SimFidBoardKind board;
    SimUsbOptics optics;
    SimFidFields memory; /* wavelengths and laser come from the optics */
} SimFidDetails;

/** SimFidRegister: what a set request writes and a get request reads back. */
typedef enum {
    SIMFID_GAIN,
    SIMFID_GAIN_ODD,
    SIMFID_OFFSET,
    SIMFID_OFFSET_ODD,
    SIMFID_TRIGGER,
    SIMFID_TRIGGER_DELAY,
    SIMFID_HIGH_GAIN,
    SIMFID_TEC_SETPOINT,
    SIMFID_TEC_ENABLE,
    SIMFID_MODULATION,
    SIMFID_PULSE_PERIOD,
    SIMFID_PULSE_WIDTH,
    SIMFID_PULSE_DELAY,
    SIMFID_PULSE_DURATION,
    SIMFID_LINK,
    SIMFID_LASER_TEC_SETPOINT,
    SIMFID_LASER_TEC_MODE,
    SIMFID_WARNING_S,
    SIMFID_ATTENUATOR,
    SIMFID_ADC_SELECT,
    SIMFID_SHUTTER,
    SIMFID_LAMP,
    SIMFID_FAN,
    SIMFID_ACCESSORY,
    SIMFID_DETECTOR_TIMEOUT,
    SIMFID_SENSOR_TIMEOUT,
    SIMFID_WATCHDOG_S,
    SIMFID_RAMAN_DELAY,
    SIMFID_SELECT_LASER,
    SIMFID_ROI_START,
    SIMFID_ROI_STOP,
    SIMFID_AVERAGING,
    SIMFID_N_REGISTERS,
} SimFidRegister;

/** SimFidQuirks: how this unit differs from the plain reading of the facts. */
typedef struct {
    gboolean inverted;           /* XS: setters are obeyed and stall */
    gboolean enable_unreadable;  /* XS: E2 says 0 whatever is true */
    gboolean watchdog_swapped;   /* takes the seconds byte-swapped */
    gboolean watchdog_msb_first; /* gives them back most significant byte first */
    gboolean deaf;               /* hangs until it loses power */
} SimFidQuirks;

/** SimFid: the firmware's state; shared by simusb-fid.c and simusb-fid-laser.c. */
typedef struct {
    SimUsbBoard *board;
    const SimFidDetails *details;
    SimUsbCamera *camera;
    SimFidMemory memory;
    guint pixels;
    guint64 reg[SIMFID_N_REGISTERS];
    SimFidQuirks quirks;
    gboolean enabled; /* laser register */
    gint64 light_from_us, watchdog_us;
    double mw_max;
    gint64 last_frame_us; /* for the sleep of the XS sensor; 0: never */
    gint64 cooler_from_us;
    double cooler_from_celsius, ambient_celsius;
    double celsius_to_dac[3], adc_to_celsius[3]; /* as its memory said when it was made */
    guint battery_percent;
    guint adc_reads; /* since the ADC was switched: the first is of the other input */
    guint frames;
} SimFid;

/** simfid_classify, simfid_perform, simfid_due_us, simfid_advance: slots of the family. */
SimUsbEvent simfid_classify(SimUsbFirmware *firmware, const SimUsbRequest *request);
int simfid_perform(SimUsbFirmware *firmware, SimUsbRequest *request);
gint64 simfid_due_us(SimUsbFirmware *firmware);
void simfid_advance(SimUsbFirmware *firmware);

/** simfid_is_xs: Returns: TRUE for the ARM boards. */
gboolean simfid_is_xs(const SimFid *fid);

/** simfid_laser_enable: the command BE. */
void simfid_laser_enable(SimFid *fid, gboolean on);

/** simfid_laser_update: makes the light what registers, interlock and time say. */
void simfid_laser_update(SimFid *fid);

/** simfid_laser_due_us: Returns: when the laser changes by itself. */
gint64 simfid_laser_due_us(const SimFid *fid);

/** simfid_laser_watchdog_set: @raw: as it came. */
void simfid_laser_watchdog_set(SimFid *fid, guint16 raw);

/** simfid_laser_read: E2, EF, FF/0D and FF/17. Returns: FALSE: this board does not know it. */
gboolean simfid_laser_read(SimFid *fid, guint32 opcode, GByteArray *answer);

/** simfid_laser_set: interlock, stuck, lies. Returns: FALSE: not one of these. */
gboolean simfid_laser_set(SimFid *fid, const char *key, gboolean on);

G_END_DECLS
