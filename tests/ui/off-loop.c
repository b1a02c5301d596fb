/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing slow on the main loop: in the tests of the window the doors to files, ledger, keys and
 * readers are these (the linker's --wrap, see meson.build), and the door fails while the thread
 * that runs the main loop goes through it. What a test itself opens between two turns of the loop
 * is not meant. */
#include "base/cel-file.h"
#include "bench/cel-lab.h"
#include "evidence/cel-sealed.h"
#include "formats/cel-preview.h"
#include "formats/cel-reader.h"
#include "register/cel-register.h"

static void off_the_loop(const char *door)
{
    if (g_main_depth() > 0) /* lanes dispatch nothing */
        g_error("%s() on the main loop", door);
}

#define DOOR(type, name, parameters, arguments)                                                    \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        off_the_loop(#name);                                                                       \
        return __real_##name arguments;                                                            \
    }

DOOR(GBytes *, cel_file_read, (const char *path, gsize most, GError **error), (path, most, error))
DOOR(gboolean, cel_file_write, (const char *path, GBytes *bytes, guint mode, GError **error),
     (path, bytes, mode, error))
DOOR(gboolean, cel_file_create, (const char *path, GBytes *bytes, guint mode, GError **error),
     (path, bytes, mode, error))
DOOR(CelKey *, cel_key_load, (const char *path, const char *passphrase, GError **error),
     (path, passphrase, error))
DOOR(CelLab *, cel_lab_open, (const char *folder, GError **error), (folder, error))
DOOR(CelSealed *, cel_sealed_open, (const char *path, CelJob *job, GError **error),
     (path, job, error))
DOOR(GPtrArray *, cel_register_rows,
     (CelRegister * reg, CelRowKind kind, const CelRowQuery *query, GError **error),
     (reg, kind, query, error))
DOOR(gboolean, cel_register_visit,
     (CelRegister * reg, CelRowKind kind, const CelRowVisit *visit, GError **error),
     (reg, kind, visit, error))
DOOR(JsonObject *, cel_register_row,
     (CelRegister * reg, CelRowKind kind, const CelRowQuery *query, GError **error),
     (reg, kind, query, error))
DOOR(CelMeasurement *, cel_reader_load,
     (const char *path, const CelReadOptions *options, CelJob *job, GError **error),
     (path, options, job, error))
DOOR(CelPreview *, cel_reader_preview,
     (const char *path, const CelReadOptions *options, CelJob *job, GError **error),
     (path, options, job, error))
