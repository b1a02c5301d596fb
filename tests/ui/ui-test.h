/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-application.h"

G_BEGIN_DECLS

/* What the tests of the window share. They run under tests/ui/with-display. */

/** UiScene: a page in a telling state, for pictures and checks. */
typedef struct {
    const char *name; /* unique, [a-z-]+ : the name of the picture */
    /** show: brings it into view; may pump with ui_pump() until it stands. @folder: of a practice
     * lab that is open; its technician is signed in unless the scene signs in somebody else. */
    void (*show)(CelWindow *window, const char *folder);
    gboolean field; /* in field mode */
} UiScene;

/** ui_test_init: like gtk_test_init(), after engine, jail and language (LANGUAGE) were set up;
 * texts come from the build folder's catalogue. */
void ui_test_init(int *argc, char ***argv);

/** ui_window: Returns: (transfer none): the window of an application that runs, with a practice lab
 * whose folder is @folder (made when NULL is in *@folder; (transfer full)), nobody signed in, no
 * instrument. One a program. */
CelWindow *ui_window(char **folder);

/** ui_window_end: ends the application. */
void ui_window_end(void);

/** ui_pump: lets the main loop run until @done says so, at most @most_ms. Returns: whether it did.
 */
typedef gboolean (*UiDone)(gpointer data);
gboolean ui_pump(UiDone done, gpointer data, guint most_ms);

/** ui_pump_idle: until no task runs and @ms more have passed. */
void ui_pump_idle(CelWindow *window, guint ms);

/** ui_sign_in: @who: "officer", "technician", "reviewer" or "head" of the practice lab. */
void ui_sign_in(CelWindow *window, const char *folder, const char *who);

/** ui_open_instrument: @id: "simulated:785"; @settings: (nullable): "sample=polystyrene,seed=1". */
void ui_open_instrument(CelWindow *window, const char *id, const char *settings);

/** ui_find: Returns: (transfer none) (nullable): the first widget below @root of that type whose
 * label, title or accessible text is @text (NULL: any), searched depth first among visible ones. */
GtkWidget *ui_find(GtkWidget *root, GType type, const char *text);

/** ui_find_class: Returns: (transfer none) (nullable): the first visible widget below @root with
 * that style class. */
GtkWidget *ui_find_class(GtkWidget *root, const char *name);

/** ui_holds: Returns: whether a label in view at or below @root has @words in its text. */
gboolean ui_holds(GtkWidget *root, const char *words);

/** ui_reads: Returns: (transfer none) (nullable): the first window of the program in which @words
 * can be read. */
GtkWidget *ui_reads(const char *words);

/** ui_click: emits "clicked" of the button with that text below @root, which must be there and
 * sensitive. */
void ui_click(GtkWidget *root, const char *text);

/** ui_toplevel: Returns: (transfer none) (nullable): the newest shown window of that type name. */
GtkWidget *ui_toplevel(const char *type);

/** ui_shot: writes what @window shows into @path (PNG) in @scale; FALSE when nothing was drawn. */
gboolean ui_shot(GtkWidget *window, const char *path, double scale);

G_END_DECLS
