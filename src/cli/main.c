/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/cel-secret.h"
#include "cli/cli.h"
#include "jail/cel-jail.h"

#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const CliCommand commands[] = {
    {"demo", N_("the whole work on the simulated instrument, from measuring to the report"),
     cli_demo},
    {"devices", N_("instruments that are connected"), cli_devices},
    {"doctor", N_("what this machine lacks, and the command that mends it"), cli_doctor},
    {"acquire", N_("measure: raw frames, dark frames and the instrument's state"), cli_acquire},
    {"calibrate", N_("derive a calibration from scans of lamps and standards"), cli_calibrate},
    {"watch", N_("import what an instrument leaves in a folder"), cli_watch},
    {"process", N_("correct a spectrum with a recipe or single steps"), cli_process},
    {"preview", N_("what files are: format, kind, axis, laser, what was guessed"), cli_preview},
    {"convert", N_("write a spectrum in another format"), cli_convert},
    {"steps", N_("processing steps with their parameters, units, ranges and references"),
     cli_steps},
    {"peaks", N_("bands with position, height, width, area and uncertainties"), cli_peaks},
    {"identify", N_("compare spectra with reference libraries and say what may be said"),
     cli_identify},
    {"validate", N_("try the method on known samples and count right and wrong answers"),
     cli_validate},
    {"library", N_("reference libraries: import measured collections, show what is in one"),
     cli_library},
    {"daybook", N_("the instruments' checks: what they allow, what a failed one recalls"),
     cli_daybook},
    {"qualify", N_("check an instrument with a standard against its accepted values"), cli_qualify},
    {"key", N_("keys of people, devices and the ledger; certificates and tokens"), cli_key},
    {"witness", N_("heads of the ledger for others to keep; time stamps"), cli_witness},
    {"lab", N_("found a laboratory; its signed profile"), cli_lab},
    {"seal", N_("seal measurements into an evidence file"), cli_seal},
    {"verify", N_("check sealed files; one line for each question"), cli_verify},
    {"replay", N_("recompute a sealed result from its raw data"), cli_replay},
    {"path", N_("the way of one exhibit, in the field or in the lab, step by step"), cli_path},
    {"case", N_("cases and exhibits: intake, hand-over, review, release, history"), cli_case},
    {"custody", N_("what the ledger says of a sealed file; add that it was looked at"),
     cli_custody},
    {"export", N_("everything of a case as a folder or zip file"), cli_export},
    {"import-bundle", N_("check a case bundle and keep it"), cli_import_bundle},
    {"report", N_("the paper for a sealed file, as PDF"), cli_report},
};

/* A standard stream that is closed would give its number to the next file that is opened, and what
 * is printed would go into that file. Reading and writing such a stream fails instead. */
static void hold_streams(void)
{
    int fd = open("/dev/null", O_PATH);
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = open("/dev/null", O_PATH);
    if (fd >= 0)
        close(fd);
}

/** Watch: what the thread of the signals gets. */
typedef struct {
    GCancellable *cancel;
    GAsyncQueue *ready; /* gets one item when the thread is up */
} Watch;

/* @watch is the caller's: gone once it knows that we are up. */
static void say_ready(const Watch *watch)
{
    g_autoptr(GAsyncQueue) ready = g_async_queue_ref(watch->ready);
    g_async_queue_push(ready, watch->cancel);
}

static gpointer wait_for_signal(gpointer data)
{
    GCancellable *cancel = ((const Watch *)data)->cancel;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    int which = 0;
    say_ready(data);
    sigwait(&set, &which);
    g_cancellable_cancel(cancel);
    sigwait(&set, &which); /* asked twice: files are written whole or not at all, so just leave */
    _exit(130);
}

/* Signals are taken by one thread, so that cancelling runs ordinary code. */
static void handle_signals(GCancellable *cancel)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP); /* the terminal was closed: the laser goes off in good order */
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full quota is an error of write(), not the end */
    /* The thread is up before anything else is done, so that no signal is lost. */
    Watch watch = {cancel, g_async_queue_new()};
    g_thread_unref(g_thread_new("signals", wait_for_signal, &watch));
    g_async_queue_pop(watch.ready);
    g_async_queue_unref(watch.ready);
}

static void show_progress(const char *stage, guint64 done, guint64 total, gpointer started_us)
{
    if (g_get_monotonic_time() - *(const gint64 *)started_us < G_USEC_PER_SEC)
        return;
    if (total > 0)
        fprintf(stderr, "\r\033[K%s %3.0f %%", _(stage), 100.0 * (double)done / (double)total);
    else
        fprintf(stderr, "\r\033[K%s", _(stage));
    if (total > 0 && done >= total)
        fprintf(stderr, "\r\033[K");
}

