/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-library.h"

/* Reader of the folders that tools/unpack-development-data makes; for tests and figures only. */

typedef struct {
    char *file, *truth_id, *group, *family;
    char *split, *specimen; /* tests/data/match/split.md */
    double laser_nm;
    gboolean baseline_removed;
} DevCase;

/* (transfer full) (element-type DevCase): a validation manifest. */
GPtrArray *dev_cases(const char *manifest, GError **error);

/* (transfer full): the two columns of @file as a spectrum on a shift axis. */
CelSpectrum *dev_spectrum(const DevCase *one, GError **error);

/* (transfer full): rows of a tab-separated table with a header line as arrays of columns;
 * (element-type GStrv). */
GPtrArray *dev_table(const char *path, char delimiter, GError **error);
/* index of column @name in the first row; aborts when absent */
guint dev_column(const GPtrArray *table, const char *name);
