/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-file-item.h"

struct _CelFileItem {
    GObject parent;
    char *path, *name, *state, *outcome, *json;
};

enum { PROP_NAME = 1, PROP_STATE, PROP_OUTCOME, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(CelFileItem, cel_file_item, G_TYPE_OBJECT)

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    const CelFileItem *item = CEL_FILE_ITEM(object);
    switch (id) {
    case PROP_NAME:
        g_value_set_string(value, item->name);
        break;
    case PROP_STATE:
        g_value_set_string(value, item->state);
        break;
    case PROP_OUTCOME:
        g_value_set_string(value, item->outcome);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

static void cel_file_item_finalize(GObject *object)
{
    CelFileItem *item = CEL_FILE_ITEM(object);
    g_free(item->path);
    g_free(item->name);
    g_free(item->state);
    g_free(item->outcome);
    g_free(item->json);
    G_OBJECT_CLASS(cel_file_item_parent_class)->finalize(object);
}

static void cel_file_item_class_init(CelFileItemClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->finalize = cel_file_item_finalize;
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
    props[PROP_NAME] = g_param_spec_string("name", NULL, NULL, "", flags);
    props[PROP_STATE] = g_param_spec_string("state", NULL, NULL, "", flags);
    props[PROP_OUTCOME] = g_param_spec_string("outcome", NULL, NULL, "", flags);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

static void cel_file_item_init(CelFileItem *item)
{
    item->state = g_strdup("");
    item->outcome = g_strdup("");
}

CelFileItem *cel_file_item_new(const char *path)
{
    CelFileItem *item = g_object_new(CEL_TYPE_FILE_ITEM, NULL);
    item->path = g_strdup(path);
    item->name = g_filename_display_basename(path);
    return item;
}

const char *cel_file_item_path(CelFileItem *item)
{
    return item->path;
}

const char *cel_file_item_json(CelFileItem *item)
{
    return item->json;
}

static void replace(char **slot, const char *text)
{
    g_free(*slot);
    *slot = g_strdup(text);
}

void cel_file_item_set(CelFileItem *item, const char *outcome, const char *text, const char *json)
{
    replace(&item->outcome, outcome != NULL ? outcome : "");
    replace(&item->state, text);
    replace(&item->json, json);
    g_object_notify_by_pspec(G_OBJECT(item), props[PROP_STATE]); /* who listens takes all */
}
