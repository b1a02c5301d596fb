/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-bytes.h"
#include "formats/cel-reader.h"

G_BEGIN_DECLS

/*
 * What a binary file holds: where the numbers of one spectrum lie and what they mean. A decoder
 * fills it in plain C, without taking memory; every place in it was checked against the end of the
 * file. cel-layout-read.h makes a measurement of it.
 */

enum {
    CEL_LAYOUT_MAX_DEGREE = 5, /* of an axis polynomial */
    CEL_LAYOUT_TEXT = 256,     /* bytes of a text field, with its ending zero */
};

/** CelRefusalCode: why a binary file is not read; the sentences stand in cel-layout-read.c. */
typedef enum {
    CEL_REFUSE_NOTHING,
    CEL_REFUSE_FORMAT,        /* not this format after all */
    CEL_REFUSE_VERSION,       /* a version that was never described */
    CEL_REFUSE_TRUNCATED,     /* a stated length reaches behind the end */
    CEL_REFUSE_CONTRADICTION, /* two statements of the file exclude one another */
    CEL_REFUSE_POINTS,        /* fewer than two points or too many */
    CEL_REFUSE_SPECTRA,       /* too many spectra */
    CEL_REFUSE_NO_SUCH,       /* it holds fewer spectra than the one asked for */
    CEL_REFUSE_EMPTY,         /* nothing was measured */
    CEL_REFUSE_NO_DATA,       /* the block of intensities is missing */
    CEL_REFUSE_NO_AXIS,       /* what gives the axis is missing */
    CEL_REFUSE_TWICE,         /* what may stand once stands twice: which one counts? */
    CEL_REFUSE_AXIS_UNIT,     /* an axis unit that no Raman spectrum has, or an unknown one */
    CEL_REFUSE_ORIENTATION,   /* the axis may run the other way round */
    CEL_REFUSE_NOT_FINITE,    /* a number that is not finite */
    CEL_REFUSE_VALUE_KIND,    /* an unknown kind of numbers */
    CEL_REFUSE_IMAGE,         /* a picture: two axes */
    CEL_REFUSE_OTHER_AXES,    /* every spectrum has an axis of its own */
    CEL_REFUSE_REGIONS,       /* several regions of the detector, or binned pixels */
    CEL_REFUSE_INTERFEROGRAM, /* not transformed yet */
    CEL_REFUSE_NOT_RAMAN,     /* a spectrum, but nothing says that it is of Raman scattering */
    CEL_REFUSE_SERIES,        /* a series in time, whose layout is not read */
    CEL_REFUSE_DERIVATIVE,    /* not intensities */
    CEL_REFUSE_CHECK,         /* the numbers are not those whose range the file states */
    CEL_REFUSE_XML,           /* the XML part is not well-formed, too long or too deep */
    CEL_N_REFUSALS,
} CelRefusalCode;

/** CelRefusal: the reason and the byte of the file where it shows. */
typedef struct {
    CelRefusalCode code;
    gsize at;
} CelRefusal;

#define CEL_ACCEPTED ((CelRefusal){CEL_REFUSE_NOTHING, 0})

/** CelStored: how one number lies in the file. */
typedef enum {
    CEL_STORED_U16,
    CEL_STORED_I16,
    CEL_STORED_U32,
    CEL_STORED_I32,
    CEL_STORED_F32,
    CEL_STORED_F64,
} CelStored;

/** CelAxisForm: how the axis is given. */
typedef enum {
    CEL_AXIS_FORM_COUNT,      /* 0, 1, 2, ... */
    CEL_AXIS_FORM_LIST,       /* numbers of .axis_stored at .axis_at */
    CEL_AXIS_FORM_LINE,       /* evenly from .axis[0] to .axis[1] */
    CEL_AXIS_FORM_POLYNOMIAL, /* sum of .axis[k] p^k, the first pixel is p = 1 */
    CEL_AXIS_FORM_TEXT,       /* decimal numbers between commas, .axis_bytes from .axis_at */
} CelAxisForm;

