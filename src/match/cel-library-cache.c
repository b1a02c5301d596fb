/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-library-private.h"

#include <string.h>

/*
 * The content of a library file in the cache, and which file has which content. The former is named
 * by the library's digest, the latter by the file's path. Texts are offsets there; opening turns
 * them into addresses and reads nothing else.
 */

enum {
    PART_NAMES,
    PART_TEXTS,
    PART_SUBSTANCES,
    PART_BANDS,
    PART_REFERENCES,
    PART_ALIKES,
    PART_ORDER,
    PART_X,
    PART_Y,
    PART_KINDS,
    N_PARTS = PART_KINDS + 3
};

/* The texts of a record, in the order in which they are stored. */
static const gsize substance_texts[] = {
    G_STRUCT_OFFSET(CelSubstance, id),
    G_STRUCT_OFFSET(CelSubstance, name_en),
    G_STRUCT_OFFSET(CelSubstance, name_zh),
    G_STRUCT_OFFSET(CelSubstance, cas),
    G_STRUCT_OFFSET(CelSubstance, class_id),
    G_STRUCT_OFFSET(CelSubstance, field),
    G_STRUCT_OFFSET(CelSubstance, legal_note),
    G_STRUCT_OFFSET(CelSubstance, legal_certainty),
    G_STRUCT_OFFSET(CelSubstance, raman_caveat_en),
    G_STRUCT_OFFSET(CelSubstance, raman_caveat_zh),
    G_STRUCT_OFFSET(CelSubstance, group_id),
    G_STRUCT_OFFSET(CelSubstance, ceiling),
    G_STRUCT_OFFSET(CelSubstance, usable),
};
static const gsize band_texts[] = {G_STRUCT_OFFSET(CelBand, assignment),
                                   G_STRUCT_OFFSET(CelBand, source)};
static const gsize reference_texts[] = {
    G_STRUCT_OFFSET(CelReference, name), G_STRUCT_OFFSET(CelReference, source),
    G_STRUCT_OFFSET(CelReference, licence), G_STRUCT_OFFSET(CelReference, extra)};
static const gsize kind_texts[] = {
    G_STRUCT_OFFSET(CelLibraryKind, id),         G_STRUCT_OFFSET(CelLibraryKind, name_en),
    G_STRUCT_OFFSET(CelLibraryKind, name_zh),    G_STRUCT_OFFSET(CelLibraryKind, limit_en),
    G_STRUCT_OFFSET(CelLibraryKind, limit_zh),   G_STRUCT_OFFSET(CelLibraryKind, send_to_en),
    G_STRUCT_OFFSET(CelLibraryKind, send_to_zh), G_STRUCT_OFFSET(CelLibraryKind, ceiling),
    G_STRUCT_OFFSET(CelLibraryKind, members)};

typedef struct {
    guint32 texts[G_N_ELEMENTS(substance_texts)];
    guint32 n_bands, n_references;
} SubstanceRecord;

typedef struct {
    double shift_cm1, rel_intensity, fwhm_cm1, laser_nm;
    guint32 texts[G_N_ELEMENTS(band_texts)];
    guint32 status, unused;
} BandRecord;

typedef struct {
    double laser_nm;
    guint64 point, n;
    guint32 texts[G_N_ELEMENTS(reference_texts)];
    guint32 grade, baseline_removed;
} ReferenceRecord;

typedef struct {
    guint32 texts[G_N_ELEMENTS(kind_texts)];
} KindRecord;

typedef struct {
    guint32 name, version;
    char sha256[65];
} Names;

/* A look-alike list's end; no text begins there. */
#define NO_TEXT G_MAXUINT32

/* Which content a file was found to have. */
typedef struct {
    CelFileMark mark;
    char sha256[65];
} Origin;

/* ---- keys ---- */

static gboolean make_key(const char *kind, const char *of, guint8 out[CEL_CACHE_KEY])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize n = CEL_CACHE_KEY;
    g_checksum_update(sum, (const guchar *)kind, (gssize)strlen(kind) + 1);
    g_checksum_update(sum, (const guchar *)of, (gssize)strlen(of) + 1);
    const gboolean known = cel_cache_program(sum);
    g_checksum_get_digest(sum, out, &n);
    return known;
}

static gboolean key_of_content(const char *sha256, guint8 out[CEL_CACHE_KEY])
{
    return make_key("library 1", sha256, out);
}

static gboolean key_of_path(const char *path, guint8 out[CEL_CACHE_KEY])
{
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    return make_key("origin 1", whole, out);
}

/* ---- from the file ---- */

typedef struct {
    const CelCache *cache;
    const char *texts;
    gsize n_texts;
    gboolean sound;
} Reading;

