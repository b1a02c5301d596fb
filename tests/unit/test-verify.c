/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal-fixture.h"

#include "base/cel-canon.h"
#include "evidence/cel-record-write.h"
#include "evidence/cel-seal-tree.h"
#include "h5/cel-h5-node.h"

#include <gio/gio.h>

static int simulated_marker;
#define SIMULATED (&simulated_marker)

/* ---- helpers ---- */

static CelH5Node *open_tree(const char *path)
{
    g_autoptr(GError) error = NULL;
    CelH5Node *root = cel_h5_read(path, CEL_SEAL_MAX_BYTES, NULL, &error);
    g_assert_no_error(error);
    return root;
}

static char *write_tree(const Bag *bag, const CelH5Node *root)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(bag->folder, "changed.cel.h5", NULL);
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, &error);
    g_assert_no_error(error);
    g_assert_true(cel_file_write(path, image, 0644, &error));
    return path;
}

static CelH5Node *find(CelH5Node *root, const char *path)
{
    CelH5Node *node = (CelH5Node *)cel_h5_find(root, path);
    g_assert_nonnull(node);
    return node;
}

static void set_data(CelH5Node *root, const char *path, GBytes *data)
{
    CelH5Node *node = find(root, path);
    g_bytes_unref(node->data);
    node->data = data;
    if (node->rank == 1)
        node->shape[0] = g_bytes_get_size(data) / cel_h5_type_size(node->type);
}

static void flip_byte(CelH5Node *root, const char *path, gsize at)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(find(root, path)->data, &n);
    guint8 *copy = g_memdup2(data, n);
    copy[at % n] ^= 1;
    set_data(root, path, g_bytes_new_take(copy, n));
}

/* The ids of the contradicted lines with blanks between. */
static char *contradicted(const GPtrArray *lines)
{
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        if (line->state == CEL_VERDICT_CONTRADICTED)
            g_string_append_printf(ids, "%s%s", ids->len > 0 ? " " : "", line->id);
    }
    return g_string_free(g_steal_pointer(&ids), FALSE);
}

static const CelVerdictLine *line_of(const GPtrArray *lines, const char *id)
{
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        if (g_str_equal(line->id, id))
            return line;
    }
    return NULL;
}

static GPtrArray *verify(const char *path)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *lines = NULL;
    cel_verify(path, NULL, &lines, NULL, &error);
    g_assert_no_error(error);
    return lines;
}

static void expect(const char *path, const char *ids)
{
    g_autoptr(GPtrArray) lines = verify(path);
    g_autofree char *found = contradicted(lines);
    g_assert_cmpstr(found, ==, ids);
    g_assert_cmpint(cel_verdict_any_contradicted(lines), ==, *ids != '\0');
}

static void take_training_mark_off(CelH5Node *root);
static void replace_in_record(CelH5Node *root, const char *from, const char *to);

/* ---- an untouched file ---- */

static void an_untouched_file_has_no_contradiction(Bag *bag, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *id;
        CelVerdictState state;
    } rows[] = {
        { "structure", CEL_VERDICT_PROVEN },      { "content.sha256", CEL_VERDICT_PROVEN },
        { "content.sm3", CEL_VERDICT_PROVEN },    { "unlisted", CEL_VERDICT_PROVEN },
        { "manifest", CEL_VERDICT_PROVEN },       { "file", CEL_VERDICT_NOT_PROVEN },
        { "record", CEL_VERDICT_PROVEN },
        { "signature.sm2", CEL_VERDICT_PROVEN },  { "signature.ed25519", CEL_VERDICT_PROVEN },
        { "certificate", CEL_VERDICT_NOT_PROVEN }, { "time", CEL_VERDICT_NOT_PROVEN },
        { "ledger", CEL_VERDICT_NOT_PROVEN },     { "identity", CEL_VERDICT_NOT_PROVEN },
        { "replay", CEL_VERDICT_NOT_PROVEN },
    };
    bag_seal(bag);
    g_autoptr(GPtrArray) lines = verify(bag->path);
    g_assert_cmpuint(lines->len, ==, G_N_ELEMENTS(rows));
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        g_assert_cmpstr(line->id, ==, rows[i].id);
        g_assert_cmpint(line->state, ==, rows[i].state);
        g_assert_true(g_utf8_validate(line->text_zh, -1, NULL));
        g_assert_true(g_str_is_ascii(line->text_zh) == FALSE);
    }
    g_assert_nonnull(strstr(line_of(lines, "signature.sm2")->text_zh, "王芳"));
    g_assert_nonnull(strstr(line_of(lines, "record")->text_en, "检材 1-1"));
}

