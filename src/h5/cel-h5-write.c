/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-lock.h"
#include "h5/cel-h5-node.h"
#include "h5/cel-hid.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_BYTES = 1024 * 1024,      /* the size of HDF5's default chunk cache */
    IMAGE_STEP_BYTES = 1024 * 1024, /* by how much the image grows */
    DEFLATE_LEVEL = 6,              /* zlib's own default */
    MAX_COMPACT_ATTRIBUTES = 1024,  /* up to here attributes stay in the object's header */
};

static CelLock h5_lock;

void cel_h5_lock(void)
{
    static gsize started = 0;
    cel_lock_take(&h5_lock);
    /* A filter plugin is foreign code that a file would choose; none is ever loaded. */
    if (g_once_init_enter(&started)) {
        H5open();
        H5PLset_loading_state(0);
        g_once_init_leave(&started, 1);
    }
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* the setting belongs to the thread */
}

void cel_h5_unlock(void)
{
    cel_lock_give(&h5_lock);
}

hid_t cel_hid_number_type(CelH5Type type)
{
    switch (type) {
    case CEL_H5_F64:
        return H5T_IEEE_F64LE;
    case CEL_H5_F32:
        return H5T_IEEE_F32LE;
    case CEL_H5_U8:
        return H5T_STD_U8LE;
    case CEL_H5_U32:
        return H5T_STD_U32LE;
    case CEL_H5_I32:
        return H5T_STD_I32LE;
    case CEL_H5_I64:
        return H5T_STD_I64LE;
    case CEL_H5_U64:
        return H5T_STD_U64LE;
    default:
        return H5I_INVALID_HID;
    }
}

/* Null-padded and as long as the text itself, so that `h5dump -b` writes the text and no more. */
static hid_t text_type(gsize length)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, MAX(length, 1));
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

static hid_t make_space(guint rank, const gsize *shape)
{
    hsize_t dims[CEL_H5_MAX_RANK] = {0};
    for (guint i = 0; i < rank; i++)
        dims[i] = shape[i];
    return rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple((int)rank, dims, NULL);
}

/* The texts of @attr in cells of one width. */
static guint8 *text_cells(const CelH5Attr *attr, gsize *out_width)
{
    gsize size = 0, width = 1;
    const char *data = g_bytes_get_data(attr->data, &size);
    const char *text = data;
    for (gsize i = 0; i < attr->n; i++, text += strlen(text) + 1)
        width = MAX(width, strlen(text));
    guint8 *cells = g_malloc0(MAX(attr->n, 1) * width);
    text = data;
    for (gsize i = 0; i < attr->n; i++, text += strlen(text) + 1)
        memcpy(cells + i * width, text, strlen(text));
    *out_width = width;
    return cells;
}

static gboolean write_attr(hid_t object, const CelH5Attr *attr)
{
    gsize width = 0;
    g_autofree guint8 *cells = attr->type == CEL_H5_TEXT ? text_cells(attr, &width) : NULL;
    g_auto(CelHid) type =
        cells != NULL ? text_type(width) : H5Tcopy(cel_hid_number_type(attr->type));
    g_auto(CelHid) space = make_space(attr->array ? 1 : 0, &attr->n);
    if (MAX(width, cel_h5_type_size(attr->type)) * attr->n > CEL_H5_MAX_COMPACT)
        return FALSE;
    g_auto(CelHid) plist = H5Pcreate(H5P_ATTRIBUTE_CREATE);
    H5Pset_char_encoding(plist, H5T_CSET_UTF8);
    g_auto(CelHid) id = H5Acreate2(object, attr->name, type, space, plist, H5P_DEFAULT);
    const void *data = cells != NULL ? cells : g_bytes_get_data(attr->data, NULL);
    return id >= 0 && (attr->n == 0 || H5Awrite(id, type, data) >= 0);
}

static gboolean write_attrs(hid_t object, const CelH5Node *node)
{
    for (guint i = 0; i < node->attributes->len; i++) {
        if (!write_attr(object, g_ptr_array_index(node->attributes, i)))
            return FALSE;
    }
    return TRUE;
}

/* Chunks of about CHUNK_BYTES, whole rows where they fit, all but the last of one size. */
static void choose_chunk(const CelH5Node *node, hsize_t *out_chunk)
{
    gsize room = CHUNK_BYTES / cel_h5_type_size(node->type);
    for (guint i = node->rank; i-- > 0;) {
        const gsize n = node->shape[i];
        const gsize parts = (n + room - 1) / room;
        out_chunk[i] = (n + parts - 1) / parts;
        room = MAX(room / out_chunk[i], 1);
    }
}

static void set_no_times(hid_t plist)
{
    H5Pset_obj_track_times(plist, FALSE);
    H5Pset_attr_phase_change(plist, MAX_COMPACT_ATTRIBUTES, 0);
}

static hid_t dataset_plist(const CelH5Node *node)
{
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    set_no_times(plist);
    if (node->rank == 0 || g_bytes_get_size(node->data) < CEL_H5_CHUNKED_FROM) {
        H5Pset_layout(plist, H5D_COMPACT);
        return plist;
    }
    hsize_t chunk[CEL_H5_MAX_RANK] = {0};
    choose_chunk(node, chunk);
    H5Pset_chunk(plist, (int)node->rank, chunk);
    if (node->deflate) {
        H5Pset_shuffle(plist);
        H5Pset_deflate(plist, DEFLATE_LEVEL);
    }
    H5Pset_fletcher32(plist);
    return plist;
}

