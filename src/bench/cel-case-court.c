/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-case-paper.h"

#include "base/cel-error.h"
#include "bench/cel-lab-seal.h"
#include "report/cel-report-items.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_PATHS = 8 };

/** Source: where a group of facts is given, in the window and on the command line. */
typedef struct {
    const char *paths[MOST_PATHS]; /* what the path of such an item begins with */
    const char *how;               /* msgid */
} Source;

/* What comes first wins. */
static const Source sources[] = {
    {{"lab/", "persons/examiner/authorised"},
     N_("name and address of the laboratory, and who is authorised: in its signed profile (window: "
        "Preferences, Profile of the laboratory; command: celadon lab profile)")},
    {{"customer/", "request/", "received/", "sampling/", "exhibit/condition", "exhibit/description",
      "exhibit/seal/"},
     N_("who submits it, contact, request, packaging and sampling: when the exhibit is received "
        "(window: Exhibits, Receive, More details, or Measure an exhibit, For the court page; "
        "command: celadon case intake or celadon path receive)")},
    {{"exhibit/photos"},
     N_("photos: when it is secured, received, opened or sealed (window: Measure an exhibit; "
        "command: --photo of celadon case)")},
    {{"exam/place", "exam/environment"},
     N_("place and surroundings: before the first measurement (window: Measure an exhibit, Place "
        "and surroundings; command: --place and --environment of celadon path and celadon "
        "acquire)")},
    {{"instrument/asset"},
     N_("asset number of the instrument: in the day-book (window: Instruments, Asset number; "
        "command: celadon daybook asset)")},
    {{"instrument/calibration", "checks/"},
     N_("checks: before and after the series (window: Instruments; command: celadon qualify)")},
    {{"exam/", "instrument/", "process/", "persons/examiner/"},
     N_("the measurements: on record when they are made in the lab (window: Measure an exhibit; "
        "command: celadon path, celadon acquire --lab)")},
    {{"persons/second/"},
     N_("second examiner: who is present when the bag is opened (window: Measure an exhibit; "
        "command: celadon case open with --second-key)")},
    {{"persons/reviewer/"},
     N_("reviewer: judges it blind (window: Reviews; command: celadon case review)")},
};

static const Source *source_of(const CelReportItem *item)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
        for (gsize k = 0; k < MOST_PATHS && sources[i].paths[k] != NULL; k++)
            if (g_str_has_prefix(item->path, sources[i].paths[k]))
                return &sources[i];
    return NULL;
}

/* Returns: (transfer full): a line for each source of what is missing; "": none is known. */
static char *how_to_give(const GPtrArray *missed)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        gboolean wanted = FALSE;
        for (guint k = 0; !wanted && k < missed->len; k++)
            wanted = source_of(g_ptr_array_index(missed, k)) == &sources[i];
        if (wanted)
            g_string_append_printf(text, "\n  - %s", _(sources[i].how));
    }
    if (text->len > 0)
        g_string_prepend(text, _("\nWhere it is given:"));
    return g_string_free(text, FALSE);
}

gboolean cel_case_court_allows(const CelCaseCourt *court, GError **error)
{
    const gboolean chinese = g_str_has_prefix(g_get_language_names()[0], "zh");
    g_autoptr(GError) why = NULL;
    if (court->released
            ? cel_report_facts_allow_court(court->facts, court->record, chinese, &why)
            : cel_report_facts_allow_release(court->facts, court->record, chinese, &why))
        return TRUE;
    g_autoptr(GPtrArray) missed =
        cel_report_facts_missed(court->facts, court->record, court->released);
    g_autofree char *how = how_to_give(missed);
    g_set_error(error, why->domain, why->code, "%s%s", why->message, how);
    return FALSE;
}

static gboolean ask(CelLab *lab, const char *fid, gboolean released, CelJob *job, GError **error)
{
    g_autofree char *path = cel_lab_sealed_path(lab, fid);
    g_autoptr(JsonObject) facts = cel_case_facts(lab, fid, error);
    g_autoptr(CelSealed) sealed = facts != NULL ? cel_sealed_open(path, job, error) : NULL;
    if (sealed == NULL)
        return FALSE;
    const CelCaseCourt court = {facts, cel_sealed_record(sealed), released};
    return cel_case_court_allows(&court, error);
}

gboolean cel_case_allows_court(CelLab *lab, const char *fid, CelJob *job, GError **error)
{
    return ask(lab, fid, TRUE, job, error);
}

gboolean cel_case_allows_release(CelLab *lab, const char *fid, CelJob *job, GError **error)
{
    return ask(lab, fid, FALSE, job, error);
}
