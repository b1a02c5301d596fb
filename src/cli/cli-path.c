/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-path.h"

#include <stdio.h>
#include <string.h>

static void path_words_clear(PathWords *words)
{
    char *const texts[] = {
        words->sample,      words->case_id,     words->place,     words->environment,
        words->description, words->witness,     words->standard,  words->lot,
        words->moment,      words->folder,      words->kind,      words->device,
        words->settings,    words->integration, words->laser_ok,  words->seal_no,
        words->condition,   words->why,         words->from_dept, words->from_person,
        words->to_dept,     words->to_person,   words->storage,   words->request,
        words->contact,     words->population,  words->sampling,  words->units_tested};
    cli_sign_words_clear(&words->sign);
    cli_bench_options_clear(&words->bench);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PathWords, path_words_clear)

static void path_desk_clear(PathDesk *desk)
{
    g_clear_pointer(&desk->path, cel_path_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PathDesk, path_desk_clear)

/* ---- what is told ---- */

static void print_missing(const Cli *cli, const CelPathView *view)
{
    for (guint i = 0; i < view->missing->len; i++) {
        const CelPathNeedDef *need = g_ptr_array_index(view->missing, i);
        cli_print(cli, "  - %s\n", cli->chinese ? need->zh : need->en);
    }
}

static void print_view(const Cli *cli, const CelPathView *view)
{
    const CelPathStepDef *step = cel_path_step_def(view->step);
    cli_print(cli, _("%s: %s %s/%s, step %u of %u: %s\n"), view->id,
              _(cel_path_way_def(view->way)->title), view->case_id,
              *view->item_id != '\0' ? view->item_id : "?", view->index + 1, view->n_steps,
              _(step->title));
    if (view->interrupted)
        cli_print(cli, "%s\n", cel_path_view_last_shot(view)->problem);
    cli_print(cli, "%s\n", _(step->todo));
    print_missing(cli, view);
    cli_print(cli,
              _("spots: %u planned, %u tried, %u good, %u agree; touches: %u, %u holds, %u "
                "photos\n"),
              view->planned, view->taken, view->valid, view->agree,
              view->touches[CEL_PATH_TOUCH_NAVIGATION], view->touches[CEL_PATH_TOUCH_HOLD],
              view->touches[CEL_PATH_TOUCH_PHOTO]);
}

static gboolean tell(PathDesk *desk, GError **error)
{
    g_autoptr(CelPathView) view = cel_path_view(desk->path, error);
    if (view == NULL)
        return FALSE;
    g_autofree char *json = cel_path_view_json(view);
    if (desk->cli->json)
        printf("%s\n", json);
    else if (!view->over)
        print_view(desk->cli, view);
    return TRUE;
}

/* ---- the words ---- */

static const char *one_word(const PathDesk *desk, const char *what, GError **error)
{
    if (desk->rest[0] != NULL && desk->rest[1] == NULL)
        return desk->rest[0];
    cli_usage(error, _("This word takes one thing: %s"), what);
    return NULL;
}

static gboolean word_status(PathDesk *desk, GError **error)
{
    (void)desk;
    (void)error;
    return TRUE;
}

static gboolean word_scan(PathDesk *desk, GError **error)
{
    const char *typed = one_word(desk, "CODE", error);
    return typed != NULL && cel_path_scan(desk->path, typed, error);
}

static gboolean word_photo(PathDesk *desk, GError **error)
{
    if (desk->words->folder == NULL) {
        const char *file = one_word(desk, "FILE", error);
        return file != NULL && cel_path_photo(desk->path, file, desk->words->moment, error);
    }
    g_autoptr(GError) failure = NULL;
    g_autofree char *newest = cel_path_newest_photo(desk->words->folder, 0, &failure);
    if (newest != NULL)
        return cel_path_photo(desk->path, newest, desk->words->moment, error);
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    else
        cli_usage(error, _("There is no picture in that folder"));
    return FALSE;
}

static gboolean word_answer(PathDesk *desk, GError **error)
{
    for (gsize i = 0; desk->rest[i] != NULL; i++) {
        const char *equal = strchr(desk->rest[i], '=');
        if (equal == NULL) {
            cli_usage(error, _("answer takes WHAT=VALUE, e.g. hazard=no"));
            return FALSE;
        }
        g_autofree char *what = g_strndup(desk->rest[i], (gsize)(equal - desk->rest[i]));
        if (!cel_path_answer(desk->path, what, equal + 1, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean word_receive(PathDesk *desk, GError **error)
{
    const PathWords *words = desk->words;
    const CelPathReceipt receipt = {
        .accepted = !words->refuse,
        .from = {.department = words->from_dept, .person = words->from_person},
        .to = {.department = words->to_dept, .person = words->to_person},
        .seal_no = words->seal_no,
        .differs = words->differs,
        .condition = words->condition,
        .why = words->why,
        .submission = {.request = words->request,
                       .contact = words->contact,
                       .population = words->population,
                       .sampling = words->sampling,
                       .units_tested = words->units_tested}};
    return cel_path_receive(desk->path, &receipt, error);
}

static gboolean word_open(PathDesk *desk, GError **error)
{
    return cel_path_open_bag(desk->path, cli_sign_second(desk->sign), desk->words->seal_no,
                             desk->words->why, error);
}

static gboolean word_part(PathDesk *desk, GError **error)
{
    const char *pair = one_word(desk, "NUMBER=DESCRIPTION", error);
    const char *equal = pair != NULL ? strchr(pair, '=') : NULL;
    if (pair != NULL && equal == NULL)
        cli_usage(error, _("part takes NUMBER=DESCRIPTION, e.g. 1-1=white granule"));
    if (equal == NULL)
        return FALSE;
    g_autofree char *item = g_strndup(pair, (gsize)(equal - pair));
    return cel_path_take_part(desk->path, item, equal + 1, error);
}

static gboolean word_next(PathDesk *desk, GError **error)
{
    return cel_path_next(desk->path, error);
}

static gboolean word_back(PathDesk *desk, GError **error)
{
    return cel_path_back(desk->path, error);
}

static gboolean word_set_aside(PathDesk *desk, GError **error)
{
    guint64 seq = 0;
    const char *typed = one_word(desk, "SEQ", error);
    if (typed == NULL)
        return FALSE;
    if (!g_ascii_string_to_unsigned(typed, 10, 1, G_MAXINT64, &seq, NULL)) {
        cli_usage(error, _("\"%s\" is no number of a measurement; status shows them"), typed);
        return FALSE;
    }
    return cel_path_set_aside(desk->path, seq, desk->words->why, cli_sign_second(desk->sign),
                              error);
}

static gboolean word_pack(PathDesk *desk, GError **error)
{
    const char *seal_no = one_word(desk, "NUMBER", error);
    return seal_no != NULL && cel_path_pack(desk->path, seal_no, error);
}

static gboolean word_abandon(PathDesk *desk, GError **error)
{
    return cel_path_abandon(desk->path, desk->words->why != NULL ? desk->words->why : "", error);
}

/** Word: one word behind `celadon path`. */
typedef struct {
    const char *name;
    const char *summary; /* msgid */
    /** act: Returns: FALSE with the error. */
    gboolean (*act)(PathDesk *desk, GError **error);
} Word;

static const Word path_words[] = {
    {"status", N_("where it stands, and what the step misses"), word_status},
    {"scan", N_("the number of the exhibit (CODE)"), word_scan},
    {"photo", N_("a photo (FILE, or the newest of --folder)"), word_photo},
    {"answer", N_("answers (WHAT=VALUE ...)"), word_answer},
    {"receive", N_("the lab takes the bag in, or refuses it (--refuse)"), word_receive},
    {"open", N_("the bag is opened, by two persons"), word_open},
    {"part", N_("a part is taken and measured (NUMBER=DESCRIPTION)"), word_part},
    {"shoot", N_("what is due is measured"), cli_path_shoot},
    {"next", N_("to the next step"), word_next},
    {"back", N_("one step back, to look"), word_back},
    {"set-aside", N_("a measurement is taken out, by two persons (SEQ)"), word_set_aside},
    {"identify", N_("the measurements are evaluated"), cli_path_identify},
    {"pack", N_("the number of the new seal (NUMBER)"), word_pack},
    {"finish", N_("two persons sign; file and bag are sealed"), cli_path_finish},
    {"abandon", N_("the work is given up (--why)"), word_abandon},
};

/* ---- begin, list, resume ---- */

static CelPath *begin(PathDesk *desk, CelPathWay way, GError **error)
{
    const PathWords *words = desk->words;
    if (words->spots < 0 || words->frames < 0 || words->start_delay_ms < 0) {
        cli_usage(error, _("--spots, --frames and --start-delay-ms are not negative"));
        return NULL;
    }
    const CelPathSetup setup = {.way = way,
                                .case_id = words->case_id,
                                .place = words->place,
                                .environment = words->environment,
                                .description = words->description,
                                .witness = words->witness,
                                .standard = words->standard,
                                .lot = words->lot,
                                .spots = (guint)words->spots,
                                .frames = (guint)words->frames,
                                .start_delay_ms = (guint)words->start_delay_ms,
                                .clock = cel_clock_system()};
    return cel_path_begin(desk->sign->lab, &setup, error);
}

static void print_open(const Cli *cli, const CelPathOpen *open)
{
    if (cli->json) {
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "id", open->id);
        cel_json_text(json, "way", cel_path_way_def(open->way)->id);
        cel_json_text(json, "step", cel_path_step_def(open->step)->id);
        cel_json_text(json, "case", open->case_id);
        cel_json_text(json, "item", open->item_id);
        cel_json_text(json, "person", open->person);
        cel_json_bool(json, "busy", open->busy);
        cel_json_text(json, "problem", open->problem);
        cel_json_close(json);
        cli_print_json(json);
    } else if (open->problem != NULL) {
        cli_print(cli, "%s  %s\n", open->id, open->problem);
    } else {
        cli_print(cli, "%s  %s  %s/%s  %s  %s\n", open->id, _(cel_path_way_def(open->way)->title),
                  open->case_id, *open->item_id != '\0' ? open->item_id : "?",
                  _(cel_path_step_def(open->step)->title), open->person);
    }
}

static gboolean list_open(PathDesk *desk, GError **error)
{
    g_autoptr(GPtrArray) open = cel_path_list(desk->sign->lab, error);
    for (guint i = 0; open != NULL && i < open->len; i++)
        print_open(desk->cli, g_ptr_array_index(open, i));
    return open != NULL;
}

/* Without --sample it is the only one that is open. */
static CelPath *resume(PathDesk *desk, GError **error)
{
    const char *id = desk->words->sample;
    g_autoptr(GPtrArray) open = cel_path_list(desk->sign->lab, error);
    if (open == NULL)
        return NULL;
    if (id == NULL && open->len == 1)
        id = ((CelPathOpen *)g_ptr_array_index(open, 0))->id;
    if (id == NULL) {
        cli_usage(error, open->len == 0 ? _("No sample is open; begin with \"celadon path field\" "
                                            "or \"celadon path lab\"")
                                        : _("Several samples are open; choose one with --sample "
                                            "(\"celadon path list\")"));
        return NULL;
    }
    return cel_path_resume(desk->sign->lab, id, cel_clock_system(), desk->cli->job, error);
}

static const Word *find_word(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(path_words); i++)
        if (strcmp(path_words[i].name, name) == 0)
            return &path_words[i];
    return NULL;
}

static int run(PathDesk *desk, const char *name, GError **error)
{
    CelPathWay way;
    const Word *word = find_word(name);
    if (strcmp(name, "list") == 0)
        return cli_sign_read(desk->cli, &desk->words->sign, desk->sign, error) &&
                       list_open(desk, error)
                   ? 0
                   : 4;
    if (!cli_sign_open(desk->cli, &desk->words->sign, desk->sign, error))
        return 4;
    desk->path = cel_path_way_from_id(name, &way) ? begin(desk, way, error) : resume(desk, error);
    if (desk->path == NULL || (word != NULL && !word->act(desk, error)))
        return 4;
    return tell(desk, error) ? 0 : 4;
}

/* ---- options ---- */

/* Returns: (transfer full) (element-type GOptionEntry). */
static GArray *path_entries(PathWords *words)
{
    const GOptionEntry own[] = {
        {"sample", 0, 0, G_OPTION_ARG_STRING, &words->sample,
         N_("which open sample; without it the only one"), "ID"},
        {"case", 0, 0, G_OPTION_ARG_STRING, &words->case_id, N_("case number"), "C"},
        {"place", 0, 0, G_OPTION_ARG_STRING, &words->place, N_("where the work is done"), "TEXT"},
        {"environment", 0, 0, G_OPTION_ARG_STRING, &words->environment,
         N_("temperature, humidity, light"), "TEXT"},
        {"description", 0, 0, G_OPTION_ARG_STRING, &words->description, N_("what a new exhibit is"),
         "TEXT"},
        {"witness", 0, 0, G_OPTION_ARG_STRING, &words->witness,
         N_("witness, holder or second officer"), "NAME"},
        {"standard", 0, 0, G_OPTION_ARG_STRING, &words->standard,
         N_("what the check measures (polystyrene)"), "ID"},
        {"lot", 0, 0, G_OPTION_ARG_STRING, &words->lot, N_("of that standard"), "LOT"},
        {"spots", 0, 0, G_OPTION_ARG_INT, &words->spots, N_("how many spots: 3 to 5"), "N"},
        {"frames", 0, 0, G_OPTION_ARG_INT, &words->frames, N_("frames of a shot (5)"), "N"},
        {"start-delay-ms", 0, 0, G_OPTION_ARG_INT, &words->start_delay_ms,
         N_("wait before the laser goes on"), "N"},
        {"moment", 0, 0, G_OPTION_ARG_STRING, &words->moment,
         N_("what the photo is of; without it what the step misses"), "WHAT"},
        {"folder", 0, 0, G_OPTION_ARG_FILENAME, &words->folder,
         N_("take the newest picture of this folder"), "DIR"},
        {"kind", 0, 0, G_OPTION_ARG_STRING, &words->kind, N_("measure this, not what is due"),
         "check|blank|packaging|cleaning|spot|closing"},
        {"device", 0, 0, G_OPTION_ARG_STRING, &words->device, N_("which instrument"), "ID"},
        {"settings", 0, 0, G_OPTION_ARG_STRING, &words->settings, N_("settings of the driver"),
         "KEY=VALUE,..."},
        {"integration-ms", 0, 0, G_OPTION_ARG_STRING, &words->integration,
         N_("integration time, or auto (default)"), "N|auto"},
        {"laser-ok", 0, 0, G_OPTION_ARG_STRING, &words->laser_ok,
         N_("the confirmations before each shot: eyewear on, beam blocked, nobody in line"),
         "eyewear,blocked,clear"},
        {"seal-no", 0, 0, G_OPTION_ARG_STRING, &words->seal_no, N_("number on the bag's seal"),
         "TEXT"},
        {"refuse", 0, 0, G_OPTION_ARG_NONE, &words->refuse, N_("the lab does not accept the bag"),
         NULL},
        {"differs", 0, 0, G_OPTION_ARG_NONE, &words->differs,
         N_("seal or photo are not those on record"), NULL},
        {"condition", 0, 0, G_OPTION_ARG_STRING, &words->condition, N_("of the bag as it came"),
         "TEXT"},
        {"why", 0, 0, G_OPTION_ARG_STRING, &words->why, N_("the reason, for the record"), "TEXT"},
        {"from-dept", 0, 0, G_OPTION_ARG_STRING, &words->from_dept, N_("who gives"), "TEXT"},
        {"from-person", 0, 0, G_OPTION_ARG_STRING, &words->from_person, N_("who gives"), "TEXT"},
        {"to-dept", 0, 0, G_OPTION_ARG_STRING, &words->to_dept, N_("who takes"), "TEXT"},
        {"to-person", 0, 0, G_OPTION_ARG_STRING, &words->to_person, N_("who takes"), "TEXT"},
        {"request", 0, 0, G_OPTION_ARG_STRING, &words->request, N_("receive: what is asked for"),
         "TEXT"},
        {"contact", 0, 0, G_OPTION_ARG_STRING, &words->contact,
         N_("receive: telephone or address of who submits it"), "TEXT"},
        {"population", 0, 0, G_OPTION_ARG_STRING, &words->population,
         N_("receive: what the exhibit stands for"), "TEXT"},
        {"sampling", 0, 0, G_OPTION_ARG_STRING, &words->sampling,
         N_("receive: how it was taken from that"), "TEXT"},
        {"units-tested", 0, 0, G_OPTION_ARG_STRING, &words->units_tested,
         N_("receive: how many units are examined"), "TEXT"},
        {"storage", 0, 0, G_OPTION_ARG_STRING, &words->storage, N_("where it is kept"), "TEXT"},
        {"library", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->bench.libraries,
         N_("also search this library; may be given several times"), "FILE"},
        {"only", 0, 0, G_OPTION_ARG_NONE, &words->bench.only, N_("leave the built-in library out"),
         NULL},
        G_OPTION_ENTRY_NULL,
    };
    return cli_sign_entries(&words->sign, own);
}

#define WORDS                                                                                      \
    "field|lab|list|status|scan|photo|answer|receive|open|part|shoot|next|back|set-aside|identify" \
    "|pack|finish|abandon"

static void print_words(const Cli *cli)
{
    for (gsize i = 0; i < G_N_ELEMENTS(path_words); i++)
        cli_print(cli, "  %-10s %s\n", path_words[i].name, _(path_words[i].summary));
}

int cli_path(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(PathWords) words = {
        .bench = {.top = CLI_NO_COUNT, .threads = CLI_NO_COUNT, .stability_runs = CLI_NO_COUNT}};
    g_auto(CliSign) sign = {0};
    g_auto(GStrv) rest = NULL;
    g_autoptr(GArray) entries = path_entries(&words);
    if (!cli_parse(cli, argc, argv, (const GOptionEntry *)(gpointer)entries->data, WORDS,
                   N_("The way of one exhibit, an act a word: field or lab begins, list shows what "
                      "is open, the others go on with it; status says what the step misses. Every "
                      "act is durable before it is answered. Example:\n"
                      "  celadon path field --case 2026-0113 --witness NAME --lab DIR --key K\n"
                      "  celadon path scan 1 --lab DIR --key K"),
                   &rest, error))
        return 2;
    CelPathWay way;
    if (rest[0] == NULL)
        print_words(cli);
    if (rest[0] == NULL || (find_word(rest[0]) == NULL && strcmp(rest[0], "list") != 0 &&
                            !cel_path_way_from_id(rest[0], &way)))
        return cli_usage(error, _("Use: celadon path %s"), WORDS);
    g_auto(PathDesk) desk = {.cli = cli, .words = &words, .sign = &sign, .rest = rest + 1};
    return run(&desk, rest[0], error);
}