static void a_time_outside_the_certificate_is_said(Bag *bag, gconstpointer data)
{
    (void)data;
    bag->request.clock = cel_clock_fixed(G_USEC_PER_SEC); /* 1970, before the certificate */
    bag_seal(bag);
    g_autoptr(GPtrArray) lines = verify(bag->path);
    const CelVerdictLine *line = line_of(lines, "certificate");
    g_assert_cmpint(line->state, ==, CEL_VERDICT_NOT_PROVEN);
    g_assert_nonnull(strstr(line->text_en, "outside the certificate's validity"));
    g_assert_nonnull(strstr(line_of(lines, "time")->text_en, "1970-01-01T00:00:01Z"));
}

static void a_time_inside_the_certificate_needs_no_remark(Bag *bag, gconstpointer data)
{
    (void)data;
    bag->request.clock = cel_clock_system();
    bag_seal(bag);
    g_autoptr(GPtrArray) lines = verify(bag->path);
    g_assert_null(strstr(line_of(lines, "certificate")->text_en, "outside"));
}

static void a_training_record_is_said_to_be_no_evidence(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(GPtrArray) lines = verify(bag->path);
    const CelVerdictLine *line = line_of(lines, "training");
    g_assert_nonnull(line);
    g_assert_cmpint(line->state, ==, CEL_VERDICT_NOT_PROVEN);
    g_assert_nonnull(strstr(line->text_zh, "不得作为证据"));
    g_assert_false(cel_verdict_any_contradicted(lines));
}

static void a_training_mark_cannot_be_taken_off(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(CelH5Node) root = open_tree(bag->path);
    take_training_mark_off(root);
    g_autofree char *path = write_tree(bag, root);
    expect(path, "content.sha256 content.sm3 record");
    replace_in_record(root, "\"training\":true", "\"training\":false");
    g_autofree char *both = write_tree(bag, root);
    expect(both, "content.sha256 content.sm3 manifest record signature.sm2 signature.ed25519 "
                 "certificate");
}

static void a_repacked_file_keeps_its_content(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autofree char *packed = g_build_filename(bag->folder, "packed.h5", NULL);
    const char *const argv[] = { "h5repack", "-f", "GZIP=6", bag->path, packed, NULL };
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                      &status, &error)) {
        g_test_skip("h5repack is not installed");
        return;
    }
    g_assert_cmpint(status, ==, 0);
    g_autoptr(GBytes) a = cel_file_read(bag->path, CEL_SEAL_MAX_BYTES, NULL);
    g_autoptr(GBytes) b = cel_file_read(packed, CEL_SEAL_MAX_BYTES, NULL);
    g_assert_false(g_bytes_equal(a, b));
    expect(packed, "");
}

/* ---- tampering: one edit, and exactly the lines it must contradict ---- */

typedef void (*Edit)(CelH5Node *root);

static void change_raw_count(CelH5Node *root)
{
    flip_byte(root, "/entry/instrument/detector_1/raw_data/raw", 8 * 100);
}

static void change_second_replicate(CelH5Node *root)
{
    flip_byte(root, "/replicate_2/entry/instrument/detector_1/raw_data/raw", 0);
}

static void change_blank(CelH5Node *root)
{
    flip_byte(root, "/blank_1/entry/instrument/detector_1/dark_data/dark", 0);
}

static void change_step_result(CelH5Node *root)
{
    flip_byte(root, "/entry/process_02_smooth_savgol/result/intensity", 80);
}

static void change_answer(CelH5Node *root)
{
    flip_byte(root, CEL_PATH_ANSWER, 12);
}

static void change_attribute(CelH5Node *root)
{
    cel_h5_attr_text(find(root, "/entry/data/raman_shift"), "units", "1/cm ");
}

static void change_text(CelH5Node *root)
{
    set_data(root, "/celadon/result/claim_zh", g_bytes_new("与象牙相符", 15));
}

