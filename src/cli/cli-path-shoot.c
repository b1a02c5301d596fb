/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-path.h"

#include "base/cel-number.h"
#include "match/cel-alarm.h"

#include <string.h>

/* ---- one shot ---- */

/* Silence is no consent: the three confirmations are words of --laser-ok, or typed. The question
 * about the sample is answered on the way ("answer hazard=..."), so that it is not asked twice. */
static gboolean confirm(PathDesk *desk, CelDevice *device, CelLaserConfirmation *out,
                        GError **error)
{
    return cli_laser_answers(desk->cli, desk->words->laser_ok,
                             &cel_device_describe(device)->capabilities, out, error);
}

static gboolean exposure(const PathWords *words, CelAcquireOptions *options, GError **error)
{
    if (words->integration == NULL || strcmp(words->integration, "auto") == 0)
        return TRUE;
    if (cel_number_parse(words->integration, strlen(words->integration), '.',
                         &options->integration_ms) &&
        options->integration_ms > 0.0)
        return TRUE;
    cli_usage(error, _("--integration-ms is \"auto\" or a number above 0"));
    return FALSE;
}

/* What came to nothing is on record too; what failed first is what is told. */
static gboolean put_down(PathDesk *desk, CelMeasurement *measurement, GError *failure,
                         GError **error)
{
    if (measurement != NULL)
        return cel_path_take(desk->path, measurement, desk->cli->job, error);
    g_autoptr(GError) second = NULL;
    if (!cel_path_fail(desk->path, failure->message, &second))
        cli_report_error(second);
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean shoot_with(PathDesk *desk, CelDevice *device, CelPathShotKind kind, GError **error)
{
    CelLaserConfirmation held = {0};
    CelAcquireOptions options = {0}, wanted = {0};
    GError *failure = NULL;
    if (!exposure(desk->words, &wanted, error) ||
        !cel_path_use_instrument(desk->path, cel_device_describe(device), error) ||
        !confirm(desk, device, &held, error) ||
        !cel_path_hold(desk->path, kind, &held, &options, error))
        return FALSE;
    options.integration_ms = wanted.integration_ms;
    g_autoptr(CelMeasurement) measurement =
        cel_device_acquire(device, &options, desk->cli->job, &failure);
    return put_down(desk, measurement, failure, error);
}

gboolean cli_path_shoot(PathDesk *desk, GError **error)
{
    const PathWords *words = desk->words;
    CelPathShotKind kind = CEL_PATH_SHOT_DUE;
    if (words->device == NULL) {
        cli_usage(error, _("shoot needs --device ID; \"celadon devices\" lists the instruments"));
        return FALSE;
    }
    if (words->kind != NULL && !cel_path_shot_from_id(words->kind, &kind)) {
        cli_usage(error, _("There is no kind of measurement \"%s\""), words->kind);
        return FALSE;
    }
    g_auto(CliInstruments) instruments = {0};
    cli_instruments_open(&instruments);
    g_autoptr(CelDevice) device =
        cel_device_open(&instruments.table, words->device, words->settings, error);
    return device != NULL && shoot_with(desk, device, kind, error);
}

/* ---- the answer, and the end ---- */

static void tell_answer(const PathDesk *desk)
{
    const CelIdentification *answer = cel_path_result(desk->path);
    const CelSentence *alarm = cel_alarm(answer);
    const gboolean chinese = desk->cli->chinese;
    if (desk->cli->json)
        return;
    cli_print(desk->cli, "%s\n%s\n", cel_outcome_label(answer->outcome, chinese),
              chinese ? answer->claim_zh : answer->claim_en);
    if (alarm != NULL)
        cli_print(desk->cli, "%s\n", chinese ? alarm->zh : alarm->en);
}

/* The bench must outlive the answer, and so the act that needs it. */
static gboolean with_answer(PathDesk *desk, gboolean (*act)(PathDesk *, GError **), GError **error)
{
    PathWords *words = desk->words;
    G_GNUC_UNUSED g_autoptr(CelDaybook) book = cli_sign_daybook(desk->sign->lab, &words->bench);
    cli_records_of_lab(&words->bench, words->sign.lab);
    g_autoptr(CelBench) bench = cli_bench_open(desk->cli, &words->bench, error);
    if (bench == NULL)
        return FALSE;
    const gboolean ok = cel_path_identify(desk->path, bench, desk->cli->job, error) &&
                        (act == NULL || act(desk, error));
    if (ok && act == NULL)
        tell_answer(desk);
    cel_path_forget(desk->path);
    return ok;
}

gboolean cli_path_identify(PathDesk *desk, GError **error)
{
    return with_answer(desk, NULL, error);
}

static gboolean finish(PathDesk *desk, GError **error)
{
    const PathWords *words = desk->words;
    g_autofree char *fid = NULL;
    const CelParty to = {.department = words->to_dept, .person = words->to_person};
    const CelPathFinish how = {.second = cli_sign_second(desk->sign),
                               .to = to.person != NULL || to.department != NULL ? &to : NULL,
                               .storage = words->storage};
    if (!cel_path_finish(desk->path, &how, &fid, desk->cli->job, error))
        return FALSE;
    g_autofree char *path = cel_lab_sealed_path(desk->sign->lab, fid);
    if (!desk->cli->json)
        cli_print(desk->cli, _("%s: sealed\n"), path);
    return TRUE;
}

gboolean cli_path_finish(PathDesk *desk, GError **error)
{
    g_autoptr(CelPathView) view = cel_path_view(desk->path, error);
    if (view == NULL)
        return FALSE;
    const CelPathWayDef *way = cel_path_way_def(view->way);
    const gboolean needs_answer = view->index + 1 == way->n_steps && *view->fid == '\0';
    return needs_answer ? with_answer(desk, finish, error) : finish(desk, error);
}
