/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-npy.h"

#include "base/cel-error.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAGIC_BYTES = 8,    /* "\x93NUMPY", major, minor version */
    DICT_MAX = 4096,    /* the dictionary of a plain matrix has about 70 characters */
    ROWS_MAX = 1 << 30, /* far above any archive of spectra, far below overflow */
    COLS_MAX = 1 << 16,
};

static const char magic[] = "\x93NUMPY";

/* The text behind @key and a colon in a dictionary as numpy writes it, or NULL. */
static const char *value_of(const char *dict, const char *key)
{
    const char *at = strstr(dict, key);
    if (at == NULL)
        return NULL;
    at += strlen(key);
    while (*at == ' ' || *at == ':')
        at++;
    return at;
}

static gboolean read_number(const char **at, gsize most, gsize *out)
{
    gsize value = 0;
    const char *from = *at;
    while (g_ascii_isdigit(**at) && value <= most)
        value = value * 10 + (gsize)(*(*at)++ - '0');
    *out = value;
    return *at > from && value <= most;
}

/* "(rows, columns)" */
static gboolean read_shape(const char *at, CelNpyShape *out)
{
    if (at == NULL || *at++ != '(' || !read_number(&at, ROWS_MAX, &out->n_rows) || *at++ != ',')
        return FALSE;
    while (*at == ' ')
        at++;
    return read_number(&at, COLS_MAX, &out->n_cols) && *at == ')' && out->n_cols > 0;
}

static gboolean read_dict(const char *dict, CelNpyShape *out)
{
    const char *kind = value_of(dict, "'descr'"), *order = value_of(dict, "'fortran_order'");
    return kind != NULL && g_str_has_prefix(kind, "'<f4'") && order != NULL &&
           g_str_has_prefix(order, "False") && read_shape(value_of(dict, "'shape'"), out);
}

/* Length of the dictionary, and where it starts; 0: not this format. */
static gsize dict_length(const guint8 *head, gsize n, gsize *out_at)
{
    if (n < MAGIC_BYTES + 4 || memcmp(head, magic, sizeof magic - 1) != 0)
        return 0;
    const gboolean wide = head[6] == 2;
    if (head[6] != 1 && !wide)
        return 0;
    *out_at = MAGIC_BYTES + (wide ? 4 : 2);
    gsize length = (gsize)head[8] | (gsize)head[9] << 8;
    if (wide)
        length |= (gsize)head[10] << 16 | (gsize)head[11] << 24;
    return length <= DICT_MAX && *out_at + length <= n ? length : 0;
}

gboolean cel_npy_parse(const guint8 *head, gsize n, guint64 file_size, CelNpyShape *out_shape,
                       GError **error)
{
    gsize at = 0;
    const gsize length = dict_length(head, n, &at);
    g_autofree char *dict = g_strndup((const char *)head + (length > 0 ? at : 0), length);
    CelNpyShape shape = {.offset = at + length};
    if (length == 0 || !read_dict(dict, &shape)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("this is no matrix of spectra: expected a numpy file of float32 with two "
                      "dimensions, by rows; write it with numpy.save()"));
        return FALSE;
    }
    if (file_size != shape.offset + (guint64)shape.n_rows * shape.n_cols * sizeof(float)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("the file has another size than its %zu x %zu values: it was cut off or "
                      "added to; write it anew"),
                    shape.n_rows, shape.n_cols);
        return FALSE;
    }
    *out_shape = shape;
    return TRUE;
}

struct CelNpy {
    void *map;
    gsize size;
    CelRows rows;
};

static CelNpy *map_file(int fd, const char *path, GError **error)
{
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s cannot be opened: %s"), path,
                    g_strerror(errno));
        return NULL;
    }
    if (!S_ISREG(info.st_mode) || info.st_size <= 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s is no file with content"), path);
        return NULL;
    }
    void *map = mmap(NULL, (gsize)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s cannot be mapped: %s"), path,
                    g_strerror(errno));
        return NULL;
    }
    CelNpy *npy = g_new0(CelNpy, 1);
    npy->map = map;
    npy->size = (gsize)info.st_size;
    return npy;
}

CelNpy *cel_npy_open(const char *path, GError **error)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    g_autoptr(CelNpy) npy = map_file(fd, path, error);
    if (fd >= 0)
        close(fd);
    if (npy == NULL)
        return NULL;
    CelNpyShape shape;
    if (!cel_npy_parse(npy->map, npy->size, npy->size, &shape, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    if (shape.n_cols % CEL_SCAN_LANES != 0 || shape.offset % sizeof(float) != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: %zu columns; they must come in multiples of %d, filled "
                      "up with zeros"),
                    path, shape.n_cols, CEL_SCAN_LANES);
        return NULL;
    }
    npy->rows = (CelRows){(const float *)((const guint8 *)npy->map + shape.offset), shape.n_rows,
                          shape.n_cols, shape.n_cols};
    return g_steal_pointer(&npy);
}

const CelRows *cel_npy_rows(const CelNpy *npy)
{
    return &npy->rows;
}

void cel_npy_free(CelNpy *npy)
{
    if (npy == NULL)
        return;
    munmap(npy->map, npy->size);
    g_free(npy);
}

gboolean cel_rows_are_usable(const CelRows *rows, gsize from, gsize to)
{
    for (gsize r = from; r < to; r++) {
        const float *row = rows->values + r * rows->stride;
        int bad = 0;
        for (gsize i = 0; i < rows->n_cols; i++)
            bad |= !(row[i] < 1e15F && row[i] > -1e15F);
        if (bad)
            return FALSE;
    }
    return TRUE;
}
