/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-verify-private.h"
#include "h5/cel-digest.h"

#include <string.h>

enum { MAX_REPLICATES = 99 };

/* ---- structure ---- */

static const char *first_without(const CelCheck *check, const char *const *paths)
{
    for (gsize i = 0; paths[i] != NULL; i++)
        if (cel_h5_find(check->root, paths[i]) == NULL)
            return paths[i];
    return NULL;
}

static char *first_missing_replicate(const CelCheck *check)
{
    g_autofree char *definition = cel_h5_get_text(check->root, "/entry/definition", NULL);
    if (g_strcmp0(definition, "NXraman") != 0)
        return g_strdup("/entry/definition");
    const gint64 n = cel_record_number(check->record, "n_measurements");
    for (gint64 i = 1; i < MIN(n, MAX_REPLICATES); i++) {
        g_autofree char *path = cel_measurement_group((gsize)i);
        if (cel_h5_find(check->root, path) == NULL)
            return g_steal_pointer(&path);
    }
    return NULL;
}

static char *first_missing_path(const CelCheck *check, gboolean object)
{
    static const char *const always[] = {"/celadon/fid", CEL_PATH_MANIFEST,
                                         CEL_PATH_RECORD "/record", NULL};
    static const char *const measured[] = {
        "/entry/instrument",
        "/entry/sample/name",
        "/entry/data",
        "/entry/experiment_type",
        CEL_PATH_ANSWER,
        CEL_PATH_RECIPE,
        "/celadon/result/outcome",
        "/celadon/case",
        "/celadon/exhibit",
        NULL,
    };
    static const char *const other[] = {CEL_PATH_OBJECT, "/celadon/kind", "/celadon/id", NULL};
    const char *missing = first_without(check, object ? other : measured);
    if (missing == NULL)
        missing = first_without(check, always);
    return missing != NULL ? g_strdup(missing) : object ? NULL : first_missing_replicate(check);
}

void cel_check_structure(CelCheck *check)
{
    const gboolean object = check->record != NULL && cel_record_is_object(check->record);
    g_autofree char *missing = first_missing_path(check, object);
    if (missing == NULL && object)
        cel_check_plain(check, "structure", CEL_VERDICT_PROVEN,
                        "The file holds the parts that a sealed thing needs; it is no measurement",
                        "文件包含封存对象应有的组成部分;它不是测量文件");
    else if (missing == NULL)
        cel_check_plain(
            check, "structure", CEL_VERDICT_PROVEN,
            "The file is a NeXus NXraman measurement with the parts a sealed file needs",
            "文件为 NeXus NXraman 测量文件,封存文件应有的组成部分齐全");
    else
        cel_check_say(
            check, "structure", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("A part that a sealed file needs is missing or wrong: %s", missing),
            g_strdup_printf("封存文件应有的组成部分缺失或不符:%s", missing));
}

/* ---- manifest against content ---- */

static void compare_content(CelCheck *check, const char *id, const char *name,
                            const char *algorithm)
{
    g_autofree char *differs =
        check->stored != NULL ? cel_manifest_missing(check->stored, check->found, algorithm, TRUE)
                              : g_strdup(CEL_PATH_MANIFEST);
    if (differs == NULL)
        cel_check_say(
            check, id, CEL_VERDICT_PROVEN,
            g_strdup_printf("Every dataset and attribute has the %s digest that the manifest "
                            "states",
                            name),
            g_strdup_printf("全部数据集和属性的 %s 摘要值与清单所载一致", name));
    else
        cel_check_say(check, id, CEL_VERDICT_CONTRADICTED,
                      g_strdup_printf("The content differs from the manifest (%s), first at %s",
                                      name, differs),
                      g_strdup_printf("内容与清单(%s)不一致,首处不一致:%s", name, differs));
}

void cel_check_content(CelCheck *check)
{
    compare_content(check, "content.sha256", "SHA-256", "sha256 ");
    compare_content(check, "content.sm3", "SM3", "sm3 ");
}

/* Outside the manifest only itself and custody may stand, and these only as they are written: what
 * the bytes there would look like when written again must be what is there. */
static CelManifest *expected_outside(const CelCheck *check)
{
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    CelH5Node *celadon = cel_h5_group(tree, "celadon", NULL);
    if (check->manifest != NULL)
        cel_h5_put_bytes(celadon, "manifest", check->manifest, strlen(check->manifest));
    cel_custody_put(tree, &check->custody);
    g_autofree char *text = cel_digest_manifest(tree, NULL);
    return cel_manifest_parse(text);
}

static char *first_difference_outside(const CelCheck *check)
{
    static const char *const outside[] = {CEL_PATH_MANIFEST, CEL_PATH_CUSTODY};
    g_autoptr(CelManifest) expected = expected_outside(check);
    for (gsize i = 0; i < G_N_ELEMENTS(outside); i++) {
        g_autoptr(CelManifest) is = cel_manifest_below(check->found, outside[i]);
        g_autoptr(CelManifest) shall = cel_manifest_below(expected, outside[i]);
        char *differs = cel_manifest_missing(is, shall, NULL, TRUE);
        if (differs == NULL)
            differs = cel_manifest_missing(shall, is, NULL, TRUE);
        if (differs != NULL)
            return differs;
    }
    return NULL;
}

/* The first path of the file that neither the manifest lists nor custody explains. */
static char *first_unlisted(const CelCheck *check)
{
    for (guint i = 0; i < check->found->keys->len; i++) {
        const char *key = g_ptr_array_index(check->found->keys, i), *path = strchr(key, ' ') + 1;
        if (!cel_manifest_is_below(path, CEL_PATH_MANIFEST) &&
            !cel_manifest_is_below(path, CEL_PATH_CUSTODY) &&
            !g_hash_table_contains(check->stored->by_key, key))
            return g_strdup(path);
    }
    return NULL;
}

void cel_check_unlisted(CelCheck *check)
{
    g_autofree char *extra = check->refused != NULL  ? g_strdup(check->refused)
                             : check->stored != NULL ? first_unlisted(check)
                                                     : g_strdup("/");
    if (extra == NULL)
        extra = first_difference_outside(check);
    if (extra == NULL)
        cel_check_plain(
            check, "unlisted", CEL_VERDICT_PROVEN,
            "The file holds no object, attribute or link that the manifest does not list",
            "文件中没有清单未列出的对象、属性或链接");
    else
        cel_check_say(check, "unlisted", CEL_VERDICT_CONTRADICTED,
                      g_strdup_printf("The file holds something that was not sealed: %s", extra),
                      g_strdup_printf("文件中存在未经封存的内容:%s", extra));
}

void cel_check_manifest(CelCheck *check)
{
    if (check->record != NULL && check->stored != NULL && check->stored->well_formed &&
        cel_check_digests(check->record, "manifest",
                          cel_sealed_bytes(check->root, CEL_PATH_MANIFEST)))
        cel_check_plain(
            check, "manifest", CEL_VERDICT_PROVEN,
            "The manifest has the SHA-256 and SM3 digests that the signed record states",
            "清单的 SHA-256 和 SM3 摘要值与已签名记录所载一致");
    else
        cel_check_plain(check, "manifest", CEL_VERDICT_CONTRADICTED,
                        "The manifest is not the one that the signed record states",
                        "清单与已签名记录所载的清单不一致");
}
