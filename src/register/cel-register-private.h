/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "register/cel-ledger-private.h"
#include "register/cel-register.h"

G_BEGIN_DECLS

/* How the projections are written: private to this room. */

/** cel_projection_is_current: @out_current: whether the tables are there, in this version's shape.
 * Returns: FALSE with the error. */
gboolean cel_projection_is_current(sqlite3 *db, gboolean *out_current, GError **error);
/** cel_projection_create: makes every table anew and empty, without the mark that says that they
 * are complete. Returns: FALSE with the error. */
gboolean cel_projection_create(sqlite3 *db, GError **error);
/** cel_projection_mark: the tables are complete. Returns: FALSE with the error. */
gboolean cel_projection_mark(sqlite3 *db, GError **error);
/** cel_projection_empty: takes every row out, within a transaction. Returns: FALSE with the error.
 */
gboolean cel_projection_empty(sqlite3 *db, GError **error);
/** cel_projection_apply: a CelLedgerApply: writes what @event means; @data is not used. */
gboolean cel_projection_apply(gpointer data, sqlite3 *db, JsonObject *event, GError **error);

G_END_DECLS
