/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-cache.h"
#include "match/cel-library.h"

G_BEGIN_DECLS

/*
 * A library's content as plain blocks: a canonical JSON index with every text, and columns of
 * numbers. Builder, file and memory share this form, so the digest over it means the same in all.
 */

typedef enum {
    CEL_PART_INDEX,
    CEL_PART_BAND_SHIFT,
    CEL_PART_BAND_INTENSITY,
    CEL_PART_BAND_FWHM,
    CEL_PART_BAND_LASER,
    CEL_PART_BAND_STATUS,
    CEL_PART_REFERENCE_LASER,
    CEL_PART_X,
    CEL_PART_Y,
    CEL_N_PARTS,
} CelLibraryPart;

typedef struct {
    GBytes *blocks[CEL_N_PARTS]; /* little-endian, as in the file; none is NULL, some are empty */
} CelLibraryParts;

/** CelLibraryKinds: one table of them. */
typedef struct {
    CelLibraryKind *rows;
    gsize n;
} CelLibraryKinds;

/* Texts and columns are those of @texts, @x and @y, or of a mapped file. */
struct CelLibrary {
    const char *name, *version;
    char sha256[65];
    CelSubstance *substances;
    CelBand *bands;           /* of all substances in order */
    CelReference *references; /* likewise */
    const char **alikes;      /* likewise: each substance's look-alikes and a NULL */
    gsize n_substances, n_bands, n_references, n_alikes;
    CelLibraryKinds kinds[3]; /* groups, classes, measured look-alikes (id and members) */
    const guint32 *order;     /* numbers of the substances by rising id */
    guint32 *own_order;       /* that, unless it is mapped */
    GStringChunk *texts;      /* NULL: mapped, and so on */
    GBytes *x, *y;
    CelCache *cache; /* (nullable): the mapped file */
};

/** cel_library_distribute: gives each substance its rows of the arrays of all substances. */
void cel_library_distribute(CelLibrary *library);

/** cel_library_part_size: bytes of one value. */
gsize cel_library_part_size(CelLibraryPart part);

/** cel_library_recall: Returns: (transfer full) (nullable): the content that the file at @path was
 * found to have before, if the file still has the mark it had then and that content is kept. */
CelLibrary *cel_library_recall(const char *path);

/** cel_library_remember: keeps @library, read from the file at @path which had the mark @before, a
 * settled one, when the reading began; not if the file was changed since. */
void cel_library_remember(const CelLibrary *library, const char *path, const CelFileMark *before);

/** cel_library_part_path: Returns: the place of @part below the file's root. */
const char *cel_library_part_path(CelLibraryPart part);

/** cel_library_parts_clear: drops the blocks. */
void cel_library_parts_clear(CelLibraryParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelLibraryParts, cel_library_parts_clear)

/** cel_library_parts_digest: Returns: (transfer full): SHA-256 over names, lengths and bytes of all
 * blocks as 64 hex digits, or NULL with CEL_ERROR_SYSTEM. */
char *cel_library_parts_digest(const CelLibraryParts *parts, GError **error);

/** cel_library_builder_parts: Returns: FALSE with CEL_ERROR_INPUT (empty). */
gboolean cel_library_builder_parts(const CelLibraryBuilder *builder, CelLibraryParts *out_parts,
                                   GError **error);

/** cel_library_from_parts: @parts: references are taken; @sha256: their digest, already checked.
 * Returns: (transfer full): or NULL with CEL_ERROR_INPUT naming what does not fit together. */
CelLibrary *cel_library_from_parts(const CelLibraryParts *parts, const char *sha256,
                                   GError **error);

/** cel_library_builder_add_substance: a new one with its bands (copied), without references.
 * Returns: FALSE with CEL_ERROR_INPUT when the id is there already. */
gboolean cel_library_builder_add_substance(CelLibraryBuilder *builder,
                                           const CelSubstance *substance, GError **error);

/** cel_library_builder_last_id: Returns: (nullable): the id of what was added last. */
const char *cel_library_builder_last_id(const CelLibraryBuilder *builder);

/** cel_status_name, cel_status_from_name: "verified", "measured", "recalled". */
const char *cel_status_name(CelStatus status);
gboolean cel_status_from_name(const char *name, CelStatus *out_status);

G_END_DECLS
