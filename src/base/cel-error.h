/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CelError: the one error domain of the engine. A code says who can mend the failure, which is also
 * what the exit status of `celadon` tells; the message says what happened, what it means for this
 * sample and what to do.
 */
typedef enum {
    CEL_ERROR_USAGE, /* wrong call: unknown option, parameter out of its range; exit 2 */
    CEL_ERROR_INPUT, /* the file or its content is not usable; exit 3 */
    CEL_ERROR_UNIT,  /* units do not fit (no laser wavelength, unequal axes, air/vacuum); exit 3 */
    CEL_ERROR_NUMERIC, /* the data do not determine an answer (no convergence, singular); exit 3 */
    CEL_ERROR_SYSTEM,  /* disk, permission, memory, library failure; exit 4 */
    CEL_ERROR_DEVICE,  /* instrument fault; exit 4 */
    CEL_ERROR_POLICY,  /* a rule of the work forbids it; exit 5 */
    CEL_ERROR_CANCELLED, /* the user stopped it; exit 130 */
} CelError;

#define CEL_ERROR (cel_error_quark())

/** cel_error_quark: Returns: the error domain. Thread-safe: yes. */
GQuark cel_error_quark(void);

/**
 * cel_error_exit_status:
 * @error: (nullable): what failed
 * Returns: the exit status of the command line contract: 0 for NULL, 2..5, or 130 after a cancel;
 *   4 for errors of foreign domains. Thread-safe: yes.
 */
int cel_error_exit_status(const GError *error);

/**
 * cel_init: to be called once, before any other function, by every program that uses the library.
 * Switches off GSL's aborting error handler and sets up HDF5's and FFTW's single mutex users.
 * Thread-safe: idempotent.
 */
void cel_init(void);

/**
 * cel_fftw_lock, cel_fftw_unlock: FFTW's planner is not thread-safe; every plan is made and
 * destroyed between these two. Executing a plan needs no lock. Thread-safe: yes.
 */
void cel_fftw_lock(void);
void cel_fftw_unlock(void);

G_END_DECLS
