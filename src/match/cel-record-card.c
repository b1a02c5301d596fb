/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-record-card.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "base/cel-number.h"
#include "match/cel-outcome.h"
#include "match/cel-validate.h"
#include "match/cel-weigh.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LASER_TOLERANCE_NM 1.0
#define LEVEL              0.95

/* Columns that are read; the names are those that cel_validation_records() writes. */
typedef enum {
    COLUMN_OUTCOME,
    COLUMN_RIGHT,
    COLUMN_SPECIMEN,
    COLUMN_LASER,
    COLUMN_INSTRUMENT,
    COLUMN_CLASS,
    COLUMN_FIRST_CLASS,
    COLUMN_CONDITION,
    COLUMN_POLICY,
    COLUMN_LIBRARIES,
    COLUMN_THRESHOLDS,
    COLUMN_WHO,
    COLUMN_WHEN,
    N_COLUMNS
} Column;

static const char *const column_names[N_COLUMNS] = {
    [COLUMN_OUTCOME] = "outcome",
    [COLUMN_RIGHT] = "right",
    [COLUMN_SPECIMEN] = "specimen",
    [COLUMN_LASER] = "laser_nm",
    [COLUMN_INSTRUMENT] = "instrument",
    [COLUMN_CLASS] = "class",
    [COLUMN_FIRST_CLASS] = "first_class",
    [COLUMN_CONDITION] = "condition",
    [COLUMN_POLICY] = "policy",
    [COLUMN_LIBRARIES] = "libraries",
    [COLUMN_THRESHOLDS] = "thresholds",
    [COLUMN_WHO] = "who",
    [COLUMN_WHEN] = "when",
};

typedef struct {
    char **cells;
    CelOutcome outcome;
    gboolean right;
    double laser_nm; /* 0: not known */
} Row;

struct CelRecords {
    GArray *rows; /* Row */
    int place[N_COLUMNS];
    char sha256[65];
    guint64 event; /* see cel_records_vouch() */
};

static void row_clear(gpointer data)
{
    g_strfreev(((Row *)data)->cells);
}

/* ---- what records must agree in ---- */

char *cel_record_libraries(const CelLibrary *const *libraries, gsize n)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "+" : "", cel_library_sha256(libraries[i]));
    return g_string_free(out, FALSE);
}

char *cel_record_thresholds(void)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    for (int table = 0; table < 2; table++)
        g_byte_array_append(all, (const guint8 *)cel_outcome_limits(table == 1),
                            sizeof(CelDecisionLimits));
    for (guint t = 0; t < CEL_N_TERMS; t++)
        g_byte_array_append(all, (const guint8 *)&cel_terms[t].weight, sizeof(double));
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        g_byte_array_append(all, (const guint8 *)cel_views[v].id,
                            (guint)strlen(cel_views[v].id) + 1);
        g_byte_array_append(all, (const guint8 *)&cel_views[v].weight, sizeof(double));
    }
    return cel_digest_hex("sha256", all->data, all->len);
}

/* ---- reading ---- */

static const char *cell(const CelRecords *records, const Row *row, Column column)
{
    return row->cells[records->place[column]];
}

static gboolean find_columns(CelRecords *records, char **header, const char *name, GError **error)
{
    for (guint c = 0; c < N_COLUMNS; c++) {
        records->place[c] = -1;
        for (int i = 0; header[i] != NULL; i++)
            if (strcmp(header[i], column_names[c]) == 0)
                records->place[c] = i;
        if (records->place[c] >= 0)
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: line 1: the column \"%s\" is missing, so these records say nothing of "
                      "any sample; write them anew with \"celadon validate --records\""),
                    name, column_names[c]);
        return FALSE;
    }
    return TRUE;
}

/* @out: CEL_N_OUTCOMES for a sample that could not be evaluated. */
static gboolean read_outcome(const char *text, CelOutcome *out)
{
    guint o = 0;
    while (o < CEL_N_OUTCOMES && strcmp(cel_outcome_name((CelOutcome)o), text) != 0)
        o++;
    *out = (CelOutcome)o;
    return o < CEL_N_OUTCOMES || strcmp(text, "unusable") == 0;
}