static const void *records_of(Reading *r, guint part, gsize size, gsize *out_n)
{
    const CelCachePart p = cel_cache_part(r->cache, part);
    r->sound = r->sound && p.n_bytes % size == 0;
    *out_n = p.n_bytes / size;
    return p.data;
}

static const char *text_at(Reading *r, guint32 offset)
{
    if (offset < r->n_texts)
        return r->texts + offset;
    r->sound = FALSE;
    return "";
}

static void take_texts(Reading *r, gpointer record, const gsize *places, gsize n,
                       const guint32 *offsets)
{
    for (gsize i = 0; i < n; i++)
        *(const char **)((guint8 *)record + places[i]) = text_at(r, offsets[i]);
}
#define TAKE_TEXTS(r, out, places, in) take_texts(r, out, places, G_N_ELEMENTS(places), (in)->texts)

/* Returns: the bands and references that the substances ask for are there. */
static gboolean take_substances(Reading *r, CelLibrary *library)
{
    gsize n_bands = 0, n_references = 0;
    const SubstanceRecord *in = records_of(r, PART_SUBSTANCES, sizeof *in, &library->n_substances);
    library->substances = g_new0(CelSubstance, library->n_substances + 1);
    for (gsize i = 0; i < library->n_substances; i++) {
        CelSubstance *s = &library->substances[i];
        TAKE_TEXTS(r, s, substance_texts, &in[i]);
        s->n_bands = in[i].n_bands;
        s->n_references = in[i].n_references;
        s->library = library->name;
        n_bands += s->n_bands;
        n_references += s->n_references;
    }
    return n_bands == library->n_bands && n_references == library->n_references;
}

static void take_bands(Reading *r, CelLibrary *library)
{
    const BandRecord *in = records_of(r, PART_BANDS, sizeof *in, &library->n_bands);
    library->bands = g_new0(CelBand, library->n_bands + 1);
    for (gsize i = 0; i < library->n_bands; i++) {
        CelBand *b = &library->bands[i];
        *b = (CelBand){.shift_cm1 = in[i].shift_cm1,
                       .rel_intensity = in[i].rel_intensity,
                       .fwhm_cm1 = in[i].fwhm_cm1,
                       .laser_nm = in[i].laser_nm,
                       .status = (CelStatus)MIN(in[i].status, CEL_STATUS_RECALLED)};
        TAKE_TEXTS(r, b, band_texts, &in[i]);
    }
}

static void take_references(Reading *r, CelLibrary *library)
{
    gsize n_x = 0, n_y = 0;
    const double *x = records_of(r, PART_X, sizeof *x, &n_x);
    const float *y = records_of(r, PART_Y, sizeof *y, &n_y);
    const ReferenceRecord *in = records_of(r, PART_REFERENCES, sizeof *in, &library->n_references);
    library->references = g_new0(CelReference, library->n_references + 1);
    r->sound = r->sound && n_x == n_y;
    for (gsize i = 0; i < library->n_references && r->sound; i++) {
        CelReference *out = &library->references[i];
        r->sound = in[i].point <= n_x && in[i].n >= 2 && in[i].n <= n_x - in[i].point;
        *out = (CelReference){.laser_nm = in[i].laser_nm,
                              .grade = (CelGrade)MIN(in[i].grade, CEL_GRADE_D),
                              .baseline_removed = in[i].baseline_removed != 0,
                              .n = in[i].n,
                              .x = x + in[i].point,
                              .y = y + in[i].point};
        TAKE_TEXTS(r, out, reference_texts, &in[i]);
    }
}

static void take_kinds(Reading *r, guint table, CelLibraryKinds *out)
{
    const KindRecord *in = records_of(r, PART_KINDS + table, sizeof *in, &out->n);
    out->rows = g_new0(CelLibraryKind, out->n + 1);
    for (gsize i = 0; i < out->n; i++)
        TAKE_TEXTS(r, &out->rows[i], kind_texts, &in[i]);
}

/* Returns: there are as many lists as substances. */
static gboolean take_alikes(Reading *r, CelLibrary *library)
{
    gsize n_lists = 0;
    const guint32 *in = records_of(r, PART_ALIKES, sizeof *in, &library->n_alikes);
    library->alikes = g_new0(const char *, library->n_alikes + 1);
    for (gsize i = 0; i < library->n_alikes; i++) {
        library->alikes[i] = in[i] == NO_TEXT ? NULL : text_at(r, in[i]);
        n_lists += in[i] == NO_TEXT;
    }
    return n_lists == library->n_substances;
}

static gboolean take_order(Reading *r, CelLibrary *library)
{
    gsize n = 0;
    library->order = records_of(r, PART_ORDER, sizeof *library->order, &n);
    for (gsize i = 0; i < n; i++)
        r->sound = r->sound && library->order[i] < library->n_substances;
    return n == library->n_substances && n > 0;
}

