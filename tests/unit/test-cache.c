/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of a prepared library: never wrong, never in the way. */
#include "remove-folder.h"
#include "settled-file.h"

#include "match/cel-cache.h"
#include "match/cel-prepared.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const guint8 key[CEL_CACHE_KEY] = {1, 2, 3}, other_key[CEL_CACHE_KEY] = {1, 2, 4};
static const char text[] = "what was computed once";

static char *folder(void)
{
    return g_build_filename(g_get_user_cache_dir(), "celadon", "prepared", NULL);
}

static char *path_of(const guint8 of[CEL_CACHE_KEY])
{
    g_autofree char *in = folder();
    GString *name = g_string_new(NULL);
    for (gsize i = 0; i < CEL_CACHE_KEY; i++)
        g_string_append_printf(name, "%02x", of[i]);
    char *path = g_strdup_printf("%s/%s.prepared", in, name->str);
    g_string_free(name, TRUE);
    return path;
}

static void write_text(void)
{
    const CelCachePart parts[] = {{text, sizeof text}, {NULL, 0}, {text, 4}};
    g_assert_true(cel_cache_write(CEL_CACHE_PREPARED, key, parts, G_N_ELEMENTS(parts)));
}

static void what_was_written_is_there_again(void)
{
    write_text();
    g_autoptr(CelCache) cache = cel_cache_open(CEL_CACHE_PREPARED, key);
    g_assert_nonnull(cache);
    const CelCachePart part = cel_cache_part(cache, 0);
    g_assert_cmpuint(part.n_bytes, ==, sizeof text);
    g_assert_cmpstr(part.data, ==, text);
    g_assert_cmpuint((guintptr)part.data % 64, ==, 0);
    g_assert_cmpuint(cel_cache_part(cache, 1).n_bytes, ==, 0);
    g_assert_cmpuint(cel_cache_part(cache, 2).n_bytes, ==, 4);
    g_assert_cmpuint(cel_cache_part(cache, 3).n_bytes, ==, 0);
    g_assert_null(cel_cache_open(CEL_CACHE_PREPARED, other_key));
}

static void the_file_is_private(void)
{
    write_text();
    g_autofree char *path = path_of(key), *in = folder();
    GStatBuf info;
    g_assert_cmpint(g_stat(path, &info), ==, 0);
    g_assert_cmpuint(info.st_mode & 0777, ==, 0600);
    g_assert_cmpint(g_stat(in, &info), ==, 0);
    g_assert_cmpuint(info.st_mode & 0777, ==, 0700);
}

static void a_changed_byte_anywhere_is_noticed(void)
{
    write_text();
    g_autofree char *path = path_of(key), *bytes = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
    for (gsize i = 0; i < n; i += 7) {
        bytes[i] ^= 8;
        g_assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
        g_assert_cmpint(g_chmod(path, 0600), ==, 0);
        g_assert_null(cel_cache_open(CEL_CACHE_PREPARED, key));
        bytes[i] ^= 8;
    }
    g_assert_true(g_file_set_contents(path, bytes, (gssize)n - 64, NULL));
    g_assert_null(cel_cache_open(CEL_CACHE_PREPARED, key));
    g_unlink(path);
}

static void a_file_that_others_may_write_to_is_not_used(void)
{
    write_text();
    g_autofree char *path = path_of(key), *elsewhere = path_of(other_key);
    g_assert_cmpint(g_chmod(path, 0622), ==, 0);
    g_assert_null(cel_cache_open(CEL_CACHE_PREPARED, key));
    g_assert_cmpint(g_chmod(path, 0600), ==, 0);
    g_assert_cmpint(g_rename(path, elsewhere), ==, 0);
    g_assert_null(cel_cache_open(CEL_CACHE_PREPARED, other_key)); /* a file under another name */
    g_unlink(elsewhere);
}

static void where_nothing_can_be_written_nothing_is(void)
{
    g_autofree char *in = folder(), *above = g_path_get_dirname(in);
    g_autofree char *moved = g_strconcat(above, ".moved", NULL);
    const CelCachePart part = {text, sizeof text};
    write_text();
    g_assert_cmpint(g_rename(above, moved), ==, 0);
    g_assert_true(g_file_set_contents(above, "in the way", -1, NULL));
    g_assert_false(cel_cache_write(CEL_CACHE_PREPARED, key, &part, 1));
    g_assert_null(cel_cache_open(CEL_CACHE_PREPARED, key));
    g_unlink(above);
    g_assert_cmpint(g_rename(moved, above), ==, 0);
}

static void only_the_newest_files_stay(void)
{
    for (guint8 k = 0; k < cel_cache_kept(CEL_CACHE_PREPARED) + 3; k++) {
        const guint8 one[CEL_CACHE_KEY] = {9, k};
        const CelCachePart part = {text, sizeof text};
        g_assert_true(cel_cache_write(CEL_CACHE_PREPARED, one, &part, 1));
    }
    g_autofree char *in = folder();
    g_autoptr(GDir) dir = g_dir_open(in, 0, NULL);
    guint n = 0;
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL)
        n += g_str_has_suffix(name, ".prepared") ? 1 : 0;
    g_assert_cmpuint(n, <=, cel_cache_kept(CEL_CACHE_PREPARED));
}

