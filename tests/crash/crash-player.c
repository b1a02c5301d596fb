/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-player-private.h"

#include <glib/gstdio.h>
#include <string.h>

enum { SECTOR = 512 };

/* One state being built: files by number, names to numbers (0: a folder). */
typedef struct {
    GHashTable *files, *names;
} World;

void crash_play_free(CrashPlay *play)
{
    for (guint i = 0; i < play->steps->len; i++)
        g_free(g_array_index(play->steps, Step, i).bytes);
    g_array_unref(play->steps);
    g_free(play);
}

CrashPlay *crash_play_read(const char *log)
{
    g_autofree char *data = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(log, &data, &n, NULL));
    CrashPlay *play = g_new0(CrashPlay, 1);
    play->steps = g_array_new(FALSE, FALSE, sizeof(Step));
    for (gsize at = 0; at < n;) {
        Step step;
        g_assert_cmpuint(n - at, >=, sizeof step.head);
        memcpy(&step.head, data + at, sizeof step.head);
        at += sizeof step.head;
        g_assert_cmpuint(step.head.op, <, CRASH_N_OPS);
        g_assert_cmpuint(step.head.length, <=, n - at);
        step.bytes = g_malloc0(step.head.length + 1);
        memcpy(step.bytes, data + at, step.head.length);
        at += step.head.length;
        g_array_append_val(play->steps, step);
    }
    return play;
}

gsize crash_play_length(const CrashPlay *play)
{
    return play->steps->len;
}

GPtrArray *crash_play_acks(const CrashPlay *play, gsize end)
{
    GPtrArray *acks = g_ptr_array_new();
    for (gsize i = 0; i < end; i++)
        if (step_at(play, i)->head.op == CRASH_ACK)
            g_ptr_array_add(acks, step_at(play, i)->bytes);
    return acks;
}

gboolean crash_play_can_tear(const CrashPlay *play, gsize end)
{
    return end < play->steps->len && step_at(play, end)->head.op == CRASH_WRITE &&
           step_at(play, end)->head.length > 1;
}

/* ---- applying steps ---- */

static void unref_bytes(gpointer bytes)
{
    g_byte_array_unref(bytes);
}

