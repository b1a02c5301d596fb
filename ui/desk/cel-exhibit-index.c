/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-exhibit-index.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS = 10, MOST_WORDS = 8 };

/** Row: what is shown and what is searched. */
typedef struct {
    CelExhibitFacts facts;
    const char *search; /* folded */
} Row;

struct CelExhibitIndex {
    int refs;
    GArray *rows; /* Row */
    GStringChunk *texts;
    GHashTable *places; /* "CASE/ITEM" -> row + 1 */
    guint32 *orders[CEL_N_EXHIBIT_COLUMNS];
};

CelExhibitIndex *cel_exhibit_index_new(void)
{
    CelExhibitIndex *index = g_new0(CelExhibitIndex, 1);
    index->refs = 1;
    index->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    index->texts = g_string_chunk_new(1 << 16);
    index->places = g_hash_table_new(g_str_hash, g_str_equal);
    return index;
}

CelExhibitIndex *cel_exhibit_index_ref(CelExhibitIndex *index)
{
    g_atomic_int_inc(&index->refs);
    return index;
}

void cel_exhibit_index_unref(CelExhibitIndex *index)
{
    if (index == NULL || !g_atomic_int_dec_and_test(&index->refs))
        return;
    g_array_unref(index->rows);
    g_string_chunk_free(index->texts);
    g_hash_table_unref(index->places);
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++)
        g_free(index->orders[c]);
    g_free(index);
}

/* ---- filling ---- */

static const char *keep(CelExhibitIndex *index, const char *text)
{
    return text == NULL || *text == '\0' ? "" : g_string_chunk_insert(index->texts, text);
}

/* Departments and people are few: one copy each. */
static const char *keep_once(CelExhibitIndex *index, const char *text)
{
    return text == NULL || *text == '\0' ? "" : g_string_chunk_insert_const(index->texts, text);
}

static const char *search_text(CelExhibitIndex *index, const CelExhibitFacts *facts)
{
    g_autofree char *name = g_strjoin("/", facts->case_id, facts->item_id, NULL);
    g_autofree char *both = g_strjoin("\n", name, facts->description, facts->department,
                                      facts->holder, facts->seal_no, facts->code, NULL);
    g_autofree char *folded =
        g_str_is_ascii(both) ? g_ascii_strdown(both, -1) : g_utf8_casefold(both, -1);
    return keep(index, folded);
}

void cel_exhibit_index_add(CelExhibitIndex *index, const CelExhibitFacts *facts)
{
    Row row = {.facts = *facts};
    g_autofree char *name = g_strjoin("/", facts->case_id, facts->item_id, NULL);
    row.facts.case_id = keep_once(index, facts->case_id);
    row.facts.item_id = keep_once(index, facts->item_id);
    row.facts.description = keep(index, facts->description);
    row.facts.department = keep_once(index, facts->department);
    row.facts.holder = keep_once(index, facts->holder);
    row.facts.seal_no = keep(index, facts->seal_no);
    row.facts.code = keep(index, facts->code);
    row.search = search_text(index, &row.facts);
    g_array_append_val(index->rows, row);
    g_hash_table_insert(index->places, (gpointer)keep(index, name),
                        GUINT_TO_POINTER(index->rows->len));
}

/* ---- orders ---- */

/** Key: what a row is sorted by. */
typedef struct {
    gint64 number;
    const char *text;
    guint32 row;
} Key;

static int compare_keys(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    const int texts = x->text == y->text ? 0 : strcmp(x->text, y->text);
    return texts != 0 ? texts : x->row < y->row ? -1 : 1;
}

/* "2" stands before "10": runs of digits get one length. */
static char *natural(const char *case_id, const char *item_id)
{
    g_autofree char *name = g_strjoin("/", case_id, item_id, NULL);
    GString *out = g_string_sized_new(64);
    for (const char *c = name; *c != '\0';) {
        gsize n = 0;
        while (g_ascii_isdigit(c[n]))
            n++;
        for (gsize i = n; n > 0 && i < DIGITS; i++)
            g_string_append_c(out, '0');
        g_string_append_len(out, c, (gssize)MAX(n, 1));
        c += MAX(n, 1);
    }
    return g_string_free(out, FALSE);
}

