/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-drivers.h"
#include "fault-bench.h"
#include "transport-libusb.h"

#include "base/cel-error.h"

#include <stdlib.h>
#include <string.h>

/*
 * The fault matrix: driver x state of the protocol x fault, each cell under the real libusb against
 * simulated hardware that knows whether there is light. A cell holds when
 *   the call ended within its time, with a measurement that is right or with a defined error;
 *   nothing better was shown of the laser than the hardware's truth;
 *   after the fault is gone the laser is off, nothing is in flight, no descriptor is left, and the
 *   next measurement, with the same open device, is right.
 *
 *   fault-matrix [--every N] [--seed N] [--only TEXT] [--unit NAME]
 */

static const FaultUnit units[] = {
    {"Wasatch FX2", "wasatch-785:time-factor=1,sample=calcite", "wasatch", "",
     "nan|nan-laser|zero-pixels|many-pixels|non-monotonic|all-ff|fx2-code|garbage|serial|limits|"
     "future",
     20},
    {"Wasatch XS", "wasatch-xs:time-factor=0.5,sample=calcite", "wasatch", "",
     "nan|nan-laser|zero-pixels|all-ff|garbage|serial|limits", 20},
    {"Ocean OOI", "usb4000:gate=1,sample=calcite", "ocean",
     "laser_gate=strobe,laser_nm=785,laser_mw=100",
     "nan|comma|non-monotonic|zero-axis|all-ff|empty|huge|serial|garbage", 20},
    {"Ocean OBP", "qepro:gate=1,sample=calcite", "ocean",
     "laser_gate=strobe,laser_nm=785,laser_mw=100",
     "nan|non-monotonic|zero-axis|empty|many|all-ff|serial", 20},
};

/* The moments at which a fault strikes: what the host is about to do, and two that no transfer of
 * its own tells of. */
typedef enum { MOMENT_STATE, MOMENT_IDLE, MOMENT_DRAIN, MOMENT_MEMORY } MomentKind;

typedef struct {
    const char *name;  /* in the table */
    const char *state; /* word of the simulator */
    MomentKind kind;
} Moment;

static const Moment moments[] = {
    {"identify", "identify", MOMENT_STATE},
    {"configure", "configure", MOMENT_STATE},
    {"laser on", "laser-on", MOMENT_STATE},
    {"laser off", "laser-off", MOMENT_STATE},
    {"laser read", "laser-read", MOMENT_STATE},
    {"acquire", "acquire", MOMENT_STATE},
    {"frame", "frame", MOMENT_STATE},
    {"status", "status", MOMENT_STATE},
    {"idle", "frame", MOMENT_IDLE},
    {"draining", "frame", MOMENT_DRAIN},
};

typedef struct {
    const char *name; /* in the table */
    const char *text; /* what is armed; NULL: the name says what is done */
    gboolean cancel;
} Column;

static const Column columns[] = {
    {"unplug", "unplug", FALSE},
    {"suspend", "suspend", FALSE},
    {"stall", "stall", FALSE},
    {"stall..", "stall times=always", FALSE},
    {"timeout", "timeout", FALSE},
    {"timeout..", "timeout times=always", FALSE},
    {"lost", "lost", FALSE},
    {"lost..", "lost times=always", FALSE},
    {"slow", "slow ms=30", FALSE},
    {"short", "short", FALSE},
    {"long", "long", FALSE},
    {"garbage", "garbage", FALSE},
    {"swap", "swap", FALSE},
    {"flat", "flat", FALSE},
    {"late", "late ms=150", FALSE},
    {"stale", "stale", FALSE},
    {"same", "identical", FALSE},
    {"defer", "defer ms=30", FALSE},
    {"cancel", "timeout times=always", TRUE},
    {"busy", NULL, FALSE},
    {"denied", NULL, FALSE},
};

enum {
    MAX_TOOK_MS = 30000,
    MAX_CANCEL_MS = 50,
    OFF_MS = 1000,
    REOPEN_MS = 5000,
    DRAIN_MS = 250,
    SUSPEND_MS = 300
};

/* What became of a cell, as one letter of the table. */
typedef enum { CELL_EMPTY, CELL_ERROR, CELL_RIGHT, CELL_FLAGGED, CELL_WRONG, N_VERDICTS } Verdict;
static const char verdict_letters[N_VERDICTS] = {'.', 'E', 'M', 'F', '!'};

typedef struct {
    FaultBench *bench;
    const char *moment, *column;
    Verdict verdict;
    GString *complaints;
    guint n_fds;
} Cell;

