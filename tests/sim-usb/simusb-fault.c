/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-fault.h"

#include "base/cel-number.h"

#include <string.h>

static const SimUsbFaultDef kinds[SIMUSB_N_FAULTS] = {
    [SIMUSB_UNPLUG] = {"unplug", "cable pulled @ms after the event", FALSE},
    [SIMUSB_SUSPEND] = {"suspend", "transfers fail for @ms, then gone, back @ms later", FALSE},
    [SIMUSB_STALL] = {"stall", "the endpoint stalls", FALSE},
    [SIMUSB_TIMEOUT] = {"timeout", "no answer ever; a frame is lost", FALSE},
    [SIMUSB_LOST] = {"lost", "acknowledged and ignored", FALSE},
    [SIMUSB_SLOW] = {"slow", "the transfer ends @ms later", FALSE},
    [SIMUSB_SHORT] = {"short", "only @bytes arrive", TRUE},
    [SIMUSB_LONG] = {"long", "@bytes of surplus at the end", TRUE},
    [SIMUSB_GARBAGE] = {"garbage", "random bytes of the right number", TRUE},
    [SIMUSB_SWAP] = {"swap", "each pair of bytes exchanged", TRUE},
    [SIMUSB_FLAT] = {"flat", "every pair of bytes equals the first", TRUE},
    [SIMUSB_LATE] = {"late", "arrives @ms later", TRUE},
    [SIMUSB_STALE] = {"stale", "an old frame lies before the new one", TRUE},
    [SIMUSB_IDENTICAL] = {"identical", "the frame before, once more", TRUE},
    [SIMUSB_DEFER] = {"defer", "OBP: error 255 first, the answer @ms later", TRUE},
};

static const char *const states[SIMUSB_N_STATES] = {
    [SIMUSB_IDENTIFY] = "identify",     [SIMUSB_CONFIGURE] = "configure",
    [SIMUSB_LASER_ON] = "laser-on",     [SIMUSB_LASER_OFF] = "laser-off",
    [SIMUSB_LASER_READ] = "laser-read", [SIMUSB_ACQUIRE] = "acquire",
    [SIMUSB_FRAME] = "frame",           [SIMUSB_STATUS] = "status",
};

const SimUsbFaultDef *simusb_fault_kinds(void)
{
    return kinds;
}

const char *simusb_state_name(SimUsbState state)
{
    return states[state];
}

static gboolean bad(const char *word, GError **error)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "not understood: %s", word);
    return FALSE;
}

static int find_state(const char *name)
{
    for (int i = 0; i < SIMUSB_N_STATES; i++) {
        if (strcmp(states[i], name) == 0)
            return i;
    }
    return -1;
}

static gboolean parse_hex(const char *text, gint64 *out_value)
{
    char *end = NULL;
    *out_value = g_ascii_strtoll(text, &end, 16);
    return end != text && *end == '\0';
}

static gboolean set_text_key(SimUsbFault *fault, const char *key, const char *value)
{
    gint64 number = 0;
    if (strcmp(key, "state") == 0)
        return (fault->state = find_state(value)) >= 0;
    if (strcmp(key, "opcode") == 0)
        return parse_hex(value, &fault->opcode);
    if (strcmp(key, "ep") == 0) {
        const gboolean ok = parse_hex(value, &number);
        fault->endpoint = (int)number;
        return ok;
    }
    if (strcmp(key, "dir") == 0) {
        fault->to_host = strcmp(value, "in") == 0;
        return fault->to_host || strcmp(value, "out") == 0;
    }
    if (strcmp(key, "times") == 0 && strcmp(value, "always") == 0) {
        fault->times = -1;
        return TRUE;
    }
    return FALSE;
}

