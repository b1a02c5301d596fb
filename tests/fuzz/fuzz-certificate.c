/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "cel-intensity-certificate.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A certificate of relative intensity that is read gives light above 0, or none, wherever it is
 * asked. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelIntensityCertificate) c =
        cel_intensity_certificate_read((const char *)data, size, "fuzz", &error);
    if (c == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_no_error(error);
    g_assert_true(*c->id != '\0' && *c->lot != '\0' && c->u_relative > 0.0);
    for (double x = -200.0; x < 4500.0; x += 97.0) {
        double value = 0.0;
        const double laser_nm = c->laser_nm > 0.0 ? c->laser_nm : 785.0;
        if (cel_intensity_certificate_value(c, x, laser_nm, &value))
            g_assert_true(!isnan(value));
    }
    return 0;
}
