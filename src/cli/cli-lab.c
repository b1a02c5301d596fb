/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-key.h"
#include "cli/cli-lab.h"

#include "base/cel-file.h"
#include "bench/cel-lab-profile.h"
#include "evidence/cel-statement.h"

#include <stdio.h>
#include <string.h>

GArray *cli_root_entries(CliRootWords *words, const GOptionEntry *own)
{
    const GOptionEntry entries[] = {
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &words->root,
         N_("the laboratory's root key file; keep it locked away, not on a tablet"), "ROOT"},
        {"root-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &words->passphrase_file,
         N_("the root's passphrase"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    return cli_join_entries(own, entries);
}

void cli_root_words_clear(CliRootWords *words)
{
    g_free(words->root);
    g_free(words->passphrase_file);
}

CelKey *cli_open_root(const Cli *cli, const CliRootWords *words, GError **error)
{
    return cli_open_key(cli, words->root, words->passphrase_file, error);
}

/* ---- init ---- */

typedef struct {
    CliRootWords root;
    char *lab, *name, *head, *head_passphrase_file, *number;
    gboolean training;
} InitWords;

static void init_words_clear(InitWords *words)
{
    cli_root_words_clear(&words->root);
    g_free(words->lab);
    g_free(words->name);
    g_free(words->head);
    g_free(words->head_passphrase_file);
    g_free(words->number);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InitWords, init_words_clear)

/* The root that is there, else a new one under that name. */
static CelKey *take_root(const Cli *cli, const InitWords *words, GError **error)
{
    if (g_file_test(words->root.root, G_FILE_TEST_EXISTS))
        return cli_open_root(cli, &words->root, error);
    CEL_AUTO_SECRET secret =
        cli_passphrase(words->root.passphrase_file, words->root.root, cli->job, error);
    g_autoptr(CelKey) root =
        secret != NULL ? cel_key_generate_lab(words->name, words->training, error) : NULL;
    if (root == NULL || !cel_key_save(root, words->root.root, secret, error))
        return NULL;
    return g_steal_pointer(&root);
}

/* Certifies the file of the head's key in its place, unless that was done before. */
static gboolean certify_head(CelKey *root, const InitWords *words, GError **error)
{
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    const CelCaTerms terms = {.role = CEL_ROLE_LAB_HEAD, .person_id = words->number};
    g_autoptr(GBytes) before = cel_file_read(words->head, CEL_STATEMENT_MAX_BYTES, error);
    if (before == NULL || !cel_key_holder_read(before, &holder, error))
        return FALSE;
    if (holder.about.role == CEL_ROLE_LAB_HEAD)
        return TRUE;
    g_autoptr(GBytes) after = cel_key_holder_certify(root, before, &terms, error);
    return after != NULL && cel_file_write(words->head, after, 0600, error);
}

static int found(Cli *cli, const InitWords *words, GError **error)
{
    g_autoptr(CelKey) root = take_root(cli, words, error);
    if (root == NULL || !certify_head(root, words, error))
        return 4;
    g_autoptr(CelKey) head = cli_open_key(cli, words->head, words->head_passphrase_file, error);
    const CelLabFounding founding = {.root = root, .head = head, .clock = cel_clock_system()};
    if (head == NULL || !cel_lab_found(words->lab, &founding, error))
        return 4;
    g_autofree char *name = cli_printable(cel_key_person(root));
    cli_print(cli, _("%s: laboratory %s; its head is %s\n"), words->lab, name,
              cel_key_person(head));
    cli_print(cli,
              _("Lock %s away: who has it is the laboratory. Print the fingerprints of its "
                "certificates (celadon key list %s) and give them to others by another "
                "way.\n"),
              words->root.root, words->root.root);
    return 0;
}

static int lab_init(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(InitWords) words = {.lab = NULL};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &words.lab, N_("the folder to make"), "DIR"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &words.name, N_("the laboratory's name"), "NAME"},
        {"head", 0, 0, G_OPTION_ARG_FILENAME, &words.head,
         N_("key file of the head of the laboratory, from \"key new\"; it is certified"), "K"},
        {"head-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &words.head_passphrase_file,
         N_("that key's passphrase"), "FILE"},
        {"number", 0, 0, G_OPTION_ARG_STRING, &words.number,
         N_("the head's number in the laboratory"), "ID"},
        {"training", 0, 0, G_OPTION_ARG_NONE, &words.training,
         N_("a laboratory for training: nothing in it is evidence"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_root_entries(&words.root, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), NULL,
                   N_("Founds a laboratory: its root key (unless ROOT is there already), its "
                      "folder with the ledger, and the first event, signed by its head."),
                   &rest, error))
        return 2;
    if (rest[0] != NULL || words.lab == NULL || words.name == NULL || words.head == NULL ||
        words.root.root == NULL || words.number == NULL)
        return cli_usage(error, _("Use: celadon lab init --lab DIR --name NAME --root ROOT "
                                  "--head K --number ID"));
    return found(cli, &words, error);
}

/* ---- profile ---- */

typedef struct {
    CliSignWords sign;
    CliRootWords root;
    gboolean show_default;
} ProfileWords;

static void profile_words_clear(ProfileWords *words)
{
    cli_sign_words_clear(&words->sign);
    cli_root_words_clear(&words->root);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProfileWords, profile_words_clear)

static void print_profile(const Cli *cli, const CelProfile *profile)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    json_generator_set_root(generator, profile->json);
    json_generator_set_pretty(generator, !cli->json);
    g_autofree char *text = json_generator_to_data(generator, NULL);
    printf("%s\n", text);
}

