/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "h5/cel-h5.h"

#include <hdf5.h>

/** CelHid: an identifier of HDF5 that is closed when its scope ends: g_auto(CelHid). */
typedef hid_t CelHid;

/** cel_hid_clear: closes @id, whatever kind of object it names. Under cel_h5_lock(). */
static inline void cel_hid_clear(CelHid *id)
{
    if (*id >= 0)
        H5Idec_ref(*id);
    *id = H5I_INVALID_HID;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelHid, cel_hid_clear)

/** cel_hid_number_type: Returns: (transfer none): how numbers of @type stand in the file; invalid
 * for groups and texts. */
hid_t cel_hid_number_type(CelH5Type type);
