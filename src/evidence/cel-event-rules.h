/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-event.h"

G_BEGIN_DECLS

/* What an event may hold and must hold, for writing and reading alike; private to this room. */

/** cel_event_check: every rule of form for one event, the same for writing and reading.
 * @code: of CelError for the failure: the writer's usage or the reader's input. Returns: FALSE with
 * @code; the message names the field. */
gboolean cel_event_check(JsonObject *event, int code, GError **error);

/** cel_event_needs_second: @event: at least with its seq and data. Returns: whether another person
 * must have signed too. */
gboolean cel_event_needs_second(CelAct act, JsonObject *event);

G_END_DECLS
