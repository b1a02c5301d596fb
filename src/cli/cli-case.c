/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-case.h"

#include "base/cel-file.h"
#include "formats/cel-reader.h"

#include <stdint.h>
#include <string.h>

static void case_words_clear(CaseWords *words)
{
    char *const texts[] = {
        words->case_id,    words->sample,      words->code,      words->fid,
        words->from_dept,  words->from_person, words->from_id,   words->to_dept,
        words->to_person,  words->to_id,       words->seal_no,   words->seal_state,
        words->seal_photo, words->why,         words->authority, words->measurement,
        words->state,      words->outcome,     words->claim,     words->report,
        words->form,       words->replaces,    words->out};
    char **const lists[] = {words->items, words->photos, words->parts, words->set};
    cli_sign_words_clear(&words->sign);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        g_strfreev(lists[i]);
    for (gsize i = 0; i < CASE_MOST_NAMED; i++)
        g_free(words->named[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CaseWords, case_words_clear)

/* ---- words that are one event ---- */

/** EventVerb: a word and its act. */
typedef struct {
    const char *name;
    CelAct act;
    const char *member, *text; /* (nullable): a data member that the word itself says */
    const char *seal_state;    /* (nullable): likewise of the bag's seal */
} EventVerb;

static const EventVerb event_verbs[] = {
    {"collect", CEL_ACT_COLLECT, NULL, NULL, "intact"},
    {"submit", CEL_ACT_SUBMIT, NULL, NULL, "intact"},
    {"intake", CEL_ACT_RECEIVE, NULL, NULL, "intact"},
    {"refuse", CEL_ACT_REFUSE, NULL, NULL, NULL},
    {"open", CEL_ACT_OPEN_SEAL, NULL, NULL, "broken"},
    {"reseal", CEL_ACT_SEAL, "what", "bag", "intact"},
    {"hand-over", CEL_ACT_TRANSFER, NULL, NULL, "intact"},
    {"return", CEL_ACT_RETURN, NULL, NULL, "intact"},
    {"dispose", CEL_ACT_DISPOSE, NULL, NULL, NULL},
    {"split", CEL_ACT_SPLIT, NULL, NULL, NULL},
    {"consume", CEL_ACT_CONSUME, NULL, NULL, NULL},
    {"stock", CEL_ACT_CONSUME, "kind", "into-use", NULL},
    {"discard", CEL_ACT_DISCARD_ACQUISITION, NULL, NULL, NULL},
    {"correct", CEL_ACT_CORRECT, NULL, NULL, NULL},
    {"check", CEL_ACT_CHECK, NULL, NULL, NULL},
    {"nonconform", CEL_ACT_NONCONFORM, NULL, NULL, NULL},
    {"hold", CEL_ACT_HOLD, "what", "set", NULL},
    {"lift-hold", CEL_ACT_HOLD, "what", "lifted", NULL},
};

static const EventVerb *event_verb(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(event_verbs); i++)
        if (strcmp(event_verbs[i].name, name) == 0)
            return &event_verbs[i];
    return NULL;
}

/* Named members of an event's data: "--condition TEXT" is "--set condition=TEXT". */
static const char *const named[] = {
    "description", "condition", "colour",     "amount",   "unit",         "container",
    "mark",        "kind",      "title",      "request",  "place",        "environment",
    "storage",     "compared",  "population", "sampling", "units-tested", "homogeneity",
    "note",        "what",      "how",        "action",   "affects",      "verdict",
    "serial",      "standard",  "lot",        "name",     "cas",          "supplier",
    "certificate", "opened",    "expires",    "contact",  "asset",        "calibration",
};
G_STATIC_ASSERT(G_N_ELEMENTS(named) <= CASE_MOST_NAMED);

/* "name=text" into @data; digits alone behind "name:=" become a number, "yes" a truth. */
static gboolean set_member(JsonObject *data, const char *pair, GError **error)
{
    const char *equal = strchr(pair, '=');
    if (equal == NULL || equal == pair) {
        cli_usage(error, _("\"%s\" is not NAME=TEXT"), pair);
        return FALSE;
    }
    const gboolean typed = equal[-1] == ':';
    g_autofree char *name = g_strndup(pair, (gsize)(equal - pair) - (typed ? 1 : 0));
    g_strdelimit(name, "-", '_');
    gint64 number = 0;
    if (!typed)
        json_object_set_string_member(data, name, equal + 1);
    else if (strcmp(equal + 1, "yes") == 0)
        json_object_set_boolean_member(data, name, TRUE);
    else if (g_ascii_string_to_signed(equal + 1, 10, G_MININT64, G_MAXINT64, &number, NULL))
        json_object_set_int_member(data, name, number);
    else {
        cli_usage(error, _("\"%s\" is not NAME:=NUMBER"), pair);
        return FALSE;
    }
    return TRUE;
}

static void set_named(JsonObject *data, const CaseWords *words)
{
    for (gsize i = 0; i < G_N_ELEMENTS(named); i++) {
        g_autofree char *name = g_strdelimit(g_strdup(named[i]), "-", '_');
        if (words->named[i] != NULL)
            json_object_set_string_member(data, name, words->named[i]);
    }
}

static gboolean set_members(JsonObject *data, char *const *pairs, GError **error)
{
    for (gsize i = 0; pairs != NULL && pairs[i] != NULL; i++)
        if (!set_member(data, pairs[i], error))
            return FALSE;
    return TRUE;
}

static gboolean set_photos(CelLab *lab, const CaseWords *words, JsonObject *data, GError **error)
{
    if (words->photos == NULL)
        return TRUE;
    JsonArray *photos = json_array_new();
    json_object_set_array_member(data, "photos", photos);
    for (gsize i = 0; words->photos[i] != NULL; i++) {
        const char *equal = strchr(words->photos[i], '=');
        if (equal == NULL) {
            cli_usage(error, _("--photo is WHAT=FILE, e.g. package=bag.jpg"));
            return FALSE;
        }
        g_autofree char *moment = g_strndup(words->photos[i], (gsize)(equal - words->photos[i]));
        if (!cel_case_add_photo(lab, equal + 1, moment, photos, NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean set_parts(const CaseWords *words, JsonObject *data, GError **error)
{
    if (words->parts == NULL)
        return TRUE;
    JsonArray *parts = json_array_new();
    json_object_set_array_member(data, "parts", parts);
    for (gsize i = 0; words->parts[i] != NULL; i++) {
        const char *equal = strchr(words->parts[i], '=');
        if (equal == NULL) {
            cli_usage(error, _("--part is NUMBER=DESCRIPTION, e.g. 1-1=white granule"));
            return FALSE;
        }
        g_autofree char *item = g_strndup(words->parts[i], (gsize)(equal - words->parts[i]));
        JsonObject *part = json_object_new();
        json_object_set_string_member(part, "item", item);
        json_object_set_string_member(part, "description", equal + 1);
        json_array_add_object_element(parts, part);
    }
    return TRUE;
}

/* A check names its instrument and its bytes from the measurement itself, not from typing. */
static gboolean set_measurement(const Cli *cli, CelLab *lab, const CaseWords *words,
                                JsonObject *data, GError **error)
{
    if (words->measurement == NULL)
        return TRUE;
    const CelReadOptions options = {0};
    CelDigestPair digests;
    g_auto(CelReadOut) out = {0};
    if (!cel_reader_load_only(words->measurement, &options, cli->job, &out, error) ||
        !cel_lab_keep(lab, CEL_LAB_RAW, out.source, &digests, error))
        return FALSE;
    JsonObject *raw = json_object_new(), *instrument = cel_instrument_facts(out.measurement);
    json_object_set_string_member(raw, "sha256", digests.sha256);
    json_object_set_string_member(raw, "sm3", digests.sm3);
    json_object_set_object_member(data, "raw", raw);
    if (json_object_has_member(instrument, "serial"))
        json_object_set_string_member(data, "serial", cel_row_text(instrument, "serial"));
    json_object_set_object_member(data, "instrument", instrument);
    return TRUE;
}

static JsonObject *make_data(const Cli *cli, CelLab *lab, const CaseWords *words,
                             const EventVerb *verb, GError **error)
{
    g_autoptr(JsonObject) data = json_object_new();
    set_named(data, words);
    if (verb->member != NULL)
        json_object_set_string_member(data, verb->member, verb->text);
    const gboolean ok = set_members(data, words->set, error) &&
                        set_photos(lab, words, data, error) && set_parts(words, data, error) &&
                        set_measurement(cli, lab, words, data, error);
    return ok ? g_steal_pointer(&data) : NULL;
}

static CelEventRequest make_request(const CaseWords *words, const EventVerb *verb)
{
    const char *state = words->seal_state != NULL ? words->seal_state
                        : words->seal_no != NULL  ? verb->seal_state
                                                  : NULL;
    return (CelEventRequest){
        .act = verb->act,
        .case_id = words->case_id,
        .sample_id = words->sample,
        .fid = words->fid,
        .seal_no = words->seal_no,
        .seal_state = state,
        .from = {words->from_dept, words->from_person, words->from_id},
        .to = {words->to_dept, words->to_person, words->to_id},
        .why = words->why,
        .authority = words->authority,
        .refers = (guint64)words->refers,
        .clock = cel_clock_system(),
    };
}

static void tell_event(const Cli *cli, const CelEventRequest *request, const CelLedgerPlace *place)
{
    const CelActDef *def = cel_act_def(request->act);
    g_autofree char *code = request->item_id != NULL && request->case_id != NULL
                                ? cel_exhibit_code(request->case_id, request->item_id)
                                : NULL;
    if (!cli->json) {
        cli_print(
            cli, _("%s: event %ju%s%s%s%s\n"), cli->chinese ? def->title_zh : _(def->title_en),
            (uintmax_t)place->seq, request->case_id != NULL ? "  " : "",
            request->case_id != NULL ? request->case_id : "", request->item_id != NULL ? "/" : "",
            request->item_id != NULL ? request->item_id : "");
        return;
    }
    g_autofree char *root = cel_merkle_hex(&place->root[CEL_MERKLE_SHA256]);
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "act", def->id);
    cel_json_int(json, "seq", (gint64)place->seq);
    cel_json_text(json, "case", request->case_id);
    cel_json_text(json, "item", request->item_id);
    cel_json_text(json, "code", code);
    cel_json_int(json, "size", (gint64)place->size);
    cel_json_text(json, "root_sha256", root);
    cel_json_close(json);
    cli_print_json(json);
}

static gboolean photo_of_seal(CelLab *lab, const CaseWords *words, char out_sha256[65],
                              GError **error)
{
    g_autoptr(JsonArray) photos = json_array_new();
    return words->seal_photo == NULL ||
           cel_case_add_photo(lab, words->seal_photo, "seal", photos, out_sha256, error);
}

/* One event, or one for each of several exhibits that change hands together. */
static int run_event(Cli *cli, CaseWords *words, const char *name, GError **error)
{
    g_auto(CliSign) sign = {0};
    char photo[65] = "";
    const EventVerb *verb = event_verb(name);
    if (!cli_sign_open(cli, &words->sign, &sign, error) ||
        !photo_of_seal(sign.lab, words, photo, error))
        return 4;
    g_autoptr(JsonObject) data = make_data(cli, sign.lab, words, verb, error);
    if (data == NULL)
        return 4;
    CelEventRequest request = make_request(words, verb);
    request.data = data;
    request.seal_photo_sha256 = *photo != '\0' ? photo : NULL;
    gsize i = 0;
    do {
        CelLedgerPlace place;
        request.item_id = words->items != NULL ? words->items[i] : NULL;
        if (!cel_lab_record(sign.lab, &request, cli_sign_second(&sign), &place, error))
            return 5;
        tell_event(cli, &request, &place);
    } while (words->items != NULL && words->items[++i] != NULL);
    return 0;
}

/* ---- the words ---- */

static const CaseVerb verbs[] = {
    {"collect", N_("an exhibit is secured at the scene"), run_event},
    {"submit", N_("it is handed in for examination"), run_event},
    {"intake", N_("the lab accepts it"), run_event},
    {"refuse", N_("the lab does not accept it"), run_event},
    {"open", N_("its seal is opened, by two persons"), run_event},
    {"split", N_("parts are taken from it (--part 1-1=...)"), run_event},
    {"consume", N_("some of it is used up"), run_event},
    {"reseal", N_("its bag is sealed again, with a new number"), run_event},
    {"hand-over", N_("it changes hands; --item may be given several times"), run_event},
    {"return", N_("it goes back"), run_event},
    {"dispose", N_("it is disposed of, on an order, by two persons"), run_event},
    {"hold", N_("nothing of it may be used up or disposed of"), run_event},
    {"lift-hold", N_("the hold ends"), run_event},
    {"discard", N_("a measurement is set aside (--refers), by two persons"), run_event},
    {"check", N_("the day's check of an instrument"), run_event},
    {"stock", N_("a standard or consumable comes into use"), run_event},
    {"nonconform", N_("nonconforming work, a complaint, a request to test again"), run_event},
    {"correct", N_("an earlier event was wrong (--refers), by two persons"), run_event},
    {"review", N_("a reviewer's own verdict, before the operator's is shown"), cli_case_review},
    {"gate", N_("what blocks the release of a sealed result"), cli_case_gate},
    {"release", N_("the report is released, with two keys"), cli_case_release},
    {"facts", N_("what the register knows for the paper of a sealed file, as JSON"),
     cli_case_facts},
    {"paper", N_("the paper of a sealed file, kept and on record"), cli_case_paper},
    {"list", N_("cases, or the exhibits of one"), cli_case_list},
    {"show", N_("an exhibit; --code TEXT as scanned from its bag"), cli_case_show},
    {"history", N_("everything that happened to it"), cli_case_history},
    {"label", N_("the code for its bag; with --out the label to print"), cli_case_label},
    {"figures", N_("counts and times for the lab head"), cli_case_figures},
};

static void add_named(CaseWords *words, GArray *entries)
{
    for (gsize i = 0; i < G_N_ELEMENTS(named); i++) {
        const GOptionEntry entry = {.long_name = named[i],
                                    .arg = G_OPTION_ARG_STRING,
                                    .arg_data = &words->named[i],
                                    .description = N_("is recorded under this name"),
                                    .arg_description = "TEXT"};
        g_array_append_vals(entries, &entry, 1);
    }
}

/* Returns: (transfer full) (element-type GOptionEntry). */
static GArray *case_entries(CaseWords *words)
{
    const GOptionEntry own[] = {
        {"case", 0, 0, G_OPTION_ARG_STRING, &words->case_id, N_("case number"), "C"},
        {"item", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->items, N_("exhibit number"), "E"},
        {"sample", 0, 0, G_OPTION_ARG_STRING, &words->sample, N_("known specimen"), "S"},
        {"code", 0, 0, G_OPTION_ARG_STRING, &words->code, N_("as scanned from the bag"), "TEXT"},
        {"fid", 0, 0, G_OPTION_ARG_STRING, &words->fid, N_("id of a sealed file"), "ID"},
        {"from-dept", 0, 0, G_OPTION_ARG_STRING, &words->from_dept, N_("who gives"), "TEXT"},
        {"from-person", 0, 0, G_OPTION_ARG_STRING, &words->from_person, N_("who gives"), "TEXT"},
        {"from-id", 0, 0, G_OPTION_ARG_STRING, &words->from_id, N_("who gives"), "TEXT"},
        {"to-dept", 0, 0, G_OPTION_ARG_STRING, &words->to_dept, N_("who takes"), "TEXT"},
        {"to-person", 0, 0, G_OPTION_ARG_STRING, &words->to_person, N_("who takes"), "TEXT"},
        {"to-id", 0, 0, G_OPTION_ARG_STRING, &words->to_id, N_("who takes"), "TEXT"},
        {"seal-no", 0, 0, G_OPTION_ARG_STRING, &words->seal_no, N_("number on the bag's seal"),
         "N"},
        {"seal-state", 0, 0, G_OPTION_ARG_STRING, &words->seal_state, N_("the bag's seal"),
         "intact|broken|none"},
        {"seal-photo", 0, 0, G_OPTION_ARG_FILENAME, &words->seal_photo, N_("photo of the seal"),
         "FILE"},
        {"why", 0, 0, G_OPTION_ARG_STRING, &words->why, N_("reason"), "TEXT"},
        {"authority", 0, 0, G_OPTION_ARG_STRING, &words->authority, N_("order or approval"),
         "TEXT"},
        {"refers", 0, 0, G_OPTION_ARG_INT, &words->refers, N_("the event it speaks of"), "SEQ"},
        {"photo", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->photos,
         N_("a photo; hashed first, then kept"), "WHAT=FILE"},
        {"part", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->parts, N_("a part of the exhibit"),
         "NUMBER=TEXT"},
        {"measurement", 0, 0, G_OPTION_ARG_FILENAME, &words->measurement,
         N_("of a check: names instrument and bytes"), "FILE"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->set, N_("another fact of the event"),
         "NAME=TEXT"},
        {"state", 0, 0, G_OPTION_ARG_STRING, &words->state, N_("list only these"), "STATE"},
        {"outcome", 0, 0, G_OPTION_ARG_STRING, &words->outcome, N_("the reviewer's own outcome"),
         "OUTCOME"},
        {"claim", 0, 0, G_OPTION_ARG_STRING, &words->claim, N_("substance, group or class"), "ID"},
        {"report", 0, 0, G_OPTION_ARG_STRING, &words->report, N_("number of the report"), "NUMBER"},
        {"form", 0, 0, G_OPTION_ARG_STRING, &words->form, N_("which paper"), "card|court|expert"},
        {"replaces", 0, 0, G_OPTION_ARG_STRING, &words->replaces,
         N_("the report that this one amends"), "NUMBER"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words->out, N_("the file to write"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    GArray *entries = cli_sign_entries(&words->sign, own);
    add_named(words, entries);
    return entries;
}

static char *describe(void)
{
    GString *out = g_string_new(_("The life of cases and exhibits. What happens is an event of the "
                                  "lab's ledger, under your key.\n"));
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        g_string_append_printf(out, "  %-10s %s\n", verbs[i].name, _(verbs[i].summary));
    return g_string_free(out, FALSE);
}

int cli_case(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CaseWords) words = {0};
    g_auto(GStrv) rest = NULL;
    g_autoptr(GArray) entries = case_entries(&words);
    g_autofree char *description = describe();
    if (!cli_parse(cli, argc, argv, (const GOptionEntry *)(gpointer)entries->data, "WORD",
                   description, &rest, error))
        return 2;
    for (gsize i = 0; rest[0] != NULL && rest[1] == NULL && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].name, rest[0]) == 0)
            return words.refers >= 0 ? verbs[i].run(cli, &words, rest[0], error)
                                     : cli_usage(error, _("--refers is the position of an event"));
    return cli_usage(error, _("Use: celadon case WORD ...; see \"celadon case --help\""));
}
