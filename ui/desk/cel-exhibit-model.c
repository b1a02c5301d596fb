/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-exhibit-model.h"

/* ---- a row ---- */

struct _CelExhibitItem {
    GObject parent;
    CelExhibitIndex *index;
    guint row;
};

G_DEFINE_FINAL_TYPE(CelExhibitItem, cel_exhibit_item, G_TYPE_OBJECT)

static void cel_exhibit_item_finalize(GObject *object)
{
    cel_exhibit_index_unref(CEL_EXHIBIT_ITEM(object)->index);
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

const CelExhibitFacts *cel_exhibit_item_facts(CelExhibitItem *item)
{
    return cel_exhibit_index_get(item->index, item->row);
}

/* ---- the list ---- */

struct _CelExhibitModel {
    GObject parent;
    CelExhibitIndex *index;
    GArray *view;
};

static GType item_type(GListModel *list)
{
    (void)list;
    return CEL_TYPE_EXHIBIT_ITEM;
}

static guint n_items(GListModel *list)
{
    return CEL_EXHIBIT_MODEL(list)->view->len;
}

static gpointer get_item(GListModel *list, guint position)
{
    CelExhibitModel *model = CEL_EXHIBIT_MODEL(list);
    if (position >= model->view->len)
        return NULL;
    CelExhibitItem *item = g_object_new(CEL_TYPE_EXHIBIT_ITEM, NULL);
    item->index = cel_exhibit_index_ref(model->index);
    item->row = g_array_index(model->view, guint32, position);
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
    cel_exhibit_index_unref(model->index);
    g_array_unref(model->view);
    G_OBJECT_CLASS(cel_exhibit_model_parent_class)->finalize(object);
}

static void cel_exhibit_model_class_init(CelExhibitModelClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_exhibit_model_finalize;
}

static void cel_exhibit_model_init(CelExhibitModel *model)
{
    model->view = g_array_new(FALSE, FALSE, sizeof(guint32));
}

CelExhibitModel *cel_exhibit_model_new(void)
{
    return g_object_new(CEL_TYPE_EXHIBIT_MODEL, NULL);
}

void cel_exhibit_model_set(CelExhibitModel *model, CelExhibitIndex *index, GArray *view)
{
    const guint before = model->view->len, after = view->len;
    cel_exhibit_index_ref(index);
    cel_exhibit_index_unref(model->index);
    model->index = index;
    g_array_unref(model->view);
    model->view = view;
    g_list_model_items_changed(G_LIST_MODEL(model), 0, before, after);
}

const CelExhibitFacts *cel_exhibit_model_facts(CelExhibitModel *model, guint position)
{
    return cel_exhibit_index_get(model->index, g_array_index(model->view, guint32, position));
}