/* ---- a file that is believed by its mark ---- */

enum { LARGE = 4 * CEL_CACHE_SMALL };
static const guint8 large_key[CEL_CACHE_KEY] = {7};

static gboolean large_opens(void)
{
    g_autoptr(CelCache) cache = cel_cache_open(CEL_CACHE_PREPARED, large_key);
    return cache != NULL;
}

static char *mark_path(void)
{
    g_autofree char *path = path_of(large_key);
    path[strlen(path) - strlen("prepared")] = '\0';
    return g_strconcat(path, "mark", NULL);
}

/* Changes a byte in place and leaves size and time of the content as they were. */
static void change_unseen(const char *path, off_t at)
{
    GStatBuf info;
    guint8 byte = 0;
    g_assert_cmpint(g_stat(path, &info), ==, 0);
    const int fd = g_open(path, O_RDWR, 0);
    g_assert_cmpint(pread(fd, &byte, 1, at), ==, 1);
    byte ^= 1;
    g_assert_cmpint(pwrite(fd, &byte, 1, at), ==, 1);
    const struct timespec times[] = {info.st_atim, info.st_mtim};
    g_assert_cmpint(futimens(fd, times), ==, 0);
    close(fd);
}

static void write_large(void)
{
    g_autofree guint8 *bytes = g_malloc0(LARGE);
    const CelCachePart part = {bytes, LARGE};
    g_assert_true(cel_cache_write(CEL_CACHE_PREPARED, large_key, &part, 1));
}

static void a_young_file_gets_no_mark(void)
{
    g_autofree char *mark = mark_path();
    write_large();
    g_assert_true(large_opens());
    g_assert_false(g_file_test(mark, G_FILE_TEST_EXISTS));
}

static void a_change_that_hides_its_time_is_noticed(void)
{
    g_autofree char *path = path_of(large_key), *mark = mark_path();
    write_large();
    settle_files();
    g_assert_true(large_opens());
    g_assert_true(g_file_test(mark, G_FILE_TEST_EXISTS));
    g_assert_true(large_opens());
    change_unseen(path, LARGE - 1);
    g_assert_false(large_opens());
    change_unseen(path, LARGE - 1);
    g_assert_true(large_opens());
    g_assert_cmpint(truncate(path, LARGE / 2), ==, 0);
    g_assert_false(large_opens());
}

static void a_mark_that_was_changed_says_nothing(void)
{
    g_autofree char *mark = mark_path(), *bytes = NULL;
    gsize n = 0;
    write_large();
    settle_files();
    g_assert_true(large_opens());
    g_assert_true(g_file_get_contents(mark, &bytes, &n, NULL));
    change_unseen(mark, (off_t)n - 60);
    g_assert_true(large_opens()); /* by its content */
}

