/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/** CelRecordTo: where a recording goes. */
typedef struct {
    GString *text;           /* appended to; complete once every transport is closed */
    const CelDriver *driver; /* (nullable): whose blank_serial() removes serial numbers */
} CelRecordTo;

/**
 * cel_bus_record_new:
 * @inner: (borrowed): where the instrument is; outlives the result
 * @to: copied; what it points to is borrowed
 * A bus that does what @inner does and writes down every exchange, time and chance of the devices
 * opened through it. One device at a time: the text would mix two. What the driver gets is as it
 * came; only the text is blanked.
 * Returns: (transfer full).
 */
CelBus *cel_bus_record_new(CelBus *inner, const CelRecordTo *to);

G_END_DECLS
