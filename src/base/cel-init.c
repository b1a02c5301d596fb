/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-lock.h"

#include <gsl/gsl_errno.h>

static CelLock fftw_lock;

void cel_init(void)
{
    gsl_set_error_handler_off();
}

void cel_fftw_lock(void)
{
    cel_lock_take(&fftw_lock);
}

void cel_fftw_unlock(void)
{
    cel_lock_give(&fftw_lock);
}