static gboolean read_row(const CelRecords *records, Row *row, Column *out_bad)
{
    const char *laser = cell(records, row, COLUMN_LASER), *right = cell(records, row, COLUMN_RIGHT);
    *out_bad = COLUMN_OUTCOME;
    if (!read_outcome(cell(records, row, COLUMN_OUTCOME), &row->outcome))
        return FALSE;
    *out_bad = COLUMN_RIGHT;
    if (strcmp(right, "0") != 0 && strcmp(right, "1") != 0)
        return FALSE;
    row->right = *right == '1';
    *out_bad = COLUMN_LASER;
    return *laser == '\0' || (cel_number_parse(laser, strlen(laser), '.', &row->laser_nm) &&
                              isfinite(row->laser_nm) && row->laser_nm >= 0);
}

static gboolean add_row(CelRecords *records, const char *line, guint width, GError **error)
{
    Row row = {.cells = g_strsplit(line, "\t", (gint)width + 1)};
    Column bad = COLUMN_OUTCOME;
    if (g_strv_length(row.cells) != width) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("the row has not as many cells as the header"));
        g_strfreev(row.cells);
        return FALSE;
    }
    if (!read_row(records, &row, &bad)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("the cell \"%s\" is not to be understood"),
                    column_names[bad]);
        g_strfreev(row.cells);
        return FALSE;
    }
    g_array_append_val(records->rows, row);
    return TRUE;
}

static gboolean read_lines(CelRecords *records, char *text, const char *name, GError **error)
{
    guint width = 0, number = 0;
    for (char *line = text; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        number++;
        if (number == 1) {
            g_auto(GStrv) header = g_strsplit(line, "\t", -1);
            width = g_strv_length(header);
            if (!find_columns(records, header, name, error))
                return FALSE;
        } else if (*line != '\0' && !add_row(records, line, width, error)) {
            g_prefix_error(error, _("%s: line %u: "), name, number);
            return FALSE;
        }
        line = end != NULL ? end + 1 : NULL;
    }
    return number > 0 || find_columns(records, (char *[]){NULL}, name, error);
}

CelRecords *cel_records_read(GBytes *bytes, const char *name, GError **error)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    if (size > CEL_RECORDS_MAX_BYTES ||
        !g_utf8_validate(data != NULL ? data : "", (gssize)size, NULL)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: these are no records of a validation (text in UTF-8, at most 64 MiB)"),
                    name);
        return NULL;
    }
    g_autoptr(CelRecords) records = g_new0(CelRecords, 1);
    g_autofree char *text = g_strndup(data != NULL ? data : "", size);
    g_autofree char *sha256 = cel_digest_hex("sha256", data != NULL ? data : "", size);
    g_strlcpy(records->sha256, sha256, sizeof records->sha256);
    records->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(records->rows, row_clear);
    return read_lines(records, text, name, error) ? g_steal_pointer(&records) : NULL;
}

CelRecords *cel_records_open(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_RECORDS_MAX_BYTES, error);
    return bytes != NULL ? cel_records_read(bytes, path, error) : NULL;
}

void cel_records_free(CelRecords *records)
{
    if (records == NULL)
        return;
    g_clear_pointer(&records->rows, g_array_unref);
    g_free(records);
}

/* ---- counting ---- */

typedef enum { SILENT = 1, RIGHT, WRONG } Verdict; /* the worst spectrum of a specimen counts */

static gboolean names_something(CelOutcome outcome)
{
    return outcome == CEL_OUTCOME_FOUND || outcome == CEL_OUTCOME_CLASS_ONLY ||
           outcome == CEL_OUTCOME_MIXTURE;
}

static Verdict verdict_of(const Row *row)
{
    return !names_something(row->outcome) ? SILENT : row->right ? RIGHT : WRONG;
}

static gboolean speaks_of(const CelRecords *records, const Row *row, const CelRecordDomain *domain)
{
    const struct {
        Column column;
        const char *value;
    } texts[] = {{COLUMN_POLICY, domain->policy},
                 {COLUMN_LIBRARIES, domain->libraries},
                 {COLUMN_THRESHOLDS, domain->thresholds},
                 {COLUMN_INSTRUMENT, domain->instrument},
                 {COLUMN_CONDITION, domain->condition}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(cell(records, row, texts[i].column), texts[i].value) != 0)
            return FALSE;
    const gboolean own = strcmp(cell(records, row, COLUMN_CLASS), domain->class_id) == 0;
    const gboolean taken_for =
        names_something(row->outcome) &&
        strcmp(cell(records, row, COLUMN_FIRST_CLASS), domain->class_id) == 0;
    return (guint)row->outcome < CEL_N_OUTCOMES && *cell(records, row, COLUMN_SPECIMEN) != '\0' &&
           domain->laser_nm > 0 && fabs(row->laser_nm - domain->laser_nm) <= LASER_TOLERANCE_NM &&
           (own || taken_for);
}

