/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-standard-choice.h"

#include "cel-words.h"
#include "instruments/cel-expected.h"

#include <glib/gi18n-lib.h>

struct _CelStandardChoice {
    GtkBox parent;
    AdwPreferencesGroup *rows;
    AdwComboRow *standard;
    CelPlotView *picture;
    GtkLabel *how;
    GPtrArray *standards; /* const CelStandard */
};

G_DEFINE_FINAL_TYPE(CelStandardChoice, cel_standard_choice, GTK_TYPE_BOX)

const CelStandard *cel_standard_choice_get(CelStandardChoice *choice)
{
    return g_ptr_array_index(choice->standards, adw_combo_row_get_selected(choice->standard));
}

void cel_standard_choice_add_row(CelStandardChoice *choice, GtkWidget *row)
{
    adw_preferences_group_add(choice->rows, row);
}

static void standard_chosen(CelStandardChoice *choice)
{
    const CelStandard *standard = cel_standard_choice_get(choice);
    cel_expected_show(choice->picture, standard, NULL);
    g_autofree char *text = g_strdup_printf(
        _("Put %s before the probe, at its working distance, with the cap of the instrument over "
          "it. "
          "The scan is good when its bands stand where the picture has them, high above the noise "
          "and not cut off."),
        cel_ui_pick(standard->name_zh, standard->name_en));
    gtk_label_set_text(choice->how, text);
}

static void fill_standards(CelStandardChoice *choice)
{
    gsize n = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
    guint usual = 0;
    for (gsize i = 0; i < n; i++) {
        if (all[i]->kind != CEL_STANDARD_SHIFT)
            continue;
        if (g_strcmp0(all[i]->id, "polystyrene") == 0)
            usual = choice->standards->len;
        g_ptr_array_add(choice->standards, (gpointer)all[i]);
        gtk_string_list_append(names, cel_ui_pick(all[i]->name_zh, all[i]->name_en));
    }
    adw_combo_row_set_model(choice->standard, G_LIST_MODEL(names));
    adw_combo_row_set_selected(choice->standard, usual);
}

static void cel_standard_choice_finalize(GObject *object)
{
    g_ptr_array_unref(CEL_STANDARD_CHOICE(object)->standards);
    G_OBJECT_CLASS(cel_standard_choice_parent_class)->finalize(object);
}

static void cel_standard_choice_class_init(CelStandardChoiceClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_standard_choice_finalize;
}

static void add_picture(CelStandardChoice *choice)
{
    GtkWidget *group = adw_preferences_group_new();
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_add_css_class(card, "card");
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("What a good scan looks like"));
    choice->picture = cel_expected_add_plot(GTK_BOX(card), _("What a good scan looks like"));
    choice->how = GTK_LABEL(gtk_label_new(NULL));
    gtk_label_set_wrap(choice->how, TRUE);
    gtk_label_set_xalign(choice->how, 0.0F);
    gtk_widget_set_margin_top(GTK_WIDGET(choice->how), 12);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), card);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), GTK_WIDGET(choice->how));
    gtk_box_append(GTK_BOX(choice), group);
}

static void cel_standard_choice_init(CelStandardChoice *choice)
{
    gtk_orientable_set_orientation(GTK_ORIENTABLE(choice), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(GTK_BOX(choice), 24);
    choice->standards = g_ptr_array_new();
    choice->rows = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
    choice->standard = ADW_COMBO_ROW(adw_combo_row_new());
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(choice->standard), _("Standard"));
    adw_preferences_group_add(choice->rows, GTK_WIDGET(choice->standard));
    gtk_box_append(GTK_BOX(choice), GTK_WIDGET(choice->rows));
    add_picture(choice);
    g_signal_connect_swapped(choice->standard, "notify::selected", G_CALLBACK(standard_chosen),
                             choice);
    fill_standards(choice);
    standard_chosen(choice);
}