static gboolean set_number_key(SimUsbFault *fault, const char *key, const char *value)
{
    double number = 0.0;
    if (!cel_number_parse(value, strlen(value), '.', &number) || number < 0.0 || number > 1e9)
        return FALSE;
    if (strcmp(key, "nth") == 0)
        fault->nth = (guint)number;
    else if (strcmp(key, "times") == 0)
        fault->times = (int)number;
    else if (strcmp(key, "chance") == 0)
        fault->chance = number;
    else if (strcmp(key, "ms") == 0)
        fault->ms = (gint64)number;
    else if (strcmp(key, "bytes") == 0)
        fault->bytes = (gint64)number;
    else if (strcmp(key, "obeyed") == 0)
        fault->obeyed = number > 0.0;
    else
        return FALSE;
    return TRUE;
}

/* Where a fault strikes when nobody says: content on its way to the host, all else on its way to
 * the device; a frame has only the one way. */
static void set_direction(SimUsbFault *fault)
{
    if (fault->to_host < 0 && (kinds[fault->kind].content || fault->state == SIMUSB_FRAME))
        fault->to_host = TRUE;
    if (fault->state < 0 && fault->opcode < 0 && fault->endpoint < 0 &&
        (fault->kind == SIMUSB_STALE || fault->kind == SIMUSB_IDENTICAL))
        fault->state = SIMUSB_FRAME;
}

gboolean simusb_fault_parse(char **words, SimUsbFault *out_fault, GError **error)
{
    SimUsbFault fault = {.kind = SIMUSB_N_FAULTS,
                         .state = -1,
                         .endpoint = -1,
                         .to_host = -1,
                         .opcode = -1,
                         .nth = 1,
                         .times = 1,
                         .chance = 1.0,
                         .ms = -1,
                         .bytes = -1};
    for (int i = 0; words[0] != NULL && i < SIMUSB_N_FAULTS; i++) {
        if (strcmp(kinds[i].name, words[0]) == 0)
            fault.kind = (SimUsbFaultKind)i;
    }
    if (fault.kind == SIMUSB_N_FAULTS)
        return bad(words[0] != NULL ? words[0] : "(nothing)", error);
    for (char **word = words + 1; *word != NULL; word++) {
        g_auto(GStrv) pair = g_strsplit(*word, "=", 2);
        if (pair[0] == NULL || pair[1] == NULL ||
            !(set_text_key(&fault, pair[0], pair[1]) || set_number_key(&fault, pair[0], pair[1])))
            return bad(*word, error);
    }
    set_direction(&fault);
    *out_fault = fault;
    return TRUE;
}

gboolean simusb_fault_is_spent(const SimUsbFault *fault)
{
    return fault->times >= 0 && fault->struck >= (guint)fault->times;
}

/* A control transfer is one event for both directions. An answer on a pipe is struck by what
 * concerns the device's side only when the fault says so (dir=in). */
static gboolean direction_fits(const SimUsbFault *fault, const SimUsbEvent *event)
{
    if (event->endpoint == 0)
        return event->to_host || !kinds[fault->kind].content;
    if (fault->to_host < 0)
        return !event->to_host;
    return fault->to_host == event->to_host;
}

gboolean simusb_fault_strikes(SimUsbFault *fault, const SimUsbEvent *event, double chance)
{
    if (simusb_fault_is_spent(fault) || !direction_fits(fault, event) ||
        (fault->state >= 0 && fault->state != (int)event->state) ||
        (fault->opcode >= 0 && fault->opcode != event->opcode) ||
        (fault->endpoint >= 0 && fault->endpoint != event->endpoint))
        return FALSE;
    fault->seen++;
    if (fault->seen < fault->nth || chance >= fault->chance)
        return FALSE;
    fault->struck++;
    return TRUE;
}

char *simusb_fault_text(const SimUsbFault *fault)
{
    return g_strdup_printf("%u:%s/%s seen=%u struck=%u%s", fault->id, kinds[fault->kind].name,
                           fault->state < 0 ? "any" : states[fault->state], fault->seen,
                           fault->struck, simusb_fault_is_spent(fault) ? " spent" : "");
}
