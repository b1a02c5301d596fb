/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

/* Small files in makers' binary formats, put together from the layouts that the readers cite. Each
 * test pokes into one of them; the fuzz corpus holds them as seeds. Little-endian throughout. */

static inline void poke(GByteArray *file, gsize at, guint64 value, guint width)
{
    if (file->len < at + width) {
        const guint old = file->len;
        g_byte_array_set_size(file, (guint)(at + width));
        memset(file->data + old, 0, file->len - old);
    }
    for (guint i = 0; i < width; i++)
        file->data[at + i] = (guint8)(value >> (8 * i));
}

static inline void poke_f32(GByteArray *file, gsize at, double value)
{
    const float narrow = (float)value;
    guint32 bits;
    memcpy(&bits, &narrow, sizeof bits);
    poke(file, at, bits, sizeof bits);
}

static inline void poke_f64(GByteArray *file, gsize at, double value)
{
    guint64 bits;
    memcpy(&bits, &value, sizeof bits);
    poke(file, at, bits, sizeof bits);
}

static inline void poke_text(GByteArray *file, gsize at, const char *text)
{
    for (gsize i = 0; text[i] != '\0'; i++)
        poke(file, at + i, (guint8)text[i], 1);
}

/* --- Renishaw WDF: five points, room for three spectra, two measured --- */

enum {
    WDF_POINTS = 5,
    WDF_ROOM = 3,
    WDF_MEASURED = 2,
    WDF_DATA = 512, /* block header */
    WDF_XLIST = WDF_DATA + 16 + 4 * WDF_POINTS * WDF_ROOM,
    WDF_ORIGIN = WDF_XLIST + 16 + 8 + 4 * WDF_POINTS,
    WDF_ORIGINS = 3, /* x, y, flags */
    WDF_TEXT = WDF_ORIGIN + 16 + 4 + WDF_ORIGINS * (24 + 8 * WDF_ROOM),
    WDF_BYTES = WDF_TEXT + 16 + 8,
};

static inline void poke_block(GByteArray *file, gsize at, const char *name, gsize size)
{
    poke_text(file, at, name);
    poke(file, at + 8, size, 8);
}

static inline void poke_wdf_header(GByteArray *file)
{
    poke_text(file, 0, "WDF1");
    poke(file, 4, 1, 4);
    poke(file, 8, 512, 8);
    poke(file, 0x3c, WDF_POINTS, 4);
    poke(file, 0x40, WDF_ROOM, 8);
    poke(file, 0x48, WDF_MEASURED, 8);
    poke(file, 0x50, 4, 4); /* accumulations */
    poke(file, 0x54, 1, 4);
    poke(file, 0x58, WDF_POINTS, 4);
    poke(file, 0x5c, WDF_ORIGINS, 4);
    poke_text(file, 0x60, "WiRE");
    poke(file, 0x88, G_GUINT64_CONSTANT(132223104000000000), 8); /* 2020-01-01 */
    poke_f32(file, 0x9c, 1e7 / 785.0);
    poke_text(file, 0xf0, "map of a bead");
}

static inline void poke_wdf_origin(GByteArray *file, guint nth, guint kind, guint unit)
{
    const gsize at = WDF_ORIGIN + 16 + 4 + nth * (24 + 8 * WDF_ROOM);
    poke(file, at, kind | 0x80000000u, 4);
    poke(file, at + 4, unit, 4);
    for (guint s = 0; s < WDF_ROOM; s++)
        poke_f64(file, at + 24 + 8 * s, kind == 17 ? 0.0 : 10.0 * nth + s);
}

static inline GByteArray *make_wdf(void)
{
    GByteArray *file = g_byte_array_new();
    poke_wdf_header(file);
    poke_block(file, WDF_DATA, "DATA", WDF_XLIST - WDF_DATA);
    for (guint s = 0; s < WDF_ROOM; s++) {
        for (guint i = 0; i < WDF_POINTS; i++)
            poke_f32(file, WDF_DATA + 16 + 4 * (s * WDF_POINTS + i), 100.0 * (s + 1) + i);
    }
    poke_block(file, WDF_XLIST, "XLST", WDF_ORIGIN - WDF_XLIST);
    poke(file, WDF_XLIST + 16, 1, 4);
    poke(file, WDF_XLIST + 20, 1, 4);
    for (guint i = 0; i < WDF_POINTS; i++)
        poke_f32(file, WDF_XLIST + 24 + 4 * i, 1000.0 - 10.0 * i);
    poke_block(file, WDF_ORIGIN, "ORGN", WDF_TEXT - WDF_ORIGIN);
    poke(file, WDF_ORIGIN + 16, WDF_ORIGINS, 4);
    poke_wdf_origin(file, 0, 3, 5);
    poke_wdf_origin(file, 1, 4, 5);
    poke_wdf_origin(file, 2, 17, 0);
    poke_block(file, WDF_TEXT, "TEXT", WDF_BYTES - WDF_TEXT);
    poke_text(file, WDF_TEXT + 16, "comment");
    poke(file, WDF_BYTES - 1, 0, 1);
    return file;
}

