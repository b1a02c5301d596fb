/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * The only journal of an open sample: what was acknowledged survives kill -9 and a power cut.
 *
 * A text file, one canonical JSON line an act: {"act":{...},"n":N,"sum":"64 hex digits"}. N counts
 * from 1 without a gap; "sum" is the SHA-256 over the sum of the line before, N and the act's
 * canonical text, so that a line that was changed, left out or moved shows. Lines are only ever
 * added. The bench alone says what an act means (bench/cel-path.h).
 */

enum {
    CEL_JOURNAL_MAX_ACTS = 20000,
    CEL_JOURNAL_MAX_ACT_BYTES = 64 * 1024,    /* of one act's canonical text */
    CEL_JOURNAL_MAX_BYTES = 16 * 1024 * 1024, /* of a file */
};

/** CelJournal: a journal that is open for adding; one thread at a time. It is locked as long as it
 * is open: neither another window nor another program opens it too. */
typedef struct CelJournal CelJournal;

/**
 * cel_journal_create:
 * @path: a file that is not there yet, in a folder that is
 * @first: its first act
 * Returns: (transfer full): once file and name are durable; NULL with CEL_ERROR_POLICY (there is
 *   one already), CEL_ERROR_INPUT (an act that cannot be written, see cel_canon_write()) or
 *   CEL_ERROR_SYSTEM (disk full, permission); then no file is left.
 */
CelJournal *cel_journal_create(const char *path, JsonObject *first, GError **error);

/**
 * cel_journal_open:
 * @out_acts: (out) (transfer full) (element-type JsonObject): every act, in order
 * A last line that a crash cut off is dropped: it was never acknowledged.
 * Returns: (transfer full): open for adding; NULL with CEL_ERROR_POLICY (open in another window or
 *   program), CEL_ERROR_INPUT (damaged: the line is named; nothing is repaired), CEL_ERROR_USAGE
 *   (its program ended before the first act was acknowledged) or CEL_ERROR_SYSTEM.
 */
CelJournal *cel_journal_open(const char *path, GPtrArray **out_acts, GError **error);

/** cel_journal_close: @journal: (nullable): gives the lock back; the file stays. */
void cel_journal_close(CelJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelJournal, cel_journal_close)

/**
 * cel_journal_add:
 * @act: (borrowed): integers, texts, booleans, arrays and objects of them
 * Returns: TRUE once the line is durable; FALSE with CEL_ERROR_INPUT (cannot be written, too long,
 *   too many) or CEL_ERROR_SYSTEM (disk full, disk gone): then the journal is as it was before.
 *   After a failure that could not be undone every later call fails too.
 */
gboolean cel_journal_add(CelJournal *journal, JsonObject *act, GError **error);

/** cel_journal_count: Returns: how many acts there are. */
guint cel_journal_count(const CelJournal *journal);

/** cel_journal_remove: @journal: (transfer full): takes the file away, once what it was for is on
 * record elsewhere. Returns: FALSE with CEL_ERROR_SYSTEM; @journal is freed all the same. */
gboolean cel_journal_remove(CelJournal *journal, GError **error);

/** CelJournalText: what cel_journal_read() found. */
typedef struct {
    GPtrArray *acts; /* (element-type JsonObject) */
    gsize sound;     /* bytes up to the end of the last whole line */
    gboolean torn;   /* something was cut off behind them */
    char sum[65];    /* of the last whole line */
} CelJournalText;

/** cel_journal_text_clear: frees what is in @text. */
void cel_journal_text_clear(CelJournalText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelJournalText, cel_journal_text_clear)

/**
 * cel_journal_read:
 * @bytes: untrusted
 * @out: (out): zeroed first; to be cleared whatever happened
 * Pure. Torn is what follows the last line end, and a last line in which the disk left bytes
 * unwritten (they read as 0). Anything else that is not a sound line is an error.
 * Returns: FALSE with CEL_ERROR_INPUT that names the line. Thread-safe: yes.
 */
gboolean cel_journal_read(GBytes *bytes, CelJournalText *out, GError **error);

/** cel_journal_peek: reads the journal at @path without opening it, also one that is open
 * elsewhere. @out_busy: whether it is. Returns: FALSE with the errors of cel_journal_open() but
 * CEL_ERROR_POLICY. Thread-safe: yes. */
gboolean cel_journal_peek(const char *path, CelJournalText *out, gboolean *out_busy,
                          GError **error);

G_END_DECLS
