/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "h5/cel-h5-parse.h"

#include "h5/cel-hid.h"

#include <hdf5_hl.h>
#include <string.h>

/* Runs in the jailed child. */

enum { MAX_TEXT_BYTES = 16 * 1024 * 1024, MAX_FILTERS = 8 };

typedef struct {
    guint8 *out;
    gsize capacity, used;
    guint n_objects, depth;
    gboolean foreign; /* CEL_H5_FOREIGN */
    haddr_t root_address;
    CelH5Result *result;
    gsize path_length; /* of result->where: the object that is being read */
} Parse;

static gboolean refuse(Parse *parse, CelH5Refusal why)
{
    if (parse->result->refusal == CEL_H5_ACCEPTED) {
        parse->result->refusal = why;
        parse->result->where_bytes = (guint32)parse->path_length;
    }
    return FALSE;
}

/* In a foreign file, what was refused since @used_before is left out and counted. */
static gboolean forgive(Parse *parse, gsize used_before)
{
    const guint32 why = parse->result->refusal;
    if (!parse->foreign || why == CEL_H5_DAMAGED || why == CEL_H5_TOO_MANY ||
        why == CEL_H5_TOO_LARGE)
        return FALSE;
    memset(parse->out + used_before, 0, parse->used - used_before);
    parse->used = used_before;
    parse->result->refusal = CEL_H5_ACCEPTED;
    parse->result->where_bytes = 0;
    parse->result->skipped++;
    return TRUE;
}

/* Adds "/name" to the path. Returns: the length to go back to. */
static gsize enter(Parse *parse, const char *name)
{
    const gsize before = parse->path_length, n = strnlen(name, CEL_H5_MAX_NAME);
    if (before + 1 + n <= CEL_H5_MAX_PATH) {
        parse->result->where[before] = '/';
        memcpy(parse->result->where + before + 1, name, n);
        parse->path_length = before + 1 + n;
    }
    return before;
}

static guint8 *reserve(Parse *parse, gsize bytes)
{
    const gsize left = parse->capacity - parse->used;
    if (bytes > left || left - bytes < CEL_H5_ALIGN) {
        refuse(parse, CEL_H5_TOO_LARGE);
        return NULL;
    }
    guint8 *place = parse->out + parse->used;
    parse->used += (bytes + CEL_H5_ALIGN - 1) / CEL_H5_ALIGN * CEL_H5_ALIGN;
    return place;
}

/* Writes the record and its name and makes room for its data. */
static guint8 *put_record(Parse *parse, const CelH5Record *record, const char *name)
{
    guint8 *head = reserve(parse, sizeof *record);
    guint8 *label = head != NULL ? reserve(parse, record->name_bytes) : NULL;
    if (label == NULL || record->data_bytes > G_MAXSSIZE)
        return NULL;
    memcpy(head, record, sizeof *record);
    memcpy(label, name, record->name_bytes);
    return reserve(parse, record->data_bytes);
}

