/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-place.h"
#include "register/cel-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_PROBLEMS = 100, MOST_LEVELS = 64 };

/* A certificate and where it was used. Revocation begins at a position and validity is one span of
 * time, so that judging the last position and both ends of the times judges every use between. */
typedef struct {
    CelSigner signer;
    GBytes *der;
    gboolean head; /* signs heads */
    guint64 last_seq;
    gint64 first_us, last_us;
} Use;

/* What batches brought of one ledger: up to which position, by which event of ours. */
typedef struct {
    guint64 to, seq;
} Bringing;

typedef struct {
    guint64 next;
    GArray *bringings; /* Bringing, ascending */
} Brought;

static void free_brought(gpointer memory)
{
    Brought *brought = memory;
    g_array_unref(brought->bringings);
    g_free(brought);
}

typedef struct {
    CelLedger *ledger;
    const CelTrust *trust;
    GPtrArray *problems;
    CelJob *job;
    /* of the source that is walked */
    CelStoreTree tree;
    gint64 source;
    char id[CEL_LEDGER_ID + 1];
    guint64 size, seen;
    CelDigestPair previous;
    gint64 previous_us;
    CelMerkleHash stack[MOST_LEVELS][CEL_N_MERKLE]; /* complete subtrees without a sibling yet */
    GHashTable *uses;                               /* digest of the certificate -> Use */
    GHashTable *batches;                            /* ledger id -> Brought */
} Check;

static void free_use(gpointer memory)
{
    Use *use = memory;
    g_bytes_unref(use->der);
    g_free(use);
}

static void say(Check *check, guint64 seq, const char *what)
{
    if (check->problems->len > MOST_PROBLEMS)
        return;
    char *line;
    if (check->problems->len == MOST_PROBLEMS)
        line = g_strdup(_("... and more"));
    else if (check->source == CEL_SOURCE_OWN)
        line = g_strdup_printf(_("Event %zu: %s"), (gsize)seq, what);
    else
        line = g_strdup_printf(_("Ledger %s, event %zu: %s"), check->id, (gsize)seq, what);
    g_ptr_array_add(check->problems, line);
}

/* ---- certificates ---- */

static void note_use(Check *check, const CelLedgerSignature *signature, guint64 seq, gint64 wall_us,
                     gboolean head)
{
    gsize n = 0;
    const void *der = g_bytes_get_data(signature->certificate, &n);
    g_autofree char *digest = cel_digest_hex("sha256", der, n);
    g_autofree char *key = g_strdup_printf("%s %d", digest, head);
    Use *use = g_hash_table_lookup(check->uses, key);
    if (use == NULL) {
        use = g_new0(Use, 1);
        use->signer = signature->signer;
        use->der = g_bytes_ref(signature->certificate);
        use->head = head;
        use->first_us = use->last_us = wall_us;
        g_hash_table_insert(check->uses, g_steal_pointer(&key), use);
    }
    use->last_seq = MAX(use->last_seq, seq);
    use->first_us = MIN(use->first_us, wall_us);
    use->last_us = MAX(use->last_us, wall_us);
}

static const char *state_text(CelTrustState state)
{
    switch (state) {
    case CEL_TRUST_VOUCHED:
        return NULL;
    case CEL_TRUST_REVOKED:
        return _("the certificate of %s was revoked before its last use");
    case CEL_TRUST_OUT_OF_TIME:
        return _("the certificate of %s was not valid at all times of its use");
    case CEL_TRUST_SELF_SIGNED:
    case CEL_TRUST_UNKNOWN_LAB:
        return _("no known laboratory vouches for %s");
    default:
        return _("the certificate of %s does not hold");
    }
}

/* Without trust, a certificate that is signed with its own key must at least hold in itself. */
static void inspect_use(Check *check, const Use *use)
{
    g_autoptr(GError) why = NULL;
    CelCertificate about = {0};
    if (!cel_certificate_inspect(use->signer, use->der, &about, &why))
        say(check, use->last_seq, why->message);
    cel_certificate_clear(&about);
}

static void judge_use(Check *check, const Use *use)
{
    if (check->trust == NULL) {
        inspect_use(check, use);
        return;
    }
    const gint64 times[] = {use->first_us, use->last_us};
    CelTrustState state = CEL_TRUST_VOUCHED;
    g_autofree char *person = NULL;
    gboolean ledger_role = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(times) && state == CEL_TRUST_VOUCHED; i++) {
        CelCertificate about = {0};
        const CelTrustQuestion question = {use->signer, use->der, use->last_seq, times[i]};
        state = cel_trust_judge(check->trust, &question, &about);
        ledger_role = about.role == CEL_ROLE_LEDGER;
        g_free(person);
        person = g_strdup(about.person != NULL ? about.person : "?");
        cel_certificate_clear(&about);
    }
    const char *format = state_text(state);
    if (format == NULL && use->head && !ledger_role)
        format = _("heads are signed by %s, who is not the ledger");
    if (format == NULL)
        return;
    g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
    g_autofree char *text = g_strconcat(parts[0], person, parts[1], NULL);
    say(check, use->last_seq, text);
}

