/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-page.h"

#include "cel-sign-in-page.h"
#include "cel-welcome-page.h"
#include "cel-window.h"
#include "desk/cel-archive-page.h"
#include "path/cel-path-page.h"
#include "result/cel-result-page.h"
#include "result/cel-why-page.h"
#include "work/cel-work-page.h"
#include "files/cel-files-page.h"
#include "files/cel-library-page.h"
#include "desk/cel-case-page.h"
#include "desk/cel-queue-page.h"
#include "desk/cel-review-page.h"
#include "instruments/cel-daybook-page.h"
#include "instruments/cel-instruments-page.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_ABSTRACT_TYPE(CelPage, cel_page, ADW_TYPE_BIN)

static void cel_page_class_init(CelPageClass *klass)
{
    (void)klass;
}

static void cel_page_init(CelPage *page)
{
    gtk_widget_set_hexpand(GTK_WIDGET(page), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(page), TRUE);
}

/* ---- the table ---- */

static const CelPageDef defs[] = {
#define CEL_PAGE(id, title, icon, modes, type) {id, title, icon, modes, type},
#include "cel-pages.def"
#undef CEL_PAGE
};

const CelPageDef *cel_page_defs(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(defs);
    return defs;
}

const CelPageDef *cel_page_def(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(defs); i++)
        if (strcmp(defs[i].id, id) == 0)
            return &defs[i];
    return NULL;
}

/* ---- the class's slots ---- */

void cel_page_open(CelPage *page, const char *what, GObject *thing)
{
    if (CEL_PAGE_GET_CLASS(page)->open != NULL)
        CEL_PAGE_GET_CLASS(page)->open(page, what, thing);
}

gboolean cel_page_may_leave(CelPage *page)
{
    return CEL_PAGE_GET_CLASS(page)->may_leave == NULL || CEL_PAGE_GET_CLASS(page)->may_leave(page);
}

gboolean cel_page_trigger(CelPage *page)
{
    return CEL_PAGE_GET_CLASS(page)->trigger != NULL && CEL_PAGE_GET_CLASS(page)->trigger(page);
}

gboolean cel_page_stop(CelPage *page)
{
    return CEL_PAGE_GET_CLASS(page)->stop != NULL && CEL_PAGE_GET_CLASS(page)->stop(page);
}

/* ---- what a page asks of its window ---- */

static CelWindow *window_of(CelPage *page)
{
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(page));
    return CEL_IS_WINDOW(root) ? CEL_WINDOW(root) : NULL;
}

CelDesk *cel_page_desk(CelPage *page)
{
    CelWindow *window = window_of(page);
    return window != NULL ? cel_window_desk(window) : NULL;
}

CelTask *cel_page_start(CelPage *page, const CelTaskOrder *order)
{
    CelTaskOrder owned = *order;
    owned.owner = page;
    return cel_task_start(cel_desk_lanes(cel_page_desk(page)), &owned);
}

void cel_page_show(CelPage *page, const char *id, const char *what, GObject *thing)
{
    CelWindow *window = window_of(page);
    if (window != NULL)
        cel_window_show(window, id, what, thing);
}

void cel_page_back(CelPage *page)
{
    CelWindow *window = window_of(page);
    if (window != NULL)
        cel_window_back(window);
}

void cel_page_say(CelPage *page, const char *text)
{
    CelWindow *window = window_of(page);
    if (window != NULL)
        cel_window_say(window, text);
}

void cel_page_fail(CelPage *page, const GError *error)
{
    CelWindow *window = window_of(page);
    if (window != NULL && error != NULL && !g_error_matches(error, CEL_ERROR, CEL_ERROR_CANCELLED))
        cel_window_fail(window, error);
}

gboolean cel_page_is_field(CelPage *page)
{
    CelWindow *window = window_of(page);
    return window != NULL && cel_window_mode(window) == CEL_MODE_FIELD;
}
