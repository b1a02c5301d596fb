/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* All exhibits of a lab as the queue shows them: one snapshot, read and put in order on a worker,
 * never changed afterwards. A hundred thousand rows are plain structs over one store of texts. */

/** CelExhibitFacts: one row; the index owns copies of the texts. */
typedef struct {
    const char *case_id, *item_id, *description;
    const char *department; /* who sent it */
    const char *holder;     /* who has it now */
    const char *seal_no, *code;
    gint64 last_us; /* of its last event: how long it has been as it is */
    CelExhibitState state;
    gboolean hold;
} CelExhibitFacts;

/** CelExhibitColumn: what rows can be sorted by. */
typedef enum {
    CEL_BY_EXHIBIT,
    CEL_BY_DESCRIPTION,
    CEL_BY_STATE,
    CEL_BY_AGE,
    CEL_BY_DEPARTMENT,
    CEL_BY_HOLDER,
    CEL_N_EXHIBIT_COLUMNS,
} CelExhibitColumn;

/** CelExhibitFilter: which rows and in which order. */
typedef struct {
    const char *text;          /* (nullable): words, all of which must occur somewhere in the row */
    guint states;              /* bits 1 << CelExhibitState, 0: all */
    gint64 unchanged_since_us; /* only those whose last event was not after this; 0: all */
    gboolean hold;             /* only those on hold */
    CelExhibitColumn column;
    gboolean descending;
} CelExhibitFilter;

/** CelExhibitIndex: see above; counted. Thread-safe: once cel_exhibit_index_finish() was called. */
typedef struct CelExhibitIndex CelExhibitIndex;

/** cel_exhibit_index_new: Returns: (transfer full): empty, to be filled. */
CelExhibitIndex *cel_exhibit_index_new(void);
/** cel_exhibit_index_add: @facts: copied. */
void cel_exhibit_index_add(CelExhibitIndex *index, const CelExhibitFacts *facts);
/** cel_exhibit_index_finish: finds every order in which the rows can be shown. Slow: a worker. */
void cel_exhibit_index_finish(CelExhibitIndex *index);

/** cel_exhibit_index_read: CEL_LANE_LAB. Returns: (transfer full): the lab's exhibits, finished;
 * NULL with the errors of cel_register_rows(). */
CelExhibitIndex *cel_exhibit_index_read(CelLab *lab, GError **error);

/** cel_exhibit_index_ref, cel_exhibit_index_unref: @index: (nullable) for unref. Thread-safe: yes.
 */
CelExhibitIndex *cel_exhibit_index_ref(CelExhibitIndex *index);
void cel_exhibit_index_unref(CelExhibitIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelExhibitIndex, cel_exhibit_index_unref)

/** cel_exhibit_index_size: Returns: how many rows. */
guint cel_exhibit_index_size(const CelExhibitIndex *index);
/** cel_exhibit_index_get: @row: below the size. Returns: (transfer none): lives as @index. */
const CelExhibitFacts *cel_exhibit_index_get(const CelExhibitIndex *index, guint row);
/** cel_exhibit_index_find: Returns: FALSE when there is no such exhibit. */
gboolean cel_exhibit_index_find(const CelExhibitIndex *index, const char *case_id,
                                const char *item_id, guint *out_row);

/** cel_exhibit_index_view: Returns: (transfer full) (element-type guint32): the rows that @filter
 * lets through, in its order. Milliseconds for a hundred thousand rows: a worker. */
GArray *cel_exhibit_index_view(const CelExhibitIndex *index, const CelExhibitFilter *filter);

G_END_DECLS