static void change_exhibit(CelH5Node *root)
{
    set_data(root, "/celadon/exhibit", g_bytes_new("2", 1));
}

static void take_training_mark_off(CelH5Node *root)
{
    const gint64 zero = 0;
    set_data(root, "/celadon/training", g_bytes_new(&zero, sizeof zero));
}

static void put_training_mark_on(CelH5Node *root)
{
    const gint64 one = 1;
    set_data(root, "/celadon/training", g_bytes_new(&one, sizeof one));
}

static void drop_dataset(CelH5Node *root)
{
    cel_h5_remove(find(root, "/entry/sample"), "name");
}

static void drop_replicate(CelH5Node *root)
{
    cel_h5_remove(root, "replicate_2");
}

static void drop_blank(CelH5Node *root)
{
    cel_h5_remove(root, "blank_1");
}

static void drop_attribute(CelH5Node *root)
{
    g_ptr_array_remove_index(find(root, "/entry/data")->attributes, 0);
}

static void add_dataset(CelH5Node *root)
{
    cel_h5_put_text(find(root, "/entry"), "note", "harmless");
}

static void add_group(CelH5Node *root)
{
    cel_h5_group(root, "entry_2", "NXentry");
}

static void add_attribute(CelH5Node *root)
{
    cel_h5_attr_text(root, "comment", "x");
}

static void add_beside_manifest(CelH5Node *root)
{
    cel_h5_put_text(find(root, "/celadon"), "manifest2", "x");
}

static void add_beside_custody(CelH5Node *root)
{
    cel_h5_group(root, "/celadon/custody2", NULL);
}

static void add_to_custody(CelH5Node *root)
{
    cel_h5_put_text(find(root, CEL_PATH_RECORD), "comment", "x");
}

static void add_record(CelH5Node *root)
{
    cel_h5_group(root, CEL_PATH_CUSTODY "/000002", NULL);
}

static void add_attribute_to_manifest(CelH5Node *root)
{
    cel_h5_attr_text(find(root, CEL_PATH_MANIFEST), "comment", "x");
}

static void add_attribute_to_custody(CelH5Node *root)
{
    cel_h5_attr_text(find(root, CEL_PATH_CUSTODY), "comment", "x");
}

static void change_shown_record(CelH5Node *root)
{
    set_data(root, CEL_PATH_RECORD "/data", g_bytes_new("{}", 2));
}

static void change_sm2_signature(CelH5Node *root)
{
    flip_byte(root, CEL_PATH_RECORD "/sig_sm2", 40);
}

static void change_ed25519_signature(CelH5Node *root)
{
    flip_byte(root, CEL_PATH_RECORD "/sig_ed25519", 40);
}

static void drop_signature(CelH5Node *root)
{
    cel_h5_remove(find(root, CEL_PATH_RECORD), "sig_sm2");
}

static void drop_record(CelH5Node *root)
{
    cel_h5_remove(find(root, CEL_PATH_RECORD), "record");
}

static void drop_manifest(CelH5Node *root)
{
    cel_h5_remove(find(root, "/celadon"), "manifest");
}

static void swap_signatures(CelH5Node *root)
{
    CelH5Node *a = find(root, CEL_PATH_RECORD "/sig_sm2");
    CelH5Node *b = find(root, CEL_PATH_RECORD "/sig_ed25519");
    GBytes *one = g_bytes_ref(a->data), *two = g_bytes_ref(b->data);
    set_data(root, CEL_PATH_RECORD "/sig_sm2", two);
    set_data(root, CEL_PATH_RECORD "/sig_ed25519", one);
}

static void change_certificate(CelH5Node *root)
{
    flip_byte(root, CEL_PATH_RECORD "/cert_sm2", 100);
}

/* A blank after the first brace: the same JSON, other bytes. */
static void set_record(CelH5Node *root, char *text)
{
    set_data(root, CEL_PATH_RECORD "/record", g_bytes_new(text, strlen(text)));
    set_data(root, CEL_PATH_RECORD "/data", g_bytes_new_take(text, strlen(text)));
}

static char *record_text(CelH5Node *root)
{
    char *text = cel_h5_get_text(root, CEL_PATH_RECORD "/record", NULL);
    g_assert_nonnull(text);
    return text;
}

