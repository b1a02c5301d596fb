/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of VERIFY.txt are run as they stand, with h5dump, openssl and sh alone. */
#include "court-fixture.h"

#include "evidence/cel-verify-text.h"
#include "h5/cel-h5-node.h"

#include <gio/gio.h>

static const char ENDS[] = "@@@\n";

/* Whether the tools are there; says so when they are not. */
static gboolean have_tools(void)
{
    static const char *const tools[] = {"h5dump", "openssl", "sh", "awk"};
    for (gsize i = 0; i < G_N_ELEMENTS(tools); i++) {
        g_autofree char *path = g_find_program_in_path(tools[i]);
        if (path == NULL) {
            g_test_skip("h5dump or openssl is not there");
            return FALSE;
        }
    }
    return TRUE;
}

enum { ALL_STEPS = 1000, DATASETS = 3, ATTRIBUTES = 4, OBJECTS = 5 };

/* The steps that walk over every object take long; with @only one of the others they are left out,
 * but for itself. */
static gboolean is_run(gsize step, gsize only)
{
    return only == ALL_STEPS || step == only || (step != DATASETS && step != ATTRIBUTES);
}

/* The commands of @text, a marker behind each step: they are the lines behind four blanks. Block 0
 * chooses the file. */
static char *commands_of(const char *text, gsize only)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *script = g_string_new(NULL);
    gboolean open = FALSE;
    gsize blocks = 0;
    for (gsize i = 0; lines[i] != NULL; i++) {
        const gboolean command = g_str_has_prefix(lines[i], "    ");
        if (open && !command) {
            g_string_append(script, "printf '@@@\\n'\n");
            blocks++;
        }
        if (command && (blocks == 0 || is_run(blocks - 1, only)))
            g_string_append_printf(script, "%s\n", lines[i] + 4);
        open = command;
    }
    return g_string_free(script, FALSE);
}

/* Runs the text for @file in a folder of its own. Returns: (transfer full): what it printed. */
static char *run(const Court *court, const char *file, gsize only)
{
    g_autoptr(GError) error = NULL;
    const char *const files[] = {file, NULL};
    g_autofree char *text = cel_verify_text(files);
    g_autofree char *script = commands_of(text, only);
    g_autofree char *folder = g_dir_make_tmp("celadon-verify-XXXXXX", &error);
    g_autofree char *roots = g_build_filename(folder, "roots.pem", NULL);
    g_assert_true(cel_file_write(roots, court->roots, 0644, NULL));
    const char *const argv[] = {"sh", "-c", script, NULL};
    char *out = NULL;
    g_autofree char *problems = NULL;
    g_assert_true(g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               &problems, NULL, &error));
    g_test_message("%s", problems);
    remove_folder(folder);
    return out;
}

/* Step @index of what was printed; the first block only chooses the file. */
static char *block(const char *out, gsize index)
{
    g_auto(GStrv) blocks = g_strsplit(out, ENDS, -1);
    g_assert_cmpuint(g_strv_length(blocks), >, index + 1);
    return g_strdup(blocks[index + 1]);
}

/* The last step asks for a time stamp, which none of these files has. */
static gsize steps_without_time(void)
{
    gsize n = 0;
    cel_verify_steps(&n);
    return n - 1;
}

static gboolean step_holds(const char *out, gsize index)
{
    gsize n = 0;
    const CelVerifyStep *step = &cel_verify_steps(&n)[index];
    g_autofree char *shown = block(out, index);
    if (strcmp(shown, step->shows) != 0)
        g_test_message("%s: %s", step->title_en, shown);
    return strcmp(shown, step->shows) == 0;
}

static void every_step_shows_what_the_text_says(Court *court, gconstpointer data)
{
    (void)data;
    if (!have_tools())
        return;
    desk_fill(&court->desk, 3); /* a proof of some length */
    court_seal(court, court->bag.path);
    g_autofree char *out = run(court, court->bag.path, ALL_STEPS);
    for (gsize i = 0; i < steps_without_time(); i++)
        g_assert_true(step_holds(out, i));
}

/* One replicate without a blank: every object costs a process or two. */
static void small_set_up(Court *court, gconstpointer data)
{
    court_set_up(court, data);
    court->bag.request.n_measurements = 1;
    court->bag.request.n_blanks = 0;
}

