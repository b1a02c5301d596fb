/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-error.h"
#include "base/cel-job.h"
#include "base/cel-json.h"
#include "bench/cel-bench.h"
#include "bench/cel-lab-validation.h"
#include "device/cel-driver.h"
#include "device/cel-laser-plan.h"
#include "formats/cel-reader.h"
#include "report/cel-report.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/** Cli: what every command gets. */
typedef struct {
    gboolean json, quiet, chinese;
    CelJob *job; /* cancelled by Ctrl-C, shows progress on a terminal */
} Cli;

/** CliCommand: one command; the table in main.c is the only list. */
typedef struct {
    const char *name;
    const char *summary; /* msgid */
    /** run: @argv[0] is the command's name. Returns: the exit status, or with @error set any
     * value. */
    int (*run)(Cli *cli, int argc, char **argv, GError **error);
} CliCommand;

/**
 * cli_parse:
 * @entries: the command's own options; --json, --lang, --quiet and --help are added
 * @arguments: what stands after the options, for the help text
 * @description: msgid: what the command does, with an example
 * @out_rest: (transfer full): the words that are no options, NULL-ended
 * Returns: FALSE with CEL_ERROR_USAGE. Prints the help and ends the program after --help.
 */
gboolean cli_parse(Cli *cli, int argc, char **argv, const GOptionEntry *entries,
                   const char *arguments, const char *description, char ***out_rest,
                   GError **error);

/** cli_usage: sets CEL_ERROR_USAGE with a formatted message. Returns: 2. */
int cli_usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/**
 * cli_keep_input:
 * @out: the file a command is to write; @inputs: (array zero-terminated=1): those it reads
 * Returns: FALSE with CEL_ERROR_USAGE when @out is one of @inputs, by whatever name: what was
 *   measured is never written over.
 */
gboolean cli_keep_input(const char *out, const char *const *inputs, GError **error);

/** cli_make_folder: makes @folder and what is missing above it. Returns: FALSE with
 * CEL_ERROR_SYSTEM, which says why not. */
gboolean cli_make_folder(const char *folder, GError **error);

/** cli_laser: checks @laser_nm as given with --laser-nm; CLI_NO_LASER becomes 0. Returns: FALSE
 * with CEL_ERROR_USAGE when it is no wavelength within 200 to 2000 nm. */
gboolean cli_laser(double *laser_nm, GError **error);
#define CLI_NO_LASER (-1e300) /* --laser-nm was not given */

/** cli_count: checks a number @option was given; CLI_NO_COUNT becomes 0. Returns: FALSE with
 * CEL_ERROR_USAGE when it is below 1. */
gboolean cli_count(int *count, const char *option, GError **error);
#define CLI_NO_COUNT G_MININT /* the option was not given */

/** cli_printable: Returns: (transfer full): @text with its control characters, which could steer a
 * terminal or forge a line, and its invalid bytes replaced. */
char *cli_printable(const char *text);

/** cli_tell_choice: says on standard error which of several spectra or intensity columns of @file,
 * and which unit of its axis, was taken for want of a choice in @options. */
void cli_tell_choice(const Cli *cli, const CelMeasurement *measurement, const char *file,
                     const CelReadOptions *options);

/** cli_wait_for_line: waits until a line was typed, or a cancel. @stage: msgid. Returns: FALSE with
 * CEL_ERROR_CANCELLED. */
gboolean cli_wait_for_line(CelJob *job, const char *stage, GError **error);

/**
 * cli_laser_answers:
 * @words: (nullable): as given with --laser-ok
 * Fills @out from @words; without them asks on the terminal, when @device emits light and there is
 * a terminal. What stays unanswered the engine refuses. Returns: FALSE with CEL_ERROR_USAGE (a word
 * that is none), CEL_ERROR_CANCELLED.
 */
gboolean cli_laser_answers(const Cli *cli, const char *words, const CelCapabilities *device,
                           CelLaserConfirmation *out, GError **error);
#define CLI_LASER_WORDS "eyewear,blocked,clear,harmless|dark|unknown"

