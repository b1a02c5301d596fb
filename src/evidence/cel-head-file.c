/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-head-private.h"

#include "base/cel-canon.h"
#include "base/cel-clock.h"
#include "base/cel-error.h"
#include "base/cel-hash.h"
#include "evidence/cel-record.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char HEAD[] = "head", COUNTERSIGN[] = "countersignature", FILE_KIND[] = "head-file";
static const char *const trees[CEL_N_MERKLE] = {"sha256", "sm3"};
enum { FILE_VERSION = 1 };

static gboolean refuse(GError **error, const char *why)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("This is no head of a ledger: %s"), why);
    return FALSE;
}

/* ---- writing ---- */

static JsonArray *path_json(const CelMerkleProof *path)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; i < path->n; i++) {
        g_autofree char *hex = cel_merkle_hex(&path->hashes[i]);
        json_array_add_string_element(array, hex);
    }
    return array;
}

static JsonObject *paths_json(const CelHeadParts *parts)
{
    JsonObject *object = json_object_new();
    json_object_set_int_member(object, "from", (gint64)parts->from_size);
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        json_object_set_array_member(object, trees[k], path_json(&parts->path[k]));
    return object;
}

static GBytes *canonical(JsonNode *node, GError **error)
{
    char *text = cel_canon_write(node, error);
    return text != NULL ? g_bytes_new_take(text, strlen(text)) : NULL;
}

static GBytes *canonical_bytes(JsonObject *object, GError **error)
{
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    return canonical(node, error);
}

GBytes *cel_head_file_write(const CelHeadParts *parts, GError **error)
{
    g_autoptr(JsonNode) statement =
        cel_statement_join(parts->record, parts->signatures, parts->certificates, error);
    if (statement == NULL)
        return NULL;
    g_autoptr(JsonObject) file = json_object_new();
    json_object_set_string_member(file, "kind", FILE_KIND);
    json_object_set_int_member(file, "v", FILE_VERSION);
    json_object_set_member(file, "head", g_steal_pointer(&statement));
    if (parts->from_size > 0)
        json_object_set_object_member(file, "path", paths_json(parts));
    return canonical_bytes(file, error);
}

/* ---- reading ---- */

static gboolean read_paths(JsonObject *file, CelHeadFile *head, GError **error)
{
    if (!json_object_has_member(file, "path"))
        return TRUE;
    const gint64 from = cel_record_number(file, "path/from");
    gboolean ok = from > 0;
    for (guint k = 0; ok && k < CEL_N_MERKLE; k++) {
        g_autofree char *where = g_strconcat("path/", trees[k], NULL);
        ok = cel_merkle_proof_read(file, where, &head->path[k]);
    }
    head->from_size = ok ? (guint64)from : 0;
    return ok || refuse(error, _("its path is damaged"));
}

static JsonNode *read_file(GBytes *bytes, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    if (n > CEL_STATEMENT_MAX_BYTES) {
        refuse(error, _("it is too long"));
        return NULL;
    }
    g_autoptr(JsonNode) root = cel_canon_read(text, n, error);
    JsonObject *file =
        root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
    if (root == NULL)
        return NULL;
    const guint members = file != NULL ? json_object_get_size(file) : 0;
    if (members < 3 || members > 4 || (members == 4 && !json_object_has_member(file, "path")) ||
        g_strcmp0(cel_record_text(file, "kind"), FILE_KIND) != 0 ||
        cel_record_number(file, "v") != FILE_VERSION || !json_object_has_member(file, "head")) {
        refuse(error, _("it is not of the expected form"));
        return NULL;
    }
    return g_steal_pointer(&root);
}

CelHeadFile *cel_head_file_read(GBytes *bytes, GError **error)
{
    g_autoptr(JsonNode) root = read_file(bytes, error);
    if (root == NULL)
        return NULL;
    JsonObject *file = json_node_get_object(root);
    g_autoptr(GBytes) inner = canonical(json_object_get_member(file, "head"), error);
    g_autoptr(CelHeadFile) head = g_new0(CelHeadFile, 1);
    head->statement = inner != NULL ? cel_statement_read(inner, HEAD, error) : NULL;
    if (head->statement == NULL || !cel_head_read(head->statement->bytes, &head->is, error) ||
        !read_paths(file, head, error))
        return NULL;
    return g_steal_pointer(&head);
}

void cel_head_file_free(CelHeadFile *head)
{
    if (head == NULL)
        return;
    cel_statement_free(head->statement);
    g_free(head);
}

