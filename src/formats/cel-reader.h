/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

enum {
    CEL_READER_MAX_BYTES = 1 << 30,
    CEL_READER_MAX_POINTS = 16 * 1000 * 1000,
    CEL_READER_MAX_SPECTRA = 1000 * 1000, /* in one file */
    CEL_READER_MAX_TITLES = 1000,         /* of spectra in one file that a preview lists */
    CEL_READER_MAX_WARNINGS = 100,        /* for one file; the rest are counted */
};

/** CelReadOptions: what the person says about a file that does not say it itself. */
typedef struct {
    double laser_nm; /* 0: only what the file says; otherwise it wins and the file's is noted */
    const char *axis_unit; /* NULL: what the file says or its reader guesses and notes;
                              "cm-1", "nm_air", "nm_vacuum", "nm_unstated", "pixel" force it */
    int column;        /* intensity column, 1 = first after the axis; 0: the only or first one */
    guint spectrum;    /* which one of a file with several, 1 = first; 0: the first, which is noted
                          when there are more */
    gboolean any_kind; /* also spectra that are known not to be Raman: for looking, not matching */
} CelReadOptions;

/** CelSpectrumKind: what was measured, as far as the file says it. */
typedef enum {
    CEL_KIND_UNKNOWN, /* the file does not say; taken for Raman on the person's word */
    CEL_KIND_RAMAN,
    CEL_KIND_INFRARED, /* infrared, absorption, transmission, reflection */
    CEL_KIND_OTHER,    /* something else that is named, e.g. a mass spectrum */
    CEL_N_KINDS,
} CelSpectrumKind;

/** cel_kind_name: Returns: the stable name: "unknown", "raman", "infrared", "other". */
const char *cel_kind_name(CelSpectrumKind kind);

/** CelPlace: in what a place within a file is counted. */
typedef enum { CEL_PLACE_NONE, CEL_PLACE_LINE, CEL_PLACE_BYTE, CEL_N_PLACES } CelPlace;

/** CelReadWarning: something odd that did not keep the file from being read. */
typedef struct {
    CelPlace place;
    guint64 at; /* line from 1, byte offset from 0 */
    char *text; /* for people, translated */
} CelReadWarning;

/** CelReadInput: what a reader gets. */
typedef struct {
    GBytes *bytes;                 /* the whole file */
    const char *name;              /* for messages, and for what older files say only there */
    const CelReadOptions *options; /* never NULL */
    CelJob *job;                   /* (nullable) */
} CelReadInput;

/** CelReadOut: what a reader gives; see cel-read-out.h for how to fill it. */
typedef struct {
    CelMeasurement *measurement; /* one frame on its imported axis, or raw frames */
    double *variance;            /* (nullable): of a processed spectrum, one a point */
    guint8 *mask;                /* (nullable): likewise */
    CelSpectrumKind kind;
    char *kind_text;                /* (nullable): the file's own word for it */
    guint n_spectra;                /* in the file; 0 counts as 1 */
    guint spectrum;                 /* which of them this is, from 1 */
    GPtrArray *titles;              /* (nullable) (element-type utf8): of the spectra, in order */
    GPtrArray *warnings;            /* (nullable) (element-type CelReadWarning) */
    const struct CelReader *reader; /* which one it was; set by the loader, or by a reader that
                                       only finds out which of its kind is to read */
    GBytes *source;                 /* (nullable): the file, set by cel_reader_load_file() */
} CelReadOut;

/** CelReader: one file format. */
typedef struct CelReader {
    const char *id;           /* "text", "rruff", "celadon", ... written into CEL_META_FORMAT */
    const char *title;        /* msgid */
    const char *validated_on; /* sample names, or CEL_READER_UNVALIDATED */
    /** detect: @head: the first @n bytes, at most 64 KiB. Returns: 0 (not mine) .. 100. */
    int (*detect)(const guint8 *head, gsize n, const char *file_name);
    /** read: fills @out, which the caller frees whatever happened. Runs in the jailed child: it
     * needs no care about locks, but can open no file. Returns: FALSE with CEL_ERROR_INPUT naming
     * file, line or byte, and remedy; CEL_ERROR_UNIT; CEL_ERROR_USAGE (options that do not fit);
     * CEL_ERROR_CANCELLED. */
    gboolean (*read)(const CelReadInput *in, CelReadOut *out, GError **error);
} CelReader;

/** What .validated_on says of a reader that was written from a description of the format and has
 * never met a real file. What it reads is a lead at most: see CEL_META_UNVALIDATED. */
#define CEL_READER_UNVALIDATED "format description only"

/** Note: which of several columns of intensities was taken as none was asked for ("2 of the
 * file (3 may be it; none was asked for)"). */
#define CEL_META_COLUMN_CHOICE "intensity_column"

/** cel_readers: Returns: (transfer none): THE table of readers. */
const CelReader *const *cel_readers(gsize *out_n);

/** cel_reader_find: @bytes: a file's content. Returns: (nullable): the reader that claims it. */
const CelReader *cel_reader_find(GBytes *bytes, const char *name);

/**
 * cel_reader_load:
 * @path: any readable file
 * @options: (nullable)
 * Finds the reader by content and reads the file in a jailed child. Whatever was guessed (unit,
 * delimiter, decimal comma, encoding, which of several spectra) is noted in the measurement.
 * Returns: (transfer full): the measurement (imported ones carry one frame and their axis), or NULL
 *   with CEL_ERROR_INPUT naming file, line or byte, why, and what to do: also for a spectrum that
 *   is said not to be Raman, unless .any_kind. Thread-safe: yes.
 */
CelMeasurement *cel_reader_load(const char *path, const CelReadOptions *options, CelJob *job,
                                GError **error);

/** cel_reader_load_spectrum: the same, averaged, as a spectrum in the file's own unit;
 * dark-subtracted when the file carries a dark. */
CelSpectrum *cel_reader_load_spectrum(const char *path, const CelReadOptions *options, CelJob *job,
                                      GError **error);

/**
 * cel_reader_load_file, cel_reader_load_bytes:
 * @name: for messages
 * @out: filled; free it with cel_read_out_clear() whatever happened
 * The same from a file or from memory, with all that the reader found out.
 */
gboolean cel_reader_load_file(const char *path, const CelReadOptions *options, CelJob *job,
                              CelReadOut *out, GError **error);
gboolean cel_reader_load_bytes(GBytes *bytes, const char *name, const CelReadOptions *options,
                               CelJob *job, CelReadOut *out, GError **error);

/**
 * cel_reader_load_only:
 * As cel_reader_load_file(), for what is kept as evidence or reference: of a file with several
 * spectra none is taken unless the options name it.
 * Returns: FALSE with CEL_ERROR_INPUT also when the file holds several and none is named.
 */
gboolean cel_reader_load_only(const char *path, const CelReadOptions *options, CelJob *job,
                              CelReadOut *out, GError **error);

/** cel_read_out_clear: frees what @out holds. */
void cel_read_out_clear(CelReadOut *out);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelReadOut, cel_read_out_clear)

/** cel_read_out_spectrum: Returns: (transfer full): the measurement of @out averaged and
 * dark-subtracted, with its variance and mask. */
CelSpectrum *cel_read_out_spectrum(const CelReadOut *out, GError **error);

G_END_DECLS
