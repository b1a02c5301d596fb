/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-truth.h"

#include <string.h>

static const SimUsbEdge *edge_at(const SimUsbTruth *truth, guint i)
{
    return &truth->edge[i % SIMUSB_MAX_EDGES];
}

static guint first_edge(const SimUsbTruth *truth)
{
    return truth->edges > SIMUSB_MAX_EDGES ? truth->edges - SIMUSB_MAX_EDGES : 0;
}

void simusb_truth_light(SimUsbTruth *truth, gboolean on, gint64 now_us)
{
    if (truth->light == !!on)
        return;
    if (!on)
        truth->on_before_us += now_us - edge_at(truth, truth->edges - 1)->at_us;
    truth->light = !!on;
    truth->edge[truth->edges % SIMUSB_MAX_EDGES] = (SimUsbEdge){now_us, truth->light};
    truth->edges++;
}

gint64 simusb_truth_on_us(const SimUsbTruth *truth, gint64 from_us, gint64 to_us)
{
    gint64 sum = 0;
    gint64 until = to_us;
    /* backwards, as the window is nearly always the recent past */
    for (guint i = truth->edges; i > first_edge(truth) && until > from_us; i--) {
        const SimUsbEdge *edge = edge_at(truth, i - 1);
        if (edge->on && edge->at_us < until)
            sum += until - MAX(edge->at_us, from_us);
        until = MIN(until, edge->at_us);
    }
    return sum;
}

static double on_total_us(const SimUsbTruth *truth, gint64 now_us)
{
    const gint64 running = truth->light ? now_us - edge_at(truth, truth->edges - 1)->at_us : 0;
    return (double)(truth->on_before_us + running);
}

/* clang-format off */
#define COUNTERS(X)                                                                                \
    X(enables) X(disables) X(disables_obeyed) X(acquires) X(frames) X(controls) X(bulk_outs)       \
    X(bulk_ins) X(discards) X(resets) X(opens) X(claims) X(faults) X(watchdog_trips) X(unknown)    \
    X(forbidden) X(lockups) X(enabled) X(edges)
/* clang-format on */

/* the names that are not simply a field */
static gboolean special_value(const SimUsbTruth *truth, const char *name, gint64 now_us,
                              double *out_value)
{
    const struct {
        const char *name;
        double value;
    } values[] = {
        {"laser", truth->light},
        {"interlock", truth->interlock_closed},
        {"laser_mw", truth->laser_mw},
        {"integration_ms", truth->integration_ms},
        {"on_us", on_total_us(truth, now_us)},
        {"last_edge_us", truth->edges > 0 ? (double)edge_at(truth, truth->edges - 1)->at_us : 0.0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        if (strcmp(values[i].name, name) == 0) {
            *out_value = values[i].value;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean simusb_truth_value(const SimUsbTruth *truth, const char *name, gint64 now_us,
                            double *out_value)
{
#define FIND(field)                                                                                \
    if (strcmp(name, #field) == 0) {                                                               \
        *out_value = (double)truth->field;                                                         \
        return TRUE;                                                                               \
    }
    COUNTERS(FIND)
#undef FIND
    return special_value(truth, name, now_us, out_value);
}

char *simusb_truth_text(const SimUsbTruth *truth, gint64 now_us)
{
    static const char *const special[] = {"laser",          "interlock", "laser_mw",
                                          "integration_ms", "on_us",     "last_edge_us"};
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(special); i++) {
        double value = 0.0;
        special_value(truth, special[i], now_us, &value);
        g_string_append_printf(text, "%s=%.15g ", special[i], value);
    }
#define WRITE(field) g_string_append_printf(text, #field "=%u ", (guint)truth->field);
    COUNTERS(WRITE)
#undef WRITE
    g_string_truncate(text, text->len - 1);
    return g_string_free(text, FALSE);
}

char *simusb_truth_edges_text(const SimUsbTruth *truth)
{
    GString *text = g_string_new(NULL);
    for (guint i = first_edge(truth); i < truth->edges; i++)
        g_string_append_printf(text, "%s%d@%" G_GINT64_FORMAT, text->len > 0 ? " " : "",
                               edge_at(truth, i)->on, edge_at(truth, i)->at_us);
    return g_string_free(text, FALSE);
}