static gboolean find_number_type(hid_t type, CelH5Type *out_type)
{
    for (CelH5Type known = CEL_H5_F64; known < CEL_H5_TEXT; known++) {
        if (H5Tequal(type, cel_hid_number_type(known)) > 0) {
            *out_type = known;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean find_type(Parse *parse, hid_t type, CelH5Type *out_type)
{
    if (type < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    if (!parse->foreign && H5Tcommitted(type) > 0)
        return refuse(parse, CEL_H5_COMMITTED_TYPE);
    *out_type = CEL_H5_TEXT;
    const H5T_class_t class = H5Tget_class(type);
    if (class == H5T_REFERENCE)
        return refuse(parse, CEL_H5_REFERENCE);
    if (class == H5T_STRING || find_number_type(type, out_type))
        return TRUE;
    if (parse->foreign && (class == H5T_INTEGER || class == H5T_FLOAT)) {
        *out_type = CEL_H5_F64;
        return TRUE;
    }
    return refuse(parse, class == H5T_NO_CLASS ? CEL_H5_DAMAGED : CEL_H5_OTHER_TYPE);
}

/* @out_n: elements; their size is checked against what could ever fit. */
static gboolean find_shape(Parse *parse, hid_t space, gsize element_bytes, CelH5Record *record,
                           gsize *out_n)
{
    const H5S_class_t class = H5Sget_simple_extent_type(space);
    const int rank = H5Sget_simple_extent_ndims(space);
    hsize_t dims[H5S_MAX_RANK] = {0};
    if (class == H5S_NO_CLASS || rank < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    if (class == H5S_NULL || rank > CEL_H5_MAX_RANK)
        return refuse(parse, CEL_H5_OTHER_SHAPE);
    if (H5Sget_simple_extent_dims(space, dims, NULL) < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    gsize shape[CEL_H5_MAX_RANK] = {0}, bytes = 0;
    record->rank = (guint32)rank;
    for (int i = 0; i < rank; i++)
        record->shape[i] = shape[i] = dims[i];
    gboolean ok = FALSE;
    *out_n = cel_h5_count((guint)rank, shape, &ok);
    if (!ok || !g_size_checked_mul(&bytes, *out_n, element_bytes) || bytes > parse->capacity)
        return refuse(parse, CEL_H5_TOO_LARGE);
    return TRUE;
}

/* One text as it will be handed over: @cell is @width bytes with or without padding. */
static gboolean trim(Parse *parse, const char *cell, gsize width, H5T_str_t pad, gsize *out_length)
{
    gsize length = strnlen(cell, width);
    for (gsize i = length; i < width; i++) {
        if (cell[i] != '\0') /* something stands behind the end of the text */
            return refuse(parse, CEL_H5_OTHER_TYPE);
    }
    while (pad == H5T_STR_SPACEPAD && length > 0 && cell[length - 1] == ' ')
        length--;
    *out_length = length;
    return g_utf8_validate(cell, (gssize)length, NULL) || refuse(parse, CEL_H5_NOT_UTF8);
}

typedef struct {
    hid_t type;
    gsize n, width; /* of one cell; a pointer's for texts of variable length */
    gboolean variable;
    H5T_str_t pad;
    char *cells;
} Texts;

static const char *text_at(const Texts *texts, gsize i, gsize *out_width)
{
    const char *cell = texts->cells + i * texts->width;
    *out_width = texts->width;
    if (texts->variable) {
        memcpy(&cell, texts->cells + i * texts->width, sizeof cell);
        cell = cell != NULL ? cell : "";
        *out_width = strlen(cell);
    }
    return cell;
}

static gboolean describe_texts(Parse *parse, Texts *texts)
{
    gsize bytes = 0;
    texts->variable = H5Tis_variable_str(texts->type) > 0;
    texts->width = texts->variable ? sizeof(char *) : H5Tget_size(texts->type);
    texts->pad = H5Tget_strpad(texts->type);
    if (texts->width == 0 || texts->pad == H5T_STR_ERROR)
        return refuse(parse, CEL_H5_DAMAGED);
    if (!g_size_checked_mul(&bytes, texts->n, texts->width) || bytes > MAX_TEXT_BYTES)
        return refuse(parse, CEL_H5_TOO_LARGE);
    texts->cells = calloc(MAX(bytes, 1), 1);
    return texts->cells != NULL || refuse(parse, CEL_H5_TOO_LARGE);
}

/* Sizes the texts: @ending bytes follow each. */
static gboolean measure_texts(Parse *parse, const Texts *texts, gsize ending, CelH5Record *record)
{
    gsize widest = 1;
    for (gsize i = 0; i < texts->n; i++) {
        gsize width = 0, length = 0;
        const char *cell = text_at(texts, i, &width);
        if (!trim(parse, cell, width, texts->pad, &length))
            return FALSE;
        record->data_bytes += length + ending;
        widest = MAX(widest, length);
    }
    record->foreign = texts->variable || texts->pad != H5T_STR_NULLPAD ||
                      H5Tget_cset(texts->type) != H5T_CSET_UTF8 ||
                      (texts->n > 0 && texts->width != widest);
    return record->data_bytes <= MAX_TEXT_BYTES || refuse(parse, CEL_H5_TOO_LARGE);
}

static gboolean put_texts(Parse *parse, const Texts *texts, gsize ending, CelH5Record *record,
                          const char *name)
{
    if (!measure_texts(parse, texts, ending, record))
        return FALSE;
    guint8 *place = put_record(parse, record, name);
    for (gsize i = 0; place != NULL && i < texts->n; i++) {
        gsize width = 0, length = 0;
        const char *cell = text_at(texts, i, &width);
        trim(parse, cell, width, texts->pad, &length);
        memcpy(place, cell, length);
        place += length + ending; /* the memory was zero */
    }
    return place != NULL;
}

static gboolean read_attribute(Parse *parse, hid_t id, const char *name)
{
    g_auto(CelHid) type = H5Aget_type(id);
    g_auto(CelHid) space = H5Aget_space(id);
    CelH5Type known = CEL_H5_TEXT;
    CelH5Record record = {.tag = CEL_H5_RECORD_ATTRIBUTE, .name_bytes = (guint32)strlen(name)};
    gsize n = 0;
    if (!find_type(parse, type, &known) ||
        !find_shape(parse, space, known == CEL_H5_TEXT ? 1 : cel_h5_type_size(known), &record, &n))
        return FALSE;
    if (record.rank > 1)
        return refuse(parse, CEL_H5_OTHER_SHAPE);
    record.type = known;
    if (known == CEL_H5_TEXT) {
        Texts texts = {.type = type, .n = n};
        if (!describe_texts(parse, &texts))
            return FALSE;
        if (n > 0 && H5Aread(id, type, texts.cells) < 0)
            return refuse(parse, CEL_H5_DAMAGED);
        return put_texts(parse, &texts, 1, &record, name);
    }
    record.data_bytes = n * cel_h5_type_size(known);
    guint8 *place = put_record(parse, &record, name);
    return place != NULL && (n == 0 || H5Aread(id, cel_hid_number_type(known), place) >= 0 ||
                             refuse(parse, CEL_H5_DAMAGED));
}

static gboolean check_name(Parse *parse, const char *name)
{
    if (++parse->n_objects > CEL_H5_MAX_OBJECTS)
        return refuse(parse, CEL_H5_TOO_MANY);
    return cel_h5_name_valid(name) || refuse(parse, CEL_H5_BAD_NAME);
}

static herr_t visit_attribute(hid_t object, const char *name, const H5A_info_t *info, void *data)
{
    Parse *parse = data;
    (void)info;
    const gsize before = enter(parse, name);
    const gsize used_before = parse->used;
    gboolean ok = check_name(parse, name);
    if (ok) {
        g_auto(CelHid) id = H5Aopen(object, name, H5P_DEFAULT);
        ok = id >= 0 ? read_attribute(parse, id, name) : refuse(parse, CEL_H5_DAMAGED);
    }
    ok = ok || forgive(parse, used_before);
    parse->path_length = before;
    return ok ? 0 : -1;
}

static gboolean read_attributes(Parse *parse, hid_t object)
{
    hsize_t index = 0;
    return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &index, visit_attribute, parse) >= 0 ||
           refuse(parse, CEL_H5_DAMAGED);
}

static gboolean check_filters(Parse *parse, hid_t plist, CelH5Record *record)
{
    const int n = H5Pget_nfilters(plist);
    if (n < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    if (n > MAX_FILTERS)
        return refuse(parse, CEL_H5_OTHER_FILTER);
    for (unsigned i = 0; i < (unsigned)n; i++) {
        size_t n_values = 0;
        unsigned flags = 0, config = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(plist, i, &flags, &n_values, NULL, 0, NULL, &config);
        if (filter < 0)
            return refuse(parse, CEL_H5_DAMAGED);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE &&
            filter != H5Z_FILTER_FLETCHER32)
            return refuse(parse, CEL_H5_OTHER_FILTER);
        record->deflate |= filter == H5Z_FILTER_DEFLATE;
    }
    return TRUE;
}

static gboolean check_storage(Parse *parse, hid_t id, CelH5Record *record)
{
    g_auto(CelHid) plist = H5Dget_create_plist(id);
    if (plist < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    const H5D_layout_t layout = H5Pget_layout(plist);
    if (layout == H5D_VIRTUAL)
        return refuse(parse, CEL_H5_VIRTUAL);
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
        return refuse(parse, CEL_H5_DAMAGED);
    if (H5Pget_external_count(plist) != 0)
        return refuse(parse, CEL_H5_EXTERNAL_STORAGE);
    return check_filters(parse, plist, record);
}

static gboolean read_text_dataset(Parse *parse, hid_t id, hid_t type, CelH5Record *record,
                                  const char *name)
{
    Texts texts = {.type = type, .n = 1};
    if (record->rank != 0)
        return refuse(parse, CEL_H5_OTHER_SHAPE);
    if (!describe_texts(parse, &texts))
        return FALSE;
    if (H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.cells) < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    return put_texts(parse, &texts, 0, record, name);
}

static gboolean read_numbers(Parse *parse, hid_t id, CelH5Record *record, const char *name)
{
    H5D_space_status_t status = H5D_SPACE_STATUS_ERROR;
    guint8 *place = put_record(parse, record, name);
    if (place == NULL)
        return FALSE;
    if (record->data_bytes == 0)
        return TRUE;
    /* Data that were never stored would read as zeros. */
    if (H5Dget_space_status(id, &status) < 0 || status == H5D_SPACE_STATUS_NOT_ALLOCATED)
        return refuse(parse, CEL_H5_DAMAGED);
    return H5Dread(id, cel_hid_number_type(record->type), H5S_ALL, H5S_ALL, H5P_DEFAULT, place) >=
               0 ||
           refuse(parse, CEL_H5_DAMAGED);
}

static gboolean read_dataset(Parse *parse, hid_t id, const char *name)
{
    g_auto(CelHid) type = H5Dget_type(id);
    g_auto(CelHid) space = H5Dget_space(id);
    CelH5Record record = {.tag = CEL_H5_RECORD_DATASET, .name_bytes = (guint32)strlen(name)};
    CelH5Type known = CEL_H5_TEXT;
    gsize n = 0;
    if (!find_type(parse, type, &known) || !check_storage(parse, id, &record) ||
        !find_shape(parse, space, cel_h5_type_size(known), &record, &n))
        return FALSE;
    record.type = known;
    record.data_bytes = known == CEL_H5_TEXT ? 0 : n * cel_h5_type_size(known);
    const gboolean ok = known == CEL_H5_TEXT ? read_text_dataset(parse, id, type, &record, name)
                                             : read_numbers(parse, id, &record, name);
    return ok && read_attributes(parse, id);
}

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data);

static gboolean read_group(Parse *parse, hid_t id, const char *name)
{
    CelH5Record record = {
        .tag = CEL_H5_RECORD_GROUP, .type = CEL_H5_GROUP, .name_bytes = (guint32)strlen(name)};
    if (parse->depth > CEL_H5_MAX_DEPTH)
        return refuse(parse, CEL_H5_TOO_DEEP);
    if (put_record(parse, &record, name) == NULL || !read_attributes(parse, id))
        return FALSE;
    hsize_t index = 0;
    parse->depth++;
    if (H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, &index, visit_link, parse) < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    parse->depth--;
    record = (CelH5Record){.tag = CEL_H5_RECORD_END};
    return put_record(parse, &record, "") != NULL;
}

static gboolean read_object(Parse *parse, hid_t id, const char *name)
{
    H5O_info_t info;
    if (id < 0 || H5Oget_info2(id, &info, H5O_INFO_BASIC) < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    if (info.type == H5O_TYPE_NAMED_DATATYPE)
        return refuse(parse, CEL_H5_COMMITTED_TYPE);
    if ((info.rc > 1 && !parse->foreign) || info.addr == parse->root_address)
        return refuse(parse, CEL_H5_TWO_NAMES);
    if (info.type == H5O_TYPE_GROUP)
        return read_group(parse, id, name);
    return info.type == H5O_TYPE_DATASET ? read_dataset(parse, id, name)
                                         : refuse(parse, CEL_H5_DAMAGED);
}

static gboolean read_link(Parse *parse, hid_t group, const char *name, const H5L_info_t *info)
{
    if (!check_name(parse, name))
        return FALSE;
    if (info->type == H5L_TYPE_SOFT)
        return refuse(parse, CEL_H5_SOFT_LINK);
    if (info->type != H5L_TYPE_HARD)
        return refuse(parse, CEL_H5_EXTERNAL_LINK);
    g_auto(CelHid) id = H5Oopen(group, name, H5P_DEFAULT);
    return read_object(parse, id, name);
}

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
    Parse *parse = data;
    const gsize before = enter(parse, name);
    const gsize used_before = parse->used;
    const guint depth_before = parse->depth;
    gboolean ok = read_link(parse, group, name, info);
    if (!ok && forgive(parse, used_before)) {
        parse->depth = depth_before;
        ok = TRUE;
    }
    parse->path_length = before;
    return ok ? 0 : -1;
}

static gboolean read_file(Parse *parse, hid_t file)
{
    hsize_t user_block = 0;
    H5O_info_t info;
    if (file < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    g_auto(CelHid) plist = H5Fget_create_plist(file);
    if (plist < 0 || H5Pget_userblock(plist, &user_block) < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    if (user_block != 0)
        return refuse(parse, CEL_H5_USER_BLOCK);
    g_auto(CelHid) root = H5Gopen2(file, "/", H5P_DEFAULT);
    if (root < 0 || H5Oget_info2(root, &info, H5O_INFO_BASIC) < 0)
        return refuse(parse, CEL_H5_DAMAGED);
    parse->root_address = info.addr;
    return read_group(parse, root, "");
}

gsize cel_h5_parse(const CelJailTask *task)
{
    if (task->capacity < sizeof(CelH5Result))
        return 0;
    Parse parse = {.foreign = task->params_size > 0 && task->params[0] == CEL_H5_FOREIGN,
                   .out = task->result,
                   .capacity = task->capacity,
                   .used = sizeof(CelH5Result),
                   .result = (CelH5Result *)(void *)task->result};
    cel_h5_lock(); /* starts the library */
    /* HDF5 does not write to an image that is opened for reading; its type has no const. */
    const hid_t file =
        H5LTopen_file_image((void *)(guintptr)task->input, task->input_size,
                            H5LT_FILE_IMAGE_DONT_COPY | H5LT_FILE_IMAGE_DONT_RELEASE);
    read_file(&parse, file);
    cel_h5_unlock();
    return parse.used; /* the process ends here: nothing is closed */
}
