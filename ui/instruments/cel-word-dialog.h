/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** CelWordGiven: @word: what was typed, without blanks around it; never "". */
typedef void (*CelWordGiven)(gpointer owner, const char *word);

/** CelWordAsk: a question that is answered by one line; all translated. */
typedef struct {
    const char *heading, *body;
    const char *title;  /* of the entry */
    const char *accept; /* of the button that takes it */
    CelWordGiven given; /* not called when it was cancelled */
} CelWordAsk;

/** cel_word_dialog: asks over the window of @owner, a widget; once that is gone nothing is called.
 * Returns: (transfer none): the dialog. */
GtkWidget *cel_word_dialog(GtkWidget *owner, const CelWordAsk *ask);

G_END_DECLS
