/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "h5/cel-h5-node.h"

#include <string.h>

/* A mutator that knows HDF5. It works in three ways: on the tree, so that a well-formed file holds
 * hostile content; inside the metadata blocks of a file, whose checksums it then mends, so that the
 * change reaches the parser instead of ending at a checksum; and on bytes anywhere. */

/* ---- the checksum of HDF5's metadata: lookup3 (Bob Jenkins, 2006, public domain), start 0 ---- */

static inline guint32 mutate_rotate(guint32 x, guint by)
{
    return x << by | x >> (32 - by);
}

static inline void mutate_mix(guint32 *v)
{
    static const guint by[6] = {4, 6, 8, 16, 19, 4};
    for (guint i = 0; i < 6; i++) {
        guint32 *a = &v[i % 3], *b = &v[(i + 1) % 3], *c = &v[(i + 2) % 3];
        *a -= *c;
        *a ^= mutate_rotate(*c, by[i]);
        *c += *b;
    }
}

static inline void mutate_finish(guint32 *v)
{
    static const guint by[7] = {14, 11, 25, 16, 4, 14, 24};
    for (guint i = 0; i < 7; i++) { /* c by b, a by c, b by a, ... */
        guint32 *to = &v[(i + 2) % 3], *from = &v[(i + 1) % 3];
        *to ^= *from;
        *to -= mutate_rotate(*from, by[i]);
    }
}

static inline guint32 mutate_checksum(const guint8 *data, gsize n)
{
    guint32 v[3];
    v[0] = v[1] = v[2] = 0xdeadbeef + (guint32)n;
    while (n > 12) {
        for (guint i = 0; i < 12; i++)
            v[i / 4] += (guint32)data[i] << (8 * (i % 4));
        mutate_mix(v);
        data += 12;
        n -= 12;
    }
    for (guint i = 0; i < n; i++)
        v[i / 4] += (guint32)data[i] << (8 * (i % 4));
    if (n > 0)
        mutate_finish(v);
    return v[2];
}

static inline void mutate_put_checksum(guint8 *data, gsize n)
{
    const guint32 sum = GUINT32_TO_LE(mutate_checksum(data, n));
    memcpy(data + n, &sum, sizeof sum);
}

/* ---- metadata blocks ---- */

/** Block: one checked block of a file: @n bytes at @at, its checksum behind them. */
typedef struct {
    gsize at, n;
} Block;

/* An object header of version 2 (HDF5 file format specification 3.0, IV.A.1.b). */
static inline gboolean mutate_header_at(const guint8 *data, gsize size, gsize at, Block *out)
{
    enum { TIMES = 0x20, PHASES = 0x10, SIZE_BITS = 3 };
    if (at + 64 > size || memcmp(data + at, "OHDR", 4) != 0)
        return FALSE;
    const guint8 flags = data[at + 5];
    gsize head = 6u + ((flags & TIMES) != 0 ? 16u : 0u) + ((flags & PHASES) != 0 ? 4u : 0u);
    const gsize width = (gsize)1 << (flags & SIZE_BITS);
    guint64 chunk = 0;
    for (gsize i = 0; i < width; i++)
        chunk |= (guint64)data[at + head + i] << (8 * i);
    head += width;
    if (chunk > size || at + head + chunk + 4 > size)
        return FALSE;
    *out = (Block){at, head + (gsize)chunk};
    return TRUE;
}

/* Superblock and object headers whose checksum holds. */
static inline GArray *mutate_blocks(const guint8 *data, gsize size)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(Block));
    const Block super = {0, 44};
    Block block;
    if (size > 48 && data[8] >= 2)
        g_array_append_val(blocks, super);
    for (gsize at = 0; at + 64 < size; at++) {
        guint32 sum = 0;
        if (!mutate_header_at(data, size, at, &block))
            continue;
        memcpy(&sum, data + block.at + block.n, sizeof sum);
        if (GUINT32_FROM_LE(sum) == mutate_checksum(data + block.at, block.n))
            g_array_append_val(blocks, block);
    }
    return blocks;
}

static inline void mutate_byte(GRand *random, guint8 *byte)
{
    static const guint8 odd[] = {0, 1, 2, 0x7f, 0x80, 0xfe, 0xff};
    if (g_rand_boolean(random))
        *byte ^= (guint8)(1 << g_rand_int_range(random, 0, 8));
    else
        *byte = odd[g_rand_int_range(random, 0, G_N_ELEMENTS(odd))];
}

