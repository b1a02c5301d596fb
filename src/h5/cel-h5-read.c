/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "h5/cel-h5-parse.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
    MIB = 1024 * 1024,
    RESULT_FLOOR = 64 * MIB,  /* what any file may unpack to */
    UNPACK_FACTOR = 16,       /* beyond that: how many times its size */
    MEMORY_FLOOR = 256 * MIB, /* for HDF5 itself */
    CPU_SECONDS = 5,          /* for any file; and one more for every CPU_STEP bytes */
    CPU_STEP = 16 * MIB,
    WALL_FACTOR = 4, /* a busy tablet is slow */
};

static const char *const refusals[CEL_H5_N_REFUSALS] = {
    [CEL_H5_NOT_HDF5] = N_("this is not an HDF5 file; choose the file that the instrument or "
                           "Celadon wrote"),
    [CEL_H5_DAMAGED] = N_("the file is damaged here and none of it is used; take another copy"),
    [CEL_H5_USER_BLOCK] =
        N_("the file begins with a block that HDF5 does not check; it is refused"),
    [CEL_H5_EXTERNAL_LINK] = N_("a link leads to another file; such files are refused"),
    [CEL_H5_SOFT_LINK] = N_("a soft link stands here; such files are refused"),
    [CEL_H5_TWO_NAMES] = N_("an object has more than one name; such files are refused"),
    [CEL_H5_BAD_NAME] = N_("a name is not usable text; the file is refused"),
    [CEL_H5_COMMITTED_TYPE] = N_("a committed data type stands here; such files are refused"),
    [CEL_H5_REFERENCE] = N_("an object reference stands here; such files are refused"),
    [CEL_H5_OTHER_TYPE] = N_("the data are of a type that is not read here (only 32 and 64 bit "
                             "little-endian numbers, bytes and texts are); export the file again"),
    [CEL_H5_OTHER_SHAPE] = N_("the data have a shape that is not read here; export the file again"),
    [CEL_H5_EXTERNAL_STORAGE] = N_("the data lie in another file; such files are refused"),
    [CEL_H5_VIRTUAL] = N_("the data are put together from elsewhere; such files are refused"),
    [CEL_H5_OTHER_FILTER] = N_("the data are packed in a way that is not read here (only deflate "
                               "is); pack the file again with h5repack -f GZIP=6"),
    [CEL_H5_NOT_UTF8] = N_("a text is not UTF-8; the file is refused"),
    [CEL_H5_TOO_MANY] = N_("the file holds too many objects and is refused"),
    [CEL_H5_TOO_DEEP] = N_("the groups lie too deep; the file is refused"),
    [CEL_H5_TOO_LARGE] =
        N_("the file unpacks to more than is accepted for its size; it is refused"),
    [CEL_H5_TRAILING] = N_("bytes stand behind the end of the file; it is refused"),
};

typedef struct {
    GBytes *result;
    gsize size, at;
    const guint8 *data;
    const char *name;
    CelH5Node *stack[CEL_H5_MAX_DEPTH + 2];
    guint depth;
    CelH5Node *last; /* whom an attribute belongs to */
    guint n_objects;
} Decoder;

/* @n bytes at the cursor, which moves on to the next aligned place; NULL when there are fewer. */
static const guint8 *take(Decoder *decoder, guint64 n)
{
    const gsize left = decoder->size - decoder->at;
    if (n > left)
        return NULL;
    const guint8 *place = decoder->data + decoder->at;
    const gsize padded = ((gsize)n + CEL_H5_ALIGN - 1) / CEL_H5_ALIGN * CEL_H5_ALIGN;
    decoder->at += MIN(padded, left);
    return place;
}

static gboolean text_ok(const guint8 *data, gsize n)
{
    return n == 0 || g_utf8_validate_len((const char *)data, n, NULL);
}