static gboolean take_names(Reading *r, CelLibrary *library, const char *sha256)
{
    const CelCachePart texts = cel_cache_part(r->cache, PART_TEXTS);
    const CelCachePart part = cel_cache_part(r->cache, PART_NAMES);
    const Names *names = part.data;
    r->texts = texts.data;
    r->n_texts = texts.n_bytes;
    if (part.n_bytes != sizeof *names || r->n_texts == 0 || r->texts[r->n_texts - 1] != '\0' ||
        strncmp(names->sha256, sha256, sizeof names->sha256) != 0)
        return FALSE;
    library->name = text_at(r, names->name);
    library->version = text_at(r, names->version);
    g_strlcpy(library->sha256, sha256, sizeof library->sha256);
    return TRUE;
}

static CelLibrary *library_of(CelCache *cache, const char *sha256)
{
    g_autoptr(CelLibrary) library = g_new0(CelLibrary, 1);
    Reading r = {.cache = cache, .sound = TRUE};
    library->cache = cache;
    if (!take_names(&r, library, sha256))
        return NULL;
    take_bands(&r, library);
    take_references(&r, library);
    for (guint i = 0; i < G_N_ELEMENTS(library->kinds); i++)
        take_kinds(&r, i, &library->kinds[i]);
    if (!take_substances(&r, library) || !take_alikes(&r, library) || !take_order(&r, library) ||
        !r.sound)
        return NULL;
    cel_library_distribute(library);
    return g_steal_pointer(&library);
}

static gboolean read_origin(const char *path, Origin *out)
{
    guint8 key[CEL_CACHE_KEY];
    g_autoptr(CelCache) cache =
        key_of_path(path, key) ? cel_cache_open(CEL_CACHE_ORIGIN, key) : NULL;
    const CelCachePart part = cache != NULL ? cel_cache_part(cache, 0) : (CelCachePart){NULL, 0};
    if (part.n_bytes != sizeof *out)
        return FALSE;
    memcpy(out, part.data, sizeof *out);
    return out->sha256[sizeof out->sha256 - 1] == '\0';
}

CelLibrary *cel_library_recall(const char *path)
{
    Origin origin;
    struct stat info;
    guint8 key[CEL_CACHE_KEY];
    if (stat(path, &info) != 0 || !read_origin(path, &origin))
        return NULL;
    const CelFileMark mark = cel_file_mark(&info);
    if (memcmp(&mark, &origin.mark, sizeof mark) != 0 || !key_of_content(origin.sha256, key))
        return NULL;
    CelCache *cache = cel_cache_open(CEL_CACHE_LIBRARY, key);
    return cache != NULL ? library_of(cache, origin.sha256) : NULL;
}

/* ---- into the file ---- */

typedef struct {
    GByteArray *texts;
    GHashTable *known; /* address of a text -> its offset + 1 */
    GArray *arrays[N_PARTS];
} Writing;

static guint32 put_text(Writing *w, const char *text)
{
    const guint there = GPOINTER_TO_UINT(g_hash_table_lookup(w->known, text));
    if (there > 0)
        return there - 1;
    const guint32 offset = w->texts->len;
    g_byte_array_append(w->texts, (const guint8 *)text, (guint)strlen(text) + 1);
    g_hash_table_insert(w->known, (gpointer)text, GUINT_TO_POINTER(offset + 1));
    return offset;
}

static void put_texts(Writing *w, gconstpointer record, const gsize *places, gsize n,
                      guint32 *offsets)
{
    for (gsize i = 0; i < n; i++)
        offsets[i] = put_text(w, *(const char *const *)((const guint8 *)record + places[i]));
}
#define PUT_TEXTS(w, in, places, out) put_texts(w, in, places, G_N_ELEMENTS(places), (out)->texts)

static void put_substances(Writing *w, const CelLibrary *library)
{
    for (gsize i = 0; i < library->n_substances; i++) {
        const CelSubstance *s = &library->substances[i];
        SubstanceRecord out = {.n_bands = (guint32)s->n_bands,
                               .n_references = (guint32)s->n_references};
        PUT_TEXTS(w, s, substance_texts, &out);
        g_array_append_val(w->arrays[PART_SUBSTANCES], out);
    }
    for (gsize i = 0; i < library->n_alikes; i++) {
        const char *id = library->alikes[i];
        const guint32 offset = id != NULL ? put_text(w, id) : NO_TEXT;
        g_array_append_val(w->arrays[PART_ALIKES], offset);
    }
}

static void put_bands(Writing *w, const CelLibrary *library)
{
    for (gsize i = 0; i < library->n_bands; i++) {
        const CelBand *b = &library->bands[i];
        BandRecord out = {.shift_cm1 = b->shift_cm1,
                          .rel_intensity = b->rel_intensity,
                          .fwhm_cm1 = b->fwhm_cm1,
                          .laser_nm = b->laser_nm,
                          .status = b->status};
        PUT_TEXTS(w, b, band_texts, &out);
        g_array_append_val(w->arrays[PART_BANDS], out);
    }
}

