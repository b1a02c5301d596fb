/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-bytes.h"

#include <string.h>

CelBytes cel_bytes_of(const void *data, gsize n, CelByteOrder order)
{
    return (CelBytes){.data = data, .size = data != NULL ? n : 0, .order = order};
}

static void fail(CelBytes *bytes)
{
    if (!bytes->failed)
        bytes->failed_at = bytes->at;
    bytes->failed = TRUE;
}

gsize cel_bytes_left(const CelBytes *bytes)
{
    return bytes->failed ? 0 : bytes->size - bytes->at;
}

const guint8 *cel_bytes_take(CelBytes *bytes, gsize n)
{
    if (bytes->failed || n > bytes->size - bytes->at) {
        fail(bytes);
        return NULL;
    }
    const guint8 *start = bytes->data + bytes->at;
    bytes->at += n;
    return start;
}

gboolean cel_bytes_seek(CelBytes *bytes, gsize at)
{
    if (bytes->failed || at > bytes->size) {
        fail(bytes);
        return FALSE;
    }
    bytes->at = at;
    return TRUE;
}

gboolean cel_bytes_skip(CelBytes *bytes, gsize n)
{
    cel_bytes_take(bytes, n);
    return !bytes->failed;
}

CelBytes cel_bytes_part(const CelBytes *bytes, gsize offset, gsize n)
{
    if (bytes->failed || offset > bytes->size || n > bytes->size - offset)
        return (CelBytes){.order = bytes->order, .failed = TRUE};
    return (CelBytes){.data = bytes->data + offset, .size = n, .order = bytes->order};
}

gboolean cel_bytes_has(const CelBytes *bytes, guint64 count, gsize item_bytes)
{
    return !bytes->failed && (item_bytes == 0 || count <= cel_bytes_left(bytes) / item_bytes);
}

static guint64 get(CelBytes *bytes, gsize n)
{
    const guint8 *p = cel_bytes_take(bytes, n);
    guint64 value = 0;
    for (gsize i = 0; p != NULL && i < n; i++)
        value = value << 8 | p[bytes->order == CEL_BIG_ENDIAN ? i : n - 1 - i];
    return value;
}

guint8 cel_bytes_u8(CelBytes *bytes)
{
    return (guint8)get(bytes, 1);
}

guint16 cel_bytes_u16(CelBytes *bytes)
{
    return (guint16)get(bytes, 2);
}

guint32 cel_bytes_u32(CelBytes *bytes)
{
    return (guint32)get(bytes, 4);
}

guint64 cel_bytes_u64(CelBytes *bytes)
{
    return get(bytes, 8);
}

gint16 cel_bytes_i16(CelBytes *bytes)
{
    return (gint16)get(bytes, 2);
}

gint32 cel_bytes_i32(CelBytes *bytes)
{
    return (gint32)get(bytes, 4);
}

gint64 cel_bytes_i64(CelBytes *bytes)
{
    return (gint64)get(bytes, 8);
}

float cel_bytes_f32(CelBytes *bytes)
{
    const guint32 bits = cel_bytes_u32(bytes);
    float value = 0.0F;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double cel_bytes_f64(CelBytes *bytes)
{
    const guint64 bits = cel_bytes_u64(bytes);
    double value = 0.0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

gboolean cel_bytes_text(CelBytes *bytes, gsize n, char *out, gsize out_size)
{
    const guint8 *start = cel_bytes_take(bytes, n);
    out[0] = '\0';
    if (start == NULL)
        return FALSE;
    const guint8 *zero = n > 0 ? memchr(start, '\0', n) : NULL;
    gsize length = MIN(zero != NULL ? (gsize)(zero - start) : n, out_size - 1);
    while (length > 0 && start[length - 1] == ' ')
        length--;
    if (length > 0)
        memcpy(out, start, length);
    out[length] = '\0';
    return TRUE;
}

CelBytesOut cel_bytes_out(void *data, gsize capacity, CelByteOrder order)
{
    return (CelBytesOut){.data = data, .capacity = capacity, .order = order};
}

/* The next @n bytes of the buffer, or NULL. */
static guint8 *grow(CelBytesOut *out, gsize n)
{
    if (out->failed || n > out->capacity - out->used) {
        out->failed = TRUE;
        return NULL;
    }
    guint8 *start = out->data + out->used;
    out->used += n;
    return start;
}

static void put(CelBytesOut *out, guint64 value, gsize n)
{
    guint8 *p = grow(out, n);
    for (gsize i = 0; p != NULL && i < n; i++)
        p[out->order == CEL_BIG_ENDIAN ? n - 1 - i : i] = (guint8)(value >> (8 * i));
}

void cel_bytes_put_u8(CelBytesOut *out, guint8 value)
{
    put(out, value, 1);
}

void cel_bytes_put_u16(CelBytesOut *out, guint16 value)
{
    put(out, value, 2);
}

void cel_bytes_put_u32(CelBytesOut *out, guint32 value)
{
    put(out, value, 4);
}

void cel_bytes_put_u64(CelBytesOut *out, guint64 value)
{
    put(out, value, 8);
}

void cel_bytes_put_f32(CelBytesOut *out, float value)
{
    guint32 bits = 0;
    memcpy(&bits, &value, sizeof bits);
    put(out, bits, sizeof bits);
}

void cel_bytes_put_f64(CelBytesOut *out, double value)
{
    guint64 bits = 0;
    memcpy(&bits, &value, sizeof bits);
    put(out, bits, sizeof bits);
}

void cel_bytes_put(CelBytesOut *out, const void *data, gsize n)
{
    guint8 *p = grow(out, n);
    if (p != NULL && n > 0)
        memcpy(p, data, n);
}

void cel_bytes_put_zeros(CelBytesOut *out, gsize n)
{
    guint8 *p = grow(out, n);
    if (p != NULL && n > 0)
        memset(p, 0, n);
}

void cel_bytes_put_text(CelBytesOut *out, const char *text, gsize width)
{
    const gsize length = strlen(text);
    guint8 *p = length <= width ? grow(out, width) : NULL;
    if (p == NULL) {
        out->failed = TRUE;
        return;
    }
    memcpy(p, text, length);
    memset(p + length, 0, width - length);
}