static void judge_uses(Check *check)
{
    GHashTableIter iter;
    gpointer use;
    g_hash_table_iter_init(&iter, check->uses);
    while (g_hash_table_iter_next(&iter, NULL, &use))
        judge_use(check, use);
}

/* ---- events ---- */

static void check_node(Check *check, guint level, guint64 index, const CelMerkleHash *wanted)
{
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        check->tree.kind = k;
        CelMerkleHash found;
        if (!cel_store_fetch(&check->tree, level, index, &found, NULL) ||
            memcmp(found.bytes, wanted[k].bytes, CEL_MERKLE_HASH) != 0) {
            say(check, check->seen, _("its tree does not follow from the events"));
            return;
        }
    }
}

static void grow_trees(Check *check, GBytes *record)
{
    CelMerkleHash node[CEL_N_MERKLE];
    const guint64 index = check->seen - 1;
    guint level = 0;
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        node[k] = cel_merkle_leaf(k, record);
    check_node(check, 0, index, node);
    for (guint64 at = index; (at & 1) == 1; at >>= 1, level++) {
        for (guint k = 0; k < CEL_N_MERKLE; k++)
            node[k] = cel_merkle_node(k, &check->stack[level][k], &node[k]);
        check_node(check, level + 1, at >> 1, node);
    }
    memcpy(check->stack[level], node, sizeof node);
}

static void check_place(Check *check, JsonObject *event, guint64 seq)
{
    JsonObject *previous = json_object_get_object_member(event, "prev");
    const gint64 wall_us = json_object_get_int_member(event, "t_wall_us");
    if (json_object_get_int_member(event, "seq") != (gint64)seq)
        say(check, seq, _("it was written for another position"));
    if (strcmp(json_object_get_string_member(event, "ledger"), check->id) != 0)
        say(check, seq, _("it belongs to another ledger"));
    if (strcmp(json_object_get_string_member(previous, "sha256"), check->previous.sha256) != 0 ||
        strcmp(json_object_get_string_member(previous, "sm3"), check->previous.sm3) != 0)
        say(check, seq, _("it does not follow the event before it"));
    if ((wall_us < check->previous_us) != json_object_has_member(event, "clock"))
        say(check, seq, _("it hides that its clock was behind, or says so without reason"));
    check->previous_us = wall_us;
}

/* Of the ledger @id; made when it is new. */
static Brought *brought_of(Check *check, const char *id)
{
    Brought *brought = g_hash_table_lookup(check->batches, id);
    if (brought == NULL) {
        brought = g_new0(Brought, 1);
        brought->next = 1;
        brought->bringings = g_array_new(FALSE, FALSE, sizeof(Bringing));
        g_hash_table_insert(check->batches, g_strdup(id), brought);
    }
    return brought;
}

/* The events that a batch brought are those whose root it names, one batch behind the other. */
static void check_batch(Check *check, JsonObject *event, guint64 seq)
{
    CelBatchRange range;
    const char *problem = NULL;
    if (check->source != CEL_SOURCE_OWN ||
        strcmp(json_object_get_string_member(event, "act"), cel_act_def(CEL_ACT_BATCH)->id) != 0)
        return;
    if (!cel_batch_range(event, &range, NULL)) {
        say(check, seq, _("it does not say which events it brings"));
        return;
    }
    Brought *brought = brought_of(check, range.ledger_id);
    const Bringing bringing = {range.to, seq};
    problem = cel_batch_problem(check->ledger, &range, brought->next);
    if (problem != NULL)
        say(check, seq, problem);
    brought->next = range.to + 1;
    g_array_append_val(brought->bringings, bringing);
}

/* No event of another ledger is here that no batch brought. */
static void check_brought(Check *check)
{
    if (check->source != CEL_SOURCE_OWN && brought_of(check, check->id)->next != check->size + 1)
        say(check, check->size, _("no batch brought this event here"));
}

/* Revocations are positions of this ledger: an event from elsewhere counts from its batch on. */
static guint64 position_here(Check *check, guint64 seq)
{
    if (check->source == CEL_SOURCE_OWN)
        return seq;
    const GArray *bringings = brought_of(check, check->id)->bringings;
    for (guint i = 0; i < bringings->len; i++)
        if (g_array_index(bringings, Bringing, i).to >= seq)
            return g_array_index(bringings, Bringing, i).seq;
    return 0;
}

