/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is certified about the relative light of a standard: a luminescent glass that the laser
 * excites, or a lamp. One text format for those that ship (calibration/certificates, compiled in)
 * and for the lab's own; README.md describes it. */

/** CelSourceKind: whether the standard needs the laser. */
typedef enum { CEL_SOURCE_GLASS, CEL_SOURCE_LAMP, CEL_N_SOURCE_KINDS } CelSourceKind;

/** CelCertificateForm: of the certified curve over the Raman shift x, in photons per cm-1.
 * POLYNOMIAL: sum of c[k] x^k. LOGNORMAL, c = H w rho x0 m b:
 * H exp(-ln 2 / (ln rho)^2 (ln((x - x0)(rho^2 - 1)/(w rho) + 1))^2) + m x + b.
 * TABLE: spectral irradiance per nm (watts) over the wavelength in air, brought to photons per cm-1
 * by its third power: one for the photon's energy, two for the width of a cm-1. */
typedef enum {
    CEL_FORM_POLYNOMIAL,
    CEL_FORM_LOGNORMAL,
    CEL_FORM_TABLE,
    CEL_N_CERTIFICATE_FORMS,
} CelCertificateForm;

enum { CEL_CERTIFICATE_MAX_COEFFICIENTS = 8, CEL_CERTIFICATE_MAX_ROWS = 2000 };

/** CelIntensityCertificate: one standard, or one lot or piece of it. */
typedef struct {
    char id[64];
    char name_en[128], name_zh[128];
    CelSourceKind kind;
    CelCertificateForm form;
    char lot[64];    /* what must be engraved on the piece, never "" */
    double laser_nm; /* excitation it is certified for; 0: a lamp for any laser (TABLE only) */
    guint n_coefficients;
    double coefficients[CEL_CERTIFICATE_MAX_COEFFICIENTS];
    gsize n_rows; /* TABLE: 4..CEL_CERTIFICATE_MAX_ROWS */
    double *row_nm, *row_value;
    double range[2];        /* cm-1; TABLE: nm */
    double celsius[2];      /* NAN: not stated */
    double u_relative;      /* k = 1, of the curve's shape, > 0 */
    gint64 expires_wall_us; /* end of that day, UTC; 0: not stated */
    char source[512];
} CelIntensityCertificate;

/**
 * cel_intensity_certificate_read:
 * @text: @length bytes of a certificate file from anywhere
 * @name: of the file, for messages
 * Returns: (transfer full): or NULL with CEL_ERROR_INPUT naming the line and what is wrong there:
 *   an unknown, doubled or missing key, a number out of its range, a curve that is not above 0
 *   everywhere in its range. Thread-safe: yes.
 */
CelIntensityCertificate *cel_intensity_certificate_read(const char *text, gsize length,
                                                        const char *name, GError **error);

/** cel_intensity_certificate_free: @certificate: (nullable) */
void cel_intensity_certificate_free(CelIntensityCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelIntensityCertificate, cel_intensity_certificate_free)

/** cel_intensity_certificate_find: Returns: (transfer full): the one that ships with @id, or NULL
 * with CEL_ERROR_USAGE listing those there are. Thread-safe: yes. */
CelIntensityCertificate *cel_intensity_certificate_find(const char *id, GError **error);

/** cel_intensity_certificate_load: from @path (at most 1 MiB), or, where no such file is and @path
 * has no "/" and no ".", the one that ships under that id. Returns: (transfer full): or NULL with
 * the errors of the two above. */
CelIntensityCertificate *cel_intensity_certificate_load(const char *path, GError **error);

/** cel_intensity_certificate_ids: Returns: (transfer none): the ids that ship, NULL-ended. */
const char *const *cel_intensity_certificate_ids(void);

/**
 * cel_intensity_certificate_value:
 * @shift_cm1: from the laser at @laser_nm (in air; used by TABLE)
 * @out_value: relative light in photons per cm-1, > 0
 * Returns: FALSE outside the certified range. Thread-safe: yes.
 */
gboolean cel_intensity_certificate_value(const CelIntensityCertificate *certificate,
                                         double shift_cm1, double laser_nm, double *out_value);

G_END_DECLS