static void put_references(Writing *w, const CelLibrary *library)
{
    const double *x = g_bytes_get_data(library->x, NULL);
    for (gsize i = 0; i < library->n_references; i++) {
        const CelReference *reference = &library->references[i];
        ReferenceRecord out = {.laser_nm = reference->laser_nm,
                               .point = (guint64)(reference->x - x),
                               .n = reference->n,
                               .grade = reference->grade,
                               .baseline_removed = reference->baseline_removed ? 1 : 0};
        PUT_TEXTS(w, reference, reference_texts, &out);
        g_array_append_val(w->arrays[PART_REFERENCES], out);
    }
}

static void put_kinds(Writing *w, const CelLibrary *library)
{
    for (guint t = 0; t < G_N_ELEMENTS(library->kinds); t++)
        for (gsize i = 0; i < library->kinds[t].n; i++) {
            KindRecord out;
            PUT_TEXTS(w, &library->kinds[t].rows[i], kind_texts, &out);
            g_array_append_val(w->arrays[PART_KINDS + t], out);
        }
}

static void writing_start(Writing *w)
{
    static const gsize sizes[N_PARTS] = {
        [PART_SUBSTANCES] = sizeof(SubstanceRecord), [PART_BANDS] = sizeof(BandRecord),
        [PART_REFERENCES] = sizeof(ReferenceRecord), [PART_ALIKES] = sizeof(guint32),
        [PART_KINDS] = sizeof(KindRecord),           [PART_KINDS + 1] = sizeof(KindRecord),
        [PART_KINDS + 2] = sizeof(KindRecord)};
    w->texts = g_byte_array_new();
    w->known = g_hash_table_new(NULL, NULL);
    for (guint p = 0; p < N_PARTS; p++)
        w->arrays[p] = sizes[p] > 0 ? g_array_new(FALSE, TRUE, (guint)sizes[p]) : NULL;
}

static void writing_end(Writing *w)
{
    g_byte_array_unref(w->texts);
    g_hash_table_unref(w->known);
    for (guint p = 0; p < N_PARTS; p++)
        g_clear_pointer(&w->arrays[p], g_array_unref);
}

static gboolean keep_content(const CelLibrary *library)
{
    guint8 key[CEL_CACHE_KEY];
    Writing w;
    Names names = {0};
    if (!key_of_content(library->sha256, key))
        return FALSE;
    writing_start(&w);
    names.name = put_text(&w, library->name);
    names.version = put_text(&w, library->version);
    memcpy(names.sha256, library->sha256, sizeof names.sha256);
    put_substances(&w, library);
    put_bands(&w, library);
    put_references(&w, library);
    put_kinds(&w, library);
    CelCachePart parts[N_PARTS] = {
        [PART_NAMES] = {&names, sizeof names},
        [PART_TEXTS] = {w.texts->data, w.texts->len},
        [PART_ORDER] = {library->order, library->n_substances * sizeof *library->order},
        [PART_X] = {g_bytes_get_data(library->x, NULL), g_bytes_get_size(library->x)},
        [PART_Y] = {g_bytes_get_data(library->y, NULL), g_bytes_get_size(library->y)}};
    for (guint p = 0; p < N_PARTS; p++)
        if (w.arrays[p] != NULL)
            parts[p] = (CelCachePart){
                w.arrays[p]->data, w.arrays[p]->len * (gsize)g_array_get_element_size(w.arrays[p])};
    const gboolean kept = cel_cache_write(CEL_CACHE_LIBRARY, key, parts, N_PARTS);
    writing_end(&w);
    return kept;
}

static gboolean is_kept(const CelLibrary *library)
{
    guint8 key[CEL_CACHE_KEY];
    g_autoptr(CelCache) cache =
        key_of_content(library->sha256, key) ? cel_cache_open(CEL_CACHE_LIBRARY, key) : NULL;
    return cache != NULL;
}

void cel_library_remember(const CelLibrary *library, const char *path, const CelFileMark *before)
{
    struct stat info;
    guint8 key[CEL_CACHE_KEY];
    Origin origin;
    if (stat(path, &info) != 0 || !key_of_path(path, key))
        return;
    memset(&origin, 0, sizeof origin);
    origin.mark = cel_file_mark(&info);
    memcpy(origin.sha256, library->sha256, sizeof origin.sha256);
    if (memcmp(&origin.mark, before, sizeof *before) != 0 ||
        (!is_kept(library) && !keep_content(library)))
        return;
    const CelCachePart part = {&origin, sizeof origin};
    cel_cache_write(CEL_CACHE_ORIGIN, key, &part, 1);
}