static gboolean check_event(Check *check, guint64 seq, GError **error)
{
    GError *why = NULL;
    g_autoptr(CelLedgerEntry) entry = cel_store_get(check->ledger->db, check->source, seq, error);
    if (entry == NULL)
        return FALSE;
    g_autoptr(JsonNode) node = cel_event_read(entry->record, &why);
    check->seen = seq;
    if (node != NULL) {
        JsonObject *event = json_node_get_object(node);
        check_place(check, event, seq);
        check_batch(check, event, seq);
        if (cel_entry_check_signatures(entry, event, &why))
            for (guint i = 0; i < entry->signatures->len; i++)
                note_use(check, g_ptr_array_index(entry->signatures, i), position_here(check, seq),
                         check->previous_us, FALSE);
    }
    if (why != NULL)
        say(check, seq, why->message);
    g_clear_error(&why);
    grow_trees(check, entry->record);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(entry->record, &n);
    check->previous = cel_digest_pair(bytes, n);
    return TRUE;
}

/* A gap shows as a count that is not the last position: then positions are tried one by one. */
static gboolean check_events(Check *check, GError **error)
{
    for (guint64 seq = 1; seq <= check->size; seq++) {
        GError *why = NULL;
        if (!cel_job_step(check->job, N_("Checking the ledger"), seq, check->size, error))
            return FALSE;
        if (check_event(check, seq, &why))
            continue;
        if (!g_error_matches(why, CEL_ERROR, CEL_ERROR_USAGE)) {
            g_propagate_error(error, why);
            return FALSE;
        }
        g_clear_error(&why);
        say(check, seq, _("it is missing; nothing behind it can be proven"));
        return TRUE;
    }
    return TRUE;
}

/* ---- heads ---- */

static gboolean head_states(Check *check, const CelLedgerHead *head, gint64 *out_wall_us)
{
    CelHead stated;
    if (!cel_head_read(head->record, &stated, NULL) || strcmp(stated.ledger_id, check->id) != 0 ||
        stated.size != head->size || head->size > check->size)
        return FALSE;
    *out_wall_us = stated.wall_us;
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        const CelMerkleSource source = {k, cel_store_fetch, &check->tree};
        check->tree.kind = k;
        CelMerkleHash root;
        if (!cel_merkle_root(&source, head->size, &root, NULL) ||
            memcmp(root.bytes, stated.root[k].bytes, CEL_MERKLE_HASH) != 0)
            return FALSE;
    }
    return TRUE;
}

static void check_head(Check *check, const CelLedgerHead *head)
{
    gint64 wall_us = 0;
    guint n = 0;
    if (!head_states(check, head, &wall_us)) {
        say(check, head->size, _("the head stored for it is not that of its tree"));
        return;
    }
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (head->signatures[s] == NULL)
            continue;
        const CelLedgerSignature signature = {FALSE, s, head->signatures[s], head->certificates[s]};
        if (!cel_signature_fits(s, signature.certificate, head->record, signature.signature, NULL))
            say(check, head->size, _("the signature of its head does not hold"));
        note_use(check, &signature, position_here(check, head->size), wall_us, TRUE);
        n++;
    }
    if (n == 0)
        say(check, head->size, _("its head is not signed"));
}

static gboolean check_heads(Check *check, GError **error)
{
    g_autoptr(sqlite3_stmt) get = cel_sql_prepare(
        check->ledger->db, "SELECT size FROM head WHERE source = ?1 ORDER BY size", error);
    gboolean row = TRUE;
    if (get == NULL)
        return FALSE;
    sqlite3_bind_int64(get, 1, check->source);
    while (cel_sql_step(get, &row, error) && row) {
        GError *why = NULL;
        g_autoptr(CelLedgerHead) head = cel_store_head_at(
            check->ledger->db, check->source, (guint64)sqlite3_column_int64(get, 0), &why);
        if (why != NULL) {
            g_propagate_error(error, why);
            return FALSE;
        }
        if (head != NULL) /* a damaged index names rows that are not there */
            check_head(check, head);
        else
            say(check, 0, _("a head that the index names is not there"));
    }
    return !row;
}

/* ---- the whole ---- */

static gboolean check_source(Check *check, gint64 source, const char *id, GError **error)
{
    check->source = source;
    g_strlcpy(check->id, id, sizeof check->id);
    check->previous = cel_event_genesis(id);
    check->previous_us = 0;
    check->seen = 0;
    check->tree = (CelStoreTree){.db = check->ledger->db, .source = source};
    const gboolean ok = cel_store_size(check->ledger->db, source, &check->size, error) &&
                        check_events(check, error) && check_heads(check, error);
    cel_store_tree_clear(&check->tree);
    check_brought(check);
    return ok;
}

