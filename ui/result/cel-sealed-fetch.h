/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

#include "evidence/cel-sealed.h"

G_BEGIN_DECLS

/** CelSealedMake: what is made of the file, on the computing lane. @title: its name. Returns:
 * (transfer full), or NULL with the error. */
typedef gpointer (*CelSealedMake)(const CelSealed *sealed, const char *title, CelJob *job,
                                  GError **error);

/** CelSealedDone: main loop. @what: of the order, so that a late answer can be told from the one
 * that is waited for; @made: (transfer full) (nullable): NULL with @error. */
typedef void (*CelSealedDone)(CelPage *page, const char *what, gpointer made, const GError *error);

/** CelSealedOrder: copied. */
typedef struct {
    const char *what; /* path of a sealed file, or the id of one of the lab's */
    CelSealedMake make;
    CelSealedDone done;
    GDestroyNotify free; /* of what is made and nobody took */
} CelSealedOrder;

/** cel_sealed_fetch: reads a sealed file off the main loop, in the jail; nothing is verified here.
 */
void cel_sealed_fetch(CelPage *page, const CelSealedOrder *order);

G_END_DECLS
