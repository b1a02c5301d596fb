/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-work-session.h"

struct _CelWorkSession {
    GObject parent;
    GListStore *items;
    CelWorkItem *current;
    CelRecipeDraft *draft;
};

enum { CHANGED, RECIPE_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelWorkSession, cel_work_session, G_TYPE_OBJECT)

static void cel_work_session_dispose(GObject *object)
{
    CelWorkSession *session = CEL_WORK_SESSION(object);
    for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(session->items)); i++) {
        g_autoptr(CelWorkItem) item = g_list_model_get_item(G_LIST_MODEL(session->items), i);
        g_signal_handlers_disconnect_by_data(item, session);
    }
    g_list_store_remove_all(session->items);
    g_clear_object(&session->current);
    G_OBJECT_CLASS(cel_work_session_parent_class)->dispose(object);
}

static void cel_work_session_finalize(GObject *object)
{
    CelWorkSession *session = CEL_WORK_SESSION(object);
    g_clear_object(&session->items);
    cel_recipe_draft_free(session->draft);
    G_OBJECT_CLASS(cel_work_session_parent_class)->finalize(object);
}

static void cel_work_session_class_init(CelWorkSessionClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_work_session_dispose;
    G_OBJECT_CLASS(klass)->finalize = cel_work_session_finalize;
    static const char *const names[N_SIGNALS] = {"changed", "recipe-changed"};
    for (gsize i = 0; i < N_SIGNALS; i++)
        signals[i] = g_signal_new(names[i], CEL_TYPE_WORK_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void cel_work_session_init(CelWorkSession *session)
{
    session->items = g_list_store_new(CEL_TYPE_WORK_ITEM);
    session->draft = cel_recipe_draft_new(cel_recipe_default(0.0));
}

CelWorkSession *cel_work_session_new(void)
{
    return g_object_new(CEL_TYPE_WORK_SESSION, NULL);
}

GListModel *cel_work_session_items(CelWorkSession *session)
{
    return G_LIST_MODEL(session->items);
}

static void tell(CelWorkSession *session)
{
    g_signal_emit(session, signals[CHANGED], 0);
}

void cel_work_session_add(CelWorkSession *session, CelWorkItem *item)
{
    g_signal_connect_object(item, "notify::shown", G_CALLBACK(tell), session, G_CONNECT_SWAPPED);
    g_list_store_append(session->items, item);
    if (session->current == NULL || cel_work_item_kind(item) != CEL_WORK_REFERENCE)
        cel_work_session_set_current(session, item);
    else
        tell(session);
}

void cel_work_session_remove(CelWorkSession *session, CelWorkItem *item)
{
    guint at = 0;
    if (!g_list_store_find(session->items, item, &at))
        return;
    g_signal_handlers_disconnect_by_data(item, session);
    const gboolean was_current = item == session->current;
    g_list_store_remove(session->items, at);
    if (!was_current) {
        tell(session);
        return;
    }
    g_autoptr(CelWorkItem) next =
        g_list_model_get_item(G_LIST_MODEL(session->items), at > 0 ? at - 1 : 0);
    cel_work_session_set_current(session, next);
}

CelWorkItem *cel_work_session_current(CelWorkSession *session)
{
    return session->current;
}

static gboolean is_untouched(const CelRecipeDraft *draft)
{
    return !cel_recipe_draft_can_undo(draft) && !cel_recipe_draft_can_redo(draft);
}

void cel_work_session_set_current(CelWorkSession *session, CelWorkItem *item)
{
    g_set_object(&session->current, item);
    if (item != NULL && is_untouched(session->draft)) {
        cel_recipe_draft_free(session->draft);
        session->draft = cel_recipe_draft_new(cel_recipe_default(cel_work_item_laser_nm(item)));
        cel_work_session_recipe_changed(session);
    }
    tell(session);
}

CelRecipeDraft *cel_work_session_draft(CelWorkSession *session)
{
    return session->draft;
}

void cel_work_session_recipe_changed(CelWorkSession *session)
{
    g_signal_emit(session, signals[RECIPE_CHANGED], 0);
}

CelRecipe *cel_work_session_recipe(CelWorkSession *session)
{
    g_autofree char *text = cel_recipe_to_text(cel_recipe_draft_get(session->draft));
    return cel_recipe_from_text(text, NULL);
}