/** Sorting: keys of the texts seen so far. */
typedef struct {
    GStringChunk *chunk;
    GHashTable *known; /* text as interned -> its key */
} Sorting;

static const char *collated(Sorting *sorting, const char *text)
{
    const char *key = g_hash_table_lookup(sorting->known, text);
    if (key != NULL)
        return key;
    g_autofree char *made = g_utf8_collate_key(text, -1);
    key = g_string_chunk_insert(sorting->chunk, made);
    g_hash_table_insert(sorting->known, (gpointer)text, (gpointer)key);
    return key;
}

static Key key_of(Sorting *sorting, const CelExhibitFacts *facts, CelExhibitColumn column)
{
    g_autofree char *name = NULL;
    switch (column) {
    case CEL_BY_STATE:
        return (Key){.number = (gint64)facts->state, .text = ""};
    case CEL_BY_AGE:
        return (Key){.number = -facts->last_us, .text = ""};
    case CEL_BY_DESCRIPTION:
        return (Key){.text = collated(sorting, facts->description)};
    case CEL_BY_DEPARTMENT:
        return (Key){.text = collated(sorting, facts->department)};
    case CEL_BY_HOLDER:
        return (Key){.text = collated(sorting, facts->holder)};
    default:
        name = natural(facts->case_id, facts->item_id);
        return (Key){.text = g_string_chunk_insert(sorting->chunk, name)};
    }
}

/* Rows that are equal in a column keep the order of their numbers. */
static void find_order(CelExhibitIndex *index, CelExhibitColumn column)
{
    const guint n = index->rows->len;
    const guint32 *by_name = column != CEL_BY_EXHIBIT ? index->orders[CEL_BY_EXHIBIT] : NULL;
    Sorting sorting = {g_string_chunk_new(1 << 16), g_hash_table_new(g_str_hash, g_str_equal)};
    Key *keys = g_new(Key, MAX(n, 1));
    for (guint i = 0; i < n; i++) {
        const guint row = by_name != NULL ? by_name[i] : i;
        keys[i] = key_of(&sorting, &g_array_index(index->rows, Row, row).facts, column);
        keys[i].row = i;
    }
    qsort(keys, n, sizeof *keys, compare_keys);
    guint32 *order = g_new(guint32, MAX(n, 1));
    for (guint i = 0; i < n; i++)
        order[i] = by_name != NULL ? by_name[keys[i].row] : keys[i].row;
    index->orders[column] = order;
    g_free(keys);
    g_string_chunk_free(sorting.chunk);
    g_hash_table_unref(sorting.known);
}

void cel_exhibit_index_finish(CelExhibitIndex *index)
{
    G_STATIC_ASSERT(CEL_BY_EXHIBIT == 0); /* the others build upon it */
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++)
        find_order(index, c);
}

/* ---- reading ---- */

/** Reading: what is gathered before the exhibits. */
typedef struct {
    CelExhibitIndex *index;
    GHashTable *departments; /* case -> department */
    GHashTable *holds;       /* "CASE/ITEM" */
} Reading;

static void read_case(const CelRowSlot *slots, gpointer data)
{
    Reading *reading = data;
    g_hash_table_insert(reading->departments, g_strdup(slots[0].text), g_strdup(slots[1].text));
}

static void read_hold(const CelRowSlot *slots, gpointer data)
{
    Reading *reading = data;
    g_hash_table_add(reading->holds, g_strjoin("/", slots[0].text, slots[1].text, NULL));
}

static CelExhibitState state_from_id(const char *id)
{
    for (guint s = 0; s < CEL_N_EXHIBIT_STATES; s++)
        if (strcmp(cel_exhibit_state_def(s)->id, id) == 0)
            return s;
    return CEL_EXHIBIT_UNKNOWN;
}

static const char *const exhibit_columns[] = {
    "case_id",     "item_id", "description", "state",   "holder_person",
    "holder_dept", "seal_no", "code",        "last_us", NULL};

