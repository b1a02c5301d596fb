/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"
#include "path/cel-path-parts.h"
#include "path/cel-path-session.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_SCREEN (cel_path_screen_get_type())
/** CelPathScreen: what is shown for one step or several of them. */
G_DECLARE_DERIVABLE_TYPE(CelPathScreen, cel_path_screen, CEL, PATH_SCREEN, AdwBin)

/**
 * CelPathScreenClass:
 * @show: the session changed while the screen is in view; @view: (nullable): no exhibit is open
 * @enter: (nullable): it comes into view: where the focus belongs
 * @frame: (nullable): another frame of the instrument
 * @trigger: (nullable): a hardware button. Returns: whether it was used
 * @primary: (nullable): Returns: the words of the button in the place of "Next step"; @out_ready:
 *   whether it can be pressed
 * @press: it was pressed
 * @fills: it scrolls by itself and has the buttons that go on
 * @actions: (nullable): Returns: (nullable): where those stand now: the page's menu may join them
 */
struct _CelPathScreenClass {
    AdwBinClass parent_class;
    void (*show)(CelPathScreen *screen, const CelPathView *view);
    void (*enter)(CelPathScreen *screen);
    void (*frame)(CelPathScreen *screen);
    gboolean (*trigger)(CelPathScreen *screen);
    const char *(*primary)(CelPathScreen *screen, gboolean *out_ready);
    void (*press)(CelPathScreen *screen);
    gboolean fills;
    GtkBox *(*actions)(CelPathScreen *screen);
};

/** cel_path_screen_new: @type: a subclass; @session: (transfer none). Returns: (transfer floating).
 */
CelPathScreen *cel_path_screen_new(GType type, CelPathSession *session);

/** cel_path_screen_session: Returns: (transfer none) */
CelPathSession *cel_path_screen_session(gpointer screen);
/** cel_path_screen_page: Returns: (transfer none) (nullable): the page it stands on. */
CelPage *cel_path_screen_page(gpointer screen);

/** cel_path_screen_show, _enter, _frame, _trigger: call the class's slots. */
void cel_path_screen_show(CelPathScreen *screen);
void cel_path_screen_enter(CelPathScreen *screen);
void cel_path_screen_frame(CelPathScreen *screen);
gboolean cel_path_screen_trigger(CelPathScreen *screen);

/** cel_path_screen_choice: @question: of cel_path_answers(). Returns: (transfer floating): its
 * question with a large button a value; pressing one gives that answer. */
GtkWidget *cel_path_screen_choice(gpointer screen, const char *question);

G_END_DECLS
