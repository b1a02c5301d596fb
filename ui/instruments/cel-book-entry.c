/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-book-entry.h"

#include "instruments/cel-word-dialog.h"

#include "base/cel-error.h"
#include "bench/cel-lab-calibration.h"
#include "bench/cel-lab-check.h"

#include <glib/gi18n-lib.h>

/** BookAct: On CEL_LANE_LAB: records @text of the instrument @serial. */
typedef gboolean (*BookAct)(CelLab *lab, const char *serial, const char *text, GError **error);

/** Entry: one line on its way into the day-book. */
typedef struct {
    CelDesk *desk;
    char *serial, *text;
    BookAct act;
    const char *said; /* msgid: once it stands there */
} Entry;

static void entry_free(gpointer data)
{
    Entry *entry = data;
    g_object_unref(entry->desk);
    g_free(entry->serial);
    g_free(entry->text);
    g_free(entry);
}

static gboolean entry_run(gpointer data, CelJob *job, GError **error)
{
    const Entry *entry = data;
    CelLab *lab = cel_desk_need_lab(entry->desk, error);
    (void)job;
    return lab != NULL && entry->act(lab, entry->serial, entry->text, error);
}

static void entry_done(gpointer owner, gpointer data, const GError *error)
{
    const Entry *entry = data;
    cel_page_fail(owner, error);
    if (error != NULL)
        return;
    cel_page_say(owner, _(entry->said));
    cel_desk_lab_changed(entry->desk);
}

static void enter(CelPage *page, BookAct act, const char *text, const char *said)
{
    Entry *entry = g_new0(Entry, 1);
    entry->desk = g_object_ref(cel_page_desk(page));
    entry->serial = g_strdup(cel_desk_facts(entry->desk)->serial);
    entry->text = g_strdup(text);
    entry->act = act;
    entry->said = said;
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .run = entry_run,
                                .done = entry_done,
                                .data = entry,
                                .free = entry_free};
    cel_page_start(page, &order);
}

static gboolean disturb(CelLab *lab, const char *serial, const char *why, GError **error)
{
    return cel_lab_disturb(lab, serial, why, cel_clock_system(), error);
}

void cel_book_disturb(CelPage *page, const char *why)
{
    enter(page, disturb, why, N_("Recorded: the instrument needs a new check"));
}

static gboolean take_stock(CelLab *lab, const char *serial, const char *asset, GError **error)
{
    return cel_lab_inventory(lab, serial, asset, cel_clock_system(), error);
}

static gboolean go_back(CelLab *lab, const char *serial, const char *why, GError **error)
{
    const CelWayBack back = {.serial = serial, .why = why, .clock = cel_clock_system()};
    return cel_lab_way_back(lab, &back, error);
}

static void asset_given(gpointer owner, const char *asset)
{
    enter(owner, take_stock, asset, N_("The asset number is on record"));
}

void cel_book_ask_asset(CelPage *page)
{
    const CelWordAsk ask = {
        .heading = _("Asset number of the instrument"),
        .body = _("As on its label and in the inventory of the laboratory. A court page names it."),
        .title = _("Asset number"),
        .accept = _("Record"),
        .given = asset_given};
    cel_word_dialog(GTK_WIDGET(page), &ask);
}

static void reason_given(gpointer owner, const char *why)
{
    enter(owner, go_back, why, N_("Its own calibration is in force; it needs a new check"));
}

void cel_book_ask_way_back(CelPage *page)
{
    const CelWordAsk ask = {
        .heading = _("Back to the instrument's own calibration?"),
        .body = _("From then on it measures with the calibration of its maker again, and nothing "
                  "it measured counts above a lead until it passes a check with it. The sealed "
                  "calibration stays in the archive."),
        .title = _("Reason"),
        .accept = _("Put its own in force"),
        .given = reason_given};
    cel_word_dialog(GTK_WIDGET(page), &ask);
}