static gboolean check_sources(Check *check, GError **error)
{
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(check->ledger->db, "SELECT id, ledger FROM source ORDER BY id", error);
    gboolean row = TRUE;
    if (get == NULL)
        return FALSE;
    while (cel_sql_step(get, &row, error) && row) {
        g_autofree char *id = g_strdup((const char *)sqlite3_column_text(get, 1));
        if (!check_source(check, sqlite3_column_int64(get, 0), id, error))
            return FALSE;
    }
    return !row;
}

static gboolean check_certificates(Check *check, GError **error)
{
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(check->ledger->db, "SELECT sha256, der FROM certificate", error);
    gboolean row = TRUE;
    if (get == NULL)
        return FALSE;
    while (cel_sql_step(get, &row, error) && row) {
        g_autofree char *digest = cel_digest_hex("sha256", sqlite3_column_blob(get, 1),
                                                 (gsize)sqlite3_column_bytes(get, 1));
        if (g_strcmp0(digest, (const char *)sqlite3_column_text(get, 0)) != 0)
            g_ptr_array_add(check->problems,
                            g_strdup(_("A certificate is not the one that its name says")));
    }
    return !row;
}

/* Rows that belong to no event would be a place to hide something. */
static gboolean check_leftovers(Check *check, GError **error)
{
    static const char *const counts[] = {
        "SELECT count(*) FROM signature s WHERE NOT EXISTS "
        "(SELECT 1 FROM event e WHERE e.source = s.source AND e.seq = s.seq)",
        "SELECT count(*) FROM head_signature s WHERE NOT EXISTS "
        "(SELECT 1 FROM head h WHERE h.source = s.source AND h.size = s.size)",
        "SELECT count(*) FROM event WHERE seq < 1 OR source NOT IN (SELECT id FROM source)",
        "SELECT count(*) FROM head WHERE source NOT IN (SELECT id FROM source)",
        "SELECT count(*) FROM certificate c WHERE NOT EXISTS "
        "(SELECT 1 FROM signature s WHERE s.certificate = c.id) AND NOT EXISTS "
        "(SELECT 1 FROM head_signature s WHERE s.certificate = c.id)",
    };
    gint64 n_nodes = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        gint64 n = 0;
        if (!cel_sql_number(check->ledger->db, counts[i], &n, error))
            return FALSE;
        if (n > 0)
            g_ptr_array_add(check->problems,
                            g_strdup(_("The ledger holds rows that belong to no event")));
    }
    if (!cel_sql_number(check->ledger->db, "SELECT count(*) FROM node", &n_nodes, error))
        return FALSE;
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(check->ledger->db, "SELECT max(seq) FROM event GROUP BY source", error);
    gboolean row = TRUE;
    while (get != NULL && cel_sql_step(get, &row, error) && row)
        n_nodes -= (gint64)cel_ledger_node_place(0, (guint64)sqlite3_column_int64(get, 0));
    if (get == NULL || row)
        return FALSE;
    if (n_nodes != 0)
        g_ptr_array_add(check->problems,
                        g_strdup(_("The ledger's trees and its events do not end together")));
    return TRUE;
}

static gboolean check_structure(Check *check, GError **error)
{
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(check->ledger->db, "PRAGMA quick_check(10)", error);
    gboolean row = TRUE;
    if (get == NULL)
        return FALSE;
    while (cel_sql_step(get, &row, error) && row) {
        const char *text = (const char *)sqlite3_column_text(get, 0);
        if (g_strcmp0(text, "ok") != 0)
            g_ptr_array_add(check->problems,
                            g_strdup_printf(_("The database is damaged: %s"), text));
    }
    return !row;
}

/* What cannot be read at all is a finding of the check, not a failure of it. */
static gboolean as_problem(GPtrArray *problems, GError *why, GError **error)
{
    if (!g_error_matches(why, CEL_ERROR, CEL_ERROR_INPUT)) {
        g_propagate_error(error, why);
        return FALSE;
    }
    g_ptr_array_add(problems, g_strdup(why->message));
    g_error_free(why);
    return TRUE;
}

gboolean cel_ledger_check(CelLedger *ledger, const CelTrust *trust, GPtrArray **out_problems,
                          CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) uses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_use);
    g_autoptr(GHashTable) batches =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_brought);
    Check check = {.ledger = ledger,
                   .trust = trust,
                   .problems = problems,
                   .job = job,
                   .uses = uses,
                   .batches = batches};
    GError *why = NULL;
    /* One view of the database, whoever appends meanwhile. */
    if (!cel_sql_exec(ledger->db, "BEGIN", error))
        return FALSE;
    const gboolean ok = check_structure(&check, &why) && check_sources(&check, &why) &&
                        check_certificates(&check, &why) && check_leftovers(&check, &why);
    sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
    if (!ok && !as_problem(problems, why, error))
        return FALSE;
    judge_uses(&check);
    *out_problems = g_steal_pointer(&problems);
    return TRUE;
}
