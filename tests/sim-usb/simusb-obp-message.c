/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-obp.h"

#include <string.h>

/* Offsets of the header; all little endian. */
enum {
    AT_VERSION = 2,
    AT_FLAGS = 4,
    AT_ERROR = 6,
    AT_TYPE = 8,
    AT_REGARDING = 12,
    AT_CHECKSUM_TYPE = 22,
    AT_IMMEDIATE_LENGTH = 23,
    AT_IMMEDIATE = 24,
    AT_REMAINING = 40,
    HEADER_BYTES = 44,
    IMMEDIATE_BYTES = 16,
    CHECKSUM_BYTES = 16,
    FOOTER_BYTES = 4,
    TAIL_BYTES = CHECKSUM_BYTES + FOOTER_BYTES,
    LEAST_BYTES = HEADER_BYTES + TAIL_BYTES,
    VERSION = 0x1100,
    CHECKSUM_NONE = 0,
    CHECKSUM_MD5 = 1,
};
static const guint8 magic[2] = {0xC1, 0xC0};
static const guint8 footer[FOOTER_BYTES] = {0xC5, 0xC4, 0xC3, 0xC2};

static void put(guint8 *at, guint32 value, guint bytes)
{
    for (guint i = 0; i < bytes; i++)
        at[i] = (guint8)(value >> (8 * i));
}

static guint32 get(const guint8 *at, guint bytes)
{
    guint32 value = 0;
    for (guint i = 0; i < bytes; i++)
        value |= (guint32)at[i] << (8 * i);
    return value;
}

GByteArray *simobp_message_write(const SimObpMessage *message)
{
    const gboolean immediate = message->n <= IMMEDIATE_BYTES;
    const guint payload = immediate ? 0 : (guint)message->n;
    GByteArray *bytes = g_byte_array_sized_new(LEAST_BYTES + payload);
    g_byte_array_set_size(bytes, LEAST_BYTES + payload);
    guint8 *at = bytes->data;
    memset(at, 0, bytes->len);
    memcpy(at, magic, sizeof magic);
    put(at + AT_VERSION, VERSION, 2);
    put(at + AT_FLAGS, message->flags, 2);
    put(at + AT_ERROR, message->error, 2);
    put(at + AT_TYPE, message->type, 4);
    put(at + AT_REGARDING, message->regarding, 4);
    put(at + AT_REMAINING, payload + TAIL_BYTES, 4);
    if (immediate)
        at[AT_IMMEDIATE_LENGTH] = (guint8)message->n;
    if (message->n > 0)
        memcpy(at + (immediate ? AT_IMMEDIATE : HEADER_BYTES), message->data, message->n);
    memcpy(at + HEADER_BYTES + payload + CHECKSUM_BYTES, footer, sizeof footer);
    return bytes;
}

static gboolean checksum_fits(const guint8 *bytes, gsize before)
{
    guint8 digest[CHECKSUM_BYTES];
    gsize n = sizeof digest;
    g_autoptr(GChecksum) md5 = g_checksum_new(G_CHECKSUM_MD5);
    g_checksum_update(md5, bytes, (gssize)before);
    g_checksum_get_digest(md5, digest, &n);
    return memcmp(digest, bytes + before, sizeof digest) == 0;
}

SimObpError simobp_message_read(const guint8 *bytes, gsize n, SimObpMessage *out)
{
    memset(out, 0, sizeof *out);
    if (n < LEAST_BYTES || memcmp(bytes, magic, sizeof magic) != 0)
        return SIMOBP_PROTOCOL;
    out->flags = (guint16)get(bytes + AT_FLAGS, 2);
    out->error = (guint16)get(bytes + AT_ERROR, 2);
    out->type = get(bytes + AT_TYPE, 4);
    out->regarding = get(bytes + AT_REGARDING, 4);
    const gsize remaining = get(bytes + AT_REMAINING, 4);
    if (get(bytes + AT_VERSION, 2) != VERSION)
        return SIMOBP_PROTOCOL;
    if (remaining != n - HEADER_BYTES)
        return SIMOBP_LENGTH;
    if (memcmp(bytes + n - FOOTER_BYTES, footer, sizeof footer) != 0)
        return SIMOBP_PROTOCOL;
    if (bytes[AT_CHECKSUM_TYPE] == CHECKSUM_MD5 && !checksum_fits(bytes, n - TAIL_BYTES))
        return SIMOBP_CHECKSUM;
    const gsize payload = remaining - TAIL_BYTES;
    const gsize immediate = bytes[AT_IMMEDIATE_LENGTH];
    if (immediate > IMMEDIATE_BYTES || (immediate > 0 && payload > 0))
        return SIMOBP_LENGTH;
    out->data = immediate > 0 ? bytes + AT_IMMEDIATE : bytes + HEADER_BYTES;
    out->n = immediate > 0 ? immediate : payload;
    return SIMOBP_OK;
}

guint32 simobp_message_number(const SimObpMessage *message)
{
    guint32 value = 0;
    for (gsize i = 0; i < MIN(message->n, 4); i++)
        value |= (guint32)message->data[i] << (8 * i);
    return value;
}

double simobp_message_real(const SimObpMessage *message)
{
    const guint32 bits = simobp_message_number(message);
    float value = 0.0f;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}
