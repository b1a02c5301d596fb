/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-key.h"

#include "base/cel-file.h"
#include "bench/cel-lab-keys.h"
#include "evidence/cel-token.h"

#include <string.h>

enum { MOST_KEY_FILE = 64 * 1024, KEY_MODE = 0600, PUBLIC_MODE = 0644 };

/* ---- new ---- */

typedef struct {
    char *name, *out, *passphrase_file, *token, *label;
    gboolean training;
} NewWords;

static void new_words_clear(NewWords *words)
{
    g_free(words->name);
    g_free(words->out);
    g_free(words->passphrase_file);
    g_free(words->token);
    g_free(words->label);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NewWords, new_words_clear)

static CelKey *make_key(const NewWords *words, const char *secret, GError **error)
{
    const CelTokenOrder order = {.uri = words->token,
                                 .pin = secret,
                                 .label = words->label != NULL ? words->label : "celadon",
                                 .person = words->name,
                                 .training = words->training};
    return words->token != NULL ? cel_token_generate(&order, error)
                                : cel_key_generate(words->name, words->training, error);
}

static int key_new(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(NewWords) words = {.name = NULL};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_STRING, &words.name, N_("the person the key belongs to"),
         "NAME"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words.out, N_("the key file to write"), "FILE"},
        {"training", 0, 0, G_OPTION_ARG_NONE, &words.training,
         N_("a key for training records only"), NULL},
        {"token", 0, 0, G_OPTION_ARG_STRING, &words.token,
         N_("make the key on this token (see \"celadon key tokens\"); the passphrase is its PIN"),
         "URI"},
        {"label", 0, 0, G_OPTION_ARG_STRING, &words.label, N_("name of the key on the token"),
         "LABEL"},
        {"passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &words.passphrase_file,
         N_("read the passphrase from the first line of this file"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, NULL,
                   N_("Makes a person's signing keys (SM2 and Ed25519; on a token Ed25519) with "
                      "self-signed certificates. The lab certifies them with \"key certify\"."),
                   &rest, error))
        return 2;
    if (rest[0] != NULL || words.name == NULL || words.out == NULL)
        return cli_usage(error, _("Use: celadon key new --name NAME --out FILE"));
    if (g_file_test(words.out, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s: a key is not overwritten; choose another name"), words.out);
        return 5;
    }
    CEL_AUTO_SECRET secret = cli_passphrase(words.passphrase_file, NULL, cli->job, error);
    g_autoptr(CelKey) key = secret != NULL ? make_key(&words, secret, error) : NULL;
    if (key == NULL || !cel_key_save(key, words.out, secret, error))
        return 4;
    cli_print(cli, _("%s: keys of %s%s\n"), words.out, cel_key_person(key),
              words.training ? _(" (TRAINING)") : "");
    return 0;
}

/* ---- certify ---- */

typedef struct {
    CliSignWords sign;
    CliRootWords root;
    char *role, *number, *out;
    int days;
} CertifyWords;

static void certify_words_clear(CertifyWords *words)
{
    cli_sign_words_clear(&words->sign);
    cli_root_words_clear(&words->root);
    g_free(words->role);
    g_free(words->number);
    g_free(words->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CertifyWords, certify_words_clear)

static gboolean read_terms(const CertifyWords *words, CelCaTerms *out, GError **error)
{
    *out = (CelCaTerms){.person_id = words->number, .days = (guint)MAX(words->days, 0)};
    if (words->days >= 0 && cel_role_from_id(words->role, &out->role))
        return TRUE;
    cli_usage(error, _("--role is officer, technician, reviewer, lab-head, device or ledger"));
    return FALSE;
}

/* Returns: the bytes of @path, which hold keys or certificates; NULL with an error that names
 * @path. */
static GBytes *read_key_file(const char *path, GError **error)
{
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    g_autoptr(GBytes) bytes = cel_file_read(path, MOST_KEY_FILE, error);
    if (bytes == NULL || cel_key_holder_read(bytes, &holder, error))
        return g_steal_pointer(&bytes);
    g_autofree char *shown = cli_printable(path);
    g_prefix_error(error, "%s: ", shown);
    return NULL;
}

static gboolean write_keys(const char *path, GBytes *pem, const CelKeyHolder *holder,
                           GError **error)
{
    return cel_file_write(path, pem, holder->has_keys ? KEY_MODE : PUBLIC_MODE, error);
}

/* On record before the certificate is given out; without --lab there is no record. */
static gboolean record(Cli *cli, const CliSignWords *words, const CelLabKeyEvent *event,
                       GError **error)
{
    CelLedgerPlace place;
    g_auto(CliSign) sign = {.lab = NULL};
    if (!cli_sign_open(cli, words, &sign, error) ||
        !cel_lab_record_key(sign.lab, event, cli_sign_second(&sign), &place, error))
        return FALSE;
    cli_print(cli, _("recorded in the ledger at position %" G_GUINT64_FORMAT "\n"), place.seq);
    return TRUE;
}

static int certify_file(Cli *cli, const CertifyWords *words, const char *file, GError **error)
{
    CelCaTerms terms;
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    if (!read_terms(words, &terms, error))
        return 2;
    g_autoptr(GBytes) before = read_key_file(file, error);
    g_autoptr(CelKey) root = before != NULL ? cli_open_root(cli, &words->root, error) : NULL;
    g_autoptr(GBytes) after =
        root != NULL ? cel_key_holder_certify(root, before, &terms, error) : NULL;
    if (after == NULL || !cel_key_holder_read(after, &holder, error))
        return 4;
    const CelLabKeyEvent event = {.what = "certified", .holder = &holder};
    const char *out = words->out != NULL ? words->out : file;
    if (!cel_file_may_be_written(out, error) ||
        (words->sign.lab != NULL && !record(cli, &words->sign, &event, error)) ||
        !write_keys(out, after, &holder, error))
        return 4;
    cli_print(cli, _("%s: %s is certified as %s by %s\n"), out, holder.about.person,
              cel_role_title(holder.about.role, cli->chinese), holder.about.lab);
    return 0;
}

static int key_certify(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CertifyWords) words = {.days = 0};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"role", 0, 0, G_OPTION_ARG_STRING, &words.role,
         N_("officer, technician, reviewer, lab-head, device or ledger"), "ROLE"},
        {"number", 0, 0, G_OPTION_ARG_STRING, &words.number,
         N_("the person's number in the laboratory"), "ID"},
        {"days", 0, 0, G_OPTION_ARG_INT, &words.days, N_("of validity; two years otherwise"), "N"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words.out,
         N_("write there instead of changing the file"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) with_root = cli_root_entries(&words.root, own);
    g_autoptr(GArray) entries =
        cli_sign_entries(&words.sign, &g_array_index(with_root, GOptionEntry, 0));
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "FILE",
                   N_("Certifies a key file, or certificates from \"key export\", with the "
                      "laboratory's root. With --lab, --key and --second-key it is recorded in "
                      "the ledger first."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || words.root.root == NULL || words.role == NULL)
        return cli_usage(error, _("Use: celadon key certify --root ROOT --role ROLE FILE"));
    return certify_file(cli, &words, rest[0], error);
}

