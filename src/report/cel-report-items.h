/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * What a paper needs besides the sealed file, in one table: the facts. They are one JSON object,
 * filled from the lab's register or read from a file, and the table says of each where it stands in
 * that object, who knows it, whether a court page may be issued without it and which of the items
 * a) to p) of ISO/IEC 17025:2017 7.8.2.1 it serves. Every letter is served by at least one row.
 */

enum {
    CEL_FACTS_MAX_BYTES = 256 * 1024,
    CEL_FACTS_MAX_TEXT = 2000, /* characters of one text */
    CEL_FACTS_MAX_LIST = 200,
};

/** CelItemSource: who states an item. */
typedef enum {
    CEL_ITEM_FACT,  /* the facts: member @path */
    CEL_ITEM_FILE,  /* the sealed file: member @path of its custody record */
    CEL_ITEM_LAB,   /* the lab's signed profile; left out when there is none */
    CEL_ITEM_FIXED, /* printed on every paper; @path is empty */
} CelItemSource;

/** CelItemKind: how the member looks. */
typedef enum {
    CEL_ITEM_TEXT,   /* one text */
    CEL_ITEM_LIST,   /* texts, none of them empty; may be an empty list when it is stated */
    CEL_ITEM_CODE,   /* one of the codes of cel_report_code(); printed in the paper's language */
    CEL_ITEM_NUMBER, /* an integer of 1 or more */
    CEL_ITEM_DIGEST, /* 64 lower-case hex digits */
} CelItemKind;

/** CelReportItem: one row; texts never NULL, empty where nothing applies. */
typedef struct {
    const char *id; /* stable */
    CelItemSource source;
    CelItemKind kind;
    const char *path;        /* member names with "/" between */
    gboolean court;          /* a court page is refused while it is missing */
    gboolean result;         /* the lab's own finding: no forbidden word may stand in it */
    const char *letters;     /* of 7.8.2.1, e.g. "bc" */
    const char *en, *zh;     /* its label on paper */
    const char *filled_from; /* in the register: act or table that knows it */
} CelReportItem;

/** cel_report_items: Returns: (transfer none): the table, in the order of the court page. */
const CelReportItem *cel_report_items(gsize *out_n);

/** cel_report_item: Returns: (transfer none): the row @id; NULL when there is none. */
const CelReportItem *cel_report_item(const char *id);

/** cel_report_code: the words of @code ("intact", "pass", ...) of the item @id; @chinese: else
 * English. Returns: (transfer none) (nullable): NULL when @code is none of that item. */
const char *cel_report_code(const char *id, const char *code, gboolean chinese);

/** cel_report_code_at: Returns: (transfer none) (nullable): code @index (from 0) of the item @id,
 * NULL past the last one. */
const char *cel_report_code_at(const char *id, guint index);

/**
 * cel_report_facts_read:
 * @bytes: JSON, untrusted
 * Returns: (transfer full): the facts in bounds: every member is one of the table and of its kind,
 *   no text holds control or invisible characters. NULL with CEL_ERROR_INPUT that names the member.
 *   Thread-safe: yes.
 */
JsonObject *cel_report_facts_read(GBytes *bytes, GError **error);

/** cel_report_facts_check: the same question to facts that are an object already. */
gboolean cel_report_facts_check(JsonObject *facts, GError **error);

/** cel_report_fact: @facts: (nullable). Returns: (transfer full) (nullable): the item @id as
 * printed (a list joined by "; "), NULL when it is not stated. @chinese: else English. */
char *cel_report_fact(JsonObject *facts, const char *id, gboolean chinese);

/** cel_report_fact_list: Returns: (transfer none) (nullable): the texts of the item @id. */
JsonArray *cel_report_fact_list(JsonObject *facts, const char *id);

/**
 * cel_report_facts_allow_court:
 * @facts: (nullable): none at hand
 * @record: the sealed file's custody record
 * @chinese: language of the items named in the error
 * Whether a court page may be made: nothing mandatory is missing; case and exhibit are those of the
 * file; examiner, second examiner and reviewer are different persons; opening and closing check
 * passed; the register names nothing that blocks the release.
 * Returns: FALSE with CEL_ERROR_POLICY that names everything that is missing or in the way.
 *   Thread-safe: yes.
 */
gboolean cel_report_facts_allow_court(JsonObject *facts, JsonObject *record, gboolean chinese,
                                      GError **error);

/** cel_report_facts_allow_release: the same question before the release, which itself gives the
 * number, the day and the signatory. */
gboolean cel_report_facts_allow_release(JsonObject *facts, JsonObject *record, gboolean chinese,
                                        GError **error);

/**
 * cel_report_facts_missed:
 * @released: FALSE: what the release itself gives is not missed
 * Returns: (transfer container) (element-type CelReportItem): the mandatory items that neither
 *   @facts nor @record state, in the order of the table. Thread-safe: yes.
 */
GPtrArray *cel_report_facts_missed(JsonObject *facts, JsonObject *record, gboolean released);

G_END_DECLS