static void read_exhibit(const CelRowSlot *slots, gpointer data)
{
    Reading *reading = data;
    g_autofree char *name = g_strjoin("/", slots[0].text, slots[1].text, NULL);
    const CelExhibitFacts facts = {
        .case_id = slots[0].text,
        .item_id = slots[1].text,
        .description = slots[2].text,
        .state = state_from_id(slots[3].text),
        .holder = *slots[4].text != '\0' ? slots[4].text : slots[5].text,
        .seal_no = slots[6].text,
        .code = slots[7].text,
        .last_us = slots[8].number,
        .department = g_hash_table_lookup(reading->departments, slots[0].text),
        .hold = g_hash_table_contains(reading->holds, name),
    };
    cel_exhibit_index_add(reading->index, &facts);
}

CelExhibitIndex *cel_exhibit_index_read(CelLab *lab, GError **error)
{
    static const char *const case_columns[] = {"case_id", "customer_dept", NULL};
    static const char *const hold_columns[] = {"case_id", "item_id", NULL};
    const CelRowQuery held = {.match = {{"lifted_seq", NULL, 0}}};
    g_autoptr(CelExhibitIndex) index = cel_exhibit_index_new();
    g_autoptr(GHashTable) departments =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) holds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Reading reading = {index, departments, holds};
    const CelRowVisit cases = {case_columns, NULL, read_case, &reading};
    const CelRowVisit on_hold = {hold_columns, &held, read_hold, &reading};
    const CelRowVisit exhibits = {exhibit_columns, NULL, read_exhibit, &reading};
    CelRegister *reg = cel_lab_register(lab);
    if (!cel_register_visit(reg, CEL_ROW_CASE, &cases, error) ||
        !cel_register_visit(reg, CEL_ROW_HOLD, &on_hold, error) ||
        !cel_register_visit(reg, CEL_ROW_EXHIBIT, &exhibits, error))
        return NULL;
    cel_exhibit_index_finish(index);
    return g_steal_pointer(&index);
}

/* ---- asking ---- */

guint cel_exhibit_index_size(const CelExhibitIndex *index)
{
    return index->rows->len;
}

const CelExhibitFacts *cel_exhibit_index_get(const CelExhibitIndex *index, guint row)
{
    return &g_array_index(index->rows, Row, row).facts;
}

gboolean cel_exhibit_index_find(const CelExhibitIndex *index, const char *case_id,
                                const char *item_id, guint *out_row)
{
    g_autofree char *name = g_strjoin("/", case_id, item_id, NULL);
    const guint place = GPOINTER_TO_UINT(g_hash_table_lookup(index->places, name));
    if (place > 0)
        *out_row = place - 1;
    return place > 0;
}

/** Words: the search, folded once. */
typedef struct {
    char *folded;
    const char *words[MOST_WORDS];
    guint n;
} Words;

static Words fold_words(const char *text)
{
    Words out = {.folded = g_utf8_casefold(text != NULL ? text : "", -1)};
    char *rest = NULL;
    for (char *word = strtok_r(out.folded, " \t\n", &rest); word != NULL && out.n < MOST_WORDS;
         word = strtok_r(NULL, " \t\n", &rest))
        out.words[out.n++] = word;
    return out;
}

static gboolean passes(const Row *row, const CelExhibitFilter *filter, const Words *words)
{
    if ((filter->states != 0 && (filter->states & (1U << row->facts.state)) == 0) ||
        (filter->hold && !row->facts.hold) ||
        (filter->unchanged_since_us > 0 && row->facts.last_us > filter->unchanged_since_us))
        return FALSE;
    for (guint i = 0; i < words->n; i++)
        if (strstr(row->search, words->words[i]) == NULL)
            return FALSE;
    return TRUE;
}

GArray *cel_exhibit_index_view(const CelExhibitIndex *index, const CelExhibitFilter *filter)
{
    const guint n = index->rows->len;
    const guint32 *order = index->orders[filter->column];
    GArray *view = g_array_sized_new(FALSE, FALSE, sizeof(guint32), n);
    Words words = fold_words(filter->text);
    for (guint i = 0; i < n; i++) {
        const guint32 row = order[filter->descending ? n - 1 - i : i];
        if (passes(&g_array_index(index->rows, Row, row), filter, &words))
            g_array_append_val(view, row);
    }
    g_free(words.folded);
    return view;
}
