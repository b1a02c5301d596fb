/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum { CEL_RESPONSE_MIN_POINTS = 4, CEL_RESPONSE_MAX_POINTS = 16384 };

/**
 * CelResponse: how one instrument must weigh its counts so that they follow the light (ASTM E2911):
 * corrected = counts x factor. Relative only: 1 stands where the instrument is most sensitive. A
 * plain record with one owner; derived in calibration/, applied by the step correct.intensity.
 */
typedef struct {
    char standard[64];  /* id of the certificate it was derived with */
    char lot[64];       /* of the standard, as its certificate names it */
    char serial[64];    /* of the instrument, "": not known */
    double laser_nm;    /* the excitation it holds for */
    double u_common;    /* the part of every u_relative that all samples share (certificate) */
    gboolean confirmed; /* a second source or an earlier response agreed */
    gsize n;            /* CEL_RESPONSE_MIN_POINTS..CEL_RESPONSE_MAX_POINTS */
    double *shift_cm1;  /* strictly increasing */
    double *factor;     /* >= 1 up to rounding, finite */
    double *u_relative; /* standard uncertainty of factor over factor, everything in it */
} CelResponse;

/** cel_response_new: Returns: (transfer full): @n points of factor 1 without uncertainty, to be
 * filled in. */
CelResponse *cel_response_new(gsize n);

/** cel_response_copy: @response: (nullable). Returns: (transfer full) (nullable): independent. */
CelResponse *cel_response_copy(const CelResponse *response);

/** cel_response_free: @response: (nullable) */
void cel_response_free(CelResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelResponse, cel_response_free)

/**
 * cel_response_at:
 * @shift_cm1: where
 * @out_factor, @out_u: (out): linear between the points
 * Returns: FALSE outside the points: there nothing is known and nothing is made up.
 *   Thread-safe: yes.
 */
gboolean cel_response_at(const CelResponse *response, double shift_cm1, double *out_factor,
                         double *out_u);

/** cel_response_to_text: Returns: (transfer full): the canonical text, one line a point; reads back
 * equal. Its SHA-256 names the curve in records. */
char *cel_response_to_text(const CelResponse *response);

/**
 * cel_response_from_text:
 * @text: @length bytes from anywhere
 * Returns: (transfer full): or NULL with CEL_ERROR_INPUT naming the line: not such a text, a number
 *   out of its range, shifts that do not increase. Thread-safe: yes.
 */
CelResponse *cel_response_from_text(const char *text, gsize length, GError **error);

/** cel_response_sha256: Returns: (transfer full): 64 hex digits over the canonical text. */
char *cel_response_sha256(const CelResponse *response);

G_END_DECLS
