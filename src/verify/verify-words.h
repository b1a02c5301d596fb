/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-verify.h"

G_BEGIN_DECLS

/* What a verifier says on the command line, for `celadon verify` and `celadon-verify` alike. */

/** VerifyWords: as typed; NULL where not given. */
typedef struct {
    char **trust;  /* PEM files: the lab's root certificates */
    char **heads;  /* SIZE:ROOT, heads kept elsewhere */
    char *witness; /* file of a case bundle: what the ledger says about the sealed file */
    char *token;   /* RFC 3161 token beside the sealed file */
    char **tsa;    /* PEM files: whose time stamps are believed */
    char *expect_case, *expect_exhibit, *expect_fid;
    char *require; /* ids of lines, "," between */
} VerifyWords;

enum { VERIFY_N_OPTIONS = 9 };

/** verify_words_entries: @out: VERIFY_N_OPTIONS + 1 rows, ended; @words must outlive the
 * parsing. */
void verify_words_entries(VerifyWords *words, GOptionEntry *out);

/** verify_words_clear: frees what @words holds. */
void verify_words_clear(VerifyWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VerifyWords, verify_words_clear)

/** VerifyBrought: what the words name, read. */
typedef struct {
    CelTrust *trust;
    CelWitness *witness;
    GBytes *token, *tsa_roots;
    CelVerifyOptions options; /* borrows from the rest and from the words */
} VerifyBrought;

/** verify_brought_clear: frees what @brought holds. */
void verify_brought_clear(VerifyBrought *brought);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VerifyBrought, verify_brought_clear)

/** verify_bring: Returns: FALSE with CEL_ERROR_INPUT, CEL_ERROR_USAGE or CEL_ERROR_SYSTEM. */
gboolean verify_bring(const VerifyWords *words, VerifyBrought *out, GError **error);

/** VerifyShow: how results are printed. */
typedef struct {
    gboolean json, quiet, chinese;
    const char *require; /* (nullable) */
} VerifyShow;

/** verify_print: prints the lines of @file on standard output. Returns: the exit status: 0, or 1
 * when a line is contradicted or a required one is not proven. */
int verify_print(const VerifyShow *show, const char *file, const GPtrArray *lines);

/** verify_print_failure: says on standard error, and with JSON on standard output too, why @file
 * could not be judged. Returns: the exit status. */
int verify_print_failure(const VerifyShow *show, const char *file, const GError *failure);

G_END_DECLS
