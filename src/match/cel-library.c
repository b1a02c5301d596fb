/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-number.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/evp.h>
#include <string.h>

static const struct {
    const char *path;
    gsize size; /* of one value */
} part_table[CEL_N_PARTS] = {
    [CEL_PART_INDEX] = {"index", 1},
    [CEL_PART_BAND_SHIFT] = {"bands/shift_cm1", sizeof(double)},
    [CEL_PART_BAND_INTENSITY] = {"bands/rel_intensity", sizeof(double)},
    [CEL_PART_BAND_FWHM] = {"bands/fwhm_cm1", sizeof(double)},
    [CEL_PART_BAND_LASER] = {"bands/laser_nm", sizeof(double)},
    [CEL_PART_BAND_STATUS] = {"bands/status", 1},
    [CEL_PART_REFERENCE_LASER] = {"references/laser_nm", sizeof(double)},
    [CEL_PART_X] = {"references/x_cm1", sizeof(double)},
    [CEL_PART_Y] = {"references/y", sizeof(float)},
};

const char *cel_library_part_path(CelLibraryPart part)
{
    return part_table[part].path;
}

gsize cel_library_part_size(CelLibraryPart part)
{
    return part_table[part].size;
}

void cel_library_parts_clear(CelLibraryParts *parts)
{
    for (guint i = 0; i < CEL_N_PARTS; i++)
        g_clear_pointer(&parts->blocks[i], g_bytes_unref);
}

static gboolean digest_part(EVP_MD_CTX *digest, CelLibraryPart part, GBytes *block)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(block, &size);
    const guint64 length = GUINT64_TO_LE((guint64)size);
    const char *path = part_table[part].path;
    return EVP_DigestUpdate(digest, path, strlen(path) + 1) == 1 &&
           EVP_DigestUpdate(digest, &length, sizeof length) == 1 &&
           (size == 0 || EVP_DigestUpdate(digest, data, size) == 1);
}

static void digest_free(EVP_MD_CTX **digest)
{
    EVP_MD_CTX_free(*digest);
}

char *cel_library_parts_digest(const CelLibraryParts *parts, GError **error)
{
    __attribute__((cleanup(digest_free))) EVP_MD_CTX *digest = EVP_MD_CTX_new();
    guint8 raw[EVP_MAX_MD_SIZE] = {0};
    guint n = 0;
    gboolean good = digest != NULL && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;
    for (guint i = 0; good && i < CEL_N_PARTS; i++)
        good = digest_part(digest, i, parts->blocks[i]);
    if (!good || EVP_DigestFinal_ex(digest, raw, &n) != 1) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                            _("SHA-256 failed in OpenSSL: the library cannot be checked"));
        return NULL;
    }
    GString *hex = g_string_new(NULL);
    for (guint i = 0; i < n; i++)
        g_string_append_printf(hex, "%02x", raw[i]);
    return g_string_free(hex, FALSE);
}

/* --- the whole --- */

void cel_library_distribute(CelLibrary *library)
{
    const CelBand *band = library->bands;
    const CelReference *reference = library->references;
    const char **alike = library->alikes;
    for (gsize i = 0; i < library->n_substances; i++) {
        CelSubstance *s = &library->substances[i];
        s->bands = s->n_bands > 0 ? band : NULL;
        s->references = s->n_references > 0 ? reference : NULL;
        s->lookalikes = (const char *const *)alike;
        band += s->n_bands;
        reference += s->n_references;
        while (*alike++ != NULL)
            ;
    }
}

void cel_library_free(CelLibrary *library)
{
    if (library == NULL)
        return;
    g_free(library->substances);
    g_free(library->bands);
    g_free(library->references);
    g_free(library->alikes);
    g_free(library->own_order);
    for (guint i = 0; i < G_N_ELEMENTS(library->kinds); i++)
        g_free(library->kinds[i].rows);
    g_clear_pointer(&library->x, g_bytes_unref);
    g_clear_pointer(&library->y, g_bytes_unref);
    g_clear_pointer(&library->texts, g_string_chunk_free);
    cel_cache_free(library->cache);
    g_free(library);
}

gboolean cel_library_is_whole(const CelLibrary *library)
{
    if (library->cache == NULL || cel_cache_is_whole(library->cache))
        return TRUE;
    cel_cache_discard(library->cache);
    return FALSE;
}

double cel_reference_resolution_cm1(const CelReference *reference)
{
    g_autoptr(JsonNode) node =
        *reference->extra != '\0' ? cel_canon_read(reference->extra, strlen(reference->extra), NULL)
                                  : NULL;
    const char *text = node != NULL && JSON_NODE_HOLDS_OBJECT(node)
                           ? json_object_get_string_member_with_default(json_node_get_object(node),
                                                                        "resolution_cm1", NULL)
                           : NULL;
    double value = 0.0;
    if (text == NULL || !cel_number_parse(text, strlen(text), '.', &value) ||
        !(value >= 0.1 && value <= 100.0))
        return 0.0;
    return value;
}

/* --- looking up --- */

const char *cel_library_name(const CelLibrary *library)
{
    return library->name;
}

const char *cel_library_version(const CelLibrary *library)
{
    return library->version;
}

const char *cel_library_sha256(const CelLibrary *library)
{
    return library->sha256;
}

gsize cel_library_size(const CelLibrary *library)
{
    return library->n_substances;
}

const CelSubstance *cel_library_substance(const CelLibrary *library, gsize index)
{
    g_return_val_if_fail(index < library->n_substances, NULL);
    return &library->substances[index];
}

const CelSubstance *cel_library_find(const CelLibrary *library, const char *id)
{
    gsize low = 0, high = library->n_substances;
    while (low < high) {
        const gsize middle = low + (high - low) / 2;
        const CelSubstance *substance = &library->substances[library->order[middle]];
        const int side = strcmp(id, substance->id);
        if (side == 0)
            return substance;
        low = side > 0 ? middle + 1 : low;
        high = side > 0 ? high : middle;
    }
    return NULL;
}

static const CelLibraryKind *find_kind(const CelLibraryKinds *kinds, const char *id)
{
    for (gsize i = 0; i < kinds->n; i++)
        if (g_str_equal(kinds->rows[i].id, id))
            return &kinds->rows[i];
    return NULL;
}

const CelLibraryKind *cel_library_group(const CelLibrary *library, const char *id)
{
    return find_kind(&library->kinds[0], id);
}

const CelLibraryKind *cel_library_class(const CelLibrary *library, const char *id)
{
    return find_kind(&library->kinds[1], id);
}

const CelLibraryKind *cel_library_series(const CelLibrary *library, const char *member)
{
    const CelLibraryKinds *groups = &library->kinds[0];
    for (gsize i = 0; i < groups->n; i++)
        if (cel_library_kind_has_member(&groups->rows[i], member))
            return &groups->rows[i];
    return NULL;
}

const char *cel_library_measured_alikes(const CelLibrary *library, const char *member)
{
    const CelLibraryKind *row = find_kind(&library->kinds[2], member);
    return row != NULL ? row->members : "";
}
