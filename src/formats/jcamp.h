/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * JCAMP-DX 4.24 and 5.01, text to numbers: McDonald & Wilks 1988, Appl. Spectrosc. 42, 151
 * (labelled data records, the compressed forms of table VII); Lampen et al. 1999, Pure Appl. Chem.
 * 71, 1549 (5.01). The words for a refusal stand in jcamp-words.c. Time and memory are linear in
 * the size of the file. Thread-safe: no shared state.
 */

enum {
    CEL_JCAMP_MAX_DEPTH = 8,        /* blocks within blocks */
    CEL_JCAMP_MAX_BLOCKS = 4096,    /* of a compound file */
    CEL_JCAMP_MAX_RECORDS = 262144, /* labels in a file */
    CEL_JCAMP_MAX_WARNINGS = 8,     /* kept a spectrum */
};

/** CelJcampCode: what is wrong; a warning uses the same codes. */
typedef enum {
    CEL_JCAMP_OK,
    CEL_JCAMP_NO_MEMORY,
    CEL_JCAMP_NOT_JCAMP,      /* text before the first label, or no label */
    CEL_JCAMP_DEPTH,          /* nested deeper than CEL_JCAMP_MAX_DEPTH */
    CEL_JCAMP_BLOCKS,         /* more than CEL_JCAMP_MAX_BLOCKS */
    CEL_JCAMP_RECORDS,        /* more than CEL_JCAMP_MAX_RECORDS */
    CEL_JCAMP_NO_DATA,        /* a block without a table of numbers */
    CEL_JCAMP_PEAKS,          /* a peak table: bands, not a spectrum */
    CEL_JCAMP_NTUPLES,        /* several variables in pages */
    CEL_JCAMP_TABLE_FORM,     /* a table of other variables than X and Y */
    CEL_JCAMP_TWO_TABLES,     /* more than one table in a block */
    CEL_JCAMP_LABEL_MISSING,  /* .label */
    CEL_JCAMP_LABEL_VALUE,    /* .label holds no usable number */
    CEL_JCAMP_LABEL_TWICE,    /* .label is given twice, with other numbers */
    CEL_JCAMP_BAD_CHARACTER,  /* neither number, pseudo-digit nor separator; .found is the byte */
    CEL_JCAMP_BAD_NUMBER,     /* not a number, or one that a double does not hold */
    CEL_JCAMP_EXPONENT,       /* "E" after a number without a sign: exponent or pseudo-digit? */
    CEL_JCAMP_NO_X,           /* a line without abscissa, or half a pair */
    CEL_JCAMP_DIF_WITHOUT,    /* a difference without a value before it */
    CEL_JCAMP_DUP_WITHOUT,    /* a repetition without a value before it */
    CEL_JCAMP_Y_CHECK,        /* the line's first value is not the last one of the line before */
    CEL_JCAMP_X_CHECK,        /* the line's abscissa is not where FIRSTX and LASTX put it */
    CEL_JCAMP_X_UNSCALED,     /* warning: abscissas fit only without XFACTOR */
    CEL_JCAMP_FIRST_Y,        /* warning: FIRSTY is not the first value */
    CEL_JCAMP_DELTA_X,        /* DELTAX contradicts FIRSTX, LASTX and NPOINTS */
    CEL_JCAMP_COUNT,          /* NPOINTS (.expected) is not the number of points (.found) */
    CEL_JCAMP_TOO_MANY,       /* more points than the caller allows */
    CEL_JCAMP_MISSING_INSIDE, /* "?" between points with values */
    CEL_JCAMP_ORDER,          /* the abscissa repeats or turns */
    CEL_JCAMP_N_CODES,
} CelJcampCode;

/** CelJcampLabel: the labels that carry numbers of the table. */
typedef enum {
    CEL_JCAMP_FIRSTX,
    CEL_JCAMP_LASTX,
    CEL_JCAMP_DELTAX,
    CEL_JCAMP_NPOINTS,
    CEL_JCAMP_XFACTOR,
    CEL_JCAMP_YFACTOR,
    CEL_JCAMP_FIRSTY,
    CEL_JCAMP_N_LABELS,
} CelJcampLabel;

/** CelJcampRemark: a refusal or a warning, with its place. */
typedef struct {
    CelJcampCode code;
    CelJcampLabel label; /* meaningful for the codes that name it */
    guint64 line;        /* from 1, as an editor counts */
    double expected, found;
} CelJcampRemark;

/** CelJcampText: bytes of the file, in its encoding; borrowed. */
typedef struct {
    const char *start;
    gsize length;
} CelJcampText;

/** CelJcampRecord: one labelled data record. */
typedef struct {
    CelJcampText label; /* between "##" and "=", blanks at the ends taken off */
    CelJcampText value; /* up to the next record, with comments and line ends */
    guint64 line;       /* of the label */
    guint block;
} CelJcampRecord;

