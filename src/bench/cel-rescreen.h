/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-trust.h"
#include "match/cel-library.h"

G_BEGIN_DECLS

/* A library changed: which sealed conclusions would be others with the new version? Every sealed
 * measurement is processed and identified again as its record says, with the new version in the
 * place of the one of the same name. Sealed files are only read. */

/** CelRescreenOptions: all borrowed. */
typedef struct {
    const char *library_path; /* the new version */
    /* (nullable): the version it replaces: then a change that the old version gives here too is the
     * program's, not the library's */
    const char *previous_path;
    /* (nullable): NULL-ended: where other recorded libraries may be found by their digest, besides
     * the built-in one */
    const char *const *library_paths;
    gboolean only;           /* the new version alone, no other recorded library */
    guint threads;           /* 0, 1: one */
    const CelTrust *trust;   /* (nullable): whose signature under the new version counts */
    const char *result_path; /* JSON Lines, see docs/rescreen.md; an unfinished one goes on */
    /* more than 1: only file @part, @part + @parts, ..., into cel_rescreen_part_path() and without
     * links: the share of one process of several */
    guint part, parts;
    guint joins;      /* results of so many parts are taken up, and deleted at the end */
    guint stop_after; /* leave after so many files, to go on later; 0: do all */
} CelRescreenOptions;

/** CelRescreenSummary: what came of it. */
typedef struct {
    guint files;
    guint resumed; /* of these, taken over from an earlier run */
    guint same, changed, not_done;
    guint links;      /* pairs of spectra without a match that resemble each other */
    gboolean stopped; /* by stop_after: there is more to do */
} CelRescreenSummary;

/** cel_rescreen_part_path: Returns: (transfer full): where part @part of @parts stands. */
char *cel_rescreen_part_path(const char *result_path, guint part, guint parts);

/**
 * cel_rescreen_run:
 * @files: NULL-ended: sealed measurements
 * The result is written whole, again and again while the work goes on and when it is cancelled, so
 * that nothing done is lost; the same call goes on where it stopped.
 * Returns: FALSE with CEL_ERROR_INPUT (the library; the result is another rescreen's or damaged),
 *   CEL_ERROR_SYSTEM, CEL_ERROR_CANCELLED. A sealed file that cannot be done is a line, no error.
 */
gboolean cel_rescreen_run(const CelRescreenOptions *options, const char *const *files,
                          CelRescreenSummary *out, CelJob *job, GError **error);

enum { CEL_RESCREEN_MAX_BYTES = 512 * 1024 * 1024 }; /* of a result */

G_END_DECLS
