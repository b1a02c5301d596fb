/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

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
