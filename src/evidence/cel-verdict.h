/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a verification says: separate statements, never one tick. */

/** CelVerdictState of one line of the verification. */
typedef enum {
    CEL_VERDICT_PROVEN,
    CEL_VERDICT_CONTRADICTED,
    CEL_VERDICT_NOT_PROVEN,
} CelVerdictState;

/** CelVerdictLine: one separate statement. The ids, in the order of the lines: "structure",
 * "content.sha256", "content.sm3", "unlisted", "manifest", "file", "record", "signature.sm2",
 * "signature.ed25519", "certificate", "training" (training records only), "time", "ledger",
 * "identity", "replay". */
typedef struct {
    const char *id;
    CelVerdictState state;
    char *text_en, *text_zh;
} CelVerdictLine;

/** cel_verdict_line_free: @line: (nullable) */
void cel_verdict_line_free(CelVerdictLine *line);

/** cel_verdict_new: Returns: (transfer full) (element-type CelVerdictLine): no line yet. */
GPtrArray *cel_verdict_new(void);

/** cel_verdict_say: adds a line. @id: static; @en, @zh: (transfer full). */
void cel_verdict_say(GPtrArray *lines, const char *id, CelVerdictState state, char *en, char *zh);

/** cel_verdict_find: Returns: (nullable) (transfer none): the line @id. */
CelVerdictLine *cel_verdict_find(const GPtrArray *lines, const char *id);

/** cel_verdict_any_contradicted: @lines: (element-type CelVerdictLine). Returns: TRUE when one line
 * is contradicted: the file is not what was sealed. */
gboolean cel_verdict_any_contradicted(const GPtrArray *lines);

/** cel_verdict_satisfies: @required: (nullable): NULL-ended ids, blanks around them are ignored.
 * Returns: whether no line is contradicted and every required one is there and proven. */
gboolean cel_verdict_satisfies(const GPtrArray *lines, const char *const *required);

/** cel_verdict_state_name: Returns: "proven", "contradicted" or "not-proven". */
const char *cel_verdict_state_name(CelVerdictState state);

/** cel_verdict_state_label: Returns: the word people read, in Chinese or English. */
const char *cel_verdict_state_label(CelVerdictState state, gboolean chinese);

/** cel_verdict_json: @file: as it was named. Returns: (transfer full): one line of JSON. */
char *cel_verdict_json(const GPtrArray *lines, const char *file);

G_END_DECLS
