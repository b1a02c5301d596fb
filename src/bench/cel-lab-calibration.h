/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"
#include "cel-calibration-object.h"
#include "evidence/cel-seal.h"

G_BEGIN_DECLS

/* A derived calibration as evidence: sealed with the recordings it came from, in the lab's archive,
 * and an event of the day-book, after which the instrument needs a new check. */

/** CelCalibrationSeal: what is sealed; all borrowed. */
typedef struct {
    const CelCalibrationObject *object;
    GBytes *const *recordings; /* one an input of @object, in their order */
    gboolean in_force;         /* in a lab: the instrument measures with it from now on */
    CelClock clock;
} CelCalibrationSeal;

/** cel_calibration_seal: @key: of who derived it. Seals it into @path, without a lab. Returns:
 * FALSE with the errors of cel_seal_object(). */
gboolean cel_calibration_seal(const CelCalibrationSeal *seal, CelKey *key, const char *path,
                              CelJob *job, GError **error);

/**
 * cel_lab_calibrate:
 * Seals it into the lab's archive under the key of the person who is signed in and records it: kind
 * "calibration", with the digest of the sealed file. In force it needs the right to say so
 * (cel_right_put_in_force()) and the wavelengths of pixels.
 * @out_path: (out) (transfer full): the sealed file
 * Returns: FALSE with CEL_ERROR_USAGE without an instrument's number, CEL_ERROR_POLICY or
 *   CEL_ERROR_SYSTEM; a file that no event names stays in the archive and counts for nothing.
 */
gboolean cel_lab_calibrate(CelLab *lab, const CelCalibrationSeal *seal, char **out_path,
                           CelJob *job, GError **error);

/** CelInForce: the calibration that a lab's instrument measures with; a plain value. */
typedef struct {
    guint64 seq; /* of the event that put it in force; 0: none, or taken back: the instrument's own
                    holds */
    gint64 since_us;
    CelCalibration calibration; /* out of its seal */
} CelInForce;

/**
 * cel_lab_in_force:
 * @now_us: of the clock that measures with it
 * @in_force: (inout): zeros, or what this gave before: a seal that was read stays read
 * Reads what the newest event says that puts a calibration of @serial in force, out of the sealed
 * file, which is verified.
 * Returns: FALSE with CEL_ERROR_POLICY (no longer valid, the file is another than the event's or
 * contradicts its seal) or CEL_ERROR_INPUT, CEL_ERROR_SYSTEM: then nothing is in force, and no
 * check of that calibration speaks for a measurement without it.
 */
gboolean cel_lab_in_force(CelLab *lab, const char *serial, gint64 now_us, CelInForce *in_force,
                          CelJob *job, GError **error);

/** CelWayBack: an instrument goes back to its own calibration; borrowed. */
typedef struct {
    const char *serial;
    const char *why;
    CelClock clock;
} CelWayBack;

/**
 * cel_lab_way_back:
 * Records that the instrument measures with its own calibration again, from now on; a new check is
 * needed. Asks for the right to put a calibration in force, and for the reason.
 * Returns: FALSE with CEL_ERROR_POLICY (no right, no reason, its own is in force already) or the
 *   other errors of cel_lab_record().
 */
gboolean cel_lab_way_back(CelLab *lab, const CelWayBack *back, GError **error);

/** CelSealedRecording: one recording out of a sealed calibration. */
typedef struct {
    char *name, *standard; /* as the calibration names them */
    GBytes *bytes;
} CelSealedRecording;

/** cel_sealed_recording_free: @recording: (nullable) */
void cel_sealed_recording_free(CelSealedRecording *recording);

/**
 * cel_calibration_unseal:
 * @path: a sealed calibration, untrusted: it is verified first
 * @out_recordings: (out) (transfer full) (element-type CelSealedRecording): to derive it again from
 * Returns: (transfer full): the object as sealed; NULL with CEL_ERROR_POLICY (contradicts its
 * seal), CEL_ERROR_INPUT (no sealed calibration, a recording is missing) or CEL_ERROR_SYSTEM.
 */
CelCalibrationObject *cel_calibration_unseal(const char *path, GPtrArray **out_recordings,
                                             CelJob *job, GError **error);

G_END_DECLS
