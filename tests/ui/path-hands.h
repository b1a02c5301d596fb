/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-page.h"
#include "ui-test.h"

G_BEGIN_DECLS

/* Hands on the path of an exhibit, as a person has them: buttons, entries, holding. */

/** hands_session: Returns: (transfer none): of the page "path", which is shown when it is not. */
CelPathSession *hands_session(CelWindow *window);

/** hands_settle: until nothing of the path is under way and what follows by itself has come. */
void hands_settle(CelWindow *window);

/** hands_begin: a new exhibit, in the mode of the window. */
void hands_begin(CelWindow *window, const char *case_id, const char *witness);

/** hands_start_delay: of every exhibit that is begun from now on. */
void hands_start_delay(int seconds);

/** hands_click: presses the button with that text (English; translated here) and settles. */
void hands_click(CelWindow *window, const char *text);

/** hands_scan: types @text into the entry of that name in view, as a scanner does, and Return. */
void hands_scan(CelWindow *window, const char *entry, const char *text);

/** hands_picture: paints a picture that differs from all others. */
void hands_picture(const char *path);
/** hands_photo: a new picture appears in the camera's folder and is taken. */
void hands_photo(CelWindow *window, const char *folder);

/** hands_hold: holds the button until the shot is under way. hands_shoot(): until it is over. */
void hands_hold(CelWindow *window);
void hands_shoot(CelWindow *window);

/** hands_field_until: a whole field path up to the first screen of @step. */
void hands_field_until(CelWindow *window, const char *folder, CelPathStep step);

/** hands_type: fills the entry of that name (English; translated here). */
void hands_type(CelWindow *window, const char *entry, const char *text);

/** hands_collect: the officer only takes the exhibit in, up to the scan screen's end. Returns:
 * (transfer full): its code, "CASE/ITEM". */
char *hands_collect(CelWindow *window, const char *folder);

/** hands_lab_until: the way in the laboratory of the exhibit @code ("CASE/ITEM") that bears the
 * seal @seal, up to the first screen of @step. */
void hands_lab_until(CelWindow *window, const char *folder, const char *code, const char *seal,
                     CelPathStep step);

/** hands_sign: the second person, @who as in ui_sign_in(), signs. */
void hands_sign(CelWindow *window, const char *person);

/** hands_step: Returns: the present step; hands_view(): the snapshot. */
CelPathStep hands_step(CelWindow *window);
const CelPathView *hands_view(CelWindow *window);

/** hands_close: leaves the exhibit that is open open. */
void hands_close(CelWindow *window);

G_END_DECLS