static void space_out_record(CelH5Node *root)
{
    g_autofree char *text = record_text(root);
    set_record(root, g_strconcat("{ ", text + 1, NULL));
}

/* "act" is the first member: put behind the last it is the same JSON object in another order. */
static void reorder_record(CelH5Node *root)
{
    g_autofree char *text = record_text(root);
    const char *first = "{\"act\":\"seal\",";
    g_assert_true(g_str_has_prefix(text, first));
    text[strlen(text) - 1] = '\0';
    set_record(root, g_strconcat("{", text + strlen(first), ",\"act\":\"seal\"}", NULL));
}

static void replace_in_record(CelH5Node *root, const char *from, const char *to)
{
    g_autofree char *text = record_text(root);
    g_auto(GStrv) parts = g_strsplit(text, from, 2);
    g_assert_nonnull(parts[1]);
    set_record(root, g_strjoinv(to, parts));
}

static void change_case_in_record(CelH5Node *root)
{
    replace_in_record(root, "2026-刑-0042", "2026-刑-0043");
}

static void change_time_in_record(CelH5Node *root)
{
    replace_in_record(root, "\"t_wall\":\"2026", "\"t_wall\":\"2025");
}

static void raise_record_version(CelH5Node *root)
{
    replace_in_record(root, "\"v\":1", "\"v\":2");
}

static void duplicate_key_in_record(CelH5Node *root)
{
    replace_in_record(root, "\"v\":1", "\"v\":1,\"v\":1");
}

static void drop_manifest_line(CelH5Node *root)
{
    g_autofree char *text = cel_h5_get_text(root, CEL_PATH_MANIFEST, NULL);
    char *cut = strrchr(g_strchomp(text), '\n');
    cut[1] = '\0';
    set_data(root, CEL_PATH_MANIFEST, g_bytes_new(text, strlen(text)));
}

static void double_manifest_line(CelH5Node *root)
{
    g_autofree char *text = cel_h5_get_text(root, CEL_PATH_MANIFEST, NULL);
    g_autofree char *chomped = g_strchomp(g_strdup(text));
    g_autofree char *twice = g_strconcat(text, strrchr(chomped, '\n') + 1, "\n", NULL);
    set_data(root, CEL_PATH_MANIFEST, g_bytes_new(twice, strlen(twice)));
}

/* The forger's next step: content and manifest changed together. */
static void change_content_and_manifest(CelH5Node *root)
{
    change_raw_count(root);
    g_autofree char *manifest = cel_manifest_of(root);
    set_data(root, CEL_PATH_MANIFEST, g_bytes_new(manifest, strlen(manifest)));
}

#define CONTENT "content.sha256 content.sm3"
#define SIGNATURES "signature.sm2 signature.ed25519"

static const struct {
    const char *name;
    Edit edit;
    const char *ids;
} edits[] = {
    { "raw_count", change_raw_count, CONTENT },
    { "second_replicate", change_second_replicate, CONTENT },
    { "blank", change_blank, CONTENT },
    { "step_result", change_step_result, CONTENT },
    { "answer", change_answer, CONTENT },
    { "attribute", change_attribute, CONTENT },
    { "text", change_text, CONTENT },
    { "exhibit", change_exhibit, CONTENT " record" },
    { "training_mark", put_training_mark_on, CONTENT " record" },
    { "drop_dataset", drop_dataset, "structure " CONTENT },
    { "drop_replicate", drop_replicate, "structure " CONTENT },
    { "drop_blank", drop_blank, CONTENT },
    { "drop_attribute", drop_attribute, CONTENT },
    { "add_dataset", add_dataset, "unlisted" },
    { "add_group", add_group, "unlisted" },
    { "add_attribute", add_attribute, CONTENT },
    { "add_beside_manifest", add_beside_manifest, "unlisted" },
    { "add_beside_custody", add_beside_custody, "unlisted" },
    { "add_to_custody", add_to_custody, "unlisted" },
    { "add_record", add_record, "unlisted" },
    { "add_attribute_to_manifest", add_attribute_to_manifest, "unlisted" },
    { "add_attribute_to_custody", add_attribute_to_custody, "unlisted" },
    { "shown_record", change_shown_record, "unlisted" },
    { "sm2_signature", change_sm2_signature, "signature.sm2" },
    { "ed25519_signature", change_ed25519_signature, "signature.ed25519" },
    { "drop_signature", drop_signature, "signature.sm2" },
    { "drop_record", drop_record, "structure unlisted manifest record " SIGNATURES " certificate" },
    { "drop_manifest", drop_manifest, "structure " CONTENT " unlisted manifest" },
    { "swap_signatures", swap_signatures, SIGNATURES },
    { "certificate", change_certificate, "signature.sm2 certificate" },
    { "space_out_record", space_out_record, "manifest record " SIGNATURES " certificate" },
    { "reorder_record", reorder_record, "manifest record " SIGNATURES " certificate" },
    { "duplicate_key", duplicate_key_in_record, "manifest record " SIGNATURES " certificate" },
    { "record_version", raise_record_version, "manifest record " SIGNATURES " certificate" },
    { "case_in_record", change_case_in_record, "record " SIGNATURES },
    { "time_in_record", change_time_in_record, SIGNATURES },
    { "drop_manifest_line", drop_manifest_line, "unlisted manifest" },
    { "double_manifest_line", double_manifest_line, "manifest" },
    { "content_and_manifest", change_content_and_manifest, "manifest" },
};

