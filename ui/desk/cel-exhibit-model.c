/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-exhibit-model.h"

/* So many rows are made in one step. A list view keeps two hundred; what comes after those costs it
 * nothing. */
enum { ROWS_IN_A_STEP = 24, MANY_ROWS = 240, STEP_MS = 16 };

struct _CelExhibitModel {
    GObject parent;
    CelExhibitIndex *index;
    GArray *view;
    guint n_told; /* of the view's rows, to those who listen */
    guint grow;   /* a timeout: the others are to be told yet */
};

/* ---- a place ---- */

struct _CelExhibitItem {
    GObject parent;
    CelExhibitModel *model;
    guint position;
};

G_DEFINE_FINAL_TYPE(CelExhibitItem, cel_exhibit_item, G_TYPE_OBJECT)

static void cel_exhibit_item_finalize(GObject *object)
{
    g_object_unref(CEL_EXHIBIT_ITEM(object)->model);
    G_OBJECT_CLASS(cel_exhibit_item_parent_class)->finalize(object);
}

static void cel_exhibit_item_class_init(CelExhibitItemClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_exhibit_item_finalize;
}

static void cel_exhibit_item_init(CelExhibitItem *item)
{
    (void)item;
}

CelExhibitModel *cel_exhibit_item_model(CelExhibitItem *item)
{
    return item->model;
}

const CelExhibitFacts *cel_exhibit_item_facts(CelExhibitItem *item)
{
    return item->position < item->model->view->len
               ? cel_exhibit_model_facts(item->model, item->position)
               : NULL;
}

/* ---- the list ---- */

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static GType item_type(GListModel *list)
{
    (void)list;
    return CEL_TYPE_EXHIBIT_ITEM;
}

static guint n_items(GListModel *list)
{
    return CEL_EXHIBIT_MODEL(list)->n_told;
}

static gpointer get_item(GListModel *list, guint position)
{
    CelExhibitModel *model = CEL_EXHIBIT_MODEL(list);
    if (position >= model->n_told)
        return NULL;
    CelExhibitItem *item = g_object_new(CEL_TYPE_EXHIBIT_ITEM, NULL);
    item->model = g_object_ref(model);
    item->position = position;
    return item;
}

static void list_init(GListModelInterface *interface)
{
    interface->get_item_type = item_type;
    interface->get_n_items = n_items;
    interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(CelExhibitModel, cel_exhibit_model, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_init))

static void cel_exhibit_model_finalize(GObject *object)
{
    CelExhibitModel *model = CEL_EXHIBIT_MODEL(object);
    g_clear_handle_id(&model->grow, g_source_remove);
    cel_exhibit_index_unref(model->index);
    g_array_unref(model->view);
    G_OBJECT_CLASS(cel_exhibit_model_parent_class)->finalize(object);
}

static void cel_exhibit_model_class_init(CelExhibitModelClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_exhibit_model_finalize;
    signals[CHANGED] = g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_exhibit_model_init(CelExhibitModel *model)
{
    model->view = g_array_new(FALSE, FALSE, sizeof(guint32));
}

CelExhibitModel *cel_exhibit_model_new(void)
{
    return g_object_new(CEL_TYPE_EXHIBIT_MODEL, NULL);
}

/* ---- another view ---- */

static gboolean grow(gpointer data)
{
    CelExhibitModel *model = data;
    const guint before = model->n_told, after = model->view->len;
    const guint next = before >= MANY_ROWS ? after : MIN(after, before + ROWS_IN_A_STEP);
    model->n_told = next;
    if (next == after)
        model->grow = 0;
    g_list_model_items_changed(G_LIST_MODEL(model), before, 0, next - before);
    return next == after ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* After what is painted: a frame between two steps. */
static void begin_to_grow(CelExhibitModel *model)
{
    g_clear_handle_id(&model->grow, g_source_remove);
    if (model->n_told == model->view->len)
        return;
    if (model->n_told >= ROWS_IN_A_STEP || grow(model) == G_SOURCE_CONTINUE)
        model->grow = g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, STEP_MS, grow, model, NULL);
}

void cel_exhibit_model_set(CelExhibitModel *model, CelExhibitIndex *index, GArray *view)
{
    const guint before = model->n_told, after = MIN(before, view->len);
    cel_exhibit_index_ref(index);
    cel_exhibit_index_unref(model->index);
    model->index = index;
    g_array_unref(model->view);
    model->view = view;
    model->n_told = after;
    if (after < before)
        g_list_model_items_changed(G_LIST_MODEL(model), after, before - after, 0);
    g_signal_emit(model, signals[CHANGED], 0);
    begin_to_grow(model);
}

guint cel_exhibit_model_size(CelExhibitModel *model)
{
    return model->view->len;
}

const CelExhibitFacts *cel_exhibit_model_facts(CelExhibitModel *model, guint position)
{
    return cel_exhibit_index_get(model->index, g_array_index(model->view, guint32, position));
}