/* Some bytes of some blocks, behind their signature, and their checksums. */
static inline void mutate_metadata(GRand *random, guint8 *data, const GArray *blocks)
{
    const gint32 times = g_rand_int_range(random, 1, 4);
    for (gint32 i = 0; i < times && blocks->len > 0; i++) {
        const Block *block =
            &g_array_index(blocks, Block, (guint)g_rand_int_range(random, 0, (gint32)blocks->len));
        const gint32 from = block->at == 0 ? 9 : 5;
        const gint32 changes = g_rand_int_range(random, 1, 4);
        for (gint32 k = 0; k < changes; k++)
            mutate_byte(random,
                        data + block->at + g_rand_int_range(random, from, (gint32)block->n));
        mutate_put_checksum(data + block->at, block->n);
    }
}

/* ---- the tree ---- */

static inline void mutate_collect(CelH5Node *node, GPtrArray *out)
{
    g_ptr_array_add(out, node);
    for (guint i = 0; node->children != NULL && i < node->children->len; i++)
        mutate_collect(g_ptr_array_index(node->children, i), out);
}

static inline void mutate_set(CelH5Node *node, GBytes *data)
{
    g_bytes_unref(node->data);
    node->data = data;
    if (node->rank == 1)
        node->shape[0] = g_bytes_get_size(data) / cel_h5_type_size(node->type);
}

/* Text as JSON, manifests and recipes know it: a piece doubled, taken out or spoilt. */
static inline void mutate_data(GRand *random, CelH5Node *node)
{
    gsize n = 0;
    const guint8 *old = g_bytes_get_data(node->data, &n);
    const gsize unit = cel_h5_type_size(node->type);
    if (n < 2 * unit)
        return;
    g_autoptr(GByteArray) data = g_byte_array_new();
    g_byte_array_append(data, old, (guint)n);
    const guint at = (guint)g_rand_int_range(random, 0, (gint32)(n / unit)) * (guint)unit;
    const gint32 kind = node->rank == 1 ? g_rand_int_range(random, 0, 4) : 0;
    if (kind == 1)
        g_byte_array_remove_range(data, at, (guint)unit);
    else if (kind == 2)
        g_byte_array_append(data, old + at, (guint)MIN(n - at, 64 * unit));
    else if (kind == 3)
        g_byte_array_set_size(data, MAX(at, (guint)unit));
    else
        mutate_byte(random, data->data + at);
    if (node->type == CEL_H5_TEXT &&
        !g_utf8_validate((const char *)data->data, (gssize)data->len, NULL))
        return; /* the writer takes UTF-8 only */
    mutate_set(node, g_byte_array_free_to_bytes(g_steal_pointer(&data)));
}

static inline void mutate_tree(GRand *random, CelH5Node *root)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new();
    mutate_collect(root, nodes);
    CelH5Node *node =
        g_ptr_array_index(nodes, (guint)g_rand_int_range(random, 0, (gint32)nodes->len));
    if (node->data != NULL && g_rand_int_range(random, 0, 4) > 0) {
        mutate_data(random, node);
    } else if (node->data != NULL) {
        cel_h5_attr_f64(node, "celadon_unit", (double)g_rand_int(random));
    } else if (node->children->len > 0 && g_rand_boolean(random)) {
        const CelH5Node *child = g_ptr_array_index(
            node->children, (guint)g_rand_int_range(random, 0, (gint32)node->children->len));
        g_autofree char *name = g_strdup(child->name);
        cel_h5_remove(node, name);
    } else {
        cel_h5_group(node, "d/e/e/p/e/r", "NXentry");
    }
}

/* ---- bytes ---- */

static inline void mutate_bytes(GRand *random, GByteArray *data)
{
    const gint32 kind = g_rand_int_range(random, 0, 8);
    const guint at = (guint)g_rand_int_range(random, 0, (gint32)data->len);
    const guint from = (guint)g_rand_int_range(random, 0, (gint32)data->len);
    const guint n = MIN(MIN(data->len - at, data->len - from), 256);
    if (kind == 0)
        g_byte_array_set_size(data, MAX(at, 16));
    else if (kind == 1) /* a piece of elsewhere: addresses and sizes that mean something */
        memmove(data->data + at, data->data + from, n);
    else
        for (gint32 i = 0; i < kind; i++)
            mutate_byte(random, data->data + g_rand_int_range(random, 0, (gint32)data->len));
}
