/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/ocean-ooi.h"

#include "base/cel-bytes.h"
#include "base/cel-error.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
    SLOT_TEXT_BYTES = CEL_OOI_SLOT_BYTES - 2,
    FULL_SPEED = 0x00, /* byte 14 of the status */
    HIGH_SPEED = 0x80,
    GROUP_PIXELS = 64, /* of a shuffled frame */
    SHUFFLED_HIGH_BITS = 0x0F,
    MAYA_LEAST_SATURATION = 32768,
};

static gsize argument_bytes(CelOoiOpcode opcode)
{
    switch (opcode) {
    case CEL_OOI_INTEGRATION:
        return 4;
    case CEL_OOI_LAMP:
    case CEL_OOI_TRIGGER:
        return 2;
    case CEL_OOI_SLOT:
    case CEL_OOI_REGISTER:
        return 1;
    case CEL_OOI_INITIALISE:
    case CEL_OOI_SPECTRUM:
    case CEL_OOI_TEMPERATURE:
    case CEL_OOI_STATUS:
        break;
    }
    return 0;
}

CelOoiCommand cel_ooi_command(CelOoiOpcode opcode, guint32 argument)
{
    CelOoiCommand command = {0};
    CelBytesOut out = cel_bytes_out(command.bytes, sizeof command.bytes, CEL_LITTLE_ENDIAN);
    cel_bytes_put_u8(&out, (guint8)opcode);
    for (gsize i = 0; i < argument_bytes(opcode); i++)
        cel_bytes_put_u8(&out, (guint8)(argument >> (8 * i)));
    command.n = out.used;
    return command;
}

/* ---- stored texts ---- */

/* A cursor at what follows the echo of @slot; failed when @answer is another one. */
static CelBytes slot_content(const guint8 *answer, gsize n, guint8 slot)
{
    CelBytes bytes = cel_bytes_of(answer, n, CEL_LITTLE_ENDIAN);
    const gboolean is_echoed = cel_bytes_u8(&bytes) == CEL_OOI_SLOT && cel_bytes_u8(&bytes) == slot;
    if (!is_echoed || cel_bytes_left(&bytes) != SLOT_TEXT_BYTES)
        bytes.failed = TRUE;
    return bytes;
}

gboolean cel_ooi_slot_text(const guint8 *answer, gsize n, guint8 slot, char out[16])
{
    CelBytes bytes = slot_content(answer, n, slot);
    out[0] = '\0';
    const guint8 *text = cel_bytes_take(&bytes, SLOT_TEXT_BYTES);
    if (text == NULL)
        return FALSE;
    gsize start = 0, length = 0;
    while (start < SLOT_TEXT_BYTES && (text[start] == '\0' || text[start] == ' '))
        start++;
    /* What follows the first NUL is left over from a longer text. */
    while (start + length < SLOT_TEXT_BYTES && g_ascii_isprint((char)text[start + length]))
        length++;
    while (length > 0 && text[start + length - 1] == ' ')
        length--;
    for (gsize i = 0; i < length; i++)
        out[i] = (char)text[start + i];
    out[length] = '\0';
    return TRUE;
}

gboolean cel_ooi_number(const char *text, double limit, double *out_value)
{
    const char decimal = strchr(text, ',') != NULL ? ',' : '.';
    double value = 0.0;
    if (!cel_number_parse(text, strlen(text), decimal, &value) || !(fabs(value) <= limit))
        return FALSE;
    *out_value = value;
    return TRUE;
}

/* Returns: the count at which the detector is full; 0: not programmed. More than full scale would
 * hide saturation: such a count is none. */
static guint32 saturation_count(CelBytes *answer, const CelOceanModel *model)
{
    const gboolean is_maya = model->saturation == CEL_OCEAN_U16_AT_2;
    cel_bytes_seek(answer, is_maya ? 2 : 6);
    const gboolean is_long = model->saturation == CEL_OCEAN_U32_AT_6;
    const guint32 count = is_long ? cel_bytes_u32(answer) : cel_bytes_u16(answer);
    const guint32 least = is_maya ? MAYA_LEAST_SATURATION : 0;
    return count > least && count <= model->full_scale ? count : 0;
}

