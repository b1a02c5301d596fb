/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-barrier.h"

#include "base/cel-canon.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* Bags, bottles, vials, films, paper and cardboard; ids of the library that ships. */
static const char *const packaging[] = {"pe",    "pp",
                                        "pet",   "ps",
                                        "pvc",   "pvc_plasticised",
                                        "pc",    "cellulose",
                                        "glass", "glass_borosilicate"};

static gboolean manifest_says_so(const CelReference *reference)
{
    g_autoptr(JsonNode) node =
        *reference->extra != '\0' ? cel_canon_read(reference->extra, strlen(reference->extra), NULL)
                                  : NULL;
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) &&
           g_strcmp0(json_object_get_string_member_with_default(json_node_get_object(node),
                                                                "packaging", NULL),
                     "yes") == 0;
}

gboolean cel_barrier_is_packaging(const CelSubstance *substance)
{
    for (gsize i = 0; i < G_N_ELEMENTS(packaging); i++)
        if (strcmp(substance->id, packaging[i]) == 0)
            return TRUE;
    for (gsize r = 0; r < substance->n_references; r++)
        if (manifest_says_so(&substance->references[r]))
            return TRUE;
    return FALSE;
}

static double level_at(const CelView *view, double channel)
{
    const double at = channel - view->first, whole = floor(at);
    if (!(whole >= 0 && whole + 1 < view->n))
        return 0;
    const gsize k = (gsize)whole;
    return (double)view->level[k] +
           (at - whole) * ((double)view->level[k + 1] - (double)view->level[k]);
}

static void take_off(const CelView *sample, const CelView *blank, const CelMixturePart *part,
                     guint from, guint n, double *y)
{
    for (guint k = 0; k < n; k++)
        y[k] -= part->height *
                level_at(blank, sample->first + from + k + part->shift_cm1 / CEL_VIEW_STEP_CM1);
}

/* (nullable): what @part draws, if it is packaging. */
static const CelView *barrier_view(const CelUnmixInput *input, const CelMixturePart *part)
{
    return part->kind == CEL_COMPONENT_BLANK       ? input->blanks[part->entry]
           : part->kind == CEL_COMPONENT_PACKAGING ? cel_search_view(input->search, part->entry)
                                                   : NULL;
}

CelView *cel_barrier_remove(const CelUnmixInput *input, const CelMixture *fit, double *out_left)
{
    const CelView *sample = input->sample;
    guint low = sample->first, high = sample->first + sample->n;
    for (guint i = 0; i < fit->parts->len; i++) {
        const CelMixturePart *part = &g_array_index(fit->parts, CelMixturePart, i);
        const CelView *view = barrier_view(input, part);
        if (view == NULL)
            continue;
        low = MAX(low, view->first);
        high = MIN(high, view->first + view->n);
    }
    *out_left = 0;
    if (high < low + CEL_VIEW_MIN)
        return NULL;
    const guint n = high - low, from = low - sample->first;
    g_autofree double *x = g_new(double, n), *y = g_new(double, n);
    g_autofree guint8 *mask = g_malloc0(n);
    for (guint k = 0; k < n; k++) {
        x[k] = (low + k) * CEL_VIEW_STEP_CM1;
        y[k] = (double)sample->level[from + k];
    }
    for (guint i = 0; i < fit->parts->len; i++) {
        const CelMixturePart *part = &g_array_index(fit->parts, CelMixturePart, i);
        const CelView *view = barrier_view(input, part);
        if (view != NULL)
            take_off(sample, view, part, from, n, y);
    }
    for (guint m = 0; m < sample->n_masked; m++)
        if (sample->masked[m] >= from && sample->masked[m] < from + n)
            mask[sample->masked[m] - from] = CEL_MASK_BAD_PIXEL;
    for (guint k = 0; k < n; k++)
        *out_left = mask[k] == 0 ? MAX(*out_left, y[k]) : *out_left;
    const CelCurve curve = {.x = x, .y = y, .mask = mask, .n = n};
    return cel_view_new(&curve);
}
