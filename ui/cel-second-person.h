/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_SECOND_PERSON (cel_second_person_get_type())
/** CelSecondPerson: the dialog in which another person agrees to an act: who, and that key's
 * passphrase. Offers only people whose role may agree (cel_right()), without the one who is signed
 * in. */
G_DECLARE_FINAL_TYPE(CelSecondPerson, cel_second_person, CEL, SECOND_PERSON, AdwWindow)

/**
 * CelSecondPersonDone: the person agreed. Main loop.
 * @key: (transfer full): opened; used on CEL_LANE_LAB as a CelLabPerson (id NULL) and freed there
 */
typedef void (*CelSecondPersonDone)(gpointer owner, CelKey *key, gpointer data);

/** CelSecondPersonAsk: what is asked; texts borrowed during the call. */
typedef struct {
    GtkWidget *parent; /* any widget of the window */
    CelDesk *desk;
    CelAct act;
    const char *what; /* (nullable): translated: what exactly is agreed to */
    CelSecondPersonDone done;
    gpointer owner;      /* a GObject, held weakly: once it is gone nothing is called */
    gpointer data;       /* for @done */
    GDestroyNotify free; /* (nullable): frees @data after @done, or when nobody agreed */
} CelSecondPersonAsk;

/** cel_second_person_ask: shows the dialog. Whoever closes it records nothing. Main loop only.
 * Returns: (transfer none): the dialog. */
CelSecondPerson *cel_second_person_ask(const CelSecondPersonAsk *ask);

G_END_DECLS
