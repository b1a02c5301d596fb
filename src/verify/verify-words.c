/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/verify-words.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-json.h"
#include "base/cel-text.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

enum { MAX_PEM = 1024 * 1024, MAX_WITNESS = 64 * 1024 * 1024, MAX_TOKEN = 1024 * 1024 };

void verify_words_entries(VerifyWords *w, GOptionEntry *out)
{
    const GOptionEntry entries[VERIFY_N_OPTIONS + 1] = {
        {"trust", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->trust,
         N_("root certificates of the laboratory, from elsewhere than the file"), "PEM"},
        {"head", 0, 0, G_OPTION_ARG_STRING_ARRAY, &w->heads,
         N_("a head of the ledger as printed on a paper"), "SIZE:ROOT"},
        {"witness", 0, 0, G_OPTION_ARG_FILENAME, &w->witness,
         N_("what the ledger says about the file, from a case bundle"), "FILE"},
        {"token", 0, 0, G_OPTION_ARG_FILENAME, &w->token,
         N_("an RFC 3161 time stamp kept beside the file"), "FILE"},
        {"tsa", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->tsa,
         N_("root certificates of the time stamp authority"), "PEM"},
        {"expect-case", 0, 0, G_OPTION_ARG_STRING, &w->expect_case,
         N_("the case this file must belong to"), "C"},
        {"expect-exhibit", 0, 0, G_OPTION_ARG_STRING, &w->expect_exhibit,
         N_("the exhibit this file must be of"), "E"},
        {"expect-fid", 0, 0, G_OPTION_ARG_STRING, &w->expect_fid, N_("the id this file must have"),
         "FID"},
        {"require", 0, 0, G_OPTION_ARG_STRING, &w->require,
         N_("lines that must be proven, e.g. time,ledger,replay"), "LINES"},
        G_OPTION_ENTRY_NULL,
    };
    memcpy(out, entries, sizeof entries);
}

void verify_words_clear(VerifyWords *w)
{
    g_strfreev(w->trust);
    g_strfreev(w->heads);
    g_strfreev(w->tsa);
    g_free(w->witness);
    g_free(w->token);
    g_free(w->expect_case);
    g_free(w->expect_exhibit);
    g_free(w->expect_fid);
    g_free(w->require);
}

void verify_brought_clear(VerifyBrought *b)
{
    g_clear_pointer(&b->trust, cel_trust_free);
    g_clear_pointer(&b->witness, cel_witness_free);
    g_clear_pointer(&b->token, g_bytes_unref);
    g_clear_pointer(&b->tsa_roots, g_bytes_unref);
}

/* All of @files, one behind the other. */
static GBytes *read_pem(char *const *files, GError **error)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    for (gsize i = 0; files[i] != NULL; i++) {
        g_autoptr(GBytes) bytes = cel_file_read(files[i], MAX_PEM, error);
        gsize n = 0;
        if (bytes == NULL)
            return NULL;
        const guint8 *data = g_bytes_get_data(bytes, &n);
        g_byte_array_append(all, data, (guint)n);
    }
    return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

static gboolean bring_trust(const VerifyWords *words, VerifyBrought *out, GError **error)
{
    if (words->trust == NULL)
        return TRUE;
    g_autoptr(GBytes) pem = read_pem(words->trust, error);
    out->trust = cel_trust_new();
    if (pem == NULL || cel_trust_add_roots(out->trust, pem, error))
        return pem != NULL;
    g_prefix_error(error, "--trust: ");
    return FALSE;
}

static gboolean bring_witness(const VerifyWords *words, VerifyBrought *out, GError **error)
{
    if (words->witness != NULL) {
        g_autoptr(GBytes) bytes = cel_file_read(words->witness, MAX_WITNESS, error);
        out->witness = bytes != NULL ? cel_witness_read(bytes, error) : NULL;
        if (out->witness == NULL) {
            if (bytes != NULL) /* else the message names the file */
                g_prefix_error(error, "%s: ", words->witness);
            return FALSE;
        }
    } else if (words->heads != NULL) {
        out->witness = cel_witness_new();
    }
    for (gsize i = 0; words->heads != NULL && words->heads[i] != NULL; i++)
        if (!cel_witness_keep(out->witness, words->heads[i], error))
            return FALSE;
    return TRUE;
}

static gboolean bring_time(const VerifyWords *words, VerifyBrought *out, GError **error)
{
    if (words->token != NULL)
        out->token = cel_file_read(words->token, MAX_TOKEN, error);
    if (words->tsa != NULL && (words->token == NULL || out->token != NULL))
        out->tsa_roots = read_pem(words->tsa, error);
    return (words->token == NULL || out->token != NULL) &&
           (words->tsa == NULL || out->tsa_roots != NULL);
}

gboolean verify_bring(const VerifyWords *words, VerifyBrought *out, GError **error)
{
    if (!bring_trust(words, out, error) || !bring_witness(words, out, error) ||
        !bring_time(words, out, error))
        return FALSE;
    out->options = (CelVerifyOptions){
        .trust = out->trust,
        .witness = out->witness,
        .expect_case = words->expect_case,
        .expect_exhibit = words->expect_exhibit,
        .expect_fid = words->expect_fid,
        .token = out->token,
        .tsa_roots = out->tsa_roots,
    };
    return TRUE;
}

/* ---- printing ---- */

static void print_text(const VerifyShow *show, const char *file, const GPtrArray *lines)
{
    g_autofree char *shown = cel_text_printable(file);
    printf("%s\n", shown);
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        g_autofree char *text = cel_text_printable(show->chinese ? line->text_zh : line->text_en);
        g_autofree char *state =
            cel_text_cell(cel_verdict_state_label(line->state, show->chinese), -13);
        printf("  %-18s %s %s\n", line->id, state, text);
    }
}

int verify_print(const VerifyShow *show, const char *file, const GPtrArray *lines)
{
    g_auto(GStrv) required = show->require != NULL ? g_strsplit(show->require, ",", -1) : NULL;
    g_autofree char *json = show->json ? cel_verdict_json(lines, file) : NULL;
    if (json != NULL)
        printf("%s\n", json);
    else if (!show->quiet)
        print_text(show, file, lines);
    return cel_verdict_satisfies(lines, (const char *const *)required) ? 0 : 1;
}

int verify_print_failure(const VerifyShow *show, const char *file, const GError *failure)
{
    g_autofree char *message = cel_text_printable(failure->message);
    fprintf(stderr, "celadon: %s\n", message);
    if (show->json) {
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "file", file);
        cel_json_text(json, "error", failure->message);
        cel_json_int(json, "exit", cel_error_exit_status(failure));
        cel_json_close(json);
        g_autofree char *text = cel_json_finish(json);
        printf("%s\n", text);
    }
    return cel_error_exit_status(failure);
}
