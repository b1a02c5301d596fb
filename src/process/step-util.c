/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

guint8 *cel_step_mask(const CelSpectrum *in)
{
    return g_memdup2(cel_spectrum_mask(in), cel_spectrum_length(in));
}

guint8 *cel_step_mask_new(const CelSpectrum *in)
{
    guint8 *mask = cel_step_mask(in);
    return mask != NULL ? mask : g_malloc0(cel_spectrum_length(in));
}

double *cel_step_variance(const CelSpectrum *in)
{
    return g_memdup2(cel_spectrum_variance(in), cel_spectrum_length(in) * sizeof(double));
}

double *cel_step_y(const CelSpectrum *in)
{
    return g_memdup2(cel_spectrum_y(in), cel_spectrum_length(in) * sizeof(double));
}

guint8 *cel_step_mask_spread(const guint8 *mask, gsize n, gsize half)
{
    if (mask == NULL)
        return NULL;
    guint8 *out = g_memdup2(mask, n);
    for (gsize i = 0; i < n; i++) {
        const guint8 bits = (guint8)(mask[i] & ~CEL_MASK_COSMIC);
        const gsize last = MIN(n - 1, i + half);
        for (gsize j = i > half ? i - half : 0; bits != 0 && j <= last; j++)
            out[j] |= bits;
    }
    return out;
}

gboolean cel_step_window_fits(gsize n, gsize window, GError **error)
{
    if (n >= window)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The spectrum has %" G_GSIZE_FORMAT " samples, this step needs %" G_GSIZE_FORMAT
                  "; measure or export the whole spectrum, or name a step with a smaller window"),
                n, window);
    return FALSE;
}

gboolean cel_step_require_odd(gsize window, GError **error)
{
    if (window % 2 == 1)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("The window of %" G_GSIZE_FORMAT " samples has no middle; choose an odd number"),
                window);
    return FALSE;
}
