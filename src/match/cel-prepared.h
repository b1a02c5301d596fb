/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-identify.h"
#include "match/cel-search.h"

G_BEGIN_DECLS

/*
 * What a matcher makes of a large library before it can search, kept in a cache file
 * (cel-cache.h): the views of its references in the order in which they are asked for, and the
 * first pass. With the file a start takes what reading it takes.
 */
typedef struct CelPrepared CelPrepared;

/**
 * cel_prepared_open:
 * @options: of the matcher; the file is that of its libraries' digests, recipe, resolutions and
 *   drop, and of this program (cel_cache_program())
 * Returns: (transfer full): with the file's content if there is one; NULL when nothing may be kept
 *   because the program does not know itself.
 */
CelPrepared *cel_prepared_open(const CelIdentifyOptions *options);

/** cel_prepared_free: @prepared: (nullable): after the search that holds its views. */
void cel_prepared_free(CelPrepared *prepared);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPrepared, cel_prepared_free)

/**
 * cel_prepared_next:
 * @out_view: (out) (transfer full) (nullable): the next reference's view, NULL: it has none
 * Returns: FALSE: it is not in the file and must be made, then given to cel_prepared_note().
 */
gboolean cel_prepared_next(CelPrepared *prepared, CelView **out_view);

/** cel_prepared_note: @view: (nullable): what was made; must live until cel_prepared_finish(). */
void cel_prepared_note(CelPrepared *prepared, const CelView *view);

/** cel_prepared_finish: hastens @search, from the file if there is one, else by making it, and
 * then tries to write the file. @search holds the views of all that was asked for, and maybe more.
 */
void cel_prepared_finish(CelPrepared *prepared, CelSearch *search);

G_END_DECLS
