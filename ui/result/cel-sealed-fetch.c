/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-sealed-fetch.h"

#include "base/cel-error.h"
#include "bench/cel-lab-seal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
    CelDesk *desk;
    char *what, *path;
    CelSealedOrder order;
    gpointer made;
} Fetch;

static void fetch_free(gpointer data)
{
    Fetch *fetch = data;
    if (fetch->made != NULL)
        fetch->order.free(fetch->made);
    g_object_unref(fetch->desk);
    g_free(fetch->what);
    g_free(fetch->path);
    g_free(fetch);
}

static void made(gpointer owner, gpointer data, const GError *error)
{
    Fetch *fetch = data;
    fetch->order.done(owner, fetch->what, g_steal_pointer(&fetch->made), error);
}

static gboolean read_file(gpointer data, CelJob *job, GError **error)
{
    Fetch *fetch = data;
    g_autoptr(CelSealed) sealed = cel_sealed_open(fetch->path, job, error);
    g_autofree char *title = g_path_get_basename(fetch->path);
    if (sealed == NULL)
        return FALSE;
    fetch->made = fetch->order.make(sealed, title, job, error);
    return fetch->made != NULL;
}

static void start_reading(CelPage *page, Fetch *fetch)
{
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Reading the sealed file"),
                                .run = read_file,
                                .done = made,
                                .data = fetch,
                                .free = fetch_free};
    cel_page_start(page, &order);
}

/* ---- an id instead of a path ---- */

static gboolean find_file(gpointer data, CelJob *job, GError **error)
{
    Fetch *fetch = data;
    CelLab *lab = cel_desk_lab(fetch->desk);
    (void)job;
    if (lab == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("No lab is open"));
        return FALSE;
    }
    fetch->path = cel_lab_sealed_path(lab, fetch->what);
    return TRUE;
}

static Fetch *fetch_new(CelDesk *desk, const CelSealedOrder *order)
{
    Fetch *fetch = g_new0(Fetch, 1);
    fetch->desk = g_object_ref(desk);
    fetch->what = g_strdup(order->what);
    fetch->order = *order;
    return fetch;
}

static void found(gpointer owner, gpointer data, const GError *error)
{
    const Fetch *asked = data;
    if (error != NULL) {
        asked->order.done(owner, asked->what, NULL, error);
        return;
    }
    Fetch *fetch = fetch_new(asked->desk, &asked->order);
    fetch->path = g_strdup(asked->path);
    start_reading(owner, fetch);
}

void cel_sealed_fetch(CelPage *page, const CelSealedOrder *order)
{
    Fetch *fetch = fetch_new(cel_page_desk(page), order);
    if (strchr(order->what, G_DIR_SEPARATOR) != NULL) {
        fetch->path = g_strdup(order->what);
        start_reading(page, fetch);
        return;
    }
    const CelTaskOrder search = {
        .lane = CEL_LANE_LAB, .run = find_file, .done = found, .data = fetch, .free = fetch_free};
    cel_page_start(page, &search);
}
