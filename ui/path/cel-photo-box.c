/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-photo-box.h"

#include "cel-settings.h"
#include "path/cel-path-parts.h"

#include <glib/gi18n-lib.h>

enum { THUMB_PX = 72 };

struct _CelPhotoBox {
    AdwBin parent;
    CelPathSession *session;
    GtkWidget *newest, *from_file, *photos;
    GHashTable *thumbs; /* path -> GdkTexture */
    GHashTable *asked;  /* path */
    char *shown;        /* what the thumbnails stand for */
    GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE(CelPhotoBox, cel_photo_box, ADW_TYPE_BIN)

/* ---- taking ---- */

static char *camera_folder(void)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    g_autofree char *folder = g_settings_get_string(settings, "camera-folder");
    if (*folder != '\0')
        return g_steal_pointer(&folder);
    const char *pictures = g_get_user_special_dir(G_USER_DIRECTORY_PICTURES);
    return g_strdup(pictures != NULL ? pictures : g_get_home_dir());
}

static void take_newest(CelPhotoBox *box)
{
    g_autofree char *folder = camera_folder();
    const CelPathOrder order = {.act = CEL_PATH_ACT_NEWEST_PHOTO, .text = folder};
    cel_path_session_do(box->session, &order);
}

static void take_file(CelPhotoBox *box, GFile *file)
{
    g_autofree char *path = g_file_get_path(file);
    const CelPathOrder order = {.act = CEL_PATH_ACT_PHOTO, .text = path};
    if (path != NULL)
        cel_path_session_do(box->session, &order);
}

static void file_chosen(GtkNativeDialog *dialog, int response, CelPhotoBox *box)
{
    if (response == GTK_RESPONSE_ACCEPT) {
        g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
        take_file(box, file);
    }
    g_clear_object(&box->chooser);
}

static void choose_file(CelPhotoBox *box)
{
    g_autofree char *folder = camera_folder();
    g_autoptr(GFile) place = g_file_new_for_path(folder);
    g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
    g_clear_object(&box->chooser);
    box->chooser = gtk_file_chooser_native_new(
        _("Photo"), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(box))), GTK_FILE_CHOOSER_ACTION_OPEN,
        _("Take this photo"), _("Cancel"));
    gtk_file_filter_set_name(filter, _("Pictures (PNG, JPEG)"));
    gtk_file_filter_add_mime_type(filter, "image/png");
    gtk_file_filter_add_mime_type(filter, "image/jpeg");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(box->chooser), filter);
    gtk_file_chooser_set_current_folder(GTK_FILE_CHOOSER(box->chooser), place, NULL);
    g_signal_connect(box->chooser, "response", G_CALLBACK(file_chosen), box);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(box->chooser));
}

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y,
                        CelPhotoBox *box)
{
    (void)target;
    (void)x;
    (void)y;
    take_file(box, g_value_get_object(value));
    return TRUE;
}

/* ---- thumbnails ---- */

/** Thumb: a small picture on its way; made off the main loop. */
typedef struct {
    char *path;
    GdkPixbuf *picture;
} Thumb;

static void thumb_free(gpointer data)
{
    Thumb *thumb = data;
    g_clear_object(&thumb->picture);
    g_free(thumb->path);
    g_free(thumb);
}

static gboolean make_thumb(gpointer data, CelJob *job, GError **error)
{
    Thumb *thumb = data;
    (void)job;
    thumb->picture =
        gdk_pixbuf_new_from_file_at_scale(thumb->path, 2 * THUMB_PX, 2 * THUMB_PX, TRUE, error);
    return thumb->picture != NULL;
}

static void thumb_made(gpointer owner, gpointer data, const GError *error)
{
    CelPhotoBox *box = owner;
    Thumb *thumb = data;
    if (error != NULL)
        return;
    g_hash_table_insert(box->thumbs, g_strdup(thumb->path),
                        gdk_texture_new_for_pixbuf(thumb->picture));
    g_clear_pointer(&box->shown, g_free);
    cel_path_session_changed(box->session);
}

static void ask_thumb(CelPhotoBox *box, const char *path)
{
    if (!g_hash_table_add(box->asked, g_strdup(path)))
        return;
    Thumb *thumb = g_new0(Thumb, 1);
    thumb->path = g_strdup(path);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .run = make_thumb,
                                .done = thumb_made,
                                .data = thumb,
                                .free = thumb_free,
                                .owner = box};
    cel_task_start(cel_desk_lanes(cel_path_session_desk(box->session)), &order);
}

static GtkWidget *cell(GtkWidget *picture, const char *words)
{
    GtkWidget *box = cel_part_box(4);
    GtkWidget *label = cel_part_label(words, "caption");
    gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
    gtk_label_set_xalign(GTK_LABEL(label), 0.5F);
    gtk_widget_set_size_request(picture, THUMB_PX * 4 / 3, THUMB_PX);
    gtk_widget_set_halign(picture, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(box), picture);
    gtk_box_append(GTK_BOX(box), label);
    return box;
}

