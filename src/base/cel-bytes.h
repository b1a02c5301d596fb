/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The only way to numbers in bytes from outside (files, USB, EEPROM) and into them. Every access is
 * checked against the end; the first one that does not fit makes the cursor fail for good: from
 * then on it reads zeros or writes nothing, so that a parser asks once, at the end of a header.
 * Plain C without allocation: usable in the jailed child. Thread-safe: one thread a cursor.
 */

typedef enum { CEL_LITTLE_ENDIAN, CEL_BIG_ENDIAN } CelByteOrder;

/** CelBytes: a reading cursor on borrowed bytes; a plain value that may be copied. */
typedef struct {
    const guint8 *data;
    gsize size;
    gsize at;           /* 0..size */
    CelByteOrder order; /* of the numbers; may be changed between reads */
    gboolean failed;    /* an access did not fit; never cleared */
    gsize failed_at;    /* where that access began */
} CelBytes;

/** cel_bytes_of: Returns: a cursor at the start of @n borrowed bytes @data (nullable when @n is 0).
 */
CelBytes cel_bytes_of(const void *data, gsize n, CelByteOrder order);

/** cel_bytes_left: Returns: how many bytes lie before the end; 0 once it has failed. */
gsize cel_bytes_left(const CelBytes *bytes);

/** cel_bytes_take: steps over @n bytes. Returns: (transfer none) (nullable): where they lie, or
 * NULL when there are not so many. */
const guint8 *cel_bytes_take(CelBytes *bytes, gsize n);

/** cel_bytes_seek: the next read begins at @at, counted from the start. Returns: FALSE (and fails)
 * when that lies behind the end. */
gboolean cel_bytes_seek(CelBytes *bytes, gsize at);

/** cel_bytes_skip: steps over @n bytes. Returns: FALSE when there are not so many. */
gboolean cel_bytes_skip(CelBytes *bytes, gsize n);

/** cel_bytes_part: Returns: a cursor of the same order over the @n bytes from @offset, which starts
 * as failed when they do not all lie within @bytes. @bytes itself is not moved. */
CelBytes cel_bytes_part(const CelBytes *bytes, gsize offset, gsize n);

/** cel_bytes_has: Returns: TRUE when @count items of @item_bytes each lie ahead; overflow-safe, to
 * be asked before memory is taken for a count that came from outside. */
gboolean cel_bytes_has(const CelBytes *bytes, guint64 count, gsize item_bytes);

/** cel_bytes_u8 and the others: the next number in .order (floating point: IEEE 754), 0 when it
 * does not fit. */
guint8 cel_bytes_u8(CelBytes *bytes);
guint16 cel_bytes_u16(CelBytes *bytes);
guint32 cel_bytes_u32(CelBytes *bytes);
guint64 cel_bytes_u64(CelBytes *bytes);
gint16 cel_bytes_i16(CelBytes *bytes);
gint32 cel_bytes_i32(CelBytes *bytes);
gint64 cel_bytes_i64(CelBytes *bytes);
float cel_bytes_f32(CelBytes *bytes);
double cel_bytes_f64(CelBytes *bytes);

/**
 * cel_bytes_text:
 * @n: width of the field in bytes
 * @out: (out): the bytes up to the first zero, blanks at the end taken off, ended by a zero
 * @out_size: at least 1; a longer text is cut
 * Steps over a text field of fixed width. The bytes keep the encoding of the file.
 * Returns: FALSE, with an empty @out, when the field does not fit.
 */
gboolean cel_bytes_text(CelBytes *bytes, gsize n, char *out, gsize out_size);

/** CelBytesOut: a writing cursor on a borrowed buffer. */
typedef struct {
    guint8 *data;
    gsize capacity;
    gsize used; /* bytes written so far */
    CelByteOrder order;
    gboolean failed; /* something did not fit; it was not written; never cleared */
} CelBytesOut;

/** cel_bytes_out: Returns: a cursor that writes into the @capacity bytes of @data. */
CelBytesOut cel_bytes_out(void *data, gsize capacity, CelByteOrder order);

/** cel_bytes_put_u8 and the others: append a number in .order, or fail when it does not fit. */
void cel_bytes_put_u8(CelBytesOut *out, guint8 value);
void cel_bytes_put_u16(CelBytesOut *out, guint16 value);
void cel_bytes_put_u32(CelBytesOut *out, guint32 value);
void cel_bytes_put_u64(CelBytesOut *out, guint64 value);
void cel_bytes_put_f32(CelBytesOut *out, float value);
void cel_bytes_put_f64(CelBytesOut *out, double value);

/** cel_bytes_put: appends @n bytes of @data (nullable when @n is 0). */
void cel_bytes_put(CelBytesOut *out, const void *data, gsize n);

/** cel_bytes_put_zeros: appends @n zero bytes. */
void cel_bytes_put_zeros(CelBytesOut *out, gsize n);

/** cel_bytes_put_text: appends a field of @width bytes: @text, filled with zeros; fails when @text
 * is longer than the field. */
void cel_bytes_put_text(CelBytesOut *out, const char *text, gsize width);

G_END_DECLS
