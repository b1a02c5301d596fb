/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-json.h"
#include "formats/cel-reader.h"

G_BEGIN_DECLS

/** CelPreview: what a file is, before anybody decides what to do with it; also of spectra that are
 * not Raman, and of those whose unit is not known. Read only. */
typedef struct {
    CelReadOut out;        /* what the reader found: kind, number of spectra, titles, warnings */
    char *name;            /* the file, for people */
    char *sha256;          /* of the file, 64 hex digits */
    const char *axis_unit; /* name of the unit, "cm-1 (absolute)", or "not stated" */
    gboolean unit_known;   /* FALSE: it cannot be loaded without --axis-unit */
    gsize n_points;
    const double *x, *y; /* @n_points, rising; y: the mean of the frames */
    double laser_nm;     /* 0: not stated */
    GPtrArray *guesses;  /* (element-type utf8): "KEY: what was guessed or chosen" */
    CelSpectrum *mean;   /* holds @x and @y */
} CelPreview;

/**
 * cel_reader_preview:
 * @path: any readable file; @options: (nullable): as for loading, .any_kind is implied
 * Returns: (transfer full): the preview, or NULL with the errors of cel_reader_load(); a missing or
 *   impossible unit is no error but a warning. Thread-safe: yes.
 */
CelPreview *cel_reader_preview(const char *path, const CelReadOptions *options, CelJob *job,
                               GError **error);

/** cel_preview_free: @preview: (nullable) */
void cel_preview_free(CelPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPreview, cel_preview_free)

/** cel_preview_validated: has the reader met real files of its format? */
gboolean cel_preview_validated(const CelPreview *preview);

/** cel_preview_json: writes the members of one object; @rows: so many first and last points, all of
 * them as "rows" when there are no more. */
void cel_preview_json(const CelPreview *preview, gsize rows, CelJsonWriter *json);

G_END_DECLS
