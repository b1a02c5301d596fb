/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-identify.h"
#include "match/cel-search.h"

G_BEGIN_DECLS

/*
 * What a matcher makes of a large library before it can search, kept in a cache file
 * (cel-cache.h): which references and band tables are searched, their views, the first pass, and
 * the limit of likeness. With the file a start reads what names the entries; views and codes are
 * read when a search touches them.
 */
typedef struct CelPrepared CelPrepared;

/** CelPreparedPlace: what an entry of the search stands for. */
typedef struct {
    guint32 library, substance; /* its number in the options, its number in the library */
    guint32 reference;          /* its number in the substance; CEL_PREPARED_TABLE: the bands */
} CelPreparedPlace;
#define CEL_PREPARED_TABLE G_MAXUINT32

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
 * cel_prepared_search:
 * @out_limit: (out): the limit of likeness
 * Returns: (transfer full) (nullable): the hastened search that the file holds; NULL: there is no
 *   file, or none that fits, and the search must be made and given to cel_prepared_keep().
 */
CelSearch *cel_prepared_search(const CelPrepared *prepared, double *out_limit);

/** cel_prepared_places: Returns: (transfer none): one an entry of that search. */
const CelPreparedPlace *cel_prepared_places(const CelPrepared *prepared);

/** cel_prepared_keep: writes the file, if it can. @search: hastened; @places: one an entry. */
void cel_prepared_keep(const CelPrepared *prepared, const CelSearch *search,
                       const CelPreparedPlace *places, double limit);

/** cel_prepared_is_whole: Returns: whether what is mapped has its digest now; if not, its name is
 * taken away, so that the next start makes it anew. TRUE when there is nothing mapped. */
gboolean cel_prepared_is_whole(const CelPrepared *prepared);

G_END_DECLS