static void world_clear(World *world)
{
    g_hash_table_unref(world->files);
    g_hash_table_unref(world->names);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

static void world_init(World *world)
{
    world->files = g_hash_table_new_full(NULL, NULL, NULL, unref_bytes);
    world->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static GByteArray *content(World *world, guint file)
{
    GByteArray *bytes = g_hash_table_lookup(world->files, GUINT_TO_POINTER(file));
    if (bytes == NULL) {
        bytes = g_byte_array_new();
        g_hash_table_insert(world->files, GUINT_TO_POINTER(file), bytes);
    }
    return bytes;
}

static void resize(GByteArray *bytes, gsize size)
{
    const guint old = bytes->len;
    g_byte_array_set_size(bytes, (guint)size);
    if (size > old)
        memset(bytes->data + old, 0, size - old);
}

static void write_part(World *world, const Step *step, gsize from, gsize to)
{
    GByteArray *bytes = content(world, step->head.file);
    if (bytes->len < step->head.offset + to)
        resize(bytes, step->head.offset + to);
    memcpy(bytes->data + step->head.offset + from, step->bytes + from, to - from);
}

static void set_name(World *world, const char *name, guint file)
{
    g_hash_table_insert(world->names, g_strdup(name), GUINT_TO_POINTER(file));
}

static void rename_to(World *world, const char *from, const char *to)
{
    gpointer file = NULL;
    if (!g_hash_table_lookup_extended(world->names, from, NULL, &file))
        return; /* the name it had never reached the disk */
    set_name(world, to, GPOINTER_TO_UINT(file));
    g_hash_table_remove(world->names, from);
}

/* A folder moves with all that is in it. */
static void rename_step(World *world, const Step *step)
{
    const char *from = step->bytes, *to = step->bytes + strlen(step->bytes) + 1;
    g_autofree char *prefix = g_strconcat(from, "/", NULL);
    g_autoptr(GList) names = g_hash_table_get_keys(world->names);
    g_autoptr(GPtrArray) inside = g_ptr_array_new_with_free_func(g_free);
    for (const GList *l = names; l != NULL; l = l->next)
        if (g_str_has_prefix(l->data, prefix))
            g_ptr_array_add(inside, g_strdup(l->data));
    for (guint i = 0; i < inside->len; i++) {
        const char *name = g_ptr_array_index(inside, i);
        g_autofree char *moved = g_strconcat(to, name + strlen(from), NULL);
        rename_to(world, name, moved);
    }
    rename_to(world, from, to);
}

static void apply(World *world, const Step *step)
{
    switch ((CrashOp)step->head.op) {
    case CRASH_CREATE:
    case CRASH_LINK:
    case CRASH_FOLDER:
        set_name(world, step->bytes, step->head.file);
        break;
    case CRASH_WRITE:
        write_part(world, step, 0, step->head.length);
        break;
    case CRASH_TRUNCATE:
        resize(content(world, step->head.file), step->head.offset);
        break;
    case CRASH_RENAME:
        rename_step(world, step);
        break;
    case CRASH_UNLINK:
        g_hash_table_remove(world->names, step->bytes);
        break;
    default: /* nameless files come with their content; syncs and acknowledgements change nothing */
        break;
    }
}

/* ---- which steps are there ---- */

static gboolean is_content(const Step *step)
{
    return step->head.op == CRASH_WRITE || step->head.op == CRASH_TRUNCATE;
}

static const char *name_of(const Step *step)
{
    return step->head.op == CRASH_RENAME ? step->bytes + strlen(step->bytes) + 1 : step->bytes;
}

static gboolean is_name(const Step *step)
{
    return step->head.op == CRASH_CREATE || step->head.op == CRASH_LINK ||
           step->head.op == CRASH_FOLDER || step->head.op == CRASH_RENAME ||
           step->head.op == CRASH_UNLINK;
}

static gboolean in_folder(const char *name, const char *folder)
{
    g_autofree char *parent = g_path_get_dirname(name);
    return g_str_equal(g_str_equal(parent, ".") ? "" : parent, folder);
}

/* Whether @sync makes @step durable. A file that is synced is there under each name that its folder
 * knows; that is what folders are synced for. */
static gboolean makes_durable(const Step *sync, const Step *step)
{
    if (sync->head.op == CRASH_SYNC)
        return is_content(step) && step->head.file == sync->head.file;
    return sync->head.op == CRASH_SYNC_DIR && is_name(step) &&
           in_folder(name_of(step), sync->bytes);
}

static gboolean is_durable(const CrashPlay *play, gsize i, gsize end)
{
    for (gsize k = i + 1; k < end; k++)
        if (makes_durable(step_at(play, k), step_at(play, i)))
            return TRUE;
    return FALSE;
}

/* Each sector of a write may have come to the disk or not. */
static void apply_sectors(World *world, const Step *step, GRand *random)
{
    for (gsize from = 0; from < step->head.length;) {
        const gsize edge = SECTOR - (step->head.offset + from) % SECTOR;
        const gsize to = MIN(from + edge, step->head.length);
        if (g_rand_boolean(random))
            write_part(world, step, from, to);
        from = to;
    }
}

static void apply_pending(World *world, const Step *step, CrashKind kind, GRand *random)
{
    if (kind == CRASH_SYNCED)
        return;
    const int fate = g_rand_int_range(random, 0, 5);
    if (fate >= 3)
        apply(world, step);
    else if (fate == 2 && step->head.op == CRASH_WRITE)
        apply_sectors(world, step, random);
}

static void build(const CrashPlay *play, gsize end, CrashKind kind, GRand *random, World *world)
{
    for (gsize i = 0; i < end; i++) {
        const Step *step = step_at(play, i);
        if (kind == CRASH_ALL || kind == CRASH_TORN || is_durable(play, i, end))
            apply(world, step);
        else
            apply_pending(world, step, kind, random);
    }
    if (kind == CRASH_TORN && crash_play_can_tear(play, end))
        write_part(world, step_at(play, end), 0, step_at(play, end)->head.length / 2);
}

/* ---- onto the disk ---- */

void crash_remove(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            crash_remove(path);
        else
            g_unlink(path);
    }
    g_rmdir(folder);
}

static void put_file(const World *world, const char *folder, const char *name, guint file,
                     GChecksum *digest)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    const GByteArray *bytes = g_hash_table_lookup(world->files, GUINT_TO_POINTER(file));
    g_checksum_update(digest, (const guchar *)name, -1);
    if (file == 0) {
        g_mkdir_with_parents(path, 0700);
        return;
    }
    /* a folder whose own name was lost takes its files with it */
    if (!g_file_test(parent, G_FILE_TEST_IS_DIR))
        return;
    g_assert_true(g_file_set_contents_full(path, bytes != NULL ? (const char *)bytes->data : "",
                                           bytes != NULL ? (gssize)bytes->len : 0,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    if (bytes != NULL)
        g_checksum_update(digest, bytes->data, (gssize)bytes->len);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

char *crash_play_state(const CrashPlay *play, gsize end, CrashKind kind, GRand *random,
                       const char *folder)
{
    g_auto(World) world = {0};
    g_autoptr(GChecksum) digest = g_checksum_new(G_CHECKSUM_SHA256);
    world_init(&world);
    build(play, end, kind, random, &world);
    crash_remove(folder);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    /* in order, so that folders come before what is in them */
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(world.names), compare_names);
    for (const GList *l = names; l != NULL; l = l->next)
        put_file(&world, folder, l->data,
                 GPOINTER_TO_UINT(g_hash_table_lookup(world.names, l->data)), digest);
    return g_strdup(g_checksum_get_string(digest));
}
