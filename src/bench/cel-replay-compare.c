/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-replay-compare.h"

#include <math.h>
#include <string.h>

typedef struct {
    CelReplay *out;
    gboolean mirrored; /* the sealed tree is walked: only what the other lacks counts */
} Walk;

/* What a recipe and a library make of raw data; the rest is stated. */
static gboolean is_computed(const char *path)
{
    static const char *const stated[] = {"/program", "/version", NULL};
    for (gsize i = 0; stated[i] != NULL; i++)
        if (g_str_has_suffix(path, stated[i]))
            return FALSE;
    return strstr(path, "/process_") != NULL || g_str_has_suffix(path, "/identification/answer") ||
           strstr(path, "/entry/data/") != NULL || g_str_has_prefix(path, "/celadon/result/") ||
           g_str_has_prefix(path, "/celadon/reference/") || strcmp(path, "/celadon/answer") == 0;
}

static void note(CelReplay *out, CelReplayState state, const char *path)
{
    if (state > out->state) {
        out->state = state;
        g_free(out->first);
        out->first = g_strdup(path);
    }
}

static double value_at(const CelH5Node *node, const guint8 *data, gsize i)
{
    float single;
    double value;
    if (cel_h5_type(node) == CEL_H5_F32) {
        memcpy(&single, data + i * sizeof single, sizeof single);
        return (double)single;
    }
    memcpy(&value, data + i * sizeof value, sizeof value);
    return value;
}

/* Largest deviation over the largest value; infinite when a value is missing on one side. */
static double deviation(const CelH5Node *a, const CelH5Node *b)
{
    gsize bytes = 0;
    const guint8 *one = g_bytes_get_data(cel_h5_data(a), &bytes);
    const guint8 *two = g_bytes_get_data(cel_h5_data(b), NULL);
    const gsize n = bytes / (cel_h5_type(a) == CEL_H5_F32 ? sizeof(float) : sizeof(double));
    double size = 0, most = 0;
    for (gsize i = 0; i < n; i++) {
        const double x = value_at(a, one, i), y = value_at(b, two, i);
        if (isfinite(x) != isfinite(y))
            return INFINITY;
        if (!isfinite(x))
            continue;
        size = fmax(size, fmax(fabs(x), fabs(y)));
        most = fmax(most, fabs(x - y));
    }
    return size > 0 ? most / size : 0;
}

static gboolean same_form(const CelH5Node *a, const CelH5Node *b)
{
    gsize shape_a[CEL_H5_MAX_RANK] = {0}, shape_b[CEL_H5_MAX_RANK] = {0};
    return cel_h5_type(a) == cel_h5_type(b) && cel_h5_type(a) != CEL_H5_GROUP &&
           cel_h5_shape(a, shape_a) == cel_h5_shape(b, shape_b) &&
           memcmp(shape_a, shape_b, sizeof shape_a) == 0;
}

static void compare_numbers(CelReplay *out, const CelH5Node *a, const CelH5Node *b,
                            const char *path)
{
    const double by = deviation(a, b);
    const CelReplayState state =
        by <= CEL_REPLAY_TOLERANCE ? CEL_REPLAY_WITHIN : CEL_REPLAY_DIFFERS;
    note(out, state, path);
    if (by > out->largest && state == out->state) {
        out->largest = by;
        g_free(out->first);
        out->first = g_strdup(path);
    }
}

/* Answers of two runs differ in the time they took; so bytes are not asked for. */
static void compare_answers(CelReplay *out, const CelH5Node *a, const CelH5Node *b,
                            const char *path)
{
    gsize n_a = 0, n_b = 0;
    gboolean rounded = FALSE;
    const char *one = g_bytes_get_data(cel_h5_data(a), &n_a);
    const char *two = g_bytes_get_data(cel_h5_data(b), &n_b);
    if (!cel_replay_answers_agree(one, n_a, two, n_b, &rounded))
        note(out, CEL_REPLAY_DIFFERS, path);
    else if (rounded)
        note(out, CEL_REPLAY_WITHIN, path);
    else
        out->n_identical++;
}

static void compare(CelReplay *out, const CelH5Node *sealed, const CelH5Node *again,
                    const char *path)
{
    out->n_compared++;
    const gboolean numbers = cel_h5_type(again) == CEL_H5_F64 || cel_h5_type(again) == CEL_H5_F32;
    if (g_str_has_suffix(path, "/answer"))
        compare_answers(out, sealed, again, path);
    else if (!same_form(sealed, again))
        note(out, CEL_REPLAY_DIFFERS, path);
    else if (g_bytes_equal(cel_h5_data(sealed), cel_h5_data(again)))
        out->n_identical++;
    else if (numbers)
        compare_numbers(out, sealed, again, path);
    else
        note(out, CEL_REPLAY_DIFFERS, path);
}

static void walk(const Walk *w, const CelH5Node *node, const CelH5Node *other, const char *path)
{
    GPtrArray *children = cel_h5_type(node) == CEL_H5_GROUP ? cel_h5_children(node) : NULL;
    for (guint i = 0; children != NULL && i < children->len; i++) {
        const CelH5Node *child = g_ptr_array_index(children, i);
        g_autofree char *below = g_strconcat(path, "/", cel_h5_name(child), NULL);
        walk(w, child, other, below);
    }
    if (children != NULL || !is_computed(path))
        return;
    const CelH5Node *twin = cel_h5_find(other, path);
    if (twin == NULL)
        note(w->out, CEL_REPLAY_DIFFERS, path);
    else if (!w->mirrored)
        compare(w->out, twin, node, path);
}

void cel_replay_compare(const CelH5Node *sealed, const CelH5Node *again, CelReplay *out)
{
    const Walk forth = {out, FALSE}, back = {out, TRUE};
    walk(&forth, again, sealed, "");
    walk(&back, sealed, again, "");
}
