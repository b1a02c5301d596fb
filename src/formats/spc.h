/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-bytes.h"

G_BEGIN_DECLS

/*
 * SPC of Galactic's GRAMS and Lab Calc, bytes to numbers ("A Brief Guide to SPC File Format and
 * Using GSPCIO", Thermo Galactic; the layout of SPCHDR, OSPCHDR, SUBHDR, SSFSTC and LOGSTC). No
 * length in the file is believed before the bytes are there. The words for a refusal stand in
 * spc-words.c. Thread-safe: no shared state.
 */

enum { CEL_SPC_MAX_SUBFILES = 65536, CEL_SPC_MAX_LOG = 1024 * 1024 /* bytes of text */ };

typedef enum {
    CEL_SPC_NEW_LITTLE = 0x4b,
    CEL_SPC_NEW_BIG = 0x4c,
    CEL_SPC_OLD = 0x4d,
} CelSpcVersion;

/** Bits of the first byte (ftflgs). */
enum {
    CEL_SPC_16_BIT = 1 << 0,   /* TSPREC */
    CEL_SPC_MULTI = 1 << 2,    /* TMULTI: subfiles */
    CEL_SPC_LABELS = 1 << 5,   /* TALABS: the axis is named in text */
    CEL_SPC_OWN_X = 1 << 6,    /* TXYXYS: each subfile has its own abscissas */
    CEL_SPC_X_VALUES = 1 << 7, /* TXVALS: abscissas are stored */
};

/** Codes of the abscissa (fxtype) that mean something to us. */
enum {
    CEL_SPC_X_ARBITRARY = 0,
    CEL_SPC_X_CM1 = 1,
    CEL_SPC_X_UM = 2,
    CEL_SPC_X_NM = 3,
    CEL_SPC_X_RAMAN_CM1 = 13,
};

/** Codes of the ordinate (fytype): those that no Raman spectrum has. */
enum {
    CEL_SPC_Y_ABSORBANCE = 2,
    CEL_SPC_Y_KUBELKA_MUNK = 3,
    CEL_SPC_Y_COUNTS = 4,
    CEL_SPC_Y_LOG_1_R = 10,
    CEL_SPC_Y_INTENSITY = 12,
    CEL_SPC_Y_TRANSMISSION = 128,
    CEL_SPC_Y_REFLECTANCE = 129,
};

/** Codes of the technique (fexper). */
enum { CEL_SPC_GENERAL = 0, CEL_SPC_FT_IR = 4, CEL_SPC_RAMAN = 11 };

typedef enum {
    CEL_SPC_OK,
    CEL_SPC_NO_MEMORY,
    CEL_SPC_NOT_SPC,    /* no known version byte */
    CEL_SPC_SHORT,      /* the file ends before what it announces */
    CEL_SPC_POINTS,     /* .found is no possible number of points */
    CEL_SPC_TOO_MANY,   /* more points than the caller allows */
    CEL_SPC_SUBFILES,   /* .found is no possible number of subfiles */
    CEL_SPC_FLAGS,      /* flags that contradict one another; .found */
    CEL_SPC_EXPONENT,   /* .found is no exponent, or 16-bit and floating point at once */
    CEL_SPC_AXIS,       /* first and last abscissa are equal or no numbers */
    CEL_SPC_ORDER,      /* the abscissa repeats or turns */
    CEL_SPC_NOT_FINITE, /* an ordinate that is no number */
    CEL_SPC_N_CODES,
} CelSpcCode;

/** CelSpcRemark: a refusal with its place. */
typedef struct {
    CelSpcCode code;
    gsize offset;    /* byte, from 0 */
    guint32 subfile; /* from 0 */
    double expected, found;
} CelSpcRemark;

/** CelSpcFile: the header, and where the reading of subfiles stands. */
typedef struct {
    CelBytes bytes; /* borrowed */
    CelSpcVersion version;
    guint8 flags, technique, x_type, y_type;
    gint exponent; /* -128: IEEE floating point */
    guint32 n_points;
    guint32 n_subfiles; /* 1 or more; of the old format: as many as fit into the file */
    double first, last;
    guint year, month, day, hour, minute; /* .year 0: no date */
    char comment[131], source[10], x_label[31];
    gsize log_start, log_length; /* of its text; 0: none */
    gboolean log_damaged;        /* there should be a log, but it does not lie in the file */
    gsize directory;             /* offset of the table of subfiles; 0: none */
    gsize first_subfile;         /* offset */
    gsize at;                    /* offset of the subfile sought */
    guint32 index;               /* of the subfile sought */
    double *common_x;            /* (nullable): of X_VALUES without OWN_X */
} CelSpcFile;

/** CelSpcData: the numbers of one subfile. */
typedef struct {
    double *x, *y; /* (transfer full): .n finite values each, in the file's order and unit */
    gsize n;
    double z;      /* SUBHDR's subtime */
    guint32 scans; /* co-added, 0: not stated */
} CelSpcData;

/**
 * cel_spc_open:
 * @bytes: the whole file, borrowed for as long as @out lives
 * @max_points: most points that are accepted
 * @out: (out): to be cleared, also after a refusal
 * Returns: FALSE with the reason in @remark.
 */
gboolean cel_spc_open(const guint8 *bytes, gsize n, gsize max_points, CelSpcFile *out,
                      CelSpcRemark *remark);

/** cel_spc_file_clear: frees what cel_spc_open() took. */
void cel_spc_file_clear(CelSpcFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelSpcFile, cel_spc_file_clear)

/**
 * cel_spc_seek:
 * @index: 0.. .n_subfiles - 1; going forward is cheap
 * The next subfile to be read is @index. Returns: FALSE with the reason in @remark when the file
 * ends before it.
 */
gboolean cel_spc_seek(CelSpcFile *file, guint32 index, CelSpcRemark *remark);

/** cel_spc_z: Returns: what the subfile sought says of its place on the third axis; NAN when the
 * file ends before it. */
double cel_spc_z(const CelSpcFile *file);

/**
 * cel_spc_read:
 * @max_points: most points that are accepted
 * @out: (out): to be cleared, also after a refusal
 * Reads the subfile sought. Returns: FALSE with the reason in @remark.
 */
gboolean cel_spc_read(const CelSpcFile *file, gsize max_points, CelSpcData *out,
                      CelSpcRemark *remark);

/** cel_spc_data_clear: frees the arrays. */
void cel_spc_data_clear(CelSpcData *data);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelSpcData, cel_spc_data_clear)

G_END_DECLS
