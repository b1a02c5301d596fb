/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-response.h"

G_BEGIN_DECLS

/*
 * A reference measured on one instrument, as another would have measured it. Only the sharper of
 * two is broadened; nothing is ever sharpened, for that invents bands. Broadening is diffusion for
 * a while (implicit steps of the heat equation on the samples as they stand): its matrix is totally
 * positive and keeps constants, so the result has no more maxima and minima than the input
 * (variation diminishing: Karlin 1968, Total Positivity, ch. 5), stays between the smallest and the
 * largest value, and keeps the area. Between samples the monotone cubic (cel-interpolate.h) makes
 * no maxima either.
 */

/**
 * cel_broaden:
 * @x: @n >= 2 strictly increasing places
 * @y: (inout): @n values; becomes those broadened with a bell of full width @fwhm at half maximum
 *   (Gaussian within 2 % of its width), reflected at the ends
 * @fwhm: in the unit of @x; 0 or less changes nothing
 * Thread-safe: yes.
 */
void cel_broaden(const double *x, double *y, gsize n, double fwhm);

/** cel_broaden_by: Returns: the full width that brings a Gaussian profile from @from to @to: the
 * root of the difference of squares; 0 when @from is as wide already or either is not known (0). */
double cel_broaden_by(double from, double to);

/** CelTransferFrom: the reference; all borrowed. */
typedef struct {
    const double *x, *y; /* Raman shift, cm-1, increasing; background off; n >= 4 */
    gsize n;
    double resolution_cm1; /* FWHM of its instrument; 0: not known, then it is left as it is */
    double u_axis_cm1;     /* standard uncertainty of its axis; 0: 1 cm-1 */
} CelTransferFrom;

/** CelTransferTo: the instrument of the sample; all borrowed. */
typedef struct {
    const double *x; /* Raman shift, cm-1, strictly increasing */
    gsize n;
    double resolution_cm1;       /* FWHM; 0: not known, then nothing is broadened */
    double u_axis_cm1;           /* 0: 1 cm-1 */
    const CelResponse *response; /* (nullable): give the light as this instrument counts it; NULL:
                                    relative intensities stay as they are */
} CelTransferTo;

/** CelTransferred: the reference on the instrument's axis. */
typedef struct {
    double *y;            /* n values; 0 where masked */
    guint8 *mask;         /* CEL_MASK_OUT_OF_RANGE: not observable in both */
    double common_cm1[2]; /* first and last place that is; both 0: none */
    double broadened_cm1; /* by which the reference was broadened; 0: not */
    double
        sample_lacks_cm1; /* by which the sample is the sharper one: what cel_broaden() would have
                                to do to it before shapes are compared */
    double u_axis_cm1;    /* of both axes together */
} CelTransferred;

/** cel_transferred_clear: frees what is in it. */
void cel_transferred_clear(CelTransferred *transferred);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelTransferred, cel_transferred_clear)

/**
 * cel_transfer:
 * @out: freed with cel_transferred_clear()
 * No value is below the smallest or above the largest of the reference, and without a response
 * there are no more maxima than in it. Where the response curve rises faster than the reference
 * falls, a shoulder may become a maximum on the instrument's counts, as it would in a measurement.
 * Returns: FALSE with CEL_ERROR_INPUT (fewer than four samples, x not increasing). Thread-safe:
 * yes.
 */
gboolean cel_transfer(const CelTransferFrom *from, const CelTransferTo *to, CelTransferred *out,
                      GError **error);

G_END_DECLS