/* ---- export, install ---- */

static int key_export(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *out = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the file to write"), "CERTIFICATES"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "FILE",
                   N_("Takes the certificates out of a key file, to send them to the laboratory. "
                      "The key itself never leaves its file."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || out == NULL)
        return cli_usage(error, _("Use: celadon key export FILE --out CERTIFICATES"));
    g_autoptr(GBytes) pem = read_key_file(rest[0], error);
    g_autoptr(GBytes) certificates = pem != NULL ? cel_key_holder_public(pem, error) : NULL;
    if (certificates == NULL || !cel_file_create(out, certificates, PUBLIC_MODE, error))
        return 4;
    cli_print(cli, _("%s: certificates of %s\n"), out, rest[0]);
    return 0;
}

static int key_install(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(GStrv) rest = NULL;
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    if (!cli_parse(cli, argc, argv, entries, "FILE CERTIFICATES",
                   N_("Puts certificates that came back from the laboratory into the key file."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] == NULL || rest[2] != NULL)
        return cli_usage(error, _("Use: celadon key install FILE CERTIFICATES"));
    g_autoptr(GBytes) keys = read_key_file(rest[0], error);
    g_autoptr(GBytes) certificates = keys != NULL ? read_key_file(rest[1], error) : NULL;
    g_autoptr(GBytes) after =
        certificates != NULL ? cel_key_holder_install(keys, certificates, error) : NULL;
    if (after == NULL || !cel_key_holder_read(after, &holder, error) ||
        !write_keys(rest[0], after, &holder, error))
        return 4;
    cli_print(cli, _("%s: %s, %s\n"), rest[0], holder.about.person,
              cel_role_title(holder.about.role, cli->chinese));
    return 0;
}

/* ---- revoke ---- */

static int key_revoke(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CliSignWords) words = {.lab = NULL};
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    g_autofree char *why = NULL;
    gint64 from = 0;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"why", 0, 0, G_OPTION_ARG_STRING, &why, N_("the reason, for the record"), "TEXT"},
        {"from", 0, 0, G_OPTION_ARG_INT64, &from,
         N_("void from this position of the ledger on; from now on otherwise"), "N"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "FILE",
                   N_("Takes back the certificates in a key file or a file of certificates: the "
                      "head of the laboratory and a second person record it in the ledger. What "
                      "was signed before that position keeps its worth."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || why == NULL || from < 0)
        return cli_usage(error, _("Use: celadon key revoke --lab DIR --key K --second-key K "
                                  "--why TEXT FILE"));
    g_autoptr(GBytes) pem = read_key_file(rest[0], error);
    if (pem == NULL || !cel_key_holder_read(pem, &holder, error))
        return 3;
    const CelLabKeyEvent event = {
        .what = "revoked", .holder = &holder, .from_seq = (guint64)from, .why = why};
    if (!record(cli, &words, &event, error))
        return 5;
    cli_print(cli, _("%s: the certificates of %s are revoked\n"), rest[0], holder.about.person);
    return 0;
}

/* ---- which ---- */

static const struct {
    const char *name;
    int (*run)(Cli *cli, int argc, char **argv, GError **error);
} verbs[] = {
    {"new", key_new},           {"certify", key_certify}, {"export", key_export},
    {"install", key_install},   {"revoke", key_revoke},   {"list", cli_key_list},
    {"tokens", cli_key_tokens},
};

int cli_key(Cli *cli, int argc, char **argv, GError **error)
{
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0) {
            g_autofree char *name = g_strconcat("key ", verbs[i].name, NULL);
            argv[1] = name;
            return verbs[i].run(cli, argc - 1, argv + 1, error);
        }
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    if (!cli_parse(cli, argc, argv, entries, "new|certify|export|install|revoke|list|tokens",
                   N_("Keys of people, devices and the ledger: new makes one, certify is the "
                      "laboratory's word for its holder, revoke takes that back; export and "
                      "install carry certificates between the two; list and tokens show what "
                      "there is. Each has --help."),
                   &rest, error))
        return 2;
    return cli_usage(error, _("Use: celadon key new|certify|export|install|revoke|list|tokens"));
}
