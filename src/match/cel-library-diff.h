/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-library.h"

G_BEGIN_DECLS

/* What one version of a library has that the other has not. */

typedef enum {
    CEL_CHANGE_SUBSTANCE_ADDED,
    CEL_CHANGE_SUBSTANCE_REMOVED,
    CEL_CHANGE_REFERENCE_ADDED,
    CEL_CHANGE_REFERENCE_REMOVED,
    CEL_CHANGE_REFERENCE_MOVED,   /* the same samples stand under another substance now */
    CEL_CHANGE_REFERENCE_SAMPLES, /* the same name, other samples */
    CEL_CHANGE_REFERENCE_FACTS,   /* laser, source, licence, further columns */
    CEL_CHANGE_GRADE,             /* of a reference */
    CEL_CHANGE_BAND_ADDED,
    CEL_CHANGE_BAND_REMOVED,
    CEL_CHANGE_BAND,
    CEL_CHANGE_CEILING,
    CEL_CHANGE_GROUP,
    CEL_CHANGE_CLASS,
    CEL_CHANGE_LOOKALIKES,
    CEL_CHANGE_USABLE,
    CEL_CHANGE_NAME,
    CEL_N_CHANGES,
} CelLibraryChangeKind;

/** cel_library_change_name: Returns: "substance-added", ... as in JSON. */
const char *cel_library_change_name(CelLibraryChangeKind kind);
/** cel_library_change_label: Returns: the words people read. */
const char *cel_library_change_label(CelLibraryChangeKind kind, gboolean chinese);

/** CelLibraryChange: texts are owned; "" where nothing stood. */
typedef struct {
    CelLibraryChangeKind kind;
    char *substance; /* id */
    char *item;      /* the reference's name or the band's shift in cm-1; "" for the substance */
    char *before, *after;
} CelLibraryChange;

typedef struct {
    GPtrArray *changes; /* CelLibraryChange, in order of the ids */
    gsize counts[CEL_N_CHANGES];
} CelLibraryDiff;

/** cel_library_diff_free: @diff: (nullable) */
void cel_library_diff_free(CelLibraryDiff *diff);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLibraryDiff, cel_library_diff_free)

/** cel_library_diff: Returns: (transfer full): what changed from @before to @after, which may be
 * freed. Thread-safe: yes. */
CelLibraryDiff *cel_library_diff(const CelLibrary *before, const CelLibrary *after);

/** cel_library_diff_of: Returns: whether anything of substance @id changed. */
gboolean cel_library_diff_of(const CelLibraryDiff *diff, const char *id);

/** cel_library_change_json: Returns: (transfer full): one line of JSON. */
char *cel_library_change_json(const CelLibraryChange *change);

G_END_DECLS