typedef void (*Edit)(CelH5Node *root);

static CelH5Node *find(CelH5Node *root, const char *path)
{
    CelH5Node *node = (CelH5Node *)cel_h5_find(root, path);
    g_assert_nonnull(node);
    return node;
}

static void flip(CelH5Node *root, const char *path)
{
    CelH5Node *node = find(root, path);
    gsize n = 0;
    const guint8 *old = g_bytes_get_data(node->data, &n);
    guint8 *copy = g_memdup2(old, n);
    copy[n / 2] ^= 1;
    g_bytes_unref(node->data);
    node->data = g_bytes_new_take(copy, n);
}

static void change_manifest(CelH5Node *root)
{
    flip(root, CEL_PATH_MANIFEST);
}
static void change_signature(CelH5Node *root)
{
    flip(root, CEL_PATH_RECORD "/sig_ed25519");
}
static void change_dataset(CelH5Node *root)
{
    flip(root, "/entry/process_02_smooth_savgol/result/intensity");
}
static void change_attributes(CelH5Node *root)
{
    flip(root, "/celadon/attributes");
}
static void add_dataset(CelH5Node *root)
{
    cel_h5_put_int(find(root, "/entry"), "extra", 1);
}
static void change_event(CelH5Node *root)
{
    flip(root, CEL_PATH_RECORD "/event_sig_sm2");
}
static void change_proof(CelH5Node *root)
{
    CelH5Node *node = find(root, CEL_PATH_RECORD "/proof");
    gsize n = 0;
    const char *text = g_bytes_get_data(node->data, &n);
    char *copy = g_strndup(text, n);
    char *digit = strstr(copy, "\"sha256\":[\"") + strlen("\"sha256\":[\"");
    *digit = *digit == '0' ? '1' : '0';
    g_bytes_unref(node->data);
    node->data = g_bytes_new_take(copy, n);
}
static void change_head(CelH5Node *root)
{
    flip(root, CEL_PATH_RECORD "/head_sig_sm2");
}

static const struct {
    Edit edit;
    gsize step; /* that shows something else, from 0 */
} edits[] = {
    {change_manifest, 1},       {change_signature, 2},
    {change_dataset, DATASETS}, {change_attributes, ATTRIBUTES},
    {add_dataset, OBJECTS},     {change_event, 6},
    {change_proof, 7},          {change_head, 8},
};

static void each_step_sees_its_change(Court *court, gconstpointer data)
{
    (void)data;
    if (!have_tools())
        return;
    g_autofree char *path = g_build_filename(court->bag.folder, "changed.cel.h5", NULL);
    desk_fill(&court->desk, 3);
    court_seal(court, court->bag.path);
    for (gsize i = 0; i < G_N_ELEMENTS(edits); i++) {
        g_autoptr(CelH5Node) root = cel_h5_read(court->bag.path, CEL_SEAL_MAX_BYTES, NULL, NULL);
        edits[i].edit(root);
        g_autoptr(GBytes) image = cel_h5_to_bytes(root, NULL);
        g_assert_true(cel_file_write(path, image, 0644, NULL));
        g_autofree char *out = run(court, path, edits[i].step);
        g_assert_false(step_holds(out, edits[i].step));
    }
}

static void the_text_is_bilingual_and_names_every_file(void)
{
    const char *const files[] = {"files/a.cel.h5", "files/b.cel.h5", NULL};
    g_autofree char *text = cel_verify_text(files);
    gsize n = 0;
    const CelVerifyStep *steps = cel_verify_steps(&n);
    g_assert_nonnull(strstr(text, "    f=files/a.cel.h5\n    f=files/b.cel.h5\n"));
    for (gsize i = 0; i < n; i++) {
        g_assert_nonnull(strstr(text, steps[i].title_en));
        g_assert_nonnull(strstr(text, steps[i].title_zh));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define ADD(test)                                                                                  \
    g_test_add("/verify-text/" #test, Court, NULL, small_set_up, test, court_tear_down)
    ADD(every_step_shows_what_the_text_says);
    ADD(each_step_sees_its_change);
    g_test_add_func("/verify-text/the_text_is_bilingual_and_names_every_file",
                    the_text_is_bilingual_and_names_every_file);
    return g_test_run();
}