/* ---- one head after another ---- */

static gboolean deny(GError **error, const char *why)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("This head does not continue the one that was kept: %s. It is not countersigned; "
                  "tell the head of the laboratory"),
                why);
    return FALSE;
}

static gboolean same_roots(const CelHeadFile *a, const CelHeadFile *b)
{
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        if (memcmp(a->is.root[k].bytes, b->is.root[k].bytes, CEL_MERKLE_HASH) != 0)
            return FALSE;
    return TRUE;
}

static gboolean grew_out_of(const CelHeadFile *head, const CelHeadFile *last)
{
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        const CelMerkleHead before = {last->is.size, last->is.root[k]},
                            after = {head->is.size, head->is.root[k]};
        if (!cel_merkle_check_consistency((CelMerkleKind)k, &before, &after, &head->path[k]))
            return FALSE;
    }
    return TRUE;
}

gboolean cel_head_file_follows(const CelHeadFile *head, const CelHeadFile *last, GError **error)
{
    if (strcmp(head->is.ledger_id, last->is.ledger_id) != 0)
        return deny(error, _("it is another ledger's"));
    if (head->is.size < last->is.size)
        return deny(error, _("the ledger is shorter than it was; events were taken away"));
    if (head->is.size == last->is.size)
        return same_roots(head, last) || deny(error, _("events were exchanged"));
    if (head->from_size != last->is.size)
        return deny(error, _("it brings no path from the kept size; export it again with --since"));
    return grew_out_of(head, last) || deny(error, _("its path does not lead to it"));
}

/* ---- another machine's word ---- */

static void put_digests(JsonObject *body, GBytes *bytes)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    JsonObject *pair = json_object_new();
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        g_autofree char *hex = cel_digest_hex(trees[k], data, n);
        json_object_set_string_member(pair, trees[k], hex);
    }
    json_object_set_object_member(body, "head", pair);
}

gboolean cel_head_file_may_countersign(const CelHeadFile *head, const CelCertificate *by,
                                       GError **error)
{
    const CelCertificate *own = &head->statement->signer;
    const gboolean machine = by->role == CEL_ROLE_DEVICE || by->role == CEL_ROLE_LEDGER;
    if (machine && (g_strcmp0(by->person, own->person) != 0 || g_strcmp0(by->lab, own->lab) != 0))
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                        _("A head is countersigned with the key of another machine (role device or "
                          "ledger), not with its own or a person's"));
    return FALSE;
}

JsonObject *cel_head_file_countersign_body(const CelHeadFile *head, gint64 wall_us)
{
    JsonObject *body = json_object_new();
    g_autofree char *wall = cel_clock_iso8601(wall_us);
    put_digests(body, head->statement->bytes);
    json_object_set_string_member(body, "ledger", head->is.ledger_id);
    json_object_set_int_member(body, "size", (gint64)head->is.size);
    json_object_set_string_member(body, "t_wall", wall);
    json_object_set_int_member(body, "t_wall_us", wall_us);
    return body;
}

void cel_countersign_free(CelCountersign *countersign)
{
    if (countersign == NULL)
        return;
    cel_statement_free(countersign->statement);
    g_free(countersign);
}

/* The body that it must have: the same as ours would, at its time. */
static gboolean is_over(const CelCountersign *countersign, const CelHeadFile *head)
{
    g_autoptr(JsonObject) body = cel_head_file_countersign_body(head, countersign->wall_us);
    json_object_set_string_member(body, "kind", COUNTERSIGN);
    json_object_set_int_member(body, "v", CEL_STATEMENT_VERSION);
    g_autoptr(GBytes) expected = canonical_bytes(body, NULL);
    return expected != NULL && g_bytes_equal(expected, countersign->statement->bytes);
}

CelCountersign *cel_countersign_read(GBytes *bytes, const CelHeadFile *head, GError **error)
{
    g_autoptr(CelCountersign) countersign = g_new0(CelCountersign, 1);
    countersign->statement = cel_statement_read(bytes, COUNTERSIGN, error);
    if (countersign->statement == NULL)
        return NULL;
    countersign->wall_us =
        cel_record_number(json_node_get_object(countersign->statement->body), "t_wall_us");
    if (countersign->wall_us <= 0 || !is_over(countersign, head)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("The countersignature is over another head"));
        return NULL;
    }
    if (!cel_head_file_may_countersign(head, &countersign->statement->signer, error))
        return NULL;
    return g_steal_pointer(&countersign);
}
