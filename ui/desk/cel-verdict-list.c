/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-verdict-list.h"

#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/** Question: what a line of that id asks. */
typedef struct {
    const char *id, *title; /* msgid */
} Question;

static const Question questions[] = {
    {"structure", N_("Parts of a sealed file")},
    {"content.sha256", N_("Content, SHA-256")},
    {"content.sm3", N_("Content, SM3")},
    {"unlisted", N_("Nothing added")},
    {"manifest", N_("Manifest")},
    {"file", N_("Whole file")},
    {"record", N_("Record of the seal")},
    {"signature.sm2", N_("Signature, SM2")},
    {"signature.ed25519", N_("Signature, Ed25519")},
    {"certificate", N_("Who signed")},
    {"training", N_("Training")},
    {"time", N_("Time of the seal")},
    {"ledger", N_("Place in the ledger")},
    {"identity", N_("Is it the file that is meant?")},
    {"replay", N_("Result computed again")},
    {"custody", N_("Events and signatures")},
    {"place", N_("Place of each event")},
    {"head", N_("Signed head of the ledger")},
    {"files", N_("Sealed files")},
    {"things", N_("Photos, raw data, papers")},
};

static const char *title_of(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
        if (strcmp(questions[i].id, id) == 0)
            return _(questions[i].title);
    return id;
}

static const char *const icons[] = {
    [CEL_VERDICT_PROVEN] = "object-select-symbolic",
    [CEL_VERDICT_CONTRADICTED] = "dialog-error-symbolic",
    [CEL_VERDICT_NOT_PROVEN] = "dialog-question-symbolic",
};

/* A digest is one word, and a row is never narrower than its longest word: it may break. */
static char *breakable(const char *text)
{
    enum { RUN = 16 };
    GString *out = g_string_new(NULL);
    guint run = 0;
    for (const char *at = text; *at != '\0'; at++) {
        run = g_ascii_isalnum(*at) ? run + 1 : 0;
        g_string_append_c(out, *at);
        if (run > 0 && run % RUN == 0)
            g_string_append(out, "\u200b");
    }
    return g_string_free(out, FALSE);
}

static GtkWidget *line_row(const CelVerdictLine *line)
{
    const gboolean chinese = cel_ui_is_chinese();
    g_autofree char *text = breakable(chinese ? line->text_zh : line->text_en);
    GtkWidget *row = cel_room_row(title_of(line->id), text);
    GtkWidget *word = gtk_label_new(cel_verdict_state_label(line->state, chinese));
    gtk_widget_set_name(row, line->id);
    gtk_widget_add_css_class(word, "verdict-word");
    gtk_widget_set_valign(word, GTK_ALIGN_CENTER);
    adw_action_row_add_prefix(ADW_ACTION_ROW(row),
                              gtk_image_new_from_icon_name(icons[line->state]));
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), word);
    return row;
}

void cel_verdict_list_fill(GtkListBox *list, const GPtrArray *lines)
{
    cel_room_clear(list);
    for (guint i = 0; i < lines->len; i++)
        gtk_list_box_append(list, line_row(g_ptr_array_index(lines, i)));
}

void cel_verdict_list_replace(GtkListBox *list, const CelVerdictLine *line)
{
    int at = -1;
    for (int i = 0;; i++) {
        GtkListBoxRow *row = gtk_list_box_get_row_at_index(list, i);
        if (row == NULL)
            break;
        if (strcmp(gtk_widget_get_name(GTK_WIDGET(row)), line->id) == 0) {
            gtk_list_box_remove(list, GTK_WIDGET(row));
            at = i;
            break;
        }
    }
    gtk_list_box_insert(list, line_row(line), at);
}