/* --- Bruker OPUS: one Raman spectrum of four points --- */

enum {
    OPUS_ROOM = 8,
    OPUS_DIRECTORY = 24,
    OPUS_DATA = 200,
    OPUS_POINTS = 4,
    OPUS_STATUS = 300,
    OPUS_OPTICS = 500,
    OPUS_SAMPLE = 600,
    OPUS_KIND_RAMAN = 0x280f, /* amplitude, ratio, data, Raman */
    OPUS_KIND_STATUS = 0x281f,
};

static inline void poke_opus_entry(GByteArray *file, guint nth, guint kind, gsize at, gsize size)
{
    const gsize entry = OPUS_DIRECTORY + 12 * (gsize)nth;
    poke(file, entry, kind, 4);
    poke(file, entry + 4, size / 4, 4);
    poke(file, entry + 8, at, 4);
}

/* A parameter of @width bytes; returns where the next one goes. Type 0: whole, 1: real, 2: text. */
static inline gsize poke_opus(GByteArray *file, gsize at, const char *name, guint type, guint width)
{
    poke_text(file, at, name);
    poke(file, at + 4, type, 2);
    poke(file, at + 6, width / 2, 2);
    return at + 8 + width;
}

static inline gsize poke_opus_whole(GByteArray *file, gsize at, const char *name, gint32 value)
{
    poke(file, at + 8, (guint32)value, 4);
    return poke_opus(file, at, name, 0, 4);
}

static inline gsize poke_opus_real(GByteArray *file, gsize at, const char *name, double value)
{
    poke_f64(file, at + 8, value);
    return poke_opus(file, at, name, 1, 8);
}

static inline gsize poke_opus_text(GByteArray *file, gsize at, const char *name, const char *value)
{
    poke_text(file, at + 8, value);
    return poke_opus(file, at, name, 2, 8);
}

static inline void poke_opus_status(GByteArray *file)
{
    gsize at = OPUS_STATUS;
    at = poke_opus_whole(file, at, "DPF", 1);
    at = poke_opus_whole(file, at, "NPT", OPUS_POINTS);
    at = poke_opus_real(file, at, "FXV", 400.0);
    at = poke_opus_real(file, at, "LXV", 100.0);
    at = poke_opus_real(file, at, "CSF", 2.0);
    at = poke_opus_real(file, at, "MXY", 8.0);
    at = poke_opus_real(file, at, "MNY", 2.0);
    at = poke_opus_text(file, at, "DXU", "WN");
    poke_opus(file, at, "END", 0, 0);
}

static inline GByteArray *make_opus(void)
{
    GByteArray *file = g_byte_array_new();
    poke(file, 0, 0xfefe0a0a, 4);
    poke_f64(file, 4, 920622.0);
    poke(file, 12, OPUS_DIRECTORY, 4);
    poke(file, 16, OPUS_ROOM, 4);
    poke(file, 20, 5, 4);
    poke_opus_entry(file, 0, 0x3400, OPUS_DIRECTORY, 12 * OPUS_ROOM);
    poke_opus_entry(file, 1, OPUS_KIND_RAMAN, OPUS_DATA, 4 * OPUS_POINTS);
    poke_opus_entry(file, 2, OPUS_KIND_STATUS, OPUS_STATUS, 200);
    poke_opus_entry(file, 3, 6 << 4, OPUS_OPTICS, 40);
    poke_opus_entry(file, 4, 10 << 4, OPUS_SAMPLE, 40);
    for (guint i = 0; i < OPUS_POINTS; i++)
        poke_f32(file, OPUS_DATA + 4 * i, 1.0 + i);
    poke_opus_status(file);
    gsize at = poke_opus_real(file, OPUS_OPTICS, "RLW", 1e7 / 1064.0);
    poke_opus(file, at, "END", 0, 0);
    at = poke_opus_text(file, OPUS_SAMPLE, "SNM", "ivory");
    poke_opus(file, at, "END", 0, 0);
    poke(file, 700, 0, 1);
    return file;
}

/* --- Thermo SPA: one Raman spectrum of four points --- */

enum {
    SPA_TABLE = 304,
    SPA_POINTS = 4,
    SPA_HEADER = 1000,
    SPA_VALUES = 1300,
    SPA_COMMENT = 1400,
};