static void an_edit_contradicts_its_lines(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    for (gsize i = 0; i < G_N_ELEMENTS(edits); i++) {
        g_autoptr(CelH5Node) root = open_tree(bag->path);
        edits[i].edit(root);
        g_autofree char *path = write_tree(bag, root);
        g_test_message("%s", edits[i].name);
        expect(path, edits[i].ids);
    }
}

static void the_first_differing_path_is_named(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(CelH5Node) root = open_tree(bag->path);
    change_step_result(root);
    add_group(root);
    g_autofree char *path = write_tree(bag, root);
    g_autoptr(GPtrArray) lines = verify(path);
    const char *const wanted = "/entry/process_02_smooth_savgol/result/intensity";
    g_assert_nonnull(strstr(line_of(lines, "content.sm3")->text_en, wanted));
    g_assert_nonnull(strstr(line_of(lines, "content.sha256")->text_zh, wanted));
    g_assert_nonnull(strstr(line_of(lines, "unlisted")->text_en, "/entry_2"));
}

/* ---- parts of other files ---- */

static void take_custody(CelH5Node *root, const char *from, const char *const *names)
{
    g_autoptr(CelH5Node) other = open_tree(from);
    for (gsize i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_strconcat(CEL_PATH_RECORD "/", names[i], NULL);
        set_data(root, path, g_bytes_ref(find(other, path)->data));
    }
}

static char *seal_other(Bag *bag, const char *case_id, CelKey *key)
{
    char *path = g_build_filename(bag->folder, "other.cel.h5", NULL);
    g_autoptr(GError) error = NULL;
    bag->request.case_id = case_id;
    bag->request.fid = "ffeeddccbbaa99887766554433221100";
    cel_seal_write(&bag->request, key, path, NULL, &error);
    g_assert_no_error(error);
    return path;
}

static void the_record_of_another_file_does_not_fit(Bag *bag, gconstpointer data)
{
    (void)data;
    static const char *const all[] = { "record", "data", "sig_sm2", "sig_ed25519", NULL };
    bag_seal(bag);
    g_autofree char *other = seal_other(bag, "2026-刑-0099", bag->key);
    g_autoptr(CelH5Node) root = open_tree(bag->path);
    take_custody(root, other, all);
    g_autofree char *path = write_tree(bag, root);
    expect(path, "manifest record");
}

static void another_persons_signature_does_not_fit_the_record(Bag *bag, gconstpointer data)
{
    (void)data;
    static const char *const signs[] = { "sig_sm2", "sig_ed25519", "cert_sm2", "cert_ed25519",
                                         NULL };
    bag_seal(bag);
    g_autoptr(CelKey) key = cel_key_generate("王芳", FALSE, NULL);
    g_autofree char *other = seal_other(bag, "2026-刑-0042", key);
    g_autoptr(CelH5Node) root = open_tree(bag->path);
    take_custody(root, other, signs);
    g_autofree char *path = write_tree(bag, root);
    expect(path, "signature.sm2 signature.ed25519 certificate");
}

