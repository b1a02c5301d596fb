/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What code can see of a page that a person would call clipped, cramped, too small or nameless. */

/** PageFinding: one fault. */
typedef struct {
    const char *kind; /* a word of page-check.c, "cut-short", "target" ... */
    char *where;      /* the widget and what it stands in */
    char *text;       /* what it says, and by how much it misses */
} PageFinding;

/** PageRules: what is asked of the page. */
typedef struct {
    int target_px;  /* the least width and height of what is touched */
    gboolean names; /* accessible names too; needs GTK_A11Y=test */
} PageRules;

/** page_check: looks at everything that is mapped below @window. Returns: (transfer full)
 * (element-type PageFinding): none when all is well. Main thread; the window must stand still. */
GPtrArray *page_check(GtkWidget *window, const PageRules *rules);

/** page_texts: Returns: (transfer full) (element-type utf8): every text below @window that is to be
 * read: labels, tooltips, the title. */
GPtrArray *page_texts(GtkWidget *window);

G_END_DECLS