/** CelJcampBlock: from ##TITLE= to its ##END=; .first and .end bound its records, those of inner
 * blocks (of another .block) among them. */
typedef struct {
    gsize first, end;
    guint depth;
    gboolean closed;
} CelJcampBlock;

/** CelJcampFile: a file taken apart. */
typedef struct {
    CelJcampRecord *records;
    CelJcampBlock *blocks;
    gsize n_records;
    guint n_blocks;
} CelJcampFile;

typedef enum {
    CEL_JCAMP_KIND_UNSTATED, /* no ##DATA TYPE= */
    CEL_JCAMP_KIND_RAMAN,
    CEL_JCAMP_KIND_INFRARED,
    CEL_JCAMP_KIND_NMR,
    CEL_JCAMP_KIND_MASS,
    CEL_JCAMP_KIND_UV_VIS,
    CEL_JCAMP_KIND_LINK, /* only the frame of other blocks */
    CEL_JCAMP_KIND_OTHER,
    CEL_JCAMP_N_KINDS,
} CelJcampKind;

typedef enum {
    CEL_JCAMP_X_UNSTATED,
    CEL_JCAMP_X_CM1,
    CEL_JCAMP_X_NM,
    CEL_JCAMP_X_UM, /* micrometres */
    CEL_JCAMP_X_OTHER,
    CEL_JCAMP_N_X_UNITS,
} CelJcampXUnit;

/** CelJcampData: the numbers of one block. */
typedef struct {
    double *x, *y;       /* (transfer full): .n each, finite, in the file's order and unit */
    gsize n;             /* points with a value */
    gsize n_without;     /* "?" before the first or behind the last of them */
    guint64 line;        /* of the table's label */
    gboolean pairs;      /* XYPOINTS: each point had its own abscissa */
    gboolean compressed; /* a pseudo-digit stood in the table */
    CelJcampRemark warnings[CEL_JCAMP_MAX_WARNINGS];
    guint n_warnings;
} CelJcampData;

/**
 * cel_jcamp_split:
 * @bytes: the whole file, borrowed for as long as @out lives
 * @out: (out): to be cleared, also after a refusal
 * Takes the file apart into records and blocks; ends of line are LF, CR LF or CR.
 * Returns: FALSE with the reason in @remark.
 */
gboolean cel_jcamp_split(const char *bytes, gsize n, CelJcampFile *out, CelJcampRemark *remark);

/** cel_jcamp_file_clear: frees what cel_jcamp_split() took. */
void cel_jcamp_file_clear(CelJcampFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelJcampFile, cel_jcamp_file_clear)

/** cel_jcamp_label_is: Returns: TRUE when @label is @wanted (capitals without blanks) once blanks,
 * "-", "/" and "_" are left out and letters are capitals, as the standard compares labels. */
gboolean cel_jcamp_label_is(CelJcampText label, const char *wanted);

/** cel_jcamp_first_line: Returns: the first line of @value without comment and blanks at its ends.
 */
CelJcampText cel_jcamp_first_line(CelJcampText value);

/** cel_jcamp_find: Returns: (nullable): the first record of @block whose label is @wanted, behind
 * @after (nullable: from the start). */
const CelJcampRecord *cel_jcamp_find(const CelJcampFile *file, guint block, const char *wanted,
                                     const CelJcampRecord *after);

/** cel_jcamp_kind: Returns: what the block's ##DATA TYPE= says. */
CelJcampKind cel_jcamp_kind(const CelJcampFile *file, guint block);

/** cel_jcamp_x_unit: Returns: what the block's ##XUNITS= says. */
CelJcampXUnit cel_jcamp_x_unit(const CelJcampFile *file, guint block);

/** cel_jcamp_has_spectrum: does the block hold XYDATA or XYPOINTS? */
gboolean cel_jcamp_has_spectrum(const CelJcampFile *file, guint block);

/** cel_jcamp_has_table: does the block hold a table, of whatever kind? */
gboolean cel_jcamp_has_table(const CelJcampFile *file, guint block);

/** cel_jcamp_is_table: is this the label of a table, of whatever kind? */
gboolean cel_jcamp_is_table(CelJcampText label);

/**
 * cel_jcamp_decode:
 * @max_points: most points that are accepted
 * @out: (out): to be cleared, also after a refusal
 * Reads the table of @block and checks it against every label that says something about it. The
 * abscissas of XYDATA are computed from FIRSTX, LASTX and NPOINTS, as the standard says; those in
 * the lines, which are rounded, are checks: one that is a whole step off is refused.
 * Returns: FALSE with the reason in @remark.
 */
gboolean cel_jcamp_decode(const CelJcampFile *file, guint block, gsize max_points,
                          CelJcampData *out, CelJcampRemark *remark);

/** cel_jcamp_data_clear: frees the arrays. */
void cel_jcamp_data_clear(CelJcampData *data);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelJcampData, cel_jcamp_data_clear)

G_END_DECLS