/* A namesake signs the true record again: only the certificates' digests in the record tell. */
static void a_namesake_who_signs_the_record_again_is_seen(Bag *bag, gconstpointer data)
{
    (void)data;
    static const char *const signatures[] = { "sig_sm2", "sig_ed25519" };
    static const char *const certificates[] = { "cert_sm2", "cert_ed25519" };
    bag_seal(bag);
    g_autoptr(CelKey) key = cel_key_generate("王芳", FALSE, NULL);
    g_autoptr(CelH5Node) root = open_tree(bag->path);
    GBytes *record = find(root, CEL_PATH_RECORD "/record")->data;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_autofree char *sig = g_strconcat(CEL_PATH_RECORD "/", signatures[s], NULL);
        g_autofree char *cert = g_strconcat(CEL_PATH_RECORD "/", certificates[s], NULL);
        set_data(root, sig, cel_key_sign(key, s, record, NULL));
        set_data(root, cert, cel_key_certificate(key, s, NULL));
    }
    g_autofree char *path = write_tree(bag, root);
    expect(path, "certificate");
}

/* ---- damage ---- */

static void what_is_not_sealed_is_an_error_not_a_verdict(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_put_int(root, "x", 1);
    g_autofree char *path = write_tree(bag, root);
    g_assert_false(cel_verify(path, NULL, &lines, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_true(g_file_set_contents(path, "x,y\n1,2\n", -1, NULL));
    g_assert_false(cel_verify(path, NULL, &lines, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_null(lines);
}

/* ---- without our software ---- */

static int run_script(const char *script, const char *path)
{
    const char *const argv[] = { "sh", script, path, NULL };
    g_autofree char *out = NULL, *problems = NULL;
    int status = -1;
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               &problems, &status, NULL));
    g_test_message("%s%s", out, problems);
    return g_spawn_check_wait_status(status, NULL) ? 0 : 1;
}

static void h5dump_and_openssl_alone_confirm_a_file(Bag *bag, gconstpointer data)
{
    (void)data;
    static const Edit seen[] = { change_step_result, change_attribute, add_dataset,
                                 change_ed25519_signature };
    g_autofree char *dump = g_find_program_in_path("h5dump");
    g_autofree char *openssl = g_find_program_in_path("openssl");
    const char *script = g_getenv("CELADON_PUBLIC_VERIFY");
    if (dump == NULL || openssl == NULL || script == NULL || *script == '\0') {
        g_test_skip("h5dump, openssl or the script is not there");
        return;
    }
    bag_seal(bag);
    g_assert_cmpint(run_script(script, bag->path), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(seen); i++) {
        g_autoptr(CelH5Node) root = open_tree(bag->path);
        seen[i](root);
        g_autofree char *path = write_tree(bag, root);
        g_assert_cmpint(run_script(script, path), ==, 1);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define WITH_BAG(path, kind, test) g_test_add(path, Bag, kind, bag_set_up, test, bag_tear_down)
    WITH_BAG("/verify/untouched/lines", NULL, an_untouched_file_has_no_contradiction);
    WITH_BAG("/verify/untouched/outside", NULL, a_time_outside_the_certificate_is_said);
    WITH_BAG("/verify/untouched/inside", NULL, a_time_inside_the_certificate_needs_no_remark);
    WITH_BAG("/verify/untouched/training", SIMULATED, a_training_record_is_said_to_be_no_evidence);
    WITH_BAG("/verify/edited/training", SIMULATED, a_training_mark_cannot_be_taken_off);
    WITH_BAG("/verify/untouched/repacked", NULL, a_repacked_file_keeps_its_content);
    WITH_BAG("/verify/untouched/public_tools", NULL, h5dump_and_openssl_alone_confirm_a_file);
    WITH_BAG("/verify/edited/lines", NULL, an_edit_contradicts_its_lines);
    WITH_BAG("/verify/edited/first_path", NULL, the_first_differing_path_is_named);
    WITH_BAG("/verify/exchanged/record", NULL, the_record_of_another_file_does_not_fit);
    WITH_BAG("/verify/exchanged/person", NULL, another_persons_signature_does_not_fit_the_record);
    WITH_BAG("/verify/exchanged/namesake", NULL, a_namesake_who_signs_the_record_again_is_seen);
    WITH_BAG("/verify/other/files", NULL, what_is_not_sealed_is_an_error_not_a_verdict);
    return g_test_run();
}