static void complain(Cell *cell, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void complain(Cell *cell, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_string_append_printf(cell->complaints, "%s%s", cell->complaints->len > 0 ? "; " : "", text);
}

/* ---- the judgement ---- */

/* Light may go out between the two looks, never on: so the truth is asked last. */
static void judge_shown(Cell *cell, const char *when)
{
    if (cell->bench->device == NULL)
        return;
    const CelLaserState shown = cel_device_laser(cell->bench->device);
    const gboolean light = fault_bench_value(cell->bench, "laser") > 0;
    const gboolean claims_off =
        shown == CEL_LASER_OFF_READ_BACK || shown == CEL_LASER_OFF_COMMANDED;
    if (light && shown == CEL_LASER_OFF_READ_BACK)
        complain(cell, "%s: shown off (read back), but there is light", when);
    else if (light && claims_off && fault_bench_value(cell->bench, "disables_obeyed") > 0 &&
             g_strcmp0(cell->column, "lost") != 0 && g_strcmp0(cell->column, "lost..") != 0)
        complain(cell, "%s: shown off (commanded), but there is light", when);
}

static void judge_outcome(Cell *cell, const FaultOutcome *out)
{
    if (out->took_us > MAX_TOOK_MS * 1000)
        complain(cell, "took %.1f s", (double)out->took_us / 1e6);
    if (out->cancel_us > MAX_CANCEL_MS * 1000)
        complain(cell, "came back %.0f ms after the cancel", (double)out->cancel_us / 1e3);
    if (!out->ok && (out->error->domain != CEL_ERROR || out->message[0] == '\0'))
        complain(cell, "no defined error: %s", out->message);
    cell->verdict = out->ok ? (out->flagged ? CELL_FLAGGED : CELL_RIGHT) : CELL_ERROR;
    if (out->ok && cell->bench->reference != NULL && out->brightness != 0.0 && !out->flagged &&
        !fault_bench_is_right(out))
        complain(cell, "measured something else: likeness %.3f, brightness %.2f", out->likeness,
                 out->brightness);
}

static gboolean is_dark_soon(const FaultBench *bench)
{
    return simusb_bus_wait(bench->sim, bench->unit, "laser=0", OFF_MS, NULL);
}

static void bring_back(Cell *cell)
{
    FaultBench *bench = cell->bench;
    g_autoptr(GError) error = NULL;
    fault_bench_command(bench, "disarm %u");
    fault_bench_command(bench, "set %u permission 1");
    fault_bench_command(bench, "set %u busy 0");
    if (strcmp(cell->column, "suspend") == 0) /* it leaves the bus and comes back by itself */
        simusb_bus_wait(bench->sim, bench->unit, "plugged=0", SUSPEND_MS, NULL);
    if (!simusb_bus_wait(bench->sim, bench->unit, "plugged=1", SUSPEND_MS, NULL))
        simusb_bus_plug(bench->sim, bench->unit, 0, NULL);
    const gboolean left =
        strcmp(cell->column, "unplug") == 0 || strcmp(cell->column, "suspend") == 0;
    if (left && !is_dark_soon(bench)) /* before anybody opens it again */
        complain(cell, "came back with its light on, and stays on");
    if (bench->device != NULL && cel_device_state(bench->device) == CEL_DEVICE_GONE &&
        !cel_device_reopen(bench->device, REOPEN_MS, NULL, &error))
        complain(cell, "not opened again: %s", error->message);
}

/* With the same device, or a newly opened one where opening was what failed. */
static void judge_next(Cell *cell)
{
    FaultBench *bench = cell->bench;
    g_auto(FaultOutcome) opened = {0}, next = {0};
    const FaultShot shot = {.integration_ms = bench->what->integration_ms};
    if (bench->device == NULL && !fault_bench_open(bench, &opened)) {
        complain(cell, "afterwards it does not open: %s", opened.message);
        return;
    }
    fault_bench_measure(bench, &shot, &next);
    if (!next.ok)
        complain(cell, "the next measurement failed: %s", next.message);
    else if (!fault_bench_is_right(&next))
        complain(cell, "the next measurement is not right: likeness %.3f, brightness %.2f",
                 next.likeness, next.brightness);
    judge_shown(cell, "after the next measurement");
}

/* The simulator, in this process too, closes its own ends a little later. */
static guint n_descriptors_left(const Cell *cell)
{
    /* umockdev keeps both ends of its own socket when the node then may not be opened */
    const guint allowed = cell->n_fds + (strcmp(cell->column, "denied") == 0 ? 2 : 0);
    const gint64 until_us = g_get_monotonic_time() + OFF_MS * 1000;
    guint n = fault_bench_n_fds();
    for (; n > allowed && g_get_monotonic_time() < until_us; n = fault_bench_n_fds())
        g_usleep(5000);
    return n > allowed ? n - allowed : 0;
}

static void judge_left_over(Cell *cell)
{
    FaultBench *bench = cell->bench;
    fault_bench_close(bench);
    if (!is_dark_soon(bench))
        complain(cell, "the laser is on after closing");
    if (!simusb_bus_wait(bench->sim, bench->unit, "pending=0", OFF_MS, NULL))
        complain(cell, "transfers are left in flight");
    if (!simusb_bus_wait(bench->sim, bench->unit, "clients=0", OFF_MS, NULL))
        complain(cell, "the unit is still held open");
    const guint n = n_descriptors_left(cell);
    if (n > 0)
        complain(cell, "%u descriptors left", n);
    if (fault_bench_value(bench, "forbidden") > 0 || fault_bench_value(bench, "lockups") > 0)
        complain(cell, "sent what must never be sent");
}

/* The laser must be off, or be known not to be: a unit that lost the bus with its laser on cannot
 * be reached, and one that ignores the command cannot be helped. */
static void judge_light(Cell *cell)
{
    FaultBench *bench = cell->bench;
    if (is_dark_soon(bench))
        return;
    const gboolean unreachable = fault_bench_value(bench, "plugged") < 1.0;
    const gboolean deaf =
        g_str_has_suffix(cell->column, "..") || strcmp(cell->column, "cancel") == 0;
    const CelLaserState shown =
        bench->device != NULL ? cel_device_laser(bench->device) : CEL_LASER_UNKNOWN;
    if (!unreachable && !deaf)
        complain(cell, "the laser stayed on");
    if (shown != CEL_LASER_UNKNOWN && shown != CEL_LASER_ON && strcmp(cell->column, "lost..") != 0)
        complain(cell, "the laser is on and shown %s", cel_laser_state_text(shown));
}

/* ---- the operations ---- */

static void arm(const FaultBench *bench, const Column *column, const char *state)
{
    g_autofree char *line = NULL;
    if (strcmp(column->name, "busy") == 0)
        line = g_strdup("set %u busy 3");
    else if (strcmp(column->name, "denied") == 0)
        line = g_strdup("set %u permission 0");
    else
        line = g_strdup_printf("arm %%u %s state=%s", column->text, state);
    fault_bench_command(bench, line);
}

static gboolean open_undisturbed(Cell *cell)
{
    g_auto(FaultOutcome) out = {0};
    if (fault_bench_open(cell->bench, &out))
        return TRUE;
    complain(cell, "does not open even undisturbed: %s", out.message);
    return FALSE;
}

static void run_identify(Cell *cell, const Column *column, FaultOutcome *out)
{
    const FaultShot shot = {.integration_ms = cell->bench->what->integration_ms};
    arm(cell->bench, column, "identify");
    if (fault_bench_open(cell->bench, out)) {
        fault_outcome_clear(out);
        fault_bench_measure(cell->bench, &shot, out);
    }
}

static void run_state(Cell *cell, const Column *column, const Moment *moment, FaultOutcome *out)
{
    const FaultShot shot = {.integration_ms = cell->bench->what->integration_ms,
                            .cancel = column->cancel};
    if (!open_undisturbed(cell))
        return;
    arm(cell->bench, column, moment->state);
    fault_bench_measure(cell->bench, &shot, out);
}

static void run_idle(Cell *cell, const Column *column, FaultOutcome *out)
{
    const FaultShot shot = {.integration_ms = cell->bench->what->integration_ms};
    if (!open_undisturbed(cell))
        return;
    if (strcmp(column->name, "unplug") == 0)
        fault_bench_command(cell->bench, "unplug %u");
    else
        arm(cell->bench, column, "status"); /* busy and denied: an open unit must not care */
    fault_bench_measure(cell->bench, &shot, out);
}

/* The frame of a cancelled exposure comes late, and the fault strikes it. */
static void run_drain(Cell *cell, const Column *column, FaultOutcome *out)
{
    const FaultShot long_shot = {.integration_ms = DRAIN_MS, .cancel_in_light = TRUE};
    const FaultShot shot = {.integration_ms = cell->bench->what->integration_ms};
    g_auto(FaultOutcome) cancelled = {0};
    if (!open_undisturbed(cell))
        return;
    fault_bench_measure(cell->bench, &long_shot, &cancelled);
    if (cancelled.cancel_us > MAX_CANCEL_MS * 1000)
        complain(cell, "came back %.0f ms after the cancel", (double)cancelled.cancel_us / 1e3);
    if (cancelled.ok)
        complain(cell, "was not cancelled");
    arm(cell->bench, column, "frame");
    fault_bench_measure(cell->bench, &shot, out);
}

static gboolean applies(const Column *column, const Moment *moment)
{
    const gboolean of_the_bus = column->text == NULL;
    if (moment->kind == MOMENT_IDLE)
        return of_the_bus || strcmp(column->name, "unplug") == 0;
    if (of_the_bus || column->cancel)
        return of_the_bus ? strcmp(moment->state, "identify") == 0 && moment->kind == MOMENT_STATE
                          : moment->kind == MOMENT_STATE && strcmp(moment->state, "identify") != 0;
    return TRUE;
}

static gboolean has_struck(const Cell *cell, const Column *column, double before)
{
    return column->text == NULL || cell->verdict == CELL_WRONG ||
           fault_bench_value(cell->bench, "faults") > before || strcmp(cell->moment, "idle") == 0;
}

static void run_cell(Cell *cell, const Column *column, const Moment *moment)
{
    g_auto(FaultOutcome) out = {0};
    const double before = fault_bench_value(cell->bench, "faults");
    cell->n_fds = fault_bench_n_fds();
    if (strcmp(moment->state, "identify") == 0)
        run_identify(cell, column, &out);
    else if (moment->kind == MOMENT_IDLE)
        run_idle(cell, column, &out);
    else if (moment->kind == MOMENT_DRAIN)
        run_drain(cell, column, &out);
    else
        run_state(cell, column, moment, &out);
    const gboolean struck = has_struck(cell, column, before);
    if (cell->complaints->len == 0)
        judge_outcome(cell, &out);
    judge_shown(cell, "after the fault");
    judge_light(cell);
    bring_back(cell);
    judge_next(cell);
    judge_left_over(cell);
    if (!struck && cell->complaints->len == 0)
        cell->verdict = CELL_EMPTY;
    if (cell->complaints->len > 0)
        cell->verdict = CELL_WRONG;
}

/* ---- damaged memory: a unit of its own for each way ---- */

static void run_memory(Cell *cell, const char *how)
{
    FaultBench *bench = cell->bench;
    g_auto(FaultOutcome) out = {0};
    g_autofree char *line = g_strdup_printf("set %%u eeprom %s", how);
    const FaultShot shot = {.integration_ms = bench->what->integration_ms};
    fault_bench_plug(bench);
    cell->n_fds = fault_bench_n_fds();
    fault_bench_command(bench, line);
    if (fault_bench_open(bench, &out)) {
        const CelDeviceDescription *d = cel_device_describe(bench->device);
        const gboolean doubted = d->calibration.n_coefficients == 0;
        fault_outcome_clear(&out);
        fault_bench_measure(bench, &shot, &out);
        out.brightness = 0.0; /* another unit: not compared */
        out.flagged = out.ok && doubted;
    }
    judge_outcome(cell, &out);
    judge_shown(cell, "with damaged memory");
    judge_light(cell);
    judge_left_over(cell);
    fault_bench_command(bench, "unplug %u");
    if (cell->complaints->len > 0)
        cell->verdict = CELL_WRONG;
}

/* ---- the table ---- */

typedef struct {
    guint every, turn; /* one cell in @every */
    const char *only;  /* (nullable) */
    gboolean verbose;  /* tell of failures at once, too */
    guint n[N_VERDICTS];
    double slowest_s;
    GString *failures;
} Run;

static gboolean is_chosen(Run *run, const char *unit, const char *moment, const char *column)
{
    g_autofree char *name = g_strdup_printf("%s/%s/%s", unit, moment, column);
    if (run->only != NULL && strstr(name, run->only) == NULL)
        return FALSE;
    return run->turn++ % run->every == 0;
}

static Verdict count(Run *run, Cell *cell, gint64 start_us)
{
    if (run->verbose && cell->complaints->len > 0)
        g_printerr("%s / %s / %s: %s\n", cell->bench->what->name, cell->moment, cell->column,
                   cell->complaints->str);
    run->slowest_s = MAX(run->slowest_s, (double)(g_get_monotonic_time() - start_us) / 1e6);
    run->n[cell->verdict]++;
    if (cell->complaints->len > 0)
        g_string_append_printf(run->failures, "%s / %s / %s: %s\n", cell->bench->what->name,
                               cell->moment, cell->column, cell->complaints->str);
    g_string_free(cell->complaints, TRUE);
    return cell->verdict;
}

static void run_row(Run *run, FaultBench *bench, const Moment *moment)
{
    g_print("%-12s %-11s", bench->what->name, moment->name);
    for (gsize c = 0; c < G_N_ELEMENTS(columns); c++) {
        char letter = ' ';
        if (applies(&columns[c], moment) &&
            is_chosen(run, bench->what->name, moment->name, columns[c].name)) {
            Cell cell = {bench, moment->name, columns[c].name, CELL_EMPTY, g_string_new(NULL), 0};
            const gint64 start_us = g_get_monotonic_time();
            run_cell(&cell, &columns[c], moment);
            letter = verdict_letters[count(run, &cell, start_us)];
        }
        g_print(" %*c", (int)strlen(columns[c].name), letter);
    }
    g_print("\n");
}

static void run_memory_row(Run *run, FaultBench *bench)
{
    g_auto(GStrv) ways = g_strsplit(bench->what->eeprom, "|", -1);
    const guint unit = bench->unit;
    g_print("%-12s %-11s", bench->what->name, "memory");
    for (gsize i = 0; ways[i] != NULL; i++) {
        if (!is_chosen(run, bench->what->name, "memory", ways[i]))
            continue;
        Cell cell = {bench, "memory", ways[i], CELL_EMPTY, g_string_new(NULL), 0};
        const gint64 start_us = g_get_monotonic_time();
        run_memory(&cell, ways[i]);
        g_print(" %s:%c", ways[i], verdict_letters[count(run, &cell, start_us)]);
    }
    g_print("\n");
    bench->unit = unit;
}

static void run_unit(Run *run, SimUsbBus *sim, CelBus *bus, const FaultUnit *what)
{
    FaultBench bench = {.what = what, .sim = sim, .table = cel_drivers(bus)};
    g_auto(FaultOutcome) out = {0};
    fault_bench_plug(&bench);
    if (!fault_bench_open(&bench, &out))
        g_error("%s: %s", what->name, out.message);
    fault_bench_refer(&bench);
    fault_bench_close(&bench);
    for (gsize m = 0; m < G_N_ELEMENTS(moments); m++)
        run_row(run, &bench, &moments[m]);
    run_memory_row(run, &bench);
    fault_bench_command(&bench, "unplug %u");
    g_free(bench.reference);
}

static void print_head(void)
{
    g_print("E: a defined error, M: measured and right, F: measured and marked as doubtful, "
            ".: cannot strike there, !: does not hold\n%-24s",
            "");
    for (gsize c = 0; c < G_N_ELEMENTS(columns); c++)
        g_print(" %s", columns[c].name);
    g_print("\n");
}

static int finish(const Run *run)
{
    const guint n = run->n[CELL_ERROR] + run->n[CELL_RIGHT] + run->n[CELL_FLAGGED];
    g_print("%s%u cells in which the fault struck: %u defined errors, %u measured and right, %u "
            "marked as doubtful, %u do not hold; slowest %.1f s; %u where it cannot strike\n",
            run->failures->str, n + run->n[CELL_WRONG], run->n[CELL_ERROR], run->n[CELL_RIGHT],
            run->n[CELL_FLAGGED], run->n[CELL_WRONG], run->slowest_s, run->n[CELL_EMPTY]);
    return run->n[CELL_WRONG] == 0 && n > 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    gint every = 1, seed = 0;
    gboolean verbose = FALSE;
    g_autofree char *only = NULL, *unit = NULL;
    const GOptionEntry entries[] = {
        {"every", 0, 0, G_OPTION_ARG_INT, &every, "only one cell in N", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT, &seed, "which of them", "N"},
        {"only", 0, 0, G_OPTION_ARG_STRING, &only, "cells whose name has TEXT", "TEXT"},
        {"unit", 0, 0, G_OPTION_ARG_STRING, &unit, "only this instrument", "NAME"},
        {"verbose", 0, 0, G_OPTION_ARG_NONE, &verbose, "failures at once, too", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        g_error("%s", error->message);
    cel_init();
    g_autoptr(SimUsbBus) sim = simusb_bus_new(&error);
    if (sim == NULL) {
        g_print("skipped: %s\n", error->message);
        return 77;
    }
    g_autoptr(CelBus) bus = cel_bus_libusb_new(&error);
    g_assert_no_error(error);
    Run run = {
        .every = (guint)MAX(every, 1), .turn = (guint)seed, .only = only, .verbose = verbose};
    run.failures = g_string_new(NULL);
    print_head();
    for (gsize u = 0; u < G_N_ELEMENTS(units); u++)
        if (unit == NULL || strcmp(units[u].name, unit) == 0)
            run_unit(&run, sim, bus, &units[u]);
    const int status = finish(&run);
    g_string_free(run.failures, TRUE);
    return status;
}