static inline void poke_spa_record(GByteArray *file, guint nth, guint key, gsize at, gsize size)
{
    const gsize record = SPA_TABLE + 16 * (gsize)nth;
    poke(file, record, key, 1);
    poke(file, record + 2, at, 4);
    poke(file, record + 6, size, 4);
}

static inline GByteArray *make_spa(void)
{
    GByteArray *file = g_byte_array_new();
    poke_text(file, 0, "Spectral Data File");
    poke_text(file, 30, "turtle shell");
    poke(file, 294, 3, 2);
    poke_spa_record(file, 0, 2, SPA_HEADER, 256);
    poke_spa_record(file, 1, 3, SPA_VALUES, 4 * SPA_POINTS);
    poke_spa_record(file, 2, 4, SPA_COMMENT, 16);
    poke(file, SPA_HEADER + 4, SPA_POINTS, 4);
    poke(file, SPA_HEADER + 8, 0x20, 1);
    poke(file, SPA_HEADER + 12, 0x1f, 1);
    poke_f32(file, SPA_HEADER + 16, 400.0);
    poke_f32(file, SPA_HEADER + 20, 100.0);
    poke(file, SPA_HEADER + 36, 16, 4);
    poke_f32(file, SPA_HEADER + 96, 1e7 / 780.0);
    for (guint i = 0; i < SPA_POINTS; i++)
        poke_f32(file, SPA_VALUES + 4 * i, 1.5 * i);
    poke_text(file, SPA_COMMENT, "by hand");
    poke(file, SPA_COMMENT + 15, 0, 1);
    return file;
}

/* --- Princeton SPE: two frames of one row of four pixels --- */

enum { SPE_POINTS = 4, SPE_FRAMES = 2, SPE_DATA = 4100, SPE_XML = SPE_DATA + 2 * 2 * SPE_POINTS };

static inline void poke_spe_frames(GByteArray *file)
{
    poke(file, 4098, 0x5555, 2);
    for (guint i = 0; i < SPE_POINTS * SPE_FRAMES; i++)
        poke(file, SPE_DATA + 2 * i, 1000 + i, 2);
}

static inline GByteArray *make_spe2(void)
{
    GByteArray *file = g_byte_array_new();
    poke_spe_frames(file);
    poke_f32(file, 10, 0.25); /* s */
    poke(file, 42, SPE_POINTS, 2);
    poke(file, 108, 3, 2);
    poke_text(file, 200, "first comment");
    poke(file, 656, 1, 2);
    poke(file, 668, 5, 4);
    poke(file, 1446, SPE_FRAMES, 4);
    poke(file, 1510, 1, 2);
    poke(file, 1512, 1, 2); /* the first pixel */
    poke(file, 1516, 1, 2); /* not binned */
    poke_f32(file, 1992, 2.5);
    poke(file, 2996, 0x01234567, 4);
    poke(file, 3098, 1, 1);
    poke(file, 3100, 4, 1); /* nm */
    poke(file, 3101, 2, 1);
    poke_f64(file, 3263, 800.0);
    poke_f64(file, 3271, 0.5);
    poke_f64(file, 3279, 0.25);
    poke_f64(file, 3311, 785.0);
    return file;
}

#define SPE_FOOTER                                                                                 \
    "<?xml version=\"1.0\"?><SpeFormat version=\"3.0\" xmlns=\"x\"><!-- a -- > comment -->"        \
    "<DataFormat><DataBlock type=\"Frame\" count=\"2\" pixelFormat=\"MonochromeUnsigned16\" "      \
    "size=\"8\" stride=\"8\" calibrations=\"1\"><DataBlock type=\"Region\" count=\"1\" "           \
    "width=\"4\" height=\"1\" size=\"8\" stride=\"8\" /></DataBlock></DataFormat><Calibrations>"   \
    "<WavelengthMapping id=\"1\" orientation=\"Normal\" laserLine=\"532\"><Wavelength "            \
    "xml:space=\"preserve\">534.25,534.5,534.75,535.5</Wavelength></WavelengthMapping>"            \
    "</Calibrations><DataHistories><Origin software=\"LightField\"><Camera model=\"a > b\" "       \
    "serialNumber='7'/><ShutterTiming><ExposureTime type=\"Double\">100</ExposureTime>"            \
    "</ShutterTiming></Origin></DataHistories></SpeFormat>"

static inline GByteArray *make_spe3(const char *footer)
{
    GByteArray *file = g_byte_array_new();
    poke_spe_frames(file);
    poke_f32(file, 1992, 3.0);
    poke(file, 678, SPE_XML, 8);
    poke_text(file, SPE_XML, footer);
    return file;
}
