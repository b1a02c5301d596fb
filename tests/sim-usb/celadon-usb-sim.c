/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* celadon-usb-sim [OPTION...] UNIT... [-- COMMAND ARGUMENT...]: runs a command that meets simulated
 * USB instruments; README.md tells the rest. */

enum { EXIT_USAGE = 2, EXIT_SETUP = 3, MAX_CONNECTIONS = 16 };
static const char PRELOAD[] = "libumockdev-preload.so.0";
static const char STARTED_AGAIN[] = "CELADON_USB_SIM_PRELOADED";
static const char CONTROL_VARIABLE[] = "CELADON_USB_SIM_CONTROL";

/* What was asked for, and what runs. */
typedef struct {
    char *control, *truth, *fixture;
    int linger_ms;
    char **units;   /* (nullable) */
    char **command; /* (nullable): part of argv */
    SimUsbBus *bus;
    char *folder; /* (nullable): of the socket, when it is ours */
    GSocketService *service;
    GMainLoop *loop;
    GPid child;
    int status; /* exit status to pass on */
} Sim;

/* ---- control channel ---- */

static gboolean serve(GThreadedSocketService *service, GSocketConnection *connection,
                      GObject *source, gpointer user_data)
{
    (void)service;
    (void)source;
    Sim *sim = user_data;
    g_autoptr(GDataInputStream) in =
        g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
    char *line = NULL;
    while ((line = g_data_input_stream_read_line(in, NULL, NULL, NULL)) != NULL) {
        g_autofree char *answer = simusb_bus_command(sim->bus, line);
        g_autofree char *whole = g_strconcat(answer, "\n", NULL);
        g_free(line);
        if (!g_output_stream_write_all(out, whole, strlen(whole), NULL, NULL, NULL))
            break;
    }
    return TRUE;
}

static gboolean open_control(Sim *sim, GError **error)
{
    if (sim->control == NULL) {
        sim->folder = g_dir_make_tmp("celadon-usb-sim-XXXXXX", error);
        if (sim->folder == NULL)
            return FALSE;
        sim->control = g_build_filename(sim->folder, "control", NULL);
    }
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(sim->control);
    sim->service = g_threaded_socket_service_new(MAX_CONNECTIONS);
    if (!g_socket_listener_add_address(G_SOCKET_LISTENER(sim->service), address,
                                       G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                       error))
        return FALSE;
    g_signal_connect(sim->service, "run", G_CALLBACK(serve), sim);
    g_setenv(CONTROL_VARIABLE, sim->control, TRUE);
    return TRUE;
}

/* ---- units ---- */

/* "MODEL@PREFIX:key=value" is a unit whose memory and frames are files of --fixture. */
static gboolean add_unit(Sim *sim, const char *spec, GError **error)
{
    const char *at = strchr(spec, '@');
    if (at == NULL)
        return simusb_bus_add(sim->bus, spec, NULL, NULL, error) != 0;
    const gsize n = strcspn(at + 1, ":");
    g_autofree char *prefix = g_strndup(at + 1, n);
    g_autofree char *model = g_strndup(spec, (gsize)(at - spec));
    g_autofree char *plain = g_strconcat(model, at + 1 + n, NULL);
    if (sim->fixture == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s needs --fixture", spec);
        return FALSE;
    }
    return simusb_bus_add(sim->bus, plain, sim->fixture, prefix, error) != 0;
}

static void list_models(void)
{
    gsize n = 0;
    const SimUsbModel *models = simusb_models(&n);
    for (gsize i = 0; i < n; i++)
        printf("%-22s %04x:%04x %s\n", models[i].id, models[i].vendor, models[i].product,
               models[i].family->name);
}

static void write_truth(Sim *sim)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    for (guint i = 1; i <= simusb_bus_n_units(sim->bus); i++) {
        g_autofree char *counters = simusb_bus_read(sim->bus, i);
        g_autofree char *edges = simusb_bus_edges(sim->bus, i);
        g_string_append_printf(text, "unit=%u %s\nedges %u %s\n", i, counters, i, edges);
    }
    if (!g_file_set_contents(sim->truth, text->str, (gssize)text->len, &error))
        g_printerr("%s\n", error->message);
}

/* ---- the command ---- */

static gboolean quit(gpointer user_data)
{
    g_main_loop_quit(((Sim *)user_data)->loop);
    return G_SOURCE_REMOVE;
}

static void on_child_exit(GPid pid, int status, gpointer user_data)
{
    Sim *sim = user_data;
    sim->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    sim->child = 0;
    g_spawn_close_pid(pid);
    g_timeout_add((guint)MAX(sim->linger_ms, 0), quit, sim);
}

static gboolean on_signal(gpointer user_data)
{
    Sim *sim = user_data;
    if (sim->child != 0)
        kill(sim->child, SIGTERM);
    else
        quit(sim);
    return G_SOURCE_CONTINUE;
}