/* The texts of an attribute: @n of them, each ended by NUL. */
static gboolean texts_ok(const guint8 *data, gsize size, gsize n)
{
    gsize at = 0;
    for (gsize i = 0; i < n; i++) {
        const guint8 *end = at < size ? memchr(data + at, 0, size - at) : NULL;
        if (end == NULL || !text_ok(data + at, (gsize)(end - (data + at))))
            return FALSE;
        at = (gsize)(end - data) + 1;
    }
    return at == size;
}

static gboolean data_ok(const CelH5Record *record, const guint8 *data)
{
    gboolean ok = FALSE;
    const gsize shape[CEL_H5_MAX_RANK] = {record->shape[0], record->shape[1]};
    gsize bytes = cel_h5_count(record->rank, shape, &ok);
    if (!ok || record->type < CEL_H5_F64 || record->type > CEL_H5_TEXT)
        return FALSE;
    if (record->type != CEL_H5_TEXT)
        return g_size_checked_mul(&bytes, bytes, cel_h5_type_size(record->type)) &&
               bytes == record->data_bytes;
    if (record->tag == CEL_H5_RECORD_ATTRIBUTE)
        return record->rank <= 1 && texts_ok(data, record->data_bytes, bytes);
    return record->rank == 0 && text_ok(data, record->data_bytes);
}

static gboolean add_attribute(Decoder *decoder, const CelH5Record *record, const char *name,
                              GBytes *data)
{
    if (decoder->last == NULL) {
        g_bytes_unref(data);
        return FALSE;
    }
    const guint before = decoder->last->attributes->len;
    CelH5Attr *attr = cel_h5_add_attr(decoder->last, name, record->type, data);
    if (attr == NULL || decoder->last->attributes->len == before)
        return FALSE;
    attr->array = record->rank == 1;
    attr->n = attr->array ? record->shape[0] : 1;
    attr->foreign = record->foreign != 0;
    return TRUE;
}

static gboolean add_dataset(Decoder *decoder, const CelH5Record *record, const char *name,
                            GBytes *data)
{
    CelH5Node *node = cel_h5_add(decoder->stack[decoder->depth - 1], name, record->type, data);
    if (node == NULL)
        return FALSE;
    node->rank = record->rank;
    for (guint i = 0; i < record->rank; i++)
        node->shape[i] = record->shape[i];
    node->foreign = record->foreign != 0;
    node->deflate = record->deflate != 0;
    decoder->last = node;
    return TRUE;
}

static gboolean open_group(Decoder *decoder, const char *name)
{
    if (decoder->depth >= G_N_ELEMENTS(decoder->stack))
        return FALSE;
    CelH5Node *group = decoder->depth == 0 ? (name[0] == '\0' ? cel_h5_tree_new() : NULL)
                                           : cel_h5_add(decoder->stack[decoder->depth - 1], name,
                                                        CEL_H5_GROUP, NULL);
    if (group == NULL)
        return FALSE;
    decoder->stack[decoder->depth++] = group;
    decoder->last = group;
    return TRUE;
}

/* One record. The root comes first and stays on the stack until its END. */
static gboolean decode_record(Decoder *decoder)
{
    CelH5Record record;
    const guint8 *head = take(decoder, sizeof record);
    if (head == NULL)
        return FALSE;
    memcpy(&record, head, sizeof record);
    const guint8 *label =
        record.name_bytes <= CEL_H5_MAX_NAME ? take(decoder, record.name_bytes) : NULL;
    const guint8 *data = label != NULL ? take(decoder, record.data_bytes) : NULL;
    if (data == NULL || ++decoder->n_objects > 2 * CEL_H5_MAX_OBJECTS + 2)
        return FALSE;
    g_autofree char *name = g_strndup((const char *)label, record.name_bytes);
    if (decoder->depth == 0 && record.tag != CEL_H5_RECORD_GROUP)
        return FALSE;
    if (record.tag == CEL_H5_RECORD_END) {
        decoder->last = NULL;
        decoder->depth--;
        return TRUE;
    }
    if (record.tag == CEL_H5_RECORD_GROUP)
        return open_group(decoder, name);
    if (!data_ok(&record, data))
        return FALSE;
    GBytes *part =
        g_bytes_new_from_bytes(decoder->result, (gsize)(data - decoder->data), record.data_bytes);
    if (record.tag == CEL_H5_RECORD_DATASET)
        return add_dataset(decoder, &record, name, part);
    if (record.tag == CEL_H5_RECORD_ATTRIBUTE)
        return add_attribute(decoder, &record, name, part);
    g_bytes_unref(part);
    return FALSE;
}

