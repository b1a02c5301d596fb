/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "help/cel-help-text.h"

G_BEGIN_DECLS

/* The help pages of the program itself, in the window's language. */

/** CelHelpDef: one row of THE list of help pages, cel-help-pages.def. */
typedef struct {
    const char *id;
    const char *on; /* pages of the window, with blanks between */
} CelHelpDef;

/** CelHelpPage: one page as it is shown. Texts owned. */
typedef struct {
    const CelHelpDef *def;
    char *title;
    GPtrArray *blocks; /* (element-type CelHelpBlock) */
    char *plain;       /* all its words, for the search */
} CelHelpPage;

/** cel_help_defs: @out_n: how many. Returns: (transfer none): the list. Thread-safe: yes. */
const CelHelpDef *cel_help_defs(gsize *out_n);

/** cel_help_for: Returns: (transfer none): the help page for that page of the window (nullable):
 * the first one when there is none of its own. Thread-safe: yes. */
const CelHelpDef *cel_help_for(const char *window_page);

/** cel_help_book_read: @language: "zh_CN" or "en". Returns: (transfer full) (element-type
 * CelHelpPage): all pages, in their order. Thread-safe: yes. */
GPtrArray *cel_help_book_read(const char *language);

/** cel_help_page_excerpt: Returns: (transfer full): some words around the first word of @query in
 * @page, or its first paragraph for none. */
char *cel_help_page_excerpt(const CelHelpPage *page, const char *query);

G_END_DECLS
