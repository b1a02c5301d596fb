/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"

G_BEGIN_DECLS

/*
 * The lab's own reference spectra: in its folder "libraries" own.tsv lists them (a manifest as for
 * `celadon library import`), own/ holds their files by digest, own.library.h5 is made from both.
 * Own entries are of grade C, a lead, until the manifest gives them a better grade and the library
 * is signed: grades are given by people with papers, not by a button.
 */

/** CelOwnEntry: one reference spectrum; borrowed. */
typedef struct {
    const char *file;              /* any readable format */
    const char *id;                /* of the substance: 1..64 of a-z 0-9 and - */
    const char *name_en, *name_zh; /* one of them at least */
    const char *class_id;          /* of the library that ships: "polymer" */
    double laser_nm;               /* 0: as the file says */
    const char *source;            /* where the material came from */
} CelOwnEntry;

/**
 * cel_own_library_add:
 * @folder: of the lab
 * Reads the file, keeps it by its digest, appends the entry and makes the library anew; when that
 * fails, list and library are as before.
 * Returns: FALSE with CEL_ERROR_USAGE (an id or name that cannot be), CEL_ERROR_INPUT (the file is
 *   not usable, or is in the library already), CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED.
 */
gboolean cel_own_library_add(const char *folder, const CelOwnEntry *entry, CelJob *job,
                             GError **error);

G_END_DECLS
