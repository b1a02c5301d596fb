/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Reader of the packed development spectra (tab-separated, gzip); for tests and figures only. */

typedef struct {
    char *id, *name, *sample;
    double laser_nm;
    gsize n;
    double *x;
    float *y;
} PackedSpectrum;

/* (transfer full) (element-type PackedSpectrum): all spectra of a *.tsv.gz with the columns id,
 * substance, source_id, laser_nm, processing, npoints, axis, scale, y; NULL with error. */
GPtrArray *packed_load(const char *path, GError **error);

/* (transfer full): the text of a file, unpacked when it ends in ".gz". */
char *packed_text(const char *path, GError **error);
