/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/** CelLoss: what a format has no place for, of what is to be written; bits. */
typedef enum {
    CEL_LOSS_FRAMES = 1 << 0,    /* single frames and darks: only their mean difference is kept */
    CEL_LOSS_VARIANCE = 1 << 1,  /* standard deviations */
    CEL_LOSS_MASK = 1 << 2,      /* marks of bad samples */
    CEL_LOSS_AXIS = 1 << 3,      /* positions are rounded */
    CEL_LOSS_INTENSITY = 1 << 4, /* intensities are rounded */
    CEL_LOSS_MEDIUM = 1 << 5,    /* whether wavelengths are in air or vacuum */
    CEL_LOSS_NOTES = 1 << 6,     /* metadata, or characters of them */
    CEL_N_LOSSES = 7,
} CelLoss;

/** CelWriteItem: one spectrum to write. */
typedef struct {
    const CelSpectrum *spectrum;
    const CelMeasurement *measurement; /* (nullable): its raw frames, for formats that hold them */
    const char *source_sha256; /* (nullable): 64 hex digits: digest of the file it came from */
    const char *source_name;   /* (nullable): that file's name, without folder */
} CelWriteItem;

/** CelWriteInput: what a writer gets. */
typedef struct {
    const CelWriteItem *items;
    gsize n; /* 1..max_spectra of the writer */
} CelWriteInput;

/** CelWriter: one file format. */
typedef struct {
    const char *id;             /* as in CelReader where there is one */
    const char *title;          /* msgid */
    const char *const *endings; /* without dot, small letters, NULL-ended: "jdx", "dx" */
    gsize max_spectra;          /* in one file */
    double axis_precision;      /* greatest deviation of a position read back, relative to the
                                   largest one; 0: equal */
    double intensity_precision; /* likewise of an intensity */
    /** losses: Returns: bits of CelLoss: what writing @in would really lose. */
    guint (*losses)(const CelWriteInput *in);
    /** write: losses are accepted. The metadata of the spectrum (with CEL_META_UNVALIDATED), the
     * simulated mark and the digest of the source stand in the file, and the reader of the format
     * takes the two marks back. Returns: (transfer full): the whole file, or NULL with
     * CEL_ERROR_INPUT or CEL_ERROR_UNIT (no such axis in the format). */
    GBytes *(*write)(const CelWriteInput *in, GError **error);
} CelWriter;

/** Key under which a written file names the digest of the file it was made from. */
#define CEL_META_SOURCE_SHA256 "source_sha256"

/** cel_writers: Returns: (transfer none): THE table of writers. */
const CelWriter *const *cel_writers(gsize *out_n);

/** cel_writer_for: Returns: (nullable) (transfer none): the writer for the ending of @path. */
const CelWriter *cel_writer_for(const char *path);

/** cel_loss_text: Returns: msgid of what is lost. @loss: one bit of CelLoss. */
const char *cel_loss_text(guint loss);

/**
 * cel_writer_save:
 * @lossy: losses are accepted
 * Writes @path whole or not at all, after reading back from memory what it is about to write and
 * comparing every number within the writer's precision.
 * Returns: FALSE with CEL_ERROR_POLICY naming all that would be lost, or for a spectrum that is not
 *   Raman (CEL_META_FOREIGN_KIND); CEL_ERROR_USAGE (more spectra
 *   than the format holds), CEL_ERROR_SYSTEM (disk; what was written did not read back equal) or an
 *   error of the writer. Thread-safe: yes.
 */
gboolean cel_writer_save(const CelWriter *writer, const CelWriteInput *in, const char *path,
                         gboolean lossy, GError **error);

/**
 * cel_spectrum_write_csv:
 * Writes two to four columns (axis, intensity, standard deviation when known, mask bits when any is
 * set) with comment lines for metadata and, for simulated data, the line "# simulated: yes". Reads
 * back equal with cel_reader_load_spectrum(); the variance, written as its root, to one unit in its
 * last place. A verdict on the axis (CEL_META_AXIS_CHECK) is written but never believed on reading.
 * Whole or not at all. Returns: FALSE with CEL_ERROR_SYSTEM.
 */
gboolean cel_spectrum_write_csv(const CelSpectrum *spectrum, const char *path, GError **error);

G_END_DECLS
