/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-cache.h"

#include "base/cel-cpu.h"
#include "base/cel-file.h"

#include <gnu/libc-version.h>
#include <link.h>
#include <string.h>

enum { PROGRAM_MAX = 256 << 20, ID_LEAST = 16 };

typedef struct {
    const guint8 *bytes; /* in the program's own notes */
    gsize n;
} Id;

/* The linker's digest of all it put into the program. */
static Id id_in(const guint8 *notes, gsize size)
{
    const gsize word = 4, head = 3 * word;
    for (gsize at = 0; at + head <= size;) {
        guint32 n_name, n_text, type;
        memcpy(&n_name, notes + at, word);
        memcpy(&n_text, notes + at + word, word);
        memcpy(&type, notes + at + 2 * word, word);
        const gsize text = at + head + (n_name + word - 1) / word * word;
        if (text + n_text > size)
            break;
        if (type == NT_GNU_BUILD_ID && n_name == word &&
            memcmp(notes + at + head, "GNU", word) == 0)
            return (Id){notes + text, n_text};
        at = text + (n_text + word - 1) / word * word;
    }
    return (Id){NULL, 0};
}

/* The first object that is walked is the program itself. */
static int note_id(struct dl_phdr_info *info, size_t size, void *data)
{
    Id *id = data;
    for (guint i = 0; size > 0 && i < info->dlpi_phnum && id->bytes == NULL; i++)
        if (info->dlpi_phdr[i].p_type == PT_NOTE)
            *id = id_in((const guint8 *)(guintptr)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr),
                        info->dlpi_phdr[i].p_memsz);
    return 1;
}

static gboolean add_program(GChecksum *checksum)
{
    Id id = {NULL, 0};
    dl_iterate_phdr(note_id, &id);
    if (id.n >= ID_LEAST) {
        g_checksum_update(checksum, id.bytes, (gssize)id.n);
        return TRUE;
    }
    g_autoptr(GBytes) program = cel_file_read("/proc/self/exe", PROGRAM_MAX, NULL);
    gsize n = 0;
    const guint8 *data = program != NULL ? g_bytes_get_data(program, &n) : NULL;
    if (n > 0)
        g_checksum_update(checksum, data, (gssize)n);
    return n > 0;
}

gboolean cel_cache_program(GChecksum *checksum)
{
    const char *texts[] = {cel_cpu_path(), gnu_get_libc_version()};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_checksum_update(checksum, (const guchar *)texts[i], (gssize)strlen(texts[i]) + 1);
    return add_program(checksum);
}