/* The catalogue beside the program in a build folder, else the installed one. */
static void find_catalogue(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : NULL;
    g_autofree char *built = g_build_filename(folder != NULL ? folder : "", "..", "..", "po", NULL);
    g_autofree char *probe = g_build_filename(built, "zh_CN", NULL);
    const gboolean in_build = folder != NULL && g_file_test(probe, G_FILE_TEST_IS_DIR);
    bindtextdomain(GETTEXT_PACKAGE, in_build ? built : CEL_LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
}

/* The first of the languages that the environment asks for, in its order, that we have. */
static const char *wanted_language(void)
{
    for (const char *const *name = g_get_language_names(); *name != NULL; name++) {
        if (g_str_has_prefix(*name, "zh"))
            return "zh_CN";
        if (g_str_has_prefix(*name, "en"))
            return "en";
    }
    return "en";
}

/* Returns: FALSE when @language is none that we have. Numbers stay in the C locale always. */
static gboolean set_language(Cli *cli, const char *language)
{
    if (language != NULL && strcmp(language, "en") != 0 && strcmp(language, "zh_CN") != 0)
        return FALSE;
    setlocale(LC_CTYPE, "C.UTF-8");
    if (language == NULL)
        language = wanted_language();
    cli->chinese = strcmp(language, "zh_CN") == 0;
    g_setenv("LANGUAGE", language, TRUE);
    setlocale(LC_MESSAGES, "C.UTF-8"); /* gettext looks at LANGUAGE only when this is not "C" */
    return TRUE;
}

/* --lang counts before anything is printed, so it is looked up first. */
static const char *find_language(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (g_str_has_prefix(argv[i], "--lang="))
            return argv[i] + strlen("--lang=");
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            return argv[i + 1];
    }
    return NULL;
}

static void print_help(void)
{
    printf(_("Celadon %s: a forensic Raman tool for rapid-test labs. Its results are screening "
             "results, no expert opinion.\n\nUsage: celadon COMMAND [OPTIONS]\n\nCommands:\n"),
           CEL_VERSION);
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  %-14s %s\n", commands[i].name, _(commands[i].summary));
    printf(_("\nEvery command has --help, --lang zh_CN|en and --quiet; those that report have "
             "--json.\nExit status: 0 done and positive, 1 done and negative, 2 wrong usage, "
             "3 input not usable,\n4 instrument or system fault, 5 refused by policy, "
             "130 stopped.\n"));
}

static int run_command(Cli *cli, int argc, char **argv)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, argv[1]) != 0)
            continue;
        g_autoptr(GError) error = NULL;
        const int status = commands[i].run(cli, argc - 1, argv + 1, &error);
        if (error == NULL)
            return status;
        cli_report_error(error);
        return cel_error_exit_status(error);
    }
    g_autofree char *shown = cli_printable(argv[1]);
    fprintf(stderr, _("celadon: there is no command \"%s\"; see \"celadon --help\"\n"), shown);
    return 2;
}

/* Drops a --lang that stands before the command. */
static void skip_language(int *argc, char ***argv)
{
    int n = 0;
    if (*argc > 1 && g_str_has_prefix((*argv)[1], "--lang="))
        n = 1;
    else if (*argc > 2 && strcmp((*argv)[1], "--lang") == 0)
        n = 2;
    (*argv)[n] = (*argv)[0];
    *argv += n;
    *argc -= n;
}

/* Returns: @status, unless what was printed did not arrive: then nobody has read the answer. */
static int flush_output(int status)
{
    const gboolean arrived = fflush(stdout) == 0 && !ferror(stdout);
    if (!arrived)
        fprintf(stderr, "%s\n",
                _("celadon: standard output cannot be written; the answer is not complete"));
    return arrived || status == 130 ? status : 4;
}

int main(int argc, char **argv)
{
    Cli cli = {0};
    static gint64 started_us;
    cel_secret_no_dumps();
    hold_streams();
    cel_init();
    find_catalogue();
    if (!set_language(&cli, find_language(argc, argv))) {
        fprintf(stderr, "celadon: --lang is zh_CN or en\n");
        return 2;
    }
    skip_language(&argc, &argv);
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return flush_output(argc < 2 ? 2 : 0);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("celadon %s\n", CEL_VERSION);
        return flush_output(0);
    }
    cel_jail_start();
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    handle_signals(cancel);
    started_us = g_get_monotonic_time();
    const gboolean terminal = isatty(STDERR_FILENO) == 1;
    cli.job = cel_job_new(cancel, terminal ? show_progress : NULL, &started_us);
    const int status = run_command(&cli, argc, argv);
    cel_job_free(cli.job);
    return flush_output(status);
}