static gboolean start_command(Sim *sim, GError **error)
{
    if (sim->command == NULL || sim->command[0] == NULL) {
        printf("UMOCKDEV_DIR=%s\nLD_PRELOAD=%s\n%s=%s\n", g_getenv("UMOCKDEV_DIR"), PRELOAD,
               CONTROL_VARIABLE, sim->control);
        fflush(stdout);
        return TRUE;
    }
    if (!g_spawn_async(NULL, sim->command, NULL,
                       G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
                           G_SPAWN_CHILD_INHERITS_STDIN,
                       NULL, NULL, &sim->child, error))
        return FALSE;
    g_child_watch_add(sim->child, on_child_exit, sim);
    return TRUE;
}

static gboolean start(Sim *sim, GError **error)
{
    for (char **unit = sim->units; unit != NULL && *unit != NULL; unit++) {
        if (!add_unit(sim, *unit, error))
            return FALSE;
    }
    return open_control(sim, error) && start_command(sim, error);
}

static int run(Sim *sim)
{
    g_autoptr(GError) error = NULL;
    sim->loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, on_signal, sim);
    g_unix_signal_add(SIGINT, on_signal, sim);
    if (start(sim, &error)) {
        g_main_loop_run(sim->loop);
        if (sim->truth != NULL)
            write_truth(sim);
    } else {
        g_printerr("celadon-usb-sim: %s\n", error->message);
        sim->status = EXIT_SETUP;
    }
    if (sim->service != NULL) {
        g_socket_service_stop(sim->service);
        g_socket_listener_close(G_SOCKET_LISTENER(sim->service));
        g_unlink(sim->control);
    }
    if (sim->folder != NULL)
        g_rmdir(sim->folder);
    g_main_loop_unref(sim->loop);
    return sim->status;
}

/* Puts @item into a list of the environment, before what is there or after it. */
static void join_list(const char *name, const char *item, gboolean first)
{
    const char *before = g_getenv(name);
    g_autofree char *all = before == NULL ? g_strdup(item)
                           : first        ? g_strconcat(item, ":", before, NULL)
                                          : g_strconcat(before, ":", item, NULL);
    g_setenv(name, all, TRUE);
}

/* umockdev only tells others of a device when it is itself preloaded. */
static int start_again(char **argv)
{
    if (g_getenv(STARTED_AGAIN) != NULL) {
        g_printerr("celadon-usb-sim: %s cannot be preloaded\n", PRELOAD);
        return EXIT_SETUP;
    }
    join_list("LD_PRELOAD", PRELOAD, TRUE);
    join_list("ASAN_OPTIONS", "verify_asan_link_order=0", FALSE); /* it wants to be the first */
    g_setenv(STARTED_AGAIN, "1", TRUE);
    g_unsetenv("UMOCKDEV_DIR");
    execv("/proc/self/exe", argv);
    return EXIT_SETUP;
}

/* Splits argv at "--"; what is behind is the command. */
static char **split_command(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            *argc = i;
            return argv + i + 1;
        }
    }
    return NULL;
}

/* umockdev calls it critical when a client is killed within a call; here that is usual. */
static void log_message(const char *domain, GLogLevelFlags level, const char *message,
                        gpointer data)
{
    if (strstr(message, "IoctlClient with open stream") == NULL)
        g_log_default_handler(domain, level, message, data);
}

int main(int argc, char **argv)
{
    Sim sim = {.linger_ms = 0};
    gboolean models = FALSE;
    const GOptionEntry entries[] = {
        {"control", 0, 0, G_OPTION_ARG_FILENAME, &sim.control, "socket of the channel", "PATH"},
        {"truth", 0, 0, G_OPTION_ARG_FILENAME, &sim.truth, "file for the counters at the end",
         "PATH"},
        {"fixture", 0, 0, G_OPTION_ARG_FILENAME, &sim.fixture, "folder of recorded units", "DIR"},
        {"linger-ms", 0, 0, G_OPTION_ARG_INT, &sim.linger_ms, "stay after the command", "MS"},
        {"models", 0, 0, G_OPTION_ARG_NONE, &models, "list the models", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &sim.units, NULL, "UNIT..."},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_log_set_default_handler(log_message, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("[-- COMMAND ARGUMENT...]");
    g_option_context_add_main_entries(context, entries, NULL);
    sim.command = split_command(&argc, argv);
    g_auto(GStrv) own = g_new0(char *, (gsize)argc + 1);
    for (int i = 0; i < argc; i++)
        own[i] = g_strdup(argv[i]);
    if (!g_option_context_parse_strv(context, &own, &error)) {
        g_printerr("celadon-usb-sim: %s\n", error->message);
        return EXIT_USAGE;
    }
    if (models) {
        list_models();
        return 0;
    }
    sim.bus = simusb_bus_new(NULL);
    if (sim.bus == NULL)
        return start_again(argv);
    const int status = run(&sim);
    simusb_bus_free(sim.bus);
    g_clear_object(&sim.service);
    g_strfreev(sim.units);
    g_free(sim.control);
    g_free(sim.truth);
    g_free(sim.fixture);
    g_free(sim.folder);
    return status;
}
