/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-substance-item.h"

#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _CelSubstanceItem {
    GObject parent;
    const CelLibrary *library;
    const CelSubstance *substance;
    char *folded; /* everything that a search looks at */
};

G_DEFINE_FINAL_TYPE(CelSubstanceItem, cel_substance_item, G_TYPE_OBJECT)

static void cel_substance_item_finalize(GObject *object)
{
    g_free(CEL_SUBSTANCE_ITEM(object)->folded);
    G_OBJECT_CLASS(cel_substance_item_parent_class)->finalize(object);
}

static void cel_substance_item_class_init(CelSubstanceItemClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_substance_item_finalize;
}

static void cel_substance_item_init(CelSubstanceItem *item)
{
    (void)item;
}

static const char *class_name(const CelLibrary *library, const CelSubstance *substance)
{
    const CelLibraryKind *kind = cel_library_class(library, substance->class_id);
    return kind != NULL ? cel_ui_pick(kind->name_zh, kind->name_en) : substance->class_id;
}

CelSubstanceItem *cel_substance_item_new(const CelLibrary *library, const CelSubstance *substance)
{
    CelSubstanceItem *item = g_object_new(CEL_TYPE_SUBSTANCE_ITEM, NULL);
    item->library = library;
    item->substance = substance;
    g_autofree char *all = g_strjoin("\n", substance->name_zh, substance->name_en, substance->id,
                                     substance->cas, class_name(library, substance), NULL);
    item->folded = g_utf8_casefold(all, -1);
    return item;
}

const CelSubstance *cel_substance_item_substance(CelSubstanceItem *item)
{
    return item->substance;
}

const CelLibrary *cel_substance_item_library(CelSubstanceItem *item)
{
    return item->library;
}

const char *cel_substance_item_name(CelSubstanceItem *item)
{
    const char *name = cel_ui_pick(item->substance->name_zh, item->substance->name_en);
    return *name != '\0' ? name : item->substance->id;
}

char *cel_substance_item_about(CelSubstanceItem *item)
{
    const CelSubstance *substance = item->substance;
    return g_strdup_printf(_("%s · %zu spectra, %zu bands · %s"),
                           class_name(item->library, substance), substance->n_references,
                           substance->n_bands, cel_library_name(item->library));
}

gboolean cel_substance_item_fits(CelSubstanceItem *item, const char *wanted)
{
    return strstr(item->folded, wanted) != NULL;
}
