/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "long-check.h"
#include "remove-folder.h"
#include "settled-file.h"

#include "base/cel-error.h"
#include "formats/cel-reader.h"
#include "formats/cel-writer.h"
#include "h5/cel-h5.h"
#include "match/cel-library-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define HEAD "id: pe\nname_en: Polyethylene\nname_zh: 聚乙烯\nclass: polymer\nfield: water\n"
#define GOOD                                                                                       \
    "# reviewed\n" HEAD "lookalikes: eva beeswax\nceiling: substance\nusable: yes\n\nbands:\n"     \
    "1062.5 | 61 | 9.7 | 785 | measured | C-C stretch | set/pe.csv\n"                              \
    "1129.2 | 67 | - | - | recalled | | from memory\n"

static gboolean add(CelLibraryBuilder *builder, const char *text, GError **error)
{
    return cel_library_builder_add_text(builder, text, "pe.substance", error);
}

static void text_becomes_a_substance(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
    g_assert_true(add(builder, GOOD, &error));
    g_assert_no_error(error);
    g_autoptr(CelLibrary) library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    const CelSubstance *s = cel_library_find(library, "pe");
    g_assert_nonnull(s);
    g_assert_true(s == cel_library_substance(library, 0));
    g_assert_cmpstr(s->name_zh, ==, "聚乙烯");
    g_assert_cmpstr(s->cas, ==, "");
    g_assert_cmpstr(s->library, ==, "lib");
    g_assert_cmpstr(s->lookalikes[1], ==, "beeswax");
    g_assert_null(s->lookalikes[2]);
    g_assert_cmpuint(s->n_bands, ==, 2);
    g_assert_cmpfloat_with_epsilon(s->bands[0].shift_cm1, 1062.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(s->bands[0].laser_nm, 785.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(s->bands[1].fwhm_cm1, 0.0, 1e-12);
    g_assert_cmpint(s->bands[1].status, ==, CEL_STATUS_RECALLED);
    g_assert_cmpstr(s->bands[1].source, ==, "from memory");
    g_assert_cmpuint(s->n_references, ==, 0);
}

static void text_errors_name_file_and_line(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"id pe\n", "pe.substance:1: expected"},
        {"\n\ncolour: red\n", "pe.substance:3: unknown key"},
        {"id: pe\nid: pe\n", "pe.substance:2: the key “id” is there twice"},
        {"id: PE\n", "pe.substance:1: the id"},
        {"id: pe\ncas:\n", "pe.substance:2: the key “cas” has no value"},
        {"id: pe\nname_en: x\n", "pe.substance:2: the key “name_zh” is missing"},
        {"bands:\n1 | 2\n", "pe.substance:2: a band has 7 cells"},
        {"bands:\n49 | 2 | - | - | measured | | s\n", "pe.substance:2: shift “49”"},
        {"bands:\n4001 | 2 | - | - | measured | | s\n", "pe.substance:2: shift"},
        {"bands:\nnan | 2 | - | - | measured | | s\n", "pe.substance:2: shift"},
        {"bands:\n- | 2 | - | - | measured | | s\n", "pe.substance:2: a band needs a shift"},
        {"bands:\n100 | 0 | - | - | measured | | s\n", "pe.substance:2: intensity"},
        {"bands:\n100 | 5 | 0 | - | measured | | s\n", "pe.substance:2: fwhm"},
        {"bands:\n100 | 5 | - | 7 | measured | | s\n", "pe.substance:2: laser"},
        {"bands:\n100 | 5 | - | - | guessed | | s\n", "pe.substance:2: status"},
        {"bands:\n100 | 5 | - | - | measured | |\n", "pe.substance:2: a band needs a source"},
        {"bands:\n100 | 5 | - | - | measured | | s\n100 | 5 | - | - | measured | | s\n",
         "pe.substance:3: bands stand in rising order"},
        {"# \xff\n", "pe.substance:1: the text is not UTF-8"},
        {HEAD "usable: yes\nceiling: lead\n", "pe.substance:7: “usable: no-data”"},
        {HEAD "usable: maybe\nceiling: lead\n", "pe.substance:7: usable “maybe”"},
        {HEAD "usable: no-data\nceiling: substance\n", "pe.substance:7: the ceiling of"},
        {HEAD "usable: no-data\nceiling: found\n", "pe.substance:7: the ceiling “found”"},
        {HEAD "usable: no-data\nceiling: group:x\n", "pe.substance:7: the ceiling “group:x”"},
        {HEAD "usable: no-data\nceiling: lead\nlookalikes: a  b\n", "pe.substance:8: look-alike"},
        {HEAD "usable: no-data\nceiling: lead\nlookalikes: a a\n", "pe.substance:8: look-alike"},
        {HEAD "usable: no-data\nceiling: lead\nlookalikes: pe\n", "pe.substance:8: a substance"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
        g_assert_false(add(builder, rows[i].text, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        if (!g_str_has_prefix(error->message, rows[i].message))
            g_error("row %zu: %s", i, error->message);
    }
}

static void recalled_bands_alone_are_never_more_than_a_lead(void)
{
    static const char row[] = "bands:\n100 | 5 | - | - | recalled | | memory\n";
    static const char *const ends[] = {"usable: yes\nceiling: lead\n",
                                       "usable: provisional\nceiling: substance\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat(HEAD, ends[i], row, NULL);
        g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
        g_assert_false(add(builder, text, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
    g_autofree char *text = g_strconcat(HEAD, "usable: provisional\nceiling: lead\n", row, NULL);
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
    g_assert_true(add(builder, text, NULL));
}

static void an_id_cannot_be_added_twice(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
    g_assert_true(add(builder, GOOD, &error));
    g_assert_false(add(builder, GOOD, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "already"));
}

static void an_empty_library_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
    g_assert_null(cel_library_builder_finish(builder, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

/* --- files --- */

typedef struct {
    char *folder, *path;
} Place;

static Place place_new(const char *name)
{
    g_autoptr(GError) error = NULL;
    Place place = {.folder = g_dir_make_tmp("celadon-library-XXXXXX", &error)};
    g_assert_no_error(error);
    place.path = g_build_filename(place.folder, name, NULL);
    return place;
}

static void place_clear(Place *place)
{
    remove_folder(place->folder);
    g_free(place->folder);
    g_free(place->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static void put(const Place *place, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(place->folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static CelLibraryBuilder *small_builder(void)
{
    static const double x[] = {100.0, 101.5, 103.0};
    static const float y[] = {1.0F, 250.25F, -3.0F};
    g_autoptr(GError) error = NULL;
    CelLibraryBuilder *builder = cel_library_builder_new("small", "7");
    const CelSubstance quartz = {.id = "石英",
                                 .name_en = "Quartz",
                                 .class_id = "mineral",
                                 .ceiling = "substance",
                                 .usable = "yes"};
    const CelReference reference = {.name = "q.csv",
                                    .laser_nm = 532.0,
                                    .grade = CEL_GRADE_B,
                                    .source = "lab",
                                    .licence = "own",
                                    .extra = "{\"lot\":\"1\"}",
                                    .baseline_removed = TRUE,
                                    .n = 3,
                                    .x = x,
                                    .y = y};
    const CelLibraryKind group = {"g", "group", "组", "limit", "限", "DNA", "检", "group", ""};
    g_assert_true(cel_library_builder_add_reference(builder, &quartz, &reference, &error));
    g_assert_true(add(builder, GOOD, &error));
    g_assert_true(cel_library_builder_add_reference(builder, &quartz, &reference, &error));
    g_assert_no_error(error);
    cel_library_builder_add_kind(builder, &group, FALSE);
    return builder;
}

static void check_small(const CelLibrary *library)
{
    const CelSubstance *quartz = cel_library_find(library, "石英");
    g_assert_cmpuint(cel_library_size(library), ==, 2);
    g_assert_cmpstr(cel_library_name(library), ==, "small");
    g_assert_cmpstr(cel_library_version(library), ==, "7");
    g_assert_cmpuint(quartz->n_references, ==, 2);
    g_assert_cmpuint(quartz->n_bands, ==, 0);
    const CelReference *second = &quartz->references[1];
    g_assert_cmpstr(second->extra, ==, "{\"lot\":\"1\"}");
    g_assert_cmpint(second->grade, ==, CEL_GRADE_B);
    g_assert_true(second->baseline_removed);
    g_assert_cmpuint(second->n, ==, 3);
    g_assert_cmpfloat_with_epsilon(second->x[1], 101.5, 1e-12);
    g_assert_cmpfloat_with_epsilon((double)second->y[1], 250.25, 1e-12);
    g_assert_cmpuint(cel_library_find(library, "pe")->n_bands, ==, 2);
    g_assert_cmpstr(cel_library_group(library, "g")->limit_zh, ==, "限");
    g_assert_null(cel_library_group(library, "h"));
    g_assert_null(cel_library_class(library, "mineral"));
}

static void a_file_reads_back_as_the_library_in_memory(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("small.library.h5");
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    g_autoptr(CelLibrary) memory = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    check_small(memory);
    g_assert_true(cel_library_builder_write(builder, place.path, &error));
    g_assert_no_error(error);
    g_autoptr(CelLibrary) file = cel_library_open(place.path, NULL, &error);
    g_assert_no_error(error);
    check_small(file);
    g_assert_cmpstr(cel_library_sha256(file), ==, cel_library_sha256(memory));
    g_assert_cmpuint(strlen(cel_library_sha256(file)), ==, 64);
}

/* One byte of the only kept library's file is changed where it lies. */
static void damage_kept(const char *home)
{
    g_autofree char *folder = g_build_filename(home, "celadon", "prepared", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(name, ".library"))
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        FILE *file = g_fopen(path, "r+");
        g_assert_cmpint(fseek(file, -1, SEEK_END), ==, 0);
        fputc(7, file);
        fclose(file);
    }
}

static void what_is_mapped_at_the_next_opening_is_the_same(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("small.library.h5");
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    g_assert_true(cel_library_builder_write(builder, place.path, &error));
    settle_files();
    g_assert_null(cel_library_recall(place.path));
    g_autoptr(CelLibrary) parsed = cel_library_open(place.path, NULL, &error);
    g_autoptr(CelLibrary) mapped = cel_library_recall(place.path);
    g_assert_nonnull(mapped);
    check_small(mapped);
    g_assert_cmpstr(cel_library_sha256(mapped), ==, cel_library_sha256(parsed));
    g_assert_null(cel_library_find(mapped, "no such id"));
    g_assert_true(cel_library_is_whole(mapped));
    damage_kept(g_get_user_cache_dir());
    g_assert_false(cel_library_is_whole(mapped));
    g_assert_null(cel_library_recall(place.path));
    g_autoptr(CelLibrary) again = cel_library_open(place.path, NULL, &error);
    check_small(again);
    g_autoptr(CelLibrary) kept_again = cel_library_recall(place.path);
    g_assert_nonnull(kept_again);
}

static void another_file_in_its_place_is_read_again(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("small.library.h5");
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    g_assert_true(cel_library_builder_write(builder, place.path, &error));
    settle_files();
    g_autoptr(CelLibrary) first = cel_library_open(place.path, NULL, &error);
    const CelSubstance more = {.id = "more", .name_en = "More"};
    g_assert_true(cel_library_builder_add_reference(builder, &more, NULL, &error));
    g_assert_true(cel_library_builder_write(builder, place.path, &error));
    g_autoptr(CelLibrary) second = cel_library_open(place.path, NULL, &error);
    g_assert_null(cel_library_find(first, "more"));
    g_assert_nonnull(cel_library_find(second, "more"));
}

static void read_slowly(const char *stage, guint64 done, guint64 total, gpointer data)
{
    (void)stage, (void)done, (void)total;
    if ((*(guint *)data)++ == 0)
        g_usleep(3200 * 1000);
}

static void what_was_young_when_the_reading_began_is_not_kept(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("small.library.h5");
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    guint calls = 0;
    g_autoptr(CelJob) job = cel_job_new(NULL, read_slowly, &calls);
    g_assert_true(cel_library_builder_write(builder, place.path, &error));
    g_autoptr(CelLibrary) read = cel_library_open(place.path, job, &error);
    g_assert_true(read != NULL && calls > 0);
    g_assert_null(cel_library_recall(place.path));
}

static void any_other_content_has_another_digest(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    g_auto(CelLibraryParts) parts = {{NULL}};
    g_assert_true(cel_library_builder_parts(builder, &parts, &error));
    g_autofree char *digest = cel_library_parts_digest(&parts, &error);
    for (guint i = 0; i < CEL_N_PARTS; i++) {
        gsize size = 0;
        g_autoptr(GBytes) before = g_bytes_ref(parts.blocks[i]);
        const guint8 *data = g_bytes_get_data(before, &size);
        g_assert_cmpuint(size, >, 0);
        guint8 *changed = g_memdup2(data, size);
        changed[size - 1] ^= 1;
        g_bytes_unref(parts.blocks[i]);
        parts.blocks[i] = g_bytes_new_take(changed, size);
        g_autofree char *other = cel_library_parts_digest(&parts, &error);
        g_assert_cmpstr(other, !=, digest);
        g_bytes_unref(parts.blocks[i]);
        parts.blocks[i] = g_bytes_ref(before);
    }
}

/* Opens the small library with one byte of its file changed or its end cut off. */
static CelLibrary *open_damaged(gsize cut, gssize flip, GError **error)
{
    g_auto(Place) place = place_new("small.library.h5");
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    g_assert_true(cel_library_builder_write(builder, place.path, NULL));
    g_autofree char *data = NULL;
    gsize size = 0;
    g_assert_true(g_file_get_contents(place.path, &data, &size, NULL));
    if (flip >= 0)
        data[(gsize)flip % size] ^= 0x20;
    if (cut > 0)
        size -= 1 + (cut - 1) % (size - 9); /* the signature stays */
    g_assert_true(g_file_set_contents(place.path, data, (gssize)size, NULL));
    return cel_library_open(place.path, NULL, error);
}

static void a_truncated_file_is_refused(void)
{
    const guint trials = long_count(16);
    g_autoptr(GRand) random = g_rand_new_with_seed(20260315);
    for (guint i = 0; i < trials; i++) {
        const gsize cut = i == 0 ? 1 : (gsize)g_rand_int_range(random, 1, 1 << 20);
        g_autoptr(GError) error = NULL;
        g_assert_null(open_damaged(cut, -1, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, "small.library.h5"));
    }
    g_test_message("%u truncations: all refused", trials);
}

static void a_changed_byte_never_changes_the_library(void)
{
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    g_autoptr(CelLibrary) right = cel_library_builder_finish(builder, NULL);
    guint refused = 0;
    const guint trials = long_count(30);
    for (guint i = 0; i < trials; i++) {
        const gssize at = 97 + 397 * (gssize)i; /* taken round the end of the file */
        g_autoptr(GError) error = NULL;
        g_autoptr(CelLibrary) library = open_damaged(0, at, &error);
        refused += library == NULL ? 1 : 0;
        if (library == NULL)
            g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        else /* the byte belonged to nothing that is read */
            g_assert_cmpstr(cel_library_sha256(library), ==, cel_library_sha256(right));
    }
    g_test_message("%u changed bytes: %u refused, %u without effect, 0 silent", trials, refused,
                   trials - refused);
    g_assert_cmpuint(refused, >, 0);
}

static void put_tree(const CelLibraryParts *parts, const char *sha256, const char *path)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_attr_text(root, "format", "celadon.library");
    cel_h5_attr_text(root, "sha256", sha256);
    cel_h5_put_bytes(root, "index", g_bytes_get_data(parts->blocks[CEL_PART_INDEX], NULL),
                     g_bytes_get_size(parts->blocks[CEL_PART_INDEX]));
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, NULL);
    g_assert_true(g_file_set_contents(path, g_bytes_get_data(image, NULL),
                                      (gssize)g_bytes_get_size(image), NULL));
}

static void a_file_with_a_foreign_digest_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("x.h5");
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    g_auto(CelLibraryParts) parts = {{NULL}};
    g_assert_true(cel_library_builder_parts(builder, &parts, &error));
    g_autofree char *digest = cel_library_parts_digest(&parts, &error);
    put_tree(&parts, digest, place.path); /* the index is whole, the columns are gone */
    g_assert_null(cel_library_open(place.path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "digest"));
}

static void an_index_that_does_not_fit_its_columns_is_refused(void)
{
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    for (guint i = 0; i < CEL_N_PARTS; i++) {
        g_autoptr(GError) error = NULL;
        g_auto(CelLibraryParts) parts = {{NULL}};
        g_assert_true(cel_library_builder_parts(builder, &parts, NULL));
        g_bytes_unref(parts.blocks[i]);
        parts.blocks[i] = g_bytes_new(NULL, 0);
        g_assert_null(cel_library_from_parts(&parts, "", &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

/* The small library's index with the first @from replaced by @to. */
static void change_index(CelLibraryParts *parts, const char *from, const char *to)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(parts->blocks[CEL_PART_INDEX], &size);
    g_autofree char *text = g_strndup(data, size);
    char *at = strstr(text, from);
    g_assert_nonnull(at);
    *at = '\0';
    char *changed = g_strconcat(text, to, at + strlen(from), NULL);
    g_bytes_unref(parts->blocks[CEL_PART_INDEX]);
    parts->blocks[CEL_PART_INDEX] = g_bytes_new_take(changed, strlen(changed));
}

static void a_forged_index_is_refused(void)
{
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"celadon.library/1", "celadon.library/2"},
        {"\"points\":3", "\"points\":7"},
        {"\"points\":3", "\"points\":1"},
        {"\"points\":3", "\"points\":-3"},
        {"\"points\":3", "\"points\":\"3\""},
        {"\"grade\":1", "\"grade\":9"},
        {"\"grade\":1", "\"grade\":-1"},
        {"\"id\":\"pe\"", "\"id\":\"石英\""},
        {"\"id\":\"pe\"", "\"id\":\"\""},
        {"\"id\":\"pe\"", "\"id\": \"pe\""},
        {"[\"\",\"from memory\"]", "[\"\"]"},
        {"[\"\",\"from memory\"]", "7"},
        {",[\"\",\"from memory\"]", ""},
        {"\"ceiling\":\"substance\"", "\"ceiling\":\"group:\""},
        {"\"ceiling\":\"substance\"", "\"ceiling\":7"},
        {"\"groups\":[{", "\"groups\":[7,{"},
        {"\"substances\":[{", "\"substances\":[[],{"},
        {"\"references\":[{", "\"references\":[false,{"},
    };
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(CelLibraryParts) parts = {{NULL}};
        g_assert_true(cel_library_builder_parts(builder, &parts, NULL));
        change_index(&parts, rows[i].from, rows[i].to);
        g_assert_null(cel_library_from_parts(&parts, "", &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

static void forged_columns_are_refused(void)
{
    const double not_a_number = (double)NAN, far = 1e6, early = 0.5;
    const float infinite = INFINITY;
    const guint8 status = 3;
    const struct {
        CelLibraryPart part;
        gconstpointer value;
        gsize size, at; /* which value of the column */
    } rows[] = {
        {CEL_PART_BAND_SHIFT, &not_a_number, sizeof(double), 1},
        {CEL_PART_BAND_SHIFT, &far, sizeof(double), 0},
        {CEL_PART_BAND_INTENSITY, &far, sizeof(double), 0},
        {CEL_PART_BAND_FWHM, &not_a_number, sizeof(double), 0},
        {CEL_PART_BAND_LASER, &far, sizeof(double), 1},
        {CEL_PART_BAND_STATUS, &status, 1, 0},
        {CEL_PART_REFERENCE_LASER, &not_a_number, sizeof(double), 1},
        {CEL_PART_X, &early, sizeof(double), 2},
        {CEL_PART_X, &not_a_number, sizeof(double), 0},
        {CEL_PART_Y, &infinite, sizeof(float), 5},
    };
    g_autoptr(CelLibraryBuilder) builder = small_builder();
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(CelLibraryParts) parts = {{NULL}};
        g_assert_true(cel_library_builder_parts(builder, &parts, NULL));
        gsize size = 0;
        guint8 *data = g_bytes_unref_to_data(parts.blocks[rows[i].part], &size);
        g_assert_cmpuint((rows[i].at + 1) * rows[i].size, <=, size);
        memcpy(data + rows[i].at * rows[i].size, rows[i].value, rows[i].size);
        parts.blocks[rows[i].part] = g_bytes_new_take(data, size);
        g_assert_null(cel_library_from_parts(&parts, "", &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

static void other_files_are_no_library(void)
{
    static const char *const names[] = {"text.h5", "foreign.h5", "missing.h5"};
    g_auto(Place) place = place_new("foreign.h5");
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_put_int(root, "answer", 42);
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, NULL);
    g_assert_true(g_file_set_contents(place.path, g_bytes_get_data(image, NULL),
                                      (gssize)g_bytes_get_size(image), NULL));
    put(&place, "text.h5", "no library at all");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename(place.folder, names[i], NULL);
        g_assert_null(cel_library_open(path, NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

static void bad_references_are_refused(void)
{
    static const double falling[] = {2.0, 1.0}, rising[] = {1.0, 2.0};
    const float good[] = {1.0F, 2.0F}, infinite[] = {1.0F, INFINITY};
    const CelReference rows[] = {{.n = 2, .x = falling, .y = good},
                                 {.n = 2, .x = rising, .y = infinite},
                                 {.n = 1, .x = rising, .y = good}};
    const CelSubstance substance = {.id = "a"}, nameless = {.id = ""};
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("x", "1");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(cel_library_builder_add_reference(builder, &substance, &rows[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_library_builder_add_reference(builder, &nameless, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

/* --- folders --- */

#define TABLE "id\tname_en\tname_zh\tlimit_en\tlimit_zh\tsend_to_en\tsend_to_zh\tceiling\n"

static gboolean add_folder(const char *class_row, const char *file, const char *text,
                           GError **error)
{
    g_auto(Place) place = place_new("polymers");
    g_autofree char *classes_text = g_strconcat(TABLE, class_row, NULL);
    put(&place, "groups.tsv", TABLE);
    put(&place, "classes.tsv", classes_text);
    g_assert_cmpint(g_mkdir(place.path, 0755), ==, 0);
    g_autofree char *inner = g_build_filename("polymers", file, NULL);
    put(&place, inner, text);
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("x", "1");
    return cel_library_builder_add_folder(builder, place.folder, NULL, error);
}

static void a_folder_is_checked_as_a_whole(void)
{
    static const char polymer[] = "polymer\tplastic\t塑料\t\t\t\t\tsubstance\n";
    static const char end[] = "usable: no-data\nceiling: lead\n";
    g_autofree char *alone = g_strconcat(HEAD, end, NULL);
    g_autofree char *alike = g_strconcat(HEAD, end, "lookalikes: eva\n", NULL);
    g_autofree char *grouped = g_strconcat(HEAD, end, "group: wax\n", NULL);
    const struct {
        const char *classes, *file, *text, *problem;
    } rows[] = {
        {polymer, "pe.substance", alone, NULL},
        {polymer, "pp.substance", alone, "holds the id “pe”"},
        {polymer, "pe.substance", alike, "look-alike “eva”"},
        {polymer, "pe.substance", grouped, "group “wax”"},
        {"", "pe.substance", alone, "class “polymer”"},
        {"polymer\tplastic\n", "pe.substance", alone, "classes.tsv:2: a row has 8 cells"},
        {"polymer\tplastic\t塑料\t\t\t\t\tall\n", "pe.substance", alone, "the ceiling “all”"},
        {"Poly\tplastic\t塑料\t\t\t\t\tlead\n", "pe.substance", alone, "is no id"},
        {"polymer\tplastic\t\t\t\t\t\tlead\n", "pe.substance", alone, "both languages"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        const gboolean good = add_folder(rows[i].classes, rows[i].file, rows[i].text, &error);
        g_assert_true(good == (rows[i].problem == NULL));
        if (!good && strstr(error->message, rows[i].problem) == NULL)
            g_error("row %zu: %s", i, error->message);
    }
}

/* --- what ships --- */

/* Returns: (transfer full): a place in the source tree. */
static char *source_path(const char *place)
{
    const char *source = g_getenv("CELADON_SOURCE");
    g_assert_nonnull(source); /* set by meson test */
    return g_build_filename(source, place, NULL);
}

static CelLibrary *shipped(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *spectra_db = source_path("spectra_db");
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("celadon", "test");
    g_assert_true(cel_library_builder_add_folder(builder, spectra_db, NULL, &error));
    g_assert_no_error(error);
    CelLibrary *library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    return library;
}

static void every_shipped_substance_keeps_the_rules(void)
{
    g_autoptr(CelLibrary) library = shipped();
    gsize n_bands = 0;
    for (gsize i = 0; i < cel_library_size(library); i++) {
        const CelSubstance *s = cel_library_substance(library, i);
        gboolean measured = FALSE;
        for (gsize k = 0; k < s->n_bands; k++) {
            measured |= s->bands[k].status != CEL_STATUS_RECALLED;
            g_assert_null(strstr(s->bands[k].source, "ramanbiolib"));
        }
        n_bands += s->n_bands;
        if (!measured || s->n_bands < 3)
            g_assert_cmpstr(s->ceiling, ==, "lead");
    }
    g_assert_cmpuint(cel_library_size(library), >=, 462);
    g_assert_cmpuint(n_bands, >, 3000);
}

static void no_protected_species_can_be_claimed_by_name(void)
{
    static const struct {
        const char *id, *group;
    } rows[] = {
        {"ivory_elephant", "mineralised-collagen"},
        {"bone", "mineralised-collagen"},
        {"antler", "mineralised-collagen"},
        {"tooth_enamel", "mineralised-collagen"},
        {"ivory_mammoth", "mineralised-collagen"},
        {"keratin_horn", "keratin"},
        {"pangolin_scale", "keratin"},
        {"tortoiseshell", "keratin"},
        {"hair", "keratin"},
        {"feather", "keratin"},
        {"rosewood", "wood"},
        {"chrysotile", "asbestos-mineral"},
        {"tridacna", "aragonite"},
        {"coral_corallium", "polyene-carbonate"},
    };
    g_autoptr(CelLibrary) library = shipped();
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const CelSubstance *s = cel_library_find(library, rows[i].id);
        g_assert_nonnull(s);
        g_assert_cmpstr(s->group_id, ==, rows[i].group);
        g_assert_cmpstr(s->ceiling, !=, "substance");
        const CelLibraryKind *group = cel_library_group(library, s->group_id);
        g_assert_cmpstr(group->limit_en, !=, "");
        g_assert_cmpstr(group->limit_zh, !=, "");
        g_assert_cmpstr(group->send_to_zh, !=, "");
    }
    for (gsize i = 0; i < cel_library_size(library); i++) {
        const CelSubstance *s = cel_library_substance(library, i);
        if (g_str_equal(s->class_id, "wildlife"))
            g_assert_cmpstr(s->ceiling, !=, "substance");
    }
}

static void no_name_or_limit_holds_a_forbidden_word(void)
{
    static const char *const words[] = {"检出",   "阳性", "阴性", "排除", "确认", "认定",
                                        "鉴定为", "同一", "系",   "含量", "纯度", "不含"};
    g_autoptr(CelLibrary) library = shipped();
    for (gsize i = 0; i < cel_library_size(library); i++) {
        const CelSubstance *s = cel_library_substance(library, i);
        const CelLibraryKind *kinds[] = {cel_library_group(library, s->group_id),
                                         cel_library_class(library, s->class_id)};
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
            for (gsize w = 0; kinds[k] != NULL && w < G_N_ELEMENTS(words); w++) {
                g_assert_null(strstr(kinds[k]->name_zh, words[w]));
                g_assert_null(strstr(kinds[k]->limit_zh, words[w]));
            }
        }
        for (gsize w = 0; w < G_N_ELEMENTS(words); w++)
            g_assert_null(strstr(s->raman_caveat_zh, words[w]));
    }
}

static void the_built_library_is_the_folder(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibrary) built = cel_library_open_builtin(&error);
    g_assert_no_error(error);
    g_autoptr(CelLibrary) folder = shipped();
    g_assert_cmpstr(cel_library_name(built), ==, "celadon");
    g_assert_cmpuint(cel_library_size(built), ==, cel_library_size(folder));
    g_assert_nonnull(cel_library_find(built, "pe"));
}

static void a_missing_builtin_library_is_an_error_that_names_it(void)
{
    g_autoptr(GError) error = NULL;
    g_setenv("CELADON_LIBRARY", "/nowhere/celadon.library.h5", TRUE);
    g_assert_null(cel_library_open_builtin(&error));
    g_unsetenv("CELADON_LIBRARY");
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_assert_nonnull(strstr(error->message, "/nowhere/celadon.library.h5"));
}

static void the_files_are_what_the_facts_give(void)
{
    const char *shared = g_getenv("CELADON_SHARED");
    g_autofree char *facts = g_build_filename(shared != NULL ? shared : "", "library-facts", NULL);
    if (shared == NULL || *shared == '\0' || !g_file_test(facts, G_FILE_TEST_IS_DIR)) {
        g_test_skip("CELADON_SHARED does not name the folder with library-facts");
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *converter = source_path("tools/convert-library-facts");
    g_autofree char *spectra_db = source_path("spectra_db");
    char *argv[] = {(char *)"python3", converter, facts, spectra_db, (char *)"--check", NULL};
    int status = -1;
    g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                               &status, &error));
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
}

/* --- import --- */

#define COLUMNS "file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence"

static void put_spectrum(const Place *place, const char *name, gboolean simulated)
{
    double x[50], y[50];
    for (int i = 0; i < 50; i++) {
        x[i] = 200.0 + 10.0 * i;
        y[i] = 100.0 + 5.0 * (i % 7);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 50, &error);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, &error);
    if (simulated)
        cel_spectrum_mark_simulated(spectrum);
    g_autofree char *path = g_build_filename(place->folder, name, NULL);
    g_assert_true(cel_spectrum_write_csv(spectrum, path, &error));
    g_assert_no_error(error);
}

static gboolean import(const Place *place, const char *manifest, CelImportReport *report,
                       CelJob *job, GError **error)
{
    put_spectrum(place, "a.csv", FALSE);
    put_spectrum(place, "b.csv", FALSE);
    put_spectrum(place, "sim.csv", TRUE);
    put(place, "bad.csv", "this is no spectrum\n");
    g_autofree char *path = g_build_filename(place->folder, "m.tsv", NULL);
    put(place, "m.tsv", manifest);
    return cel_library_import(path, place->path, report, job, error);
}

static void an_import_keeps_good_rows_and_names_bad_ones(void)
{
    static const char manifest[] =
        "\xef\xbb\xbf" COLUMNS "\tgrade\tbaseline\tlot\r\n"
        "a.csv\tmy_pe\tPolyethylene\t聚乙烯\tpolymer\t785\tlab\town\tA\tremoved\tL7\r\n"
        "\r\n"
        "b.csv\tmy_pe\tPolyethylene\t聚乙烯\tpolymer\t\tlab\town\t\t\t\r\n"
        "a.csv\tother\t\t\tpolymer\t785\tlab\town\t\t\t\r\n"
        "none.csv\tx\t\t\tpolymer\t785\tlab\town\t\t\t\r\n"
        "bad.csv\tx\t\t\tpolymer\t785\tlab\town\t\t\t\r\n"
        "sim.csv\tx\t\t\tpolymer\t785\tlab\town\t\t\t\r\n"
        "b.csv\t\t\t\tpolymer\t785\tlab\town\t\t\t\r\n"
        "b.csv\tx\t\t\tpolymer\tgreen\tlab\town\t\t\t\r\n"
        "b.csv\tx\t\t\tpolymer\t785\tlab\town\tE\t\t\r\n"
        "b.csv\tx\t\t\tpolymer\t785\tlab\town\t\tsmooth\t\r\n"
        "b.csv\tx\r\n";
    static const char *const problems[] = {"m.tsv:5: a.csv: the file is in the manifest already",
                                           "m.tsv:6: none.csv: ",
                                           "m.tsv:7: bad.csv: ",
                                           "m.tsv:8: sim.csv: these are simulated",
                                           "m.tsv:9: b.csv: the id is empty",
                                           "m.tsv:10: b.csv: laser_nm",
                                           "m.tsv:11: b.csv: the grade",
                                           "m.tsv:12: b.csv: baseline",
                                           "m.tsv:13: b.csv: the row has 2 cells"};
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("out.library.h5");
    CelImportReport report = {0};
    g_assert_true(import(&place, manifest, &report, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(report.n_rows, ==, 11);
    g_assert_cmpuint(report.n_imported, ==, 2);
    g_assert_cmpuint(report.n_substances, ==, 1);
    g_assert_cmpuint(report.problems->len, ==, G_N_ELEMENTS(problems));
    for (guint i = 0; i < report.problems->len; i++) {
        const char *problem = g_ptr_array_index(report.problems, i);
        if (!g_str_has_prefix(problem, problems[i]))
            g_error("%s is not %s", problem, problems[i]);
    }
    cel_import_report_clear(&report);
    g_autoptr(CelLibrary) library = cel_library_open(place.path, NULL, &error);
    g_assert_no_error(error);
    const CelSubstance *s = cel_library_find(library, "my_pe");
    g_assert_cmpuint(s->n_references, ==, 2);
    g_assert_cmpstr(s->name_zh, ==, "聚乙烯");
    g_assert_cmpint(s->references[0].grade, ==, CEL_GRADE_A);
    g_assert_cmpint(s->references[1].grade, ==, CEL_GRADE_C);
    g_assert_true(s->references[0].baseline_removed);
    g_assert_false(s->references[1].baseline_removed);
    g_assert_cmpstr(s->references[0].extra, ==, "{\"lot\":\"L7\"}");
    g_assert_cmpfloat_with_epsilon(s->references[0].x[49], 690.0, 1e-9);
    g_assert_cmpstr(cel_library_name(library), ==, "out");
}

static void put_wavelengths(const Place *place, const char *name)
{
    double nm[40], y[40];
    for (int i = 0; i < 40; i++) {
        nm[i] = 800.0 + 2.0 * i;
        y[i] = 10.0 + i % 5;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_NM_VACUUM, nm, 40, &error);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, &error);
    g_autofree char *path = g_build_filename(place->folder, name, NULL);
    g_assert_true(cel_spectrum_write_csv(spectrum, path, &error));
    g_assert_no_error(error);
}

static void wavelengths_need_the_laser_of_the_row(void)
{
    static const char manifest[] = COLUMNS
        "\nnm1.csv\twith\t\t\tpolymer\t785\tlab\town\nnm2.csv\twithout\t\t\tpolymer\t\tlab\town\n";
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("out.library.h5");
    put_wavelengths(&place, "nm1.csv");
    put_wavelengths(&place, "nm2.csv");
    CelImportReport report = {0};
    g_assert_true(import(&place, manifest, &report, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(report.n_imported, ==, 1);
    g_assert_cmpuint(report.problems->len, ==, 1);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(report.problems, 0), "m.tsv:3: nm2.csv: "));
    cel_import_report_clear(&report);
    g_autoptr(CelLibrary) library = cel_library_open(place.path, NULL, &error);
    const CelReference *reference = cel_library_find(library, "with")->references;
    g_assert_cmpfloat_with_epsilon(reference->x[0], 1e7 / 785.0 - 1e7 / 800.0, 1e-6);
    g_assert_cmpfloat_with_epsilon(reference->laser_nm, 785.0, 1e-12);
    g_assert_cmpstr(cel_library_find(library, "with")->name_en, ==, "with");
}

static void an_imported_substance_claims_no_more_than_its_kin(void)
{
    static const char manifest[] =
        COLUMNS "\na.csv\tkeratin_horn\tRhino horn\t犀角\twildlife\t785\tlab\town"
                "\nb.csv\tnew_horn\tSaiga horn\t羚羊角\twildlife\t785\tlab\town\n";
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("out.library.h5");
    CelImportReport report = {0};
    g_assert_true(import(&place, manifest, &report, NULL, &error));
    cel_import_report_clear(&report);
    g_autoptr(CelLibrary) library = cel_library_open(place.path, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_library_find(library, "keratin_horn")->ceiling, ==, "group:keratin");
    g_assert_nonnull(cel_library_group(library, "keratin"));
    g_assert_cmpstr(cel_library_find(library, "new_horn")->ceiling, ==, "lead");
}

static void a_hopeless_import_writes_nothing(void)
{
    static const char *const manifests[] = {
        "file\tid\n",
        COLUMNS "\n",
        COLUMNS "\tid\na.csv\n",
        "\xff\n",
        COLUMNS "\nnone.csv\tx\t\t\tpolymer\t785\tlab\town\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(manifests); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(Place) place = place_new("out.library.h5");
        CelImportReport report = {0};
        g_assert_false(import(&place, manifests[i], &report, NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_false(g_file_test(place.path, G_FILE_TEST_EXISTS));
        cel_import_report_clear(&report);
    }
}

static void who_states_no_ceiling_gets_a_lead(void)
{
    static const double x[] = {1.0, 2.0};
    static const float y[] = {1.0F, 2.0F};
    const CelSubstance substance = {.id = "a"};
    const CelReference reference = {.n = 2, .x = x, .y = y};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("x", "1");
    g_assert_true(cel_library_builder_add_reference(builder, &substance, &reference, &error));
    g_autoptr(CelLibrary) library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_library_find(library, "a")->ceiling, ==, "lead");
}

static void an_unknown_ceiling_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    const CelSubstance substance = {.id = "a", .ceiling = "certain"};
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("x", "1");
    g_assert_true(cel_library_builder_add_reference(builder, &substance, NULL, &error));
    g_assert_null(cel_library_builder_finish(builder, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_cancelled_import_writes_nothing(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = place_new("out.library.h5");
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    CelImportReport report = {0};
    g_cancellable_cancel(cancel);
    g_assert_false(
        import(&place, COLUMNS "\na.csv\tx\t\t\tpolymer\t785\tlab\town\n", &report, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_false(g_file_test(place.path, G_FILE_TEST_EXISTS));
    cel_import_report_clear(&report);
}

int main(int argc, char **argv)
{
    g_autofree char *home = g_dir_make_tmp("celadon-library-XXXXXX", NULL);
    g_setenv("XDG_CACHE_HOME", home, TRUE);
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/library/kept/what-is-mapped-at-the-next-opening-is-the-same",
                    what_is_mapped_at_the_next_opening_is_the_same);
    g_test_add_func("/library/kept/another-file-in-its-place-is-read-again",
                    another_file_in_its_place_is_read_again);
    g_test_add_func("/library/kept/what-was-young-when-the-reading-began-is-not-kept",
                    what_was_young_when_the_reading_began_is_not_kept);
    g_test_add_func("/library/text/becomes-a-substance", text_becomes_a_substance);
    g_test_add_func("/library/text/errors-name-file-and-line", text_errors_name_file_and_line);
    g_test_add_func("/library/text/recalled-bands-alone-are-never-more-than-a-lead",
                    recalled_bands_alone_are_never_more_than_a_lead);
    g_test_add_func("/library/text/an-id-cannot-be-added-twice", an_id_cannot_be_added_twice);
    g_test_add_func("/library/build/an-empty-library-is-refused", an_empty_library_is_refused);
    g_test_add_func("/library/build/bad-references-are-refused", bad_references_are_refused);
    g_test_add_func("/library/build/who-states-no-ceiling-gets-a-lead",
                    who_states_no_ceiling_gets_a_lead);
    g_test_add_func("/library/build/an-unknown-ceiling-is-refused", an_unknown_ceiling_is_refused);
    g_test_add_func("/library/file/reads-back-as-the-library-in-memory",
                    a_file_reads_back_as_the_library_in_memory);
    g_test_add_func("/library/file/any-other-content-has-another-digest",
                    any_other_content_has_another_digest);
    g_test_add_func("/library/file/a-truncated-file-is-refused", a_truncated_file_is_refused);
    g_test_add_func("/library/file/a-changed-byte-never-changes-the-library",
                    a_changed_byte_never_changes_the_library);
    g_test_add_func("/library/file/a-foreign-digest-is-refused",
                    a_file_with_a_foreign_digest_is_refused);
    g_test_add_func("/library/file/an-index-that-does-not-fit-its-columns-is-refused",
                    an_index_that_does_not_fit_its_columns_is_refused);
    g_test_add_func("/library/file/a-forged-index-is-refused", a_forged_index_is_refused);
    g_test_add_func("/library/file/forged-columns-are-refused", forged_columns_are_refused);
    g_test_add_func("/library/import/wavelengths-need-the-laser-of-the-row",
                    wavelengths_need_the_laser_of_the_row);
    g_test_add_func("/library/file/other-files-are-no-library", other_files_are_no_library);
    g_test_add_func("/library/folder/is-checked-as-a-whole", a_folder_is_checked_as_a_whole);
    g_test_add_func("/library/shipped/every-substance-keeps-the-rules",
                    every_shipped_substance_keeps_the_rules);
    g_test_add_func("/library/shipped/no-protected-species-can-be-claimed-by-name",
                    no_protected_species_can_be_claimed_by_name);
    g_test_add_func("/library/shipped/no-name-or-limit-holds-a-forbidden-word",
                    no_name_or_limit_holds_a_forbidden_word);
    g_test_add_func("/library/shipped/the-built-library-is-the-folder",
                    the_built_library_is_the_folder);
    g_test_add_func("/library/shipped/a-missing-one-is-an-error-that-names-it",
                    a_missing_builtin_library_is_an_error_that_names_it);
    g_test_add_func("/library/shipped/the-files-are-what-the-facts-give",
                    the_files_are_what_the_facts_give);
    g_test_add_func("/library/import/keeps-good-rows-and-names-bad-ones",
                    an_import_keeps_good_rows_and_names_bad_ones);
    g_test_add_func("/library/import/a-substance-claims-no-more-than-its-kin",
                    an_imported_substance_claims_no_more_than_its_kin);
    g_test_add_func("/library/import/a-hopeless-one-writes-nothing",
                    a_hopeless_import_writes_nothing);
    g_test_add_func("/library/import/a-cancelled-one-writes-nothing",
                    a_cancelled_import_writes_nothing);
    const int status = g_test_run();
    remove_folder(home);
    return status;
}