static CelH5Node *decode_records(Decoder *decoder)
{
    gboolean ok = decode_record(decoder);
    while (ok && decoder->depth > 0)
        ok = decode_record(decoder);
    if (ok && decoder->at == decoder->size)
        return decoder->stack[0];
    cel_h5_tree_free(decoder->stack[0]);
    return NULL;
}

static void set_refusal(guint32 refusal, const char *where, const char *name, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "%s: %s: %s", name,
                where[0] != '\0' ? where : "/", _(refusals[refusal]));
}

CelH5Node *cel_h5_decode(GBytes *result, const char *name, GError **error)
{
    Decoder decoder = {.result = result, .name = name};
    CelH5Result head;
    decoder.data = g_bytes_get_data(result, &decoder.size);
    const guint8 *start = take(&decoder, sizeof head);
    if (start != NULL)
        memcpy(&head, start, sizeof head);
    if (start == NULL || head.refusal >= CEL_H5_N_REFUSALS ||
        head.where_bytes > sizeof head.where) {
        set_refusal(CEL_H5_DAMAGED, "", name, error);
        return NULL;
    }
    if (head.refusal != CEL_H5_ACCEPTED) {
        g_autofree char *where = g_utf8_make_valid((const char *)head.where, head.where_bytes);
        set_refusal(head.refusal, where, name, error);
        return NULL;
    }
    CelH5Node *root = decode_records(&decoder);
    if (root == NULL)
        set_refusal(CEL_H5_DAMAGED, "", name, error);
    else
        root->skipped = head.skipped;
    return root;
}

/* An HDF5 file begins with this signature (HDF5 file format specification 3.0, II.A); other offsets
 * would mean a user block. */
static gboolean has_signature_at(GBytes *image, gsize offset)
{
    static const guint8 signature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(image, &size);
    return size >= sizeof signature && offset <= size - sizeof signature &&
           memcmp(data + offset, signature, sizeof signature) == 0;
}

static gboolean has_signature(GBytes *image)
{
    return has_signature_at(image, 0);
}

/* A user block is a power of two from 512 on (HDF5 file format specification 3.0, II.A). */
static gsize find_start(GBytes *image)
{
    const gsize size = g_bytes_get_size(image);
    gsize at = 0;
    while (at < size && !has_signature_at(image, at))
        at = at == 0 ? 512 : 2 * at;
    return at < size ? at : 0;
}

/* Whether there are more bytes than the superblock states (II.A: the end of file address, of 8
 * bytes in every file of ours and of h5repack). HDF5 itself passes over them. */
static gboolean has_trailing(GBytes *image)
{
    static const guint8 places[] = {40, 44, 28, 28}; /* by version of the superblock */
    static const guint8 sizes[] = {13, 13, 9, 9};    /* where the size of addresses stands */
    enum { VERSION_AT = 8, ADDRESS_BYTES = 8 };
    gsize size = 0;
    guint64 end = 0;
    const guint8 *data = g_bytes_get_data(image, &size);
    const guint8 version = size > VERSION_AT ? data[VERSION_AT] : G_MAXUINT8;
    if (version >= G_N_ELEMENTS(places) || size < places[version] + sizeof end ||
        data[sizes[version]] != ADDRESS_BYTES)
        return FALSE; /* HDF5 will say what is wrong */
    memcpy(&end, data + places[version], sizeof end);
    return GUINT64_FROM_LE(end) < size;
}

static CelH5Refusal look_at(GBytes *image, CelH5Mode mode)
{
    if (!has_signature(image))
        return find_start(image) > 0 ? CEL_H5_USER_BLOCK : CEL_H5_NOT_HDF5;
    return mode == CEL_H5_STRICT && has_trailing(image) ? CEL_H5_TRAILING : CEL_H5_ACCEPTED;
}

