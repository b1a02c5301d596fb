/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-driver.h"

#include <glib/gi18n-lib.h>

const char *cel_laser_state_text(CelLaserState state)
{
    switch (state) {
    case CEL_LASER_OFF_READ_BACK:
        return N_("off (read back)");
    case CEL_LASER_OFF_COMMANDED:
        return N_("off (commanded, this instrument cannot confirm)");
    case CEL_LASER_ON:
        return N_("ON");
    case CEL_LASER_UNKNOWN:
        break;
    }
    /* whatever is not one of the states above is not known to be safe */
    return N_("UNKNOWN: treat as on");
}