static void note_newest(const CelRecords *records, const Row *row, CelRates *rates)
{
    const char *when = cell(records, row, COLUMN_WHEN);
    if (strcmp(when, rates->when) < 0)
        return;
    g_free(rates->when);
    g_free(rates->who);
    rates->when = g_strdup(when);
    rates->who = g_strdup(cell(records, row, COLUMN_WHO));
}

const char *cel_records_sha256(const CelRecords *records)
{
    return records->sha256;
}

guint cel_records_n_spectra(const CelRecords *records)
{
    return records->rows->len;
}

guint cel_records_n_specimens(const CelRecords *records)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < records->rows->len; i++) {
        const char *name = cell(records, &g_array_index(records->rows, Row, i), COLUMN_SPECIMEN);
        if (*name != '\0')
            g_hash_table_add(names, (gpointer)name);
    }
    return g_hash_table_size(names);
}

void cel_records_vouch(CelRecords *records, guint64 seq)
{
    records->event = seq;
}

CelRates *cel_records_rates(const CelRecords *records, const CelRecordDomain *domain)
{
    CelRates *rates = g_new0(CelRates, 1);
    g_autoptr(GHashTable) worst = g_hash_table_new(g_str_hash, g_str_equal);
    rates->laser_nm = domain->laser_nm;
    rates->class_id = g_strdup(domain->class_id);
    rates->instrument = g_strdup(domain->instrument);
    rates->condition = g_strdup(domain->condition);
    rates->who = g_strdup("");
    rates->when = g_strdup("");
    rates->records_sha256 = g_strdup(records->sha256);
    rates->event = records->event;
    for (guint i = 0; rates->event > 0 && i < records->rows->len; i++) {
        const Row *row = &g_array_index(records->rows, Row, i);
        if (!speaks_of(records, row, domain))
            continue;
        const char *specimen = cell(records, row, COLUMN_SPECIMEN);
        const guint before = GPOINTER_TO_UINT(g_hash_table_lookup(worst, specimen));
        g_hash_table_insert(worst, (gpointer)specimen,
                            GUINT_TO_POINTER(MAX(before, (guint)verdict_of(row))));
        note_newest(records, row, rates);
    }
    GHashTableIter at;
    gpointer value;
    g_hash_table_iter_init(&at, worst);
    while (g_hash_table_iter_next(&at, NULL, &value)) {
        rates->n++;
        rates->right += GPOINTER_TO_UINT(value) == RIGHT;
        rates->wrong += GPOINTER_TO_UINT(value) == WRONG;
        rates->silent += GPOINTER_TO_UINT(value) == SILENT;
    }
    return rates;
}

CelRates *cel_rates_copy(const CelRates *rates)
{
    if (rates == NULL)
        return NULL;
    CelRates *out = g_memdup2(rates, sizeof *rates);
    out->class_id = g_strdup(rates->class_id);
    out->instrument = g_strdup(rates->instrument);
    out->condition = g_strdup(rates->condition);
    out->who = g_strdup(rates->who);
    out->when = g_strdup(rates->when);
    out->records_sha256 = g_strdup(rates->records_sha256);
    return out;
}

void cel_rates_free(CelRates *rates)
{
    if (rates == NULL)
        return;
    g_free(rates->class_id);
    g_free(rates->instrument);
    g_free(rates->condition);
    g_free(rates->who);
    g_free(rates->when);
    g_free(rates->records_sha256);
    g_free(rates);
}

/* ---- words ---- */

gboolean cel_rates_suffice(const CelRates *rates)
{
    return rates->n >= CEL_RATES_LEAST;
}

/* "97 (91.5..99.4 %)" */
static char *part(guint k, guint n)
{
    double low = 0, high = 1;
    cel_validate_interval(k, n, LEVEL, &low, &high);
    return g_strdup_printf("%u (%.1f..%.1f %%)", k, 100 * low, 100 * high);
}

static char *stated(const char *text, gboolean chinese)
{
    return g_strdup(*text != '\0' ? text : chinese ? "未注明" : "not stated");
}

