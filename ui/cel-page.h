/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"
#include "cel-words.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_PAGE (cel_page_get_type())
/** CelPage: one page of the window. */
G_DECLARE_DERIVABLE_TYPE(CelPage, cel_page, CEL, PAGE, AdwBin)

/**
 * CelPageClass:
 * @open: the page comes into view. @what: (nullable): "CASE/ITEM", a sealed file's id or a path;
 *   @thing: (nullable): an object, such as a CelAnswer. Both NULL: as it was.
 * @may_leave: (nullable): Returns: FALSE to stay (the page says why itself)
 * @trigger: (nullable): a hardware button was pressed. Returns: whether the page used it
 * @stop: (nullable): Escape: what must not go on, such as laser light, ends at once. Returns:
 *   whether there was something; otherwise Escape goes back
 */
struct _CelPageClass {
    AdwBinClass parent_class;
    void (*open)(CelPage *page, const char *what, GObject *thing);
    gboolean (*may_leave)(CelPage *page);
    gboolean (*trigger)(CelPage *page);
    gboolean (*stop)(CelPage *page);
};

/** CelMode: who works here. */
typedef enum {
    CEL_MODE_FIELD = 1 << 0, /* the officer: large targets, one thing at a time */
    CEL_MODE_LAB = 1 << 1,
} CelMode;

/** CelPageDef: one row of THE table of pages, ui/cel-pages.def. */
typedef struct {
    const char *id;
    const char *title; /* N_() */
    const char *icon;  /* (nullable): NULL: not in the sidebar, another page leads there */
    guint modes;       /* CelMode bits */
    GType (*type)(void);
} CelPageDef;

/** cel_page_defs: @out_n: how many. Returns: (transfer none): the table. */
const CelPageDef *cel_page_defs(gsize *out_n);

/** cel_page_def: Returns: (transfer none) (nullable): the row of that id. */
const CelPageDef *cel_page_def(const char *id);

/** cel_page_open: calls the class's open. */
void cel_page_open(CelPage *page, const char *what, GObject *thing);

/** cel_page_may_leave: Returns: what the class says, TRUE without a slot. */
gboolean cel_page_may_leave(CelPage *page);

/** cel_page_trigger: Returns: what the class says, FALSE without a slot. */
gboolean cel_page_trigger(CelPage *page);

/** cel_page_stop: Returns: what the class says, FALSE without a slot. */
gboolean cel_page_stop(CelPage *page);

/** cel_page_desk: Returns: (transfer none): the application's desk; of a page in a window. */
CelDesk *cel_page_desk(CelPage *page);

/** cel_page_start: cel_task_start() with the page as its owner. Returns: (transfer none). */
CelTask *cel_page_start(CelPage *page, const CelTaskOrder *order);

/** cel_page_show: goes to page @id, see CelPageClass.open for @what and @thing. */
void cel_page_show(CelPage *page, const char *id, const char *what, GObject *thing);

/** cel_page_back: goes to the page from which this one was shown, else to the first. */
void cel_page_back(CelPage *page);

/** cel_page_say: a short notice that goes away by itself. */
void cel_page_say(CelPage *page, const char *text);

/** cel_page_fail: shows what happened, what it means and what to do, in a dialog that stays;
 * nothing for CEL_ERROR_CANCELLED. @error: (nullable): then nothing. */
void cel_page_fail(CelPage *page, const GError *error);

/** cel_page_is_field: Returns: whether the window is in field mode now. */
gboolean cel_page_is_field(CelPage *page);

G_END_DECLS
