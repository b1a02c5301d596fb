/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-json.h"
#include "bench/cel-rescreen.h"
#include "bench/cel-sealed-work.h"

G_BEGIN_DECLS

/** CelRescreen: one run; no other file includes this. */
typedef struct {
    const CelRescreenOptions *options;
    CelLibrary *library, *previous; /* @previous: NULL: not given */
    CelLibraryState library_state;
    char *builtin_sha256, *builtin_name; /* NULL: there is none */
    GHashTable *paths;                   /* SHA-256 of a library's content -> where it is */
    GHashTable *benches; /* how an answer was made -> CelBench: made ready once for many files */
    gboolean more_links; /* there are more than are listed */
    gboolean replaced; /* the file at hand recorded a version of this library; else it was added */
    CelSampleState state; /* of the file at hand: the benches ask for it */
    char *result_path;    /* of this part */
    char *header;         /* first line of the result */
    GPtrArray *lines;     /* texts: one a file, in the order of the files */
    GHashTable *known;    /* key of a file -> its line of an earlier run */
} CelRescreen;

/** CelRescreenFile: a sealed file as it stands on disk: what was done for it holds while neither
 * its size nor its time changes. */
typedef struct {
    const char *path;
    gint64 bytes, mtime_us;
} CelRescreenFile;

/** cel_rescreen_key: Returns: (transfer full): path, size and time as one text. */
char *cel_rescreen_key(const CelRescreenFile *file);

/** cel_rescreen_case: Returns: (transfer full): the line of one file, also when it cannot be done;
 * NULL with CEL_ERROR_CANCELLED or CEL_ERROR_SYSTEM. */
char *cel_rescreen_case(CelRescreen *run, const CelRescreenFile *file, CelJob *job, GError **error);

/** cel_rescreen_links: Returns: (transfer full) (element-type utf8): lines of pairs among the files
 * without a match; NULL with CEL_ERROR_CANCELLED. */
GPtrArray *cel_rescreen_links(CelRescreen *run, CelJob *job, GError **error);

/** cel_rescreen_bench: Returns: (transfer none) (nullable): the bench that makes the answer of
 * @sealed again; @new_version: with the new version in its place, else as recorded, or with the
 * version before when that one is given. NULL with CEL_ERROR_INPUT: a library is not here. */
CelBench *cel_rescreen_bench(CelRescreen *run, const CelSealed *sealed, gboolean new_version,
                             CelJob *job, GError **error);

/** cel_rescreen_resume: takes over what an earlier run, or a part, wrote to @path, if it is there.
 * Returns: FALSE with CEL_ERROR_INPUT when it is another rescreen's or damaged. */
gboolean cel_rescreen_resume(CelRescreen *run, const char *path, GError **error);

/** cel_rescreen_save: @links: (nullable); @summary: (nullable): NULL: not finished. Returns: FALSE
 * with CEL_ERROR_SYSTEM. */
gboolean cel_rescreen_save(const CelRescreen *run, const GPtrArray *links,
                           const CelRescreenSummary *summary, GError **error);

G_END_DECLS