static CelH5Node *read_input(const CelJailInput *input, const char *name, CelH5Mode mode,
                             CelJob *job, GError **error)
{
    const guint8 params = (guint8)mode;
    g_autoptr(GBytes) image = cel_jail_input_bytes(input);
    const CelH5Refusal refusal = look_at(image, mode);
    if (refusal != CEL_H5_ACCEPTED) {
        set_refusal(refusal, "", name, error);
        return NULL;
    }
    const gsize size = g_bytes_get_size(image);
    const guint cpu = CPU_SECONDS + (guint)(size / CPU_STEP);
    const CelJailCall call = {.limits = {.result_bytes = RESULT_FLOOR + size * UNPACK_FACTOR,
                                         .memory_bytes = MEMORY_FLOOR + 2 * size,
                                         .cpu_seconds = cpu,
                                         .wall_seconds = cpu * WALL_FACTOR},
                              .work = cel_h5_parse,
                              .input = input,
                              .params = &params,
                              .params_size = 1,
                              .what = name};
    g_autoptr(GBytes) result = cel_jail_run(&call, job, error);
    return result != NULL ? cel_h5_decode(result, name, error) : NULL;
}

static CelH5Node *read_here(GBytes *image, const char *name, CelH5Mode mode, GError **error)
{
    const guint8 params = (guint8)mode;
    const gsize size = g_bytes_get_size(image);
    const gsize capacity = RESULT_FLOOR + size * UNPACK_FACTOR;
    g_autofree guint8 *block = has_signature(image) ? g_try_malloc0(capacity) : NULL;
    if (block == NULL) {
        set_refusal(has_signature(image) ? CEL_H5_TOO_LARGE : CEL_H5_NOT_HDF5, "", name, error);
        return NULL;
    }
    const CelJailTask task = {.input = g_bytes_get_data(image, NULL),
                              .input_size = size,
                              .params = &params,
                              .params_size = 1,
                              .result = block,
                              .capacity = capacity};
    const gsize used = cel_h5_parse(&task);
    g_autoptr(GBytes) result = g_bytes_new_take(g_steal_pointer(&block), MIN(used, capacity));
    return cel_h5_decode(result, name, error);
}

CelH5Node *cel_h5_read_jailed(GBytes *image, const char *name, GError **error)
{
    return read_here(image, name, CEL_H5_STRICT, error);
}

CelH5Node *cel_h5_read_jailed_foreign(GBytes *image, const char *name, GError **error)
{
    return read_here(image, name, CEL_H5_FOREIGN, error);
}

CelH5Node *cel_h5_read_image(GBytes *image, const char *name, CelJob *job, GError **error)
{
    g_autoptr(CelJailInput) input = cel_jail_input_new(image, error);
    return input != NULL ? read_input(input, name, CEL_H5_STRICT, job, error) : NULL;
}

CelH5Node *cel_h5_read_suspect(GBytes *image, const char *name, GError **error)
{
    const gsize start = find_start(image);
    g_autoptr(GBytes) rest = g_bytes_new_from_bytes(image, start, g_bytes_get_size(image) - start);
    g_autoptr(CelJailInput) input = cel_jail_input_new(rest, error);
    return input != NULL ? read_input(input, name, CEL_H5_FOREIGN, NULL, error) : NULL;
}

CelH5Node *cel_h5_read_bytes(GBytes *image, const char *name, GError **error)
{
    return cel_h5_read_image(image, name, NULL, error);
}

CelH5Node *cel_h5_read(const char *path, gsize max_bytes, CelJob *job, GError **error)
{
    g_autoptr(CelJailInput) input = cel_jail_input_read(path, max_bytes, error);
    if (input == NULL)
        return NULL;
    g_autofree char *shown = g_filename_display_name(path);
    return read_input(input, shown, CEL_H5_STRICT, job, error);
}