/** CelLayoutMark: what the file says was done to the numbers. */
typedef enum {
    CEL_MARK_COSMIC_REMOVED = 1 << 0,
    CEL_MARK_BACKGROUND_REMOVED = 1 << 1,
    CEL_MARK_FLAT_FIELD = 1 << 2,
    CEL_MARK_SATURATED = 1 << 3,      /* the instrument flagged this spectrum */
    CEL_MARK_PROCESSED = 1 << 5,      /* the file keeps a record of processing, whatever it was */
    CEL_MARK_NOT_CALIBRATED = 1 << 4, /* the file holds no valid calibration: pixels */
} CelLayoutMark;

/** CelLayout: one spectrum of a file. Texts are bytes of unknown encoding, "" when not stated. */
typedef struct {
    guint64 n_spectra; /* that can be read */
    guint64 n_planned; /* that were to be measured; 0: not stated */
    guint64 n_rows; /* of a frame: the spectra are its rows, frame after frame; 0: they are not */
    gsize n_points;
    CelSpectrumKind kind;
    const char *kind_text; /* (nullable): what the file calls it, for people */

    CelUnit unit;          /* CEL_N_UNITS: the file does not say */
    gboolean absolute;     /* wavenumbers of the light itself */
    const char *unit_text; /* (nullable): what the file calls the unit, where that is not clear */
    CelAxisForm axis_form;
    CelStored axis_stored;
    gsize axis_at, axis_bytes;
    guint axis_degree;
    double axis[CEL_LAYOUT_MAX_DEGREE + 1];

    CelStored stored;
    gsize values_at; /* of this spectrum */
    double factor;   /* intensities are the stored numbers times this */

    guint marks;           /* of CelLayoutMark */
    double laser_nm;       /* 0: not stated */
    double laser_mw;       /* 0: not stated */
    double integration_ms; /* 0: not stated */
    double detector_celsius;
    gboolean has_temperature;
    guint32 n_accumulated;       /* frames added or averaged; 0: not stated */
    gint64 started_us, ended_us; /* UTC since 1970; 0: not stated */
    char title[CEL_LAYOUT_TEXT], comment[CEL_LAYOUT_TEXT], software[CEL_LAYOUT_TEXT];
    char vendor[64], model[64], serial[64];
    char place[CEL_LAYOUT_TEXT]; /* which of several spectra: "x 10 um, y 20 um" */
} CelLayout;

/**
 * CelLayoutOpen: a decoder.
 * @file: the whole file
 * @index: which spectrum, from 0
 * @out: filled on success; undefined otherwise
 * Returns: CEL_REFUSE_NOTHING, or why not and where.
 * Plain C without allocation. Thread-safe: yes.
 */
typedef CelRefusal (*CelLayoutOpen)(CelBytes file, guint64 index, CelLayout *out);

/**
 * cel_layout_axis:
 * @file: the same file
 * @out_x: (out): the axis in the order of the file, n_points numbers
 * Returns: CEL_REFUSE_NOTHING, NOT_FINITE, or CONTRADICTION (a list of another length). Plain C
 *   without allocation. Thread-safe: yes.
 */
CelRefusal cel_layout_axis(const CelLayout *layout, CelBytes file, double *out_x);

/** cel_layout_values: the intensities in the order of the file into @out_y, n_points numbers.
 * Returns: CEL_REFUSE_NOTHING or NOT_FINITE. Plain C without allocation. Thread-safe: yes. */
CelRefusal cel_layout_values(const CelLayout *layout, CelBytes file, double *out_y);

/** cel_stored_bytes: Returns: how many bytes a number of kind @stored takes. */
gsize cel_stored_bytes(CelStored stored);

/** cel_layout_wavenumber_to_nm: Returns: 1e7 / @cm1, or 0 when that is no laser of a Raman
 * instrument (200..2000 nm). */
double cel_layout_wavenumber_to_nm(double cm1);

/** cel_layout_filetime_us: Returns: a Windows FILETIME (100 ns since 1601 UTC) in microseconds
 * since 1970, or 0 when it is not between 1970 and 2200. */
gint64 cel_layout_filetime_us(guint64 filetime);

G_END_DECLS
