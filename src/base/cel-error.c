/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"

G_DEFINE_QUARK(cel - error - quark, cel_error)

static const int exit_status[] = {
    [CEL_ERROR_USAGE] = 2,   [CEL_ERROR_INPUT] = 3,       [CEL_ERROR_UNIT] = 3,
    [CEL_ERROR_NUMERIC] = 3, [CEL_ERROR_SYSTEM] = 4,      [CEL_ERROR_DEVICE] = 4,
    [CEL_ERROR_POLICY] = 5,  [CEL_ERROR_CANCELLED] = 130,
};

int cel_error_exit_status(const GError *error)
{
    if (error == NULL)
        return 0;
    if (error->domain != CEL_ERROR)
        return 4;
    g_return_val_if_fail((guint)error->code < G_N_ELEMENTS(exit_status), 4);
    return exit_status[error->code];
}
