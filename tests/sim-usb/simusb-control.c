/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus.h"

#include "base/cel-number.h"

#include <gio/gio.h>
#include <string.h>

/* The text commands of the control channel: one line in, one line out. */

/* One command, split into words; @rest: the line behind the unit. */
typedef struct {
    SimUsbBus *bus;
    char **words;
    guint n_words, unit;
    const char *rest;
} Command;

typedef char *(*Action)(const Command *command, GError **error);

static char *ok(const char *text)
{
    return text != NULL && *text != '\0' ? g_strconcat("ok ", text, NULL) : g_strdup("ok");
}

static guint number_word(const Command *command, guint i)
{
    double value = 0.0;
    if (i >= command->n_words ||
        !cel_number_parse(command->words[i], strlen(command->words[i]), '.', &value))
        return 0;
    return (guint)CLAMP(value, 0.0, 1e9);
}

static char *add_unit(const Command *command, GError **error)
{
    const char *const *w = (const char *const *)command->words;
    const gboolean recorded = command->n_words == 4;
    const guint unit =
        simusb_bus_add(command->bus, w[1], recorded ? w[2] : NULL, recorded ? w[3] : NULL, error);
    return unit != 0 ? g_strdup_printf("ok %u", unit) : NULL;
}

static char *plug(const Command *command, GError **error)
{
    if (!simusb_bus_plug(command->bus, command->unit, number_word(command, 2), error))
        return NULL;
    return g_strdup_printf("ok %.0f", simusb_bus_value(command->bus, command->unit, "address"));
}

static char *unplug(const Command *command, GError **error)
{
    return simusb_bus_unplug(command->bus, command->unit, error) ? ok(NULL) : NULL;
}

static char *arm(const Command *command, GError **error)
{
    const guint id = simusb_bus_arm(command->bus, command->unit, command->rest, error);
    return id != 0 ? g_strdup_printf("ok %u", id) : NULL;
}

static char *disarm(const Command *command, GError **error)
{
    (void)error;
    simusb_bus_disarm(command->bus, command->unit, number_word(command, 2));
    return ok(NULL);
}

static char *faults(const Command *command, GError **error)
{
    (void)error;
    g_autofree char *text = simusb_bus_faults(command->bus, command->unit);
    return ok(text);
}

static char *set(const Command *command, GError **error)
{
    return simusb_bus_set(command->bus, command->unit, command->words[2], command->words[3], error)
               ? ok(NULL)
               : NULL;
}

static char *read_counters(const Command *command, GError **error)
{
    (void)error;
    g_autofree char *text = simusb_bus_read(command->bus, command->unit);
    return ok(text);
}

static char *get(const Command *command, GError **error)
{
    (void)error;
    return g_strdup_printf("ok %.15g",
                           simusb_bus_value(command->bus, command->unit, command->words[2]));
}

static char *edges(const Command *command, GError **error)
{
    (void)error;
    g_autofree char *text = simusb_bus_edges(command->bus, command->unit);
    return ok(text);
}

static char *wait_for(const Command *command, GError **error)
{
    return simusb_bus_wait(command->bus, command->unit, command->words[2], number_word(command, 3),
                           error)
               ? ok(NULL)
               : NULL;
}

static char *now(const Command *command, GError **error)
{
    (void)command;
    (void)error;
    return g_strdup_printf("ok %" G_GINT64_FORMAT, g_get_monotonic_time());
}

static char *list(const Command *command, GError **error)
{
    (void)error;
    return g_strdup_printf("ok %u", simusb_bus_n_units(command->bus));
}

static char *models(const Command *command, GError **error)
{
    (void)command;
    (void)error;
    gsize n = 0;
    const SimUsbModel *rows = simusb_models(&n);
    GString *text = g_string_new("ok");
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(text, " %s", rows[i].id);
    return g_string_free(text, FALSE);
}

/* least: words it needs, itself included; of_unit: the second is the number of a unit */
static const struct {
    const char *name;
    Action run;
    guint least;
    gboolean of_unit;
} actions[] = {
    {"add", add_unit, 2, FALSE}, {"plug", plug, 2, TRUE},          {"unplug", unplug, 2, TRUE},
    {"arm", arm, 3, TRUE},       {"disarm", disarm, 2, TRUE},      {"faults", faults, 2, TRUE},
    {"set", set, 4, TRUE},       {"read", read_counters, 2, TRUE}, {"get", get, 3, TRUE},
    {"edges", edges, 2, TRUE},   {"wait", wait_for, 4, TRUE},      {"now", now, 1, FALSE},
    {"units", list, 1, FALSE},   {"models", models, 1, FALSE},
};

/* What stands behind the second word. */
static const char *rest_of(const char *line)
{
    const char *at = line;
    for (int word = 0; word < 2; word++) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return at;
}

char *simusb_bus_command(SimUsbBus *bus, const char *line)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    const guint n = g_strv_length(words);
    for (gsize i = 0; n > 0 && i < G_N_ELEMENTS(actions); i++) {
        if (strcmp(actions[i].name, words[0]) != 0 || n < actions[i].least)
            continue;
        Command command = {.bus = bus, .words = words, .n_words = n, .rest = rest_of(line)};
        if (actions[i].of_unit) {
            command.unit = number_word(&command, 1);
            if (command.unit == 0 || command.unit > simusb_bus_n_units(bus))
                return g_strdup_printf("error no unit %s", words[1]);
        }
        char *answer = actions[i].run(&command, &error);
        return answer != NULL ? answer : g_strconcat("error ", error->message, NULL);
    }
    return g_strconcat("error not a command: ", line, NULL);
}