static char *domain_text(const CelRates *rates, gboolean chinese)
{
    const CelSentence *row = cel_claim(CEL_RATES_DOMAIN);
    g_autofree char *laser = g_strdup_printf("%.0f", rates->laser_nm);
    g_autofree char *instrument = stated(rates->instrument, chinese);
    g_autofree char *condition = stated(rates->condition, chinese);
    g_autofree char *who = stated(rates->who, chinese);
    g_autofree char *when = stated(rates->when, chinese);
    return cel_claim_fill(chinese ? row->zh : row->en, "C", rates->class_id, "L", laser, "X",
                          instrument, "Y", condition, "A", who, "V", when, NULL);
}

char *cel_rates_text(const CelRates *rates, gboolean chinese)
{
    const gboolean enough = cel_rates_suffice(rates);
    const CelSentence *row = cel_claim(enough              ? CEL_RATES_COUNTS
                                       : rates->n > 0      ? CEL_RATES_FEW
                                       : rates->event == 0 ? CEL_RATES_UNKNOWN
                                                           : CEL_RATES_NONE);
    g_autofree char *n = g_strdup_printf("%u", rates->n);
    g_autofree char *least = g_strdup_printf("%d", CEL_RATES_LEAST);
    g_autofree char *right = part(rates->right, rates->n);
    g_autofree char *wrong = part(rates->wrong, rates->n);
    g_autofree char *silent = part(rates->silent, rates->n);
    g_autofree char *counts = cel_claim_fill(chinese ? row->zh : row->en, "N", n, "V", least, "P",
                                             right, "W", wrong, "R", silent, NULL);
    if (rates->n == 0)
        return g_steal_pointer(&counts);
    g_autofree char *domain = domain_text(rates, chinese);
    return g_strconcat(counts, chinese ? "" : " ", domain, NULL);
}

static void write_part(CelJsonWriter *json, const char *key, guint k, guint n)
{
    double low = 0, high = 1;
    cel_validate_interval(k, n, LEVEL, &low, &high);
    cel_json_open(json, key, '{');
    cel_json_int(json, "k", k);
    cel_json_number(json, "low", low, 4);
    cel_json_number(json, "high", high, 4);
    cel_json_close(json);
}

void cel_rates_write(CelJsonWriter *json, const CelRates *rates)
{
    if (rates == NULL)
        return;
    g_autofree char *en = cel_rates_text(rates, FALSE), *zh = cel_rates_text(rates, TRUE);
    cel_json_open(json, "validation", '{');
    cel_json_text(json, "status", cel_rates_suffice(rates) ? "recorded" : "not-validated");
    cel_json_int(json, "specimens", rates->n);
    if (cel_rates_suffice(rates)) {
        write_part(json, "right", rates->right, rates->n);
        write_part(json, "wrong", rates->wrong, rates->n);
        write_part(json, "nothing_named", rates->silent, rates->n);
    }
    cel_json_text(json, "class", rates->class_id);
    cel_json_number(json, "laser_nm", rates->laser_nm, 0);
    cel_json_text(json, "instrument", rates->instrument);
    cel_json_text(json, "condition", rates->condition);
    cel_json_text(json, "who", rates->who);
    cel_json_text(json, "when", rates->when);
    cel_json_text(json, "records_sha256", rates->records_sha256);
    if (rates->event > 0)
        cel_json_int(json, "event", (gint64)rates->event);
    cel_json_text(json, "en", en);
    cel_json_text(json, "zh_CN", zh);
    cel_json_close(json);
}

static char *without(const char *claim, const char *sentence)
{
    g_autoptr(GString) text = g_string_new(claim);
    g_string_replace(text, sentence, "", 0);
    return g_strdup(g_strchomp(text->str));
}

void cel_identification_drop_not_validated(CelIdentification *answer)
{
    const CelSentence *row = cel_claim(CEL_CLAIM_NOT_VALIDATED);
    g_autofree char *old_en = answer->claim_en, *old_zh = answer->claim_zh;
    g_autofree char *led = g_strconcat(" ", row->en, NULL);
    answer->claim_en = without(old_en, led);
    answer->claim_zh = without(old_zh, row->zh);
}

void cel_identification_set_rates(CelIdentification *answer, CelRates *rates)
{
    cel_rates_free(answer->rates);
    answer->rates = rates;
    if (cel_rates_suffice(rates))
        cel_identification_drop_not_validated(answer);
}