gboolean cel_ooi_saturation(const guint8 *answer, gsize n, const CelOceanModel *model,
                            double *out_scale)
{
    *out_scale = 1.0;
    CelBytes bytes = slot_content(answer, n, CEL_OOI_SLOT_SATURATION);
    if (bytes.failed)
        return FALSE;
    if (model->saturation == CEL_OCEAN_FULL_SCALE || model->saturation == CEL_OCEAN_NOT_KNOWN)
        return TRUE;
    const guint32 count = saturation_count(&bytes, model);
    if (count > 0)
        *out_scale = (double)model->full_scale / count;
    return TRUE;
}

/* ---- other answers ---- */

gboolean cel_ooi_status(const guint8 *answer, gsize n, CelOoiStatus *out)
{
    CelBytes bytes = cel_bytes_of(answer, n, CEL_LITTLE_ENDIAN);
    out->n_pixels = cel_bytes_u16(&bytes);
    out->integration = cel_bytes_u32(&bytes);
    out->lamp_on = cel_bytes_u8(&bytes) != 0;
    cel_bytes_seek(&bytes, 14);
    const guint8 speed = cel_bytes_u8(&bytes);
    out->is_high_speed = speed == HIGH_SPEED;
    return n == CEL_OOI_STATUS_BYTES && (speed == HIGH_SPEED || speed == FULL_SPEED);
}

gboolean cel_ooi_register(const guint8 *answer, gsize n, guint8 number, guint16 *out_value)
{
    CelBytes bytes = cel_bytes_of(answer, n, CEL_LITTLE_ENDIAN);
    const guint8 echo = cel_bytes_u8(&bytes);
    *out_value = cel_bytes_u16(&bytes);
    return n == CEL_OOI_REGISTER_BYTES && echo == number;
}

CelOoiVersion cel_ooi_version(guint16 value)
{
    return (CelOoiVersion){
        .major = value >> 12, .minor = (value >> 4) & 0xFFu, .patch = value & 0x0Fu};
}

gboolean cel_ooi_temperature(const guint8 *answer, gsize n, double *out_celsius)
{
    CelBytes bytes = cel_bytes_of(answer, n, CEL_LITTLE_ENDIAN);
    *out_celsius = cel_bytes_i16(&bytes) / 10.0;
    return n == CEL_OOI_TEMPERATURE_BYTES && fabs(*out_celsius) <= 100.0;
}

/* ---- frames ---- */

/* Pixel @pixel of a frame of blocks of 64 low bytes and 64 high bytes. */
static guint16 shuffled_pixel(const guint8 *bytes, gsize pixel)
{
    const guint8 *group = bytes + pixel / GROUP_PIXELS * (2 * GROUP_PIXELS);
    const gsize k = pixel % GROUP_PIXELS;
    const guint high = group[GROUP_PIXELS + k] & SHUFFLED_HIGH_BITS; /* the others float */
    return (guint16)(high << 8 | group[k]);
}

static gboolean check_frame(const guint8 *bytes, gsize n, const CelOceanModel *model,
                            GError **error)
{
    const gsize expected = cel_ocean_frame_bytes(model);
    if (n != expected) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The instrument sent a frame of %zu bytes instead of %zu. The measurement "
                      "is not usable. Repeat it."),
                    n, expected);
        return FALSE;
    }
    if (model->no_sync || bytes[n - 1] == CEL_OOI_SYNC)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument's frame is out of step: it ends in %02x instead of %02x. The "
                  "measurement is not usable. Repeat it."),
                bytes[n - 1], CEL_OOI_SYNC);
    return FALSE;
}

gboolean cel_ooi_frame(const guint8 *bytes, gsize n, const CelOceanModel *model, double scale,
                       double *out_counts, GError **error)
{
    if (!check_frame(bytes, n, model, error))
        return FALSE;
    CelBytes pixels = cel_bytes_of(bytes, n, CEL_LITTLE_ENDIAN);
    for (gsize i = 0; i < model->n_pixels; i++) {
        const guint16 raw = model->is_shuffled ? shuffled_pixel(bytes, i) : cel_bytes_u16(&pixels);
        out_counts[i] = MIN((raw ^ model->flip) * scale, model->full_scale);
    }
    return TRUE;
}

void cel_ooi_blank_serial(guint8 *data, gsize n)
{
    if (slot_content(data, n, CEL_OOI_SLOT_SERIAL).failed)
        return;
    for (gsize i = 2; i < n; i++) {
        if (data[i] != '\0')
            data[i] = 'X';
    }
}