/** cli_print: prints to standard output unless --quiet. */
void cli_print(const Cli *cli, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** cli_report_error: prints "celadon: @error" to standard error, also under --quiet. */
void cli_report_error(const GError *error);

/** cli_show_failure: reports @error and, under --json, prints {"file", "error", "exit"}, so that a
 * list of files has a line for each. */
void cli_show_failure(const Cli *cli, const char *file, const GError *error);

/** cli_print_json: finishes @writer and prints its line. */
void cli_print_json(CelJsonWriter *writer);

/** CliBenchOptions: the options that identify, validate, seal and demo share. */
typedef struct {
    char **libraries;
    gboolean only, keep_literature, stability;
    char *recipe, *policy, *drop_source;
    int top, threads, stability_runs;
    CelInstrumentJudge judge; /* set by the command, not by an option */
    gpointer judge_data;
    double resolution_cm1;     /* 0: not given */
    const CelTrust *trust;     /* (nullable): set by the command: the lab's, for signed libraries */
    char *records, *condition; /* set by the options of commands that show an error-rate card */
    CelRecords *own_records;   /* read from @records by cli_bench_open() */
    CelLab *lab;               /* (nullable): set by the command: its ledger knows records */
} CliBenchOptions;

/** cli_join_entries: Returns: (transfer full) (element-type GOptionEntry): the rows of @first and
 * of
 * @then, both ended, as one list, ended. */
GArray *cli_join_entries(const GOptionEntry *first, const GOptionEntry *then);

/** cli_records_entries: Returns: (transfer full) (element-type GOptionEntry): @own and the rows
 * --records and --condition of the commands that show an error-rate card, ended. */
GArray *cli_records_entries(CliBenchOptions *options, const GOptionEntry *own);

/** cli_bench_entries: @own: the command's own rows, ended. Returns: (transfer full) (element-type
 * GOptionEntry): @own and the rows that fill @options, ended. */
GArray *cli_bench_entries(CliBenchOptions *options, const GOptionEntry *own);

/** cli_bench_open: Returns: (transfer full): the bench as @options say, or NULL with the error. */
CelBench *cli_bench_open(const Cli *cli, CliBenchOptions *options, GError **error);

/** cli_tell_libraries: says on standard error which libraries named by @options nobody of the lab
 * signed; not under --json, where every line says it, nor --quiet. */
void cli_tell_libraries(const Cli *cli, const CelBench *bench);

/** cli_with_libraries: Returns: (transfer full): @line, a JSON object, with the libraries of
 * @bench: name, version, content digest and what is known of their signatures. */
char *cli_with_libraries(const CelBench *bench, const char *line);

/** cli_records_of_lab: @folder: (nullable). Without --records those of the laboratory's folder
 * (validation.tsv) are taken, where there are any. */
void cli_records_of_lab(CliBenchOptions *options, const char *folder);

/** cli_bench_options_clear: frees what parsing filled in. */
void cli_bench_options_clear(CliBenchOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliBenchOptions, cli_bench_options_clear)

/** CliReportWords: which paper, and with what; all borrowed. */
typedef struct {
    const char *file, *out; /* sealed file, verified first; PDF to write */
    CelReportForm form;
    gboolean chinese;
    const char *facts; /* (nullable): JSON file, see report/cel-report-items.h */
    const char *lab;   /* (nullable): folder with the signed profile and the roots */
} CliReportWords;

/**
 * cli_write_report:
 * Returns: FALSE with CEL_ERROR_POLICY when the file contradicts its seal or the paper may not be
 *   issued, or the error of reading, laying out or writing.
 */
gboolean cli_write_report(Cli *cli, const CliReportWords *words, GError **error);

/** CliInstruments: the drivers over the USB of this machine. */
typedef struct {
    CelBus *bus;   /* (nullable): NULL where USB cannot be reached: only the simulated ones then */
    char *failure; /* (nullable): then why */
    CelDriverTable table;
} CliInstruments;

/** cli_instruments_open: @out: zeroed; cleared by cli_instruments_clear() when no device is open
 * any more. Opens no instrument. */
void cli_instruments_open(CliInstruments *out);

/** cli_instruments_clear: frees what is in it. */
void cli_instruments_clear(CliInstruments *instruments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliInstruments, cli_instruments_clear)

/** The commands, one family a file; see the table in main.c for what they do. */
int cli_calibrate(Cli *cli, int argc, char **argv, GError **error);
int cli_demo(Cli *cli, int argc, char **argv, GError **error);
int cli_preview(Cli *cli, int argc, char **argv, GError **error);
int cli_convert(Cli *cli, int argc, char **argv, GError **error);
int cli_devices(Cli *cli, int argc, char **argv, GError **error);
int cli_doctor(Cli *cli, int argc, char **argv, GError **error);
int cli_acquire(Cli *cli, int argc, char **argv, GError **error);
int cli_watch(Cli *cli, int argc, char **argv, GError **error);
int cli_path(Cli *cli, int argc, char **argv, GError **error);
int cli_process(Cli *cli, int argc, char **argv, GError **error);
int cli_steps(Cli *cli, int argc, char **argv, GError **error);
int cli_peaks(Cli *cli, int argc, char **argv, GError **error);
int cli_identify(Cli *cli, int argc, char **argv, GError **error);
int cli_validate(Cli *cli, int argc, char **argv, GError **error);
int cli_library(Cli *cli, int argc, char **argv, GError **error);
int cli_daybook(Cli *cli, int argc, char **argv, GError **error);
int cli_qualify(Cli *cli, int argc, char **argv, GError **error);
int cli_key(Cli *cli, int argc, char **argv, GError **error);
int cli_lab(Cli *cli, int argc, char **argv, GError **error);
int cli_witness(Cli *cli, int argc, char **argv, GError **error);
int cli_seal(Cli *cli, int argc, char **argv, GError **error);
int cli_verify(Cli *cli, int argc, char **argv, GError **error);
int cli_replay(Cli *cli, int argc, char **argv, GError **error);
int cli_custody(Cli *cli, int argc, char **argv, GError **error);
int cli_export(Cli *cli, int argc, char **argv, GError **error);
int cli_import_bundle(Cli *cli, int argc, char **argv, GError **error);
int cli_case(Cli *cli, int argc, char **argv, GError **error);
int cli_report(Cli *cli, int argc, char **argv, GError **error);

G_END_DECLS