static int show_profile(Cli *cli, const ProfileWords *words, GError **error)
{
    g_auto(CliSign) sign = {.lab = NULL};
    if (words->show_default) {
        g_autoptr(CelProfile) profile = cel_profile_default();
        print_profile(cli, profile);
        return 0;
    }
    if (!cli_sign_read(cli, &words->sign, &sign, error))
        return 4;
    const CelProfile *profile = cel_lab_profile(sign.lab);
    if (!profile->is_signed)
        fprintf(stderr, "celadon: %s\n",
                _("The laboratory has no signed profile; this is the default"));
    print_profile(cli, profile);
    return 0;
}

static int install_profile(Cli *cli, const ProfileWords *words, const char *draft, GError **error)
{
    CelLedgerPlace place;
    g_autoptr(GBytes) text = cel_file_read(draft, CEL_STATEMENT_MAX_BYTES, error);
    g_autoptr(CelKey) root = text != NULL && cel_profile_check_draft(text, error)
                                 ? cli_open_root(cli, &words->root, error)
                                 : NULL;
    g_auto(CliSign) sign = {.lab = NULL};
    if (root == NULL || !cli_sign_open(cli, &words->sign, &sign, error))
        return 4;
    const CelProfileSigning signing = {text, root, cli_sign_second(&sign), cel_clock_system()};
    if (!cel_lab_sign_profile(sign.lab, &signing, &place, error))
        return 4;
    cli_print(cli, _("%s: signed and in force; recorded at position %" G_GUINT64_FORMAT "\n"),
              draft, place.seq);
    return 0;
}

static int lab_profile(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(ProfileWords) words = {.show_default = FALSE};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"default", 0, 0, G_OPTION_ARG_NONE, &words.show_default,
         N_("show the one that holds without a laboratory's own, to start a draft from"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) with_root = cli_root_entries(&words.root, own);
    g_autoptr(GArray) entries =
        cli_sign_entries(&words.sign, &g_array_index(with_root, GOptionEntry, 0));
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "[DRAFT]",
                   N_("Without DRAFT shows the laboratory's profile. With one, and --root, --key "
                      "and --second-key, checks it, signs it and puts it in force."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL)
        return show_profile(cli, &words, error);
    if (rest[1] != NULL || words.root.root == NULL)
        return cli_usage(error, _("Use: celadon lab profile --lab DIR --root ROOT --key K "
                                  "--second-key K DRAFT"));
    return install_profile(cli, &words, rest[0], error);
}

int cli_lab(Cli *cli, int argc, char **argv, GError **error)
{
    static const struct {
        const char *name, *full;
        int (*run)(Cli *cli, int argc, char **argv, GError **error);
    } verbs[] = {{"init", "lab init", lab_init},
                 {"profile", "lab profile", lab_profile},
                 {"check", "lab check", cli_lab_check},
                 {"backup", "lab backup", cli_lab_backup},
                 {"restore", "lab restore", cli_lab_restore},
                 {"hand-in", "lab hand-in", cli_lab_hand_in},
                 {"take-over", "lab take-over", cli_lab_take_over},
                 {"receipt", "lab receipt", cli_lab_receipt}};
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0) {
            argv[1] = (char *)(gsize)verbs[i].full;
            return verbs[i].run(cli, argc - 1, argv + 1, error);
        }
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    if (!cli_parse(cli, argc, argv, entries,
                   "init|profile|check|backup|restore|hand-in|take-over|receipt",
                   N_("The laboratory: init founds it, profile shows or changes what it says of "
                      "itself and demands of its work; check recomputes its ledger, backup and "
                      "restore copy it; hand-in, take-over and receipt bring a tablet's ledger "
                      "into the lab's. Each has --help."),
                   &rest, error))
        return 2;
    return cli_usage(
        error, _("Use: celadon lab init|profile|check|backup|restore|hand-in|take-over|receipt"));
}