static GtkWidget *photo_cell(CelPhotoBox *box, const CelPathPhoto *photo)
{
    const char *words = cel_part_moment(photo->moment);
    GdkTexture *texture = g_hash_table_lookup(box->thumbs, photo->path);
    GtkWidget *picture = texture != NULL ? gtk_picture_new_for_paintable(GDK_PAINTABLE(texture))
                                         : gtk_image_new_from_icon_name("image-x-generic-symbolic");
    if (texture == NULL)
        ask_thumb(box, photo->path);
    else
        gtk_picture_set_can_shrink(GTK_PICTURE(picture), TRUE);
    gtk_widget_add_css_class(picture, "photo");
    gtk_widget_set_overflow(picture, GTK_OVERFLOW_HIDDEN);
    gtk_accessible_update_property(GTK_ACCESSIBLE(picture), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                   -1);
    return cell(picture, words);
}

static GtkWidget *missing_cell(const char *moment)
{
    g_autofree char *words = g_strdup_printf(_("%s: missing"), cel_part_moment(moment));
    GtkWidget *picture = gtk_image_new_from_icon_name("camera-photo-symbolic");
    gtk_widget_add_css_class(picture, "photo-missing");
    return cell(picture, words);
}

/* ---- showing ---- */

static char *fingerprint(const CelPathView *view, GString *missing)
{
    for (guint i = 0; i < view->photos->len; i++)
        g_string_append(missing, ((CelPathPhoto *)g_ptr_array_index(view->photos, i))->sha256);
    return g_strdup(missing->str);
}

void cel_photo_box_show(CelPhotoBox *box, const CelPathView *view, const char *const *wanted)
{
    const gboolean idle = cel_path_session_phase(box->session) == CEL_PATH_PHASE_IDLE;
    g_autoptr(GString) missing = g_string_new(NULL);
    gtk_widget_set_sensitive(box->newest, idle);
    gtk_widget_set_sensitive(box->from_file, idle);
    for (gsize i = 0; wanted != NULL && wanted[i] != NULL; i += 2)
        if (cel_path_session_needs(box->session, wanted[i]))
            g_string_append(missing, wanted[i + 1]);
    g_autofree char *now = fingerprint(view, missing);
    if (g_strcmp0(now, box->shown) == 0)
        return;
    g_free(box->shown);
    box->shown = g_steal_pointer(&now);
    cel_part_row_clear(box->photos);
    for (guint i = 0; i < view->photos->len; i++)
        cel_part_row_add(box->photos, photo_cell(box, g_ptr_array_index(view->photos, i)));
    for (gsize i = 0; wanted != NULL && wanted[i] != NULL; i += 2)
        if (cel_path_session_needs(box->session, wanted[i]))
            cel_part_row_add(box->photos, missing_cell(wanted[i + 1]));
}

/* ---- the widget ---- */

static void cel_photo_box_dispose(GObject *object)
{
    CelPhotoBox *box = CEL_PHOTO_BOX(object);
    g_clear_object(&box->chooser);
    g_clear_object(&box->session);
    g_clear_pointer(&box->thumbs, g_hash_table_unref);
    g_clear_pointer(&box->asked, g_hash_table_unref);
    g_clear_pointer(&box->shown, g_free);
    G_OBJECT_CLASS(cel_photo_box_parent_class)->dispose(object);
}

static void cel_photo_box_class_init(CelPhotoBoxClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_photo_box_dispose;
}

static void cel_photo_box_init(CelPhotoBox *box)
{
    GtkWidget *inside = NULL, *buttons = cel_part_row();
    adw_bin_set_child(ADW_BIN(box), cel_part_card(_("Photos"), &inside));
    box->thumbs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref);
    box->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    box->newest = cel_part_button(_("Newest picture"), "camera-photo-symbolic", NULL);
    box->from_file = cel_part_button(_("From a file…"), "document-open-symbolic", NULL);
    box->photos = cel_part_row();
    gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(buttons), TRUE);
    cel_part_row_add(buttons, box->newest);
    cel_part_row_add(buttons, box->from_file);
    gtk_box_append(GTK_BOX(inside), buttons);
    gtk_box_append(GTK_BOX(inside), box->photos);
    GtkDropTarget *target = gtk_drop_target_new(G_TYPE_FILE, GDK_ACTION_COPY);
    g_signal_connect(target, "drop", G_CALLBACK(dropped), box);
    gtk_widget_add_controller(GTK_WIDGET(box), GTK_EVENT_CONTROLLER(target));
    g_signal_connect_swapped(box->newest, "clicked", G_CALLBACK(take_newest), box);
    g_signal_connect_swapped(box->from_file, "clicked", G_CALLBACK(choose_file), box);
}

GtkWidget *cel_photo_box_new(CelPathSession *session)
{
    CelPhotoBox *box = g_object_new(CEL_TYPE_PHOTO_BOX, NULL);
    box->session = g_object_ref(session);
    return GTK_WIDGET(box);
}
