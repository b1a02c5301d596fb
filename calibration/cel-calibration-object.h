/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-calibration.h"

G_BEGIN_DECLS

/* A derived calibration as a thing of its own: what came out, from which recordings, with which
 * residuals, by whom. Stored as one canonical JSON text (cel-canon), whose SHA-256 measurements
 * carry; numbers are texts of the shortest decimal that reads back as the same double. */

#define CEL_CALIBRATION_SCHEMA "celadon.calibration/1"

/** CelCalibrationKind: what was derived; the names stand in files. */
typedef enum {
    CEL_CALIBRATION_WAVELENGTH, /* "wavelength": pixel to nm, from lamps */
    CEL_CALIBRATION_SHIFT,      /* "shift": laser and correction, from shift standards */
    CEL_CALIBRATION_INTENSITY,  /* "intensity": response of the instrument */
    CEL_N_CALIBRATION_KINDS,
} CelCalibrationKind;

enum {
    CEL_CALIBRATION_OBJECT_MAX_BYTES = 4 * 1024 * 1024,
    CEL_CALIBRATION_OBJECT_MAX_INPUTS = 256,
    CEL_CALIBRATION_OBJECT_MAX_RESIDUALS = 4096,
    CEL_CALIBRATION_OBJECT_MAX_NOTES = 256,
};

/** CelCalibrationInput: one recording it rests on. */
typedef struct {
    char name[256];    /* file name without its folder */
    char sha256[65];   /* of the file's bytes */
    char standard[64]; /* id of what was measured */
} CelCalibrationInput;

/** CelCalibrationResidual: one line of a standard. */
typedef struct {
    char standard[64];
    double reference, u_reference; /* accepted value, nm in air or cm-1 */
    double measured, u_measured;   /* position as measured, in the unit of the recordings' axis */
    double deviation, u_deviation; /* calibrated minus accepted, unit of the accepted value */
    gboolean used;                 /* had part in the fit */
} CelCalibrationResidual;

/** CelCalibrationObject: everything; one owner. */
typedef struct {
    CelCalibrationKind kind;
    char author[128];           /* who derived it; "" when not stated */
    gboolean simulated;         /* an input was; never cleared */
    CelCalibration calibration; /* with id, serial, made and validity; object_sha256 is that of the
                                   text this was read from, and no part of it */
    GArray *inputs;             /* of CelCalibrationInput */
    GArray *residuals;          /* of CelCalibrationResidual */
    GPtrArray *notes;           /* texts in English: what a reader must know; may be empty */
    char *response;             /* (nullable): the response curve of an intensity calibration, as
                                   cel_response_to_text() gives it */
} CelCalibrationObject;

/** cel_calibration_object_new: Returns: (transfer full): without inputs, residuals and notes. */
CelCalibrationObject *cel_calibration_object_new(CelCalibrationKind kind);

/** cel_calibration_object_free: @object: (nullable) */
void cel_calibration_object_free(CelCalibrationObject *object);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelCalibrationObject, cel_calibration_object_free)

/** cel_calibration_kind_name: Returns: the stable name in files and on the command line. */
const char *cel_calibration_kind_name(CelCalibrationKind kind);

/** cel_calibration_object_input: remembers that @bytes of the file @path (its last part counts)
 * showed @standard. */
void cel_calibration_object_input(CelCalibrationObject *object, const char *path, GBytes *bytes,
                                  const char *standard);

/** cel_calibration_object_note: appends a text. */
void cel_calibration_object_note(CelCalibrationObject *object, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/**
 * cel_calibration_object_to_text:
 * Returns: (transfer full): the canonical text; NULL with CEL_ERROR_INPUT when something in it is
 *   no finite number, no valid UTF-8 or beyond the limits above. Thread-safe: yes.
 */
char *cel_calibration_object_to_text(const CelCalibrationObject *object, GError **error);

/**
 * cel_calibration_object_from_text:
 * @text: @length bytes from anywhere
 * @name: of the file, for messages
 * Returns: (transfer full): what reads back as exactly @text, with calibration.object_sha256 set;
 *   NULL with CEL_ERROR_INPUT naming what is missing or wrong. A calibration whose axis does not
 *   rise over two pixels and more is accepted here: the axis functions refuse it. Thread-safe: yes.
 */
CelCalibrationObject *cel_calibration_object_from_text(const char *text, gsize length,
                                                       const char *name, GError **error);

/** cel_calibration_object_load: the same from a file. Returns: (transfer full): or NULL, also with
 * CEL_ERROR_SYSTEM. */
CelCalibrationObject *cel_calibration_object_load(const char *path, GError **error);

/** cel_calibration_object_save: @replace: whether a file at @path may be written over. Returns:
 * FALSE with CEL_ERROR_INPUT, CEL_ERROR_SYSTEM, CEL_ERROR_POLICY (@path is there). */
gboolean cel_calibration_object_save(const CelCalibrationObject *object, const char *path,
                                     gboolean replace, GError **error);

G_END_DECLS
