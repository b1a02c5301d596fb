/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"

#include "bench/cel-lab-bench.h"
#include "bench/cel-lab-calibration.h"
#include "cel-drivers.h"

G_BEGIN_DECLS

/* What the files of the desk share; nobody else includes it. */

struct _CelDesk {
    GObject parent;
    CelLanes *lanes;
    CelDeskFacts facts; /* main loop */
    gboolean stopped;

    /* lab lane */
    CelLab *lab;
    CelKey *person_key;
    CelInForce in_force;

    /* instrument lane; read elsewhere only while that lane works for the reader */
    CelDriverTable table;
    CelBus *bus;
    CelDevice *device;
    GArray *seen; /* CelDeviceInfo, main loop */

    /* libraries, under the mutex */
    GMutex mutex;
    GCond cond;
    GPtrArray *benches; /* CelLabBench, the newest last; kept: answers point into them */
    gboolean bench_failed;
    char *bench_problem;

    /* watching */
    guint watch_id, light_watch_id;
    gboolean looking, seeking;
    char *tried; /* (nullable): id of the one that was opened by itself, well or not */
    guint n_looks, n_watches;
    gint64 clock_offset_us; /* wall minus monotonic clock when the program began; 0: not yet */
};

/** cel_desk_facts_clear: frees the texts. */
void cel_desk_facts_clear(CelDeskFacts *facts);
/** cel_desk_set_text: replaces a text of the facts; @text: (nullable): "". */
void cel_desk_set_text(char **slot, const char *text);
/** cel_desk_tell, cel_desk_tell_instruments: emit "changed", "instruments-changed". */
void cel_desk_tell(CelDesk *desk);
void cel_desk_tell_instruments(CelDesk *desk);
/** cel_desk_instruments_init: the table of drivers, with the machine's USB where there is one. */
void cel_desk_instruments_init(CelDesk *desk);
/** cel_desk_load_bench: loads the libraries on a worker; the lab's records and day-book count when
 * a lab is open. */
void cel_desk_load_bench(CelDesk *desk);
/** cel_desk_watch_start, cel_desk_watch_stop: looks at laser, disk and clock every second,
 * while there is light five times a second. */
void cel_desk_watch_start(CelDesk *desk);
void cel_desk_watch_stop(CelDesk *desk);
/** cel_desk_ask_check: reads what the day-book says of the open instrument, and puts the
 * calibration in force there that the lab measures with. */
void cel_desk_ask_check(CelDesk *desk);
/** cel_desk_put_in_force: @calibration: (nullable): the instrument measures with it, else with its
 * own. */
void cel_desk_put_in_force(CelDesk *desk, const CelCalibration *calibration);

G_END_DECLS