static void what_is_mapped_can_be_checked_again(void)
{
    g_autofree char *path = path_of(large_key);
    write_large();
    g_autoptr(CelCache) cache = cel_cache_open(CEL_CACHE_PREPARED, large_key);
    g_assert_true(cel_cache_is_whole(cache));
    change_unseen(path, LARGE - 1);
    g_assert_false(cel_cache_is_whole(cache));
    cel_cache_discard(cache);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void what_was_cut_off_under_its_map_is_noticed(void)
{
    g_autofree char *path = path_of(large_key);
    for (off_t left = 0; left <= LARGE / 2; left += LARGE / 2) {
        write_large();
        g_autoptr(CelCache) cache = cel_cache_open(CEL_CACHE_PREPARED, large_key);
        g_assert_cmpint(truncate(path, left), ==, 0);
        g_assert_false(cel_cache_is_whole(cache));
        cel_cache_discard(cache);
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
}

/* Sound in itself, but not what was searched in. */
static void other_content_with_its_own_digest_in_place_is_noticed(void)
{
    g_autofree char *path = path_of(large_key), *other = NULL;
    g_autofree guint8 *bytes = g_malloc0(LARGE);
    const CelCachePart part = {bytes, LARGE};
    gsize n = 0;
    bytes[0] = 1;
    g_assert_true(cel_cache_write(CEL_CACHE_PREPARED, large_key, &part, 1));
    g_assert_true(g_file_get_contents(path, &other, &n, NULL));
    write_large();
    g_autoptr(CelCache) cache = cel_cache_open(CEL_CACHE_PREPARED, large_key);
    const int fd = g_open(path, O_WRONLY, 0);
    g_assert_cmpint(write(fd, other, n), ==, (gssize)n);
    close(fd);
    g_assert_false(cel_cache_is_whole(cache));
}

/* ---- what a matcher keeps ---- */

static CelView *made_view(guint i)
{
    enum { N = 900 };
    double x[N], y[N];
    guint8 mask[N] = {0};
    for (guint k = 0; k < N; k++) {
        x[k] = 200 + k + i % 3;
        y[k] = 1 + sin(k * (0.02 + 0.001 * i)) + 0.3 * cos(k * 0.3 + i);
    }
    mask[100 + i] = i % 2 == 0 ? 1 : 0;
    const CelCurve curve = {.x = x, .y = y, .mask = mask, .n = N};
    return cel_view_new(&curve);
}

enum { N_REFERENCES = 40 };

/* As a matcher does it. @out_made: how many views were computed. */
static CelSearch *prepare(CelPrepared *prepared, guint *out_made)
{
    double limit = 0;
    CelSearch *search = cel_prepared_search(prepared, &limit);
    *out_made = 0;
    if (search != NULL) {
        g_assert_cmpfloat(limit, ==, 0.875);
        for (guint i = 0; i < N_REFERENCES; i++)
            g_assert_cmpuint(cel_prepared_places(prepared)[i].substance, ==, i + 1);
        return search;
    }
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(CelEntry));
    CelPreparedPlace places[N_REFERENCES];
    for (guint i = 0; i < N_REFERENCES; i++) {
        const CelEntry entry = {i, made_view(i)};
        places[i] = (CelPreparedPlace){0, i + 1, 0};
        g_array_append_val(entries, entry);
        ++*out_made;
    }
    search = cel_search_new(entries);
    cel_search_hasten(search);
    cel_prepared_keep(prepared, search, places, 0.875);
    return search;
}

static CelIdentifyOptions options_of(const CelRecipe *recipe, double resolution_cm1)
{
    return (CelIdentifyOptions){.recipe = recipe, .resolution_cm1 = resolution_cm1};
}

static void assert_same_search(const CelSearch *a, const CelSearch *b)
{
    for (guint i = 0; i < 10; i++) {
        g_autoptr(CelView) sample = made_view(3 * i);
        const CelSearchOptions options = {.axis_u_cm1 = 1, .most = i};
        g_autoptr(GArray) one = cel_search_run(a, sample, &options);
        g_autoptr(GArray) other = cel_search_run(b, sample, &options);
        g_assert_cmpuint(one->len, ==, other->len);
        g_assert_cmpint(memcmp(one->data, other->data, one->len * sizeof(CelCandidate)), ==, 0);
    }
}

static void a_second_start_computes_nothing_and_finds_the_same(void)
{
    const CelIdentifyOptions options = options_of(NULL, 8);
    guint made = 0;
    g_autoptr(CelPrepared) first = cel_prepared_open(&options);
    g_autoptr(CelSearch) one = prepare(first, &made);
    g_assert_cmpuint(made, ==, N_REFERENCES);
    g_autoptr(CelPrepared) second = cel_prepared_open(&options);
    g_autoptr(CelSearch) other = prepare(second, &made);
    g_assert_cmpuint(made, ==, 0);
    assert_same_search(one, other);
    g_clear_pointer(&other, cel_search_free); /* before the file that its views are in */
}

static void other_settings_do_not_take_it(void)
{
    guint made = 0;
    const CelIdentifyOptions usual = options_of(NULL, 9);
    CelIdentifyOptions others[4] = {options_of(NULL, 9.5), usual, usual, usual};
    g_autoptr(CelRecipe) recipe = cel_recipe_default(785);
    others[1].recipe = recipe;
    others[2].drop.source = "rruff";
    others[3].reference_resolution_cm1 = 5;
    {
        g_autoptr(CelPrepared) first = cel_prepared_open(&usual);
        g_autoptr(CelSearch) one = prepare(first, &made);
        g_clear_pointer(&one, cel_search_free);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(CelPrepared) prepared = cel_prepared_open(&others[i]);
        double limit = 0;
        g_assert_null(cel_prepared_search(prepared, &limit));
    }
}

int main(int argc, char **argv)
{
    g_autofree char *home = g_dir_make_tmp("celadon-cache-XXXXXX", NULL);
    g_setenv("XDG_CACHE_HOME", home, TRUE);
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/cache/" #name, name)
    ADD(what_was_written_is_there_again);
    ADD(the_file_is_private);
    ADD(a_changed_byte_anywhere_is_noticed);
    ADD(a_file_that_others_may_write_to_is_not_used);
    ADD(where_nothing_can_be_written_nothing_is);
    ADD(only_the_newest_files_stay);
    ADD(a_young_file_gets_no_mark);
    ADD(a_change_that_hides_its_time_is_noticed);
    ADD(a_mark_that_was_changed_says_nothing);
    ADD(what_is_mapped_can_be_checked_again);
    ADD(what_was_cut_off_under_its_map_is_noticed);
    ADD(other_content_with_its_own_digest_in_place_is_noticed);
    ADD(a_second_start_computes_nothing_and_finds_the_same);
    ADD(other_settings_do_not_take_it);
    const int status = g_test_run();
    remove_folder(home);
    return status;
}
