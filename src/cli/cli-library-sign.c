/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-library.h"

#include "base/cel-file.h"
#include "cli/cli-sign.h"
#include "evidence/cel-library-sign.h"
#include "verify/verify-words.h"

enum { SIGNATURE_MODE = 0644 };

/* ---- sign ---- */

typedef struct {
    CliSignWords sign;
    char *previous, *out, *why;
} SignWords;

static void sign_words_clear(SignWords *words)
{
    cli_sign_words_clear(&words->sign);
    g_free(words->previous);
    g_free(words->out);
    g_free(words->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SignWords, sign_words_clear)

/** Signing: what is opened for it. */
typedef struct {
    CelLibrary *library, *previous;
    char *out;
} Signing;

static void signing_clear(Signing *signing)
{
    cel_library_free(signing->library);
    cel_library_free(signing->previous);
    g_free(signing->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Signing, signing_clear)

/* A signature is never written over by another: a new version is a new file. */
static gboolean open_signing(const Cli *cli, const SignWords *words, const char *file,
                             Signing *signing, GError **error)
{
    const char *const inputs[] = {file, words->sign.key, NULL};
    signing->out = words->out != NULL ? g_strdup(words->out)
                                      : g_strconcat(file, CEL_LIBRARY_SIGNATURE_SUFFIX, NULL);
    if (!cli_keep_input(signing->out, inputs, error))
        return FALSE;
    signing->library = cel_library_open(file, cli->job, error);
    if (signing->library == NULL)
        return FALSE;
    if (words->previous != NULL)
        signing->previous = cel_library_open(words->previous, cli->job, error);
    return words->previous == NULL || signing->previous != NULL;
}

/* In a lab the version comes into use by an event that a second person agrees to. */
static gboolean record(const SignWords *words, CliSign *sign, const Signing *signing,
                       CelLedgerPlace *out_place, GError **error)
{
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "what", "signed");
    json_object_set_string_member(data, "name", cel_library_name(signing->library));
    json_object_set_string_member(data, "version", cel_library_version(signing->library));
    json_object_set_string_member(data, "sha256", cel_library_sha256(signing->library));
    if (signing->previous != NULL)
        json_object_set_string_member(data, "replaces", cel_library_sha256(signing->previous));
    const CelEventRequest request = {
        .act = CEL_ACT_LIBRARY, .why = words->why, .data = data, .clock = cel_clock_system()};
    return cel_lab_record(sign->lab, &request, cli_sign_second(sign), out_place, error);
}

static int sign_library(Cli *cli, const SignWords *words, const char *file, GError **error)
{
    g_auto(Signing) signing = {0};
    g_auto(CliSign) sign = {.lab = NULL};
    CelLedgerPlace place;
    if (!open_signing(cli, words, file, &signing, error))
        return 3;
    if (words->sign.lab != NULL && !cli_sign_open(cli, &words->sign, &sign, error))
        return 4;
    g_autoptr(CelKey) own =
        sign.key == NULL ? cli_open_key(cli, words->sign.key, words->sign.passphrase_file, error)
                         : NULL;
    CelKey *key = sign.key != NULL ? sign.key : own;
    const CelLibrarySigning what = {signing.library, file, signing.previous, cel_clock_system()};
    g_autoptr(GBytes) text = key != NULL ? cel_library_sign(&what, key, error) : NULL;
    if (text == NULL || (sign.lab != NULL && !record(words, &sign, &signing, &place, error)) ||
        !cel_file_create(signing.out, text, SIGNATURE_MODE, error))
        return 4;
    cli_print(cli, _("%s: %s %s signed by %s\n"), signing.out, cel_library_name(signing.library),
              cel_library_version(signing.library), cel_key_person(key));
    if (sign.lab != NULL)
        cli_print(cli, _("recorded at position %" G_GUINT64_FORMAT "\n"), place.seq);
    return 0;
}

int cli_library_sign(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(SignWords) words = {.previous = NULL};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"previous", 0, 0, G_OPTION_ARG_FILENAME, &words.previous,
         N_("the version that this one replaces"), "FILE"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words.out,
         N_("the signature's file instead of the one beside the library"), "FILE"},
        {"why", 0, 0, G_OPTION_ARG_STRING, &words.why,
         N_("why this version comes into use, for the ledger"), "TEXT"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words.sign, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "FILE",
                   N_("Signs a version of a library: FILE.sig names its content and its bytes, "
                      "name, version, time and the version before. With --lab it is recorded too, "
                      "and a second person agrees."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || words.sign.key == NULL)
        return cli_usage(error, _("Use: celadon library sign FILE --key K [--previous FILE] "
                                  "[--lab DIR --second-key K --why TEXT]"));
    return sign_library(cli, &words, rest[0], error);
}

/* ---- verify ---- */

typedef struct {
    char *lab, *signature, *previous, *require;
    char **trust;
} VerifyOptions;

static void verify_options_clear(VerifyOptions *options)
{
    g_free(options->lab);
    g_free(options->signature);
    g_free(options->previous);
    g_free(options->require);
    g_strfreev(options->trust);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VerifyOptions, verify_options_clear)

/* Returns: FALSE with CEL_ERROR_INPUT when nobody has signed the library @file that is there. */
static gboolean has_signature(const char *file, GError **error)
{
    g_autofree char *beside = g_strconcat(file, ".sig", NULL);
    if (!g_file_test(file, G_FILE_TEST_IS_REGULAR) || g_file_test(beside, G_FILE_TEST_EXISTS))
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_INPUT,
        _("%s: nobody has signed this library (there is no %s); it may have been changed by "
          "anybody. Sign it with \"celadon library sign\", or name the signature with "
          "--signature"),
        file, beside);
    return FALSE;
}