static gboolean write_dataset(hid_t group, const CelH5Node *node, hid_t link_plist)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(node->data, &size);
    const gboolean text = node->type == CEL_H5_TEXT;
    g_auto(CelHid) type = text ? text_type(size) : H5Tcopy(cel_hid_number_type(node->type));
    g_auto(CelHid) space = make_space(node->rank, node->shape);
    g_auto(CelHid) plist = dataset_plist(node);
    g_auto(CelHid) id = H5Dcreate2(group, node->name, type, space, link_plist, plist, H5P_DEFAULT);
    if (id < 0)
        return FALSE;
    const void *cells = size == 0 && text ? "" : data;
    if ((size > 0 || text) && H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells) < 0)
        return FALSE;
    return write_attrs(id, node);
}

static gboolean write_children(hid_t group, const CelH5Node *node, hid_t link_plist);

static gboolean write_group(hid_t parent, const CelH5Node *node, hid_t link_plist)
{
    g_auto(CelHid) plist = H5Pcreate(H5P_GROUP_CREATE);
    set_no_times(plist);
    g_auto(CelHid) id = H5Gcreate2(parent, node->name, link_plist, plist, H5P_DEFAULT);
    return id >= 0 && write_children(id, node, link_plist);
}

static gboolean write_children(hid_t group, const CelH5Node *node, hid_t link_plist)
{
    if (!write_attrs(group, node))
        return FALSE;
    for (guint i = 0; i < node->children->len; i++) {
        const CelH5Node *below = g_ptr_array_index(node->children, i);
        const gboolean ok = below->type == CEL_H5_GROUP ? write_group(group, below, link_plist)
                                                        : write_dataset(group, below, link_plist);
        if (!ok)
            return FALSE;
    }
    return TRUE;
}

/*
 * The in-memory driver of HDF5 gives its memory back through these when the file is closed, that is
 * when every checksum is final. (H5Fget_file_image() of 1.10.8 clears a flag of the superblock
 * without renewing its checksum, and the copy cannot be opened.)
 */
typedef struct {
    guint8 *memory;
    gsize size;
} Image;

static void *image_malloc(size_t size, H5FD_file_image_op_t op, void *udata)
{
    (void)op;
    (void)udata;
    return malloc(size);
}

static void *image_realloc(void *memory, size_t size, H5FD_file_image_op_t op, void *udata)
{
    Image *image = udata;
    (void)op;
    void *grown = realloc(memory, size);
    if (grown != NULL)
        image->size = size;
    return grown;
}

static herr_t image_free(void *memory, H5FD_file_image_op_t op, void *udata)
{
    Image *image = udata;
    if (op == H5FD_FILE_IMAGE_OP_FILE_CLOSE)
        image->memory = memory;
    else
        free(memory);
    return 0;
}

static void *image_share(void *udata)
{
    return udata;
}

static herr_t image_unshare(void *udata)
{
    (void)udata;
    return 0;
}

static hid_t image_access(Image *image)
{
    H5FD_file_image_callbacks_t callbacks = {
        .image_malloc = image_malloc,
        .image_realloc = image_realloc,
        .image_free = image_free,
        .udata_copy = image_share,
        .udata_free = image_unshare,
        .udata = image,
    };
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, IMAGE_STEP_BYTES, FALSE);
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110);
    H5Pset_file_image_callbacks(access, &callbacks);
    return access;
}

/* Bytes of the file in @image: the end-of-file address of its superblock, version 2 or 3 (HDF5 file
 * format specification 3.0, II.A). The memory itself was grown in steps. */
static gsize image_length(const Image *image)
{
    enum { END_OFFSET = 28, SUPERBLOCK_BYTES = 48 };
    guint64 end = 0;
    if (image->memory == NULL || image->size < SUPERBLOCK_BYTES)
        return 0;
    memcpy(&end, image->memory + END_OFFSET, sizeof end);
    return end >= SUPERBLOCK_BYTES && end <= image->size ? end : 0;
}

static gboolean write_tree(const CelH5Node *root, hid_t access)
{
    g_auto(CelHid) create = H5Pcreate(H5P_FILE_CREATE);
    g_auto(CelHid) links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_char_encoding(links, H5T_CSET_UTF8);
    set_no_times(create);
    /* Nothing can stand under this name, so the in-memory driver finds no file to look into. */
    const hid_t file = H5Fcreate("/dev/null/celadon.h5", H5F_ACC_TRUNC, create, access);
    if (file < 0)
        return FALSE;
    const hid_t group = H5Gopen2(file, "/", H5P_DEFAULT);
    const gboolean ok = group >= 0 && write_children(group, root, links);
    H5Gclose(group);
    return H5Fclose(file) >= 0 && ok;
}

static GBytes *write_image(const CelH5Node *root)
{
    Image image = {0};
    g_auto(CelHid) access = image_access(&image);
    const gboolean ok = write_tree(root, access);
    const gsize length = ok ? image_length(&image) : 0;
    if (length > 0)
        return g_bytes_new_with_free_func(image.memory, length, free, image.memory);
    free(image.memory);
    return NULL;
}

GBytes *cel_h5_to_bytes(const CelH5Node *root, GError **error)
{
    g_return_val_if_fail(root != NULL && root->type == CEL_H5_GROUP, NULL);
    cel_h5_lock();
    GBytes *image = write_image(root);
    cel_h5_unlock();
    if (image == NULL)
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                    _("The measurement file could not be built in memory (memory full, or an "
                      "attribute of more than %d bytes); nothing was written"),
                    CEL_H5_MAX_COMPACT);
    return image;
}
