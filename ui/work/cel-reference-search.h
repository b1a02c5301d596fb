/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"
#include "match/cel-library.h"

G_BEGIN_DECLS

/** CelReferenceFound: a substance that bears the name, with what it can be compared by. */
typedef struct {
    char *title, *detail;
    const CelSubstance *substance; /* of the desk's libraries */
    const CelReference *reference; /* (nullable): NULL: it has a band table alone */
} CelReferenceFound;

/** CelReferenceSearch: looks through the libraries for names, on a worker. */
typedef struct {
    CelDesk *desk; /* owned */
    char *text;
    guint most;
    GPtrArray *found; /* CelReferenceFound: one a substance, names that begin with it first */
} CelReferenceSearch;

/** cel_reference_search_new: @text: part of a name or id. Returns: (transfer full). */
CelReferenceSearch *cel_reference_search_new(CelDesk *desk, const char *text, guint most);

/** cel_reference_search_free: @search: (nullable) */
void cel_reference_search_free(gpointer search);

/** cel_reference_search_run: a CelTaskRun; waits for the libraries. */
gboolean cel_reference_search_run(gpointer search, CelJob *job, GError **error);

G_END_DECLS
