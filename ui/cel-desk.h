/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-daybook.h"
#include "bench/cel-lab.h"
#include "bench/cel-work.h"
#include "cel-task.h"
#include "device/cel-device.h"

G_BEGIN_DECLS

#define CEL_TYPE_DESK (cel_desk_get_type())
/**
 * CelDesk: what the whole application works with: the lab's folder, who is signed in, the
 * libraries, the instrument. Main loop only, unless said otherwise.
 *
 * Signals: "changed": something of cel_desk_facts() is another; "lab-changed": an event was
 * recorded, lists are to be read anew; "instruments-changed": the list of instruments is another.
 */
G_DECLARE_FINAL_TYPE(CelDesk, cel_desk, CEL, DESK, GObject)

/** CelDeskFacts: what the status strip shows; texts owned by the desk, "" where there is none. */
typedef struct {
    char *lab_folder, *lab_name;
    gboolean training;
    char *person, *person_id;
    CelRole role;
    guint lock_minutes;        /* without input, then the key is put away; 0: never */
    char *instrument, *serial; /* model and number of the open one */
    gboolean has_instrument, simulated, instrument_gone;
    gboolean takes_samples; /* the program's own simulation is told what lies before it */
    CelLaserState laser;    /* as cel_device_laser() */
    CelLaserKind laser_kind;
    CelDayState check;         /* of the day-book, for this instrument now */
    gint64 check_us;           /* when the deciding check was made, UTC since 1970; 0: none */
    char *calibration;         /* id of the lab's own that the instrument measures with */
    gint64 calibration_us;     /* when it was put in force */
    char *calibration_problem; /* why one that should be in force is not */
    char *asset;               /* number of the instrument in the lab's inventory */
    gboolean clock_doubt;      /* it was set while the program ran, or lies before the last event */
    guint64 disk_free_bytes;   /* where the lab's folder lies */
    gboolean libraries_ready;
    char *libraries_problem; /* why there are none */
} CelDeskFacts;

/** CelPersonCard: somebody whose key file lies in the lab's folder "people". */
typedef struct {
    char *path, *person, *person_id;
    CelRole role;
} CelPersonCard;

/** cel_desk_new: Returns: (transfer full): without lab and instrument; loads the libraries. */
CelDesk *cel_desk_new(void);

/** cel_desk_stop: ends all work, laser off, instrument and lab closed; before the program ends. */
void cel_desk_stop(CelDesk *desk);

/** cel_desk_lanes: Returns: (transfer none): the workers. */
CelLanes *cel_desk_lanes(CelDesk *desk);

/** cel_desk_facts: Returns: (transfer none): valid until the next "changed". */
const CelDeskFacts *cel_desk_facts(CelDesk *desk);

/** cel_desk_lab: On CEL_LANE_LAB only. Returns: (transfer none) (nullable): the open lab. */
CelLab *cel_desk_lab(CelDesk *desk);

/** cel_desk_need_lab: the same, for what cannot go on without. Returns: (transfer none): the open
 * lab; NULL with CEL_ERROR_USAGE without one. */
CelLab *cel_desk_need_lab(CelDesk *desk, GError **error);

/** cel_desk_bench: Any thread. Returns: (transfer none) (nullable): libraries and policy; NULL
 * while they load or when they cannot be. What was given out stays valid until cel_desk_stop(). */
const CelBench *cel_desk_bench(CelDesk *desk);

/** cel_desk_reload_libraries: the libraries of the lab's folder changed: loads them anew; what was
 * given out before stays valid. */
void cel_desk_reload_libraries(CelDesk *desk);

/** cel_desk_wait_bench: A worker's thread: waits until the libraries are loaded. Returns: (transfer
 * none), or NULL with the error that loading gave, or CEL_ERROR_CANCELLED. */
const CelBench *cel_desk_wait_bench(CelDesk *desk, CelJob *job, GError **error);

/** cel_desk_device: On CEL_LANE_INSTRUMENT, or any thread while a task of that lane runs. Returns:
 * (transfer none) (nullable): the open instrument. */
CelDevice *cel_desk_device(CelDesk *desk);

/** CelDeskDone: @error: (nullable): NULL: it went well. Main loop. */
typedef void (*CelDeskDone)(gpointer owner, const GError *error);

/** cel_desk_open_lab: opens @folder as the lab, in place of the one before; nobody is signed in.
 * @owner: (nullable): a GObject, held weakly; @done: (nullable). */
void cel_desk_open_lab(CelDesk *desk, const char *folder, GObject *owner, CelDeskDone done);

/** cel_desk_people: On CEL_LANE_LAB. Returns: (transfer full) (element-type CelPersonCard): by
 * role, then name; files that are no keys are left out. */
GPtrArray *cel_desk_people(CelDesk *desk);

/** cel_person_card_free: @card: (nullable) */
void cel_person_card_free(gpointer card);

/** cel_desk_sign_in: @key_path: of a key file; @passphrase: copied into locked memory. Seals that
 * were begun and not completed are recovered. */
void cel_desk_sign_in(CelDesk *desk, const char *key_path, const char *passphrase, GObject *owner,
                      CelDeskDone done);

/** cel_desk_sign_out: */
void cel_desk_sign_out(CelDesk *desk);

/** cel_desk_scan: Returns: (transfer full) (element-type CelDeviceInfo): the instruments seen last.
 * cel_desk_rescan() looks again and tells by "instruments-changed". */
GArray *cel_desk_scan(CelDesk *desk);
void cel_desk_rescan(CelDesk *desk);

/** cel_desk_open_instrument: @id: of the scan, "simulated:785"; @settings: (nullable): for the
 * driver; the one that was open is closed. */
void cel_desk_open_instrument(CelDesk *desk, const char *id, const char *settings, GObject *owner,
                              CelDeskDone done);

/** cel_desk_lab_changed: Any thread: an event was recorded; tells by "lab-changed". */
void cel_desk_lab_changed(CelDesk *desk);

G_END_DECLS
