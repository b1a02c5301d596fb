/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelWord: what the title of a column says it holds. */
typedef enum {
    CEL_WORD_UNKNOWN,
    CEL_WORD_SHIFT,      /* Raman shift, said outright */
    CEL_WORD_WAVENUMBER, /* cm-1; a shift unless the numbers are absolute */
    CEL_WORD_NM,
    CEL_WORD_PIXEL,
    CEL_WORD_CONFLICT,  /* nm and cm-1 in one title */
    CEL_WORD_PROCESSED, /* intensities, best first */
    CEL_WORD_INTENSITY,
    CEL_WORD_RAW,
    CEL_WORD_DARK,
    CEL_WORD_REFERENCE,
    CEL_WORD_DEVIATION,
    CEL_WORD_MASK,
    CEL_WORD_INFRARED, /* absorbance, transmittance, reflectance */
} CelWord;

/** cel_word_plain: Returns: (transfer full): @text in small letters without blanks, brackets and
 * "_^*#", superscripts as plain digits. */
char *cel_word_plain(const char *text);

/** cel_word_classify: @title: the title of a column as it stands in the file. */
CelWord cel_word_classify(const char *title);

/** cel_word_axis: which axis unit @text speaks of: SHIFT, WAVENUMBER, NM, PIXEL, CONFLICT or
 * UNKNOWN. */
CelWord cel_word_axis(const char *text);

/** cel_word_is_axis_key: does this header key state the unit of the axis ("XUNITS", "AxisUnit[1]")?
 */
gboolean cel_word_is_axis_key(const char *key);

/** CelMetaKey: what a header key means to the engine. */
typedef struct {
    const char *plain; /* cel_word_plain() of the key */
    const char *meta;  /* CEL_META_... */
    double factor;     /* to the engine's unit; 0: a text */
} CelMetaKey;

/** cel_word_meta: Returns: (nullable): the row of the table for @key. */
const CelMetaKey *cel_word_meta(const char *key);

/**
 * cel_word_laser:
 * @key, @value: a header line
 * Is this the excitation wavelength? A key that says so ("Laser Wavelength", "excitation") is taken
 * from 200 to 2000 nm; the bare word "laser" only with nm or with the value of a customary laser,
 * as it could be a power. Returns: FALSE when it is not.
 */
gboolean cel_word_laser(const char *key, const char *value, double *out_nm);

/** cel_word_is_infrared: does this header line declare an infrared measurement? @key "" for free
 * text. */
gboolean cel_word_is_infrared(const char *key, const char *value);

/** cel_word_is_other_kind: likewise a measurement that is neither Raman nor infrared (NMR, mass,
 * diffraction, emission). */
gboolean cel_word_is_other_kind(const char *key, const char *value);

/** cel_word_is_other_axis: is @title that of the axis of another kind of measurement ("m/z", "ppm",
 * "2theta")? */
gboolean cel_word_is_other_axis(const char *title);

/** cel_word_is_other_unit: does @title, of an axis, name a unit that is none of ours (eV, Hz, m-1,
 * micrometres)? */
gboolean cel_word_is_other_unit(const char *title);

/** cel_word_is_raman: does this header line declare a Raman measurement? */
gboolean cel_word_is_raman(const char *key, const char *value);

G_END_DECLS
