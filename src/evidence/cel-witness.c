/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-witness.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-number.h"
#include "evidence/cel-record.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { WITNESS_VERSION = 1, MOST_EVENTS = 10000 };
static const char *const algorithms[CEL_N_MERKLE] = {"sha256", "sm3"};

static void free_event(gpointer data)
{
    CelWitnessEvent *event = data;
    g_bytes_unref(event->record);
    g_free(event);
}

CelWitness *cel_witness_new(void)
{
    CelWitness *witness = g_new0(CelWitness, 1);
    witness->events = g_ptr_array_new_with_free_func(free_event);
    witness->kept = g_array_new(FALSE, TRUE, sizeof(CelKeptHead));
    return witness;
}

void cel_witness_free(CelWitness *witness)
{
    if (witness == NULL)
        return;
    g_ptr_array_unref(witness->events);
    g_array_unref(witness->kept);
    g_free(witness);
}

void cel_witness_add_event(CelWitness *witness, const CelWitnessEvent *event)
{
    CelWitnessEvent *copy = g_memdup2(event, sizeof *event);
    g_bytes_ref(copy->record);
    g_ptr_array_add(witness->events, copy);
}

gboolean cel_witness_keep(CelWitness *witness, const char *text, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, ":", 2);
    CelKeptHead head = {.size = 0};
    if (words[0] != NULL && words[1] != NULL &&
        g_ascii_string_to_unsigned(words[0], 10, 1, G_MAXINT64, &head.size, NULL) &&
        cel_merkle_from_hex(words[1], &head.root)) {
        g_array_append_val(witness->kept, head);
        return TRUE;
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("\"%s\" is no head of a ledger: it needs SIZE:ROOT, as printed on a paper"),
                text);
    return FALSE;
}

/* ---- writing ---- */

static void put_hash(JsonBuilder *b, const char *key, const CelMerkleHash *hash)
{
    g_autofree char *hex = cel_merkle_hex(hash);
    if (key != NULL)
        json_builder_set_member_name(b, key);
    json_builder_add_string_value(b, hex);
}

static void put_path(JsonBuilder *b, const char *key, const CelMerkleProof *path)
{
    json_builder_set_member_name(b, key);
    json_builder_begin_array(b);
    for (guint i = 0; i < path->n; i++)
        put_hash(b, NULL, &path->hashes[i]);
    json_builder_end_array(b);
}

static void put_int(JsonBuilder *b, const char *key, guint64 value)
{
    json_builder_set_member_name(b, key);
    json_builder_add_int_value(b, (gint64)value);
}

static void put_text(JsonBuilder *b, const char *key, const char *text)
{
    json_builder_set_member_name(b, key);
    json_builder_add_string_value(b, text);
}

static void put_events(JsonBuilder *b, const CelWitness *witness)
{
    json_builder_set_member_name(b, "events");
    json_builder_begin_array(b);
    for (guint i = 0; i < witness->events->len; i++) {
        const CelWitnessEvent *event = g_ptr_array_index(witness->events, i);
        gsize n = 0;
        const char *data = g_bytes_get_data(event->record, &n);
        g_autofree char *record = g_strndup(data, n);
        json_builder_begin_object(b);
        put_int(b, "seq", event->seq);
        put_text(b, "record", record);
        put_path(b, "path", &event->path);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

GBytes *cel_witness_write(const CelWitness *witness)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    put_int(b, "v", WITNESS_VERSION);
    put_text(b, "kind", "witness");
    put_text(b, "ledger", witness->ledger_id);
    put_int(b, "size", witness->size);
    put_int(b, "from_size", witness->from_size);
    json_builder_set_member_name(b, "root");
    json_builder_begin_object(b);
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        put_hash(b, algorithms[k], &witness->root[k]);
    json_builder_end_object(b);
    json_builder_set_member_name(b, "consistency");
    json_builder_begin_object(b);
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        put_path(b, algorithms[k], &witness->consistency[k]);
    json_builder_end_object(b);
    put_events(b, witness);
    json_builder_end_object(b);
    g_autoptr(JsonNode) root = json_builder_get_root(b);
    char *text = cel_canon_write(root, NULL);
    return text != NULL ? g_bytes_new_take(text, strlen(text)) : NULL;
}

/* ---- reading ---- */

static JsonObject *as_object(JsonNode *node)
{
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static gboolean read_event(CelWitness *witness, JsonObject *object)
{
    CelWitnessEvent event = {.seq = 0};
    const char *record = object != NULL ? cel_record_text(object, "record") : NULL;
    const gint64 seq = cel_record_number(object, "seq");
    if (record == NULL || seq < 1 || !cel_merkle_proof_read(object, "path", &event.path))
        return FALSE;
    g_autoptr(GBytes) bytes = g_bytes_new(record, strlen(record));
    event.seq = (guint64)seq;
    event.record = bytes;
    cel_witness_add_event(witness, &event);
    return TRUE;
}

static gboolean read_events(CelWitness *witness, JsonObject *object)
{
    JsonNode *node = cel_record_member(object, "events");
    if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
        return FALSE;
    JsonArray *events = json_node_get_array(node);
    gboolean good = json_array_get_length(events) <= MOST_EVENTS;
    for (guint i = 0; good && i < json_array_get_length(events); i++)
        good = read_event(witness, as_object(json_array_get_element(events, i)));
    return good;
}

static gboolean read_tree(CelWitness *witness, JsonObject *object)
{
    const char *id = cel_record_text(object, "ledger");
    const gint64 size = cel_record_number(object, "size");
    const gint64 from = cel_record_number(object, "from_size");
    gboolean good = cel_fid_valid(id) && size > 0 && from >= 0;
    for (guint k = 0; good && k < CEL_N_MERKLE; k++) {
        g_autofree char *root = g_strconcat("root/", algorithms[k], NULL);
        g_autofree char *path = g_strconcat("consistency/", algorithms[k], NULL);
        const char *hex = cel_record_text(object, root);
        good = hex != NULL && cel_merkle_from_hex(hex, &witness->root[k]) &&
               cel_merkle_proof_read(object, path, &witness->consistency[k]);
    }
    if (!good)
        return FALSE;
    g_strlcpy(witness->ledger_id, id, sizeof witness->ledger_id);
    witness->size = (guint64)size;
    witness->from_size = (guint64)from;
    return TRUE;
}

CelWitness *cel_witness_read(GBytes *bytes, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    g_autoptr(JsonNode) root = cel_canon_read(text, n, NULL);
    g_autoptr(CelWitness) witness = cel_witness_new();
    JsonObject *object = as_object(root);
    if (object != NULL && g_strcmp0(cel_record_text(object, "kind"), "witness") == 0 &&
        cel_record_number(object, "v") == WITNESS_VERSION && read_tree(witness, object) &&
        read_events(witness, object))
        return g_steal_pointer(&witness);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("This is not what a ledger says about a file (witness)"));
    return NULL;
}
