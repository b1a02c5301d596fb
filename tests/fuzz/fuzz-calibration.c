/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-calibration-object.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What is read is written back byte for byte, and its axes are sound or refused. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    enum { N = 64 };
    g_autoptr(GError) error = NULL;
    g_autoptr(CelCalibrationObject) object =
        cel_calibration_object_from_text((const char *)data, size, "fuzz", &error);
    if (object == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        return 0;
    }
    g_autofree char *text = cel_calibration_object_to_text(object, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(strlen(text), ==, size);
    g_assert_cmpint(memcmp(text, data, size), ==, 0);
    double u[N];
    g_autoptr(CelAxis) axis = cel_calibration_shift_axis(&object->calibration, N, u, NULL);
    for (gsize i = 0; axis != NULL && i < N; i++)
        g_assert_true(isfinite(cel_axis_values(axis)[i]));
    return 0;
}