static int verify_library(Cli *cli, const VerifyOptions *options, const char *file, GError **error)
{
    const VerifyWords words = {.trust = options->trust};
    g_auto(VerifyBrought) brought = {.trust = NULL};
    g_autoptr(CelLab) lab = NULL;
    if (!verify_bring(&words, &brought, error))
        return 3;
    if (options->lab != NULL && (lab = cel_lab_open(options->lab, error)) == NULL)
        return 4;
    const CelTrust *trust =
        options->trust == NULL && lab != NULL ? cel_lab_trust(lab) : brought.options.trust;
    if (options->signature == NULL && !has_signature(file, error))
        return 3;
    const CelLibraryCheck check = {file, options->signature, options->previous, trust};
    const VerifyShow show = {cli->json, cli->quiet, cli->chinese, options->require};
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(GError) failure = NULL;
    return cel_library_verify(&check, &lines, cli->job, &failure)
               ? verify_print(&show, file, lines)
               : verify_print_failure(&show, file, failure);
}

int cli_library_verify(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(VerifyOptions) options = {.lab = NULL};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"trust", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.trust,
         N_("root certificates of a laboratory that you trust"), "PEM"},
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &options.lab,
         N_("trust this laboratory, and know what it took back"), "DIR"},
        {"signature", 0, 0, G_OPTION_ARG_FILENAME, &options.signature,
         N_("the signature's file instead of the one beside the library"), "FILE"},
        {"previous", 0, 0, G_OPTION_ARG_FILENAME, &options.previous,
         N_("the version before, to be compared with the one that is named"), "FILE"},
        {"require", 0, 0, G_OPTION_ARG_STRING, &options.require,
         N_("lines that must be proven, \",\" between"), "IDS"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "FILE",
                   N_("What the signature of a library proves, one line each, and what it does "
                      "not. Exit status 1 when something is contradicted."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL)
        return cli_usage(error, _("Use: celadon library verify FILE [--trust PEM|--lab DIR]"));
    return verify_library(cli, &options, rest[0], error);
}
