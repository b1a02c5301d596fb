/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-steps.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NEED(name) (1U << CEL_PATH_NEED_##name)
#define SHOT(name) (1U << CEL_PATH_SHOT_##name)

static const CelPathNeedDef needs[CEL_N_PATH_NEEDS] = {
    [CEL_PATH_NEED_SAFETY] = {"safety", N_("Confirm that the place is safe to work in."),
                              "确认现场安全，可以作业。"},
    [CEL_PATH_NEED_SCENE_PHOTO] = {"scene-photo", N_("Take a photo of the scene."),
                                   "拍摄现场照片。"},
    [CEL_PATH_NEED_ITEM] = {"item", N_("Scan the number of the exhibit."), "扫描检材编号。"},
    [CEL_PATH_NEED_ITEM_PHOTO] =
        {"item-photo", N_("Take a photo of the exhibit with a scale, before it is moved."),
         "在移动前，放置比例尺拍摄检材照片。"},
    [CEL_PATH_NEED_WITNESS] = {"witness", N_("Name the witness or holder, or the second officer."),
                               "填写见证人、持有人或第二名执法人员。"},
    [CEL_PATH_NEED_PACKAGE_PHOTO] = {"package-photo",
                                     N_("Take a photo of the bag as it came, its seal visible."),
                                     "拍摄送来时的包装照片，封签须清晰可见。"},
    [CEL_PATH_NEED_RECEIPT] = {"receipt",
                               N_("Compare the seal with number and photo; accept or refuse."),
                               "核对封签编号和照片，予以受理或不予受理。"},
    [CEL_PATH_NEED_OPENED] = {"opened", N_("Open the bag in the presence of a second person."),
                              "在第二人在场时启封。"},
    [CEL_PATH_NEED_INSTRUMENT] = {"instrument", N_("Connect the instrument."), "连接仪器。"},
    [CEL_PATH_NEED_CHECK] =
        {"check", N_("Measure the quality-control sample: the instrument has no valid check now."),
         "测量质控样：仪器目前没有有效的期间核查。"},
    [CEL_PATH_NEED_THROUGH] = {"through", N_("Say whether it is measured through its clear bag."),
                               "选择是否隔着透明袋测量。"},
    [CEL_PATH_NEED_BLANK] = {"instrument-blank",
                             N_("Measure the instrument blank: empty holder, open air."),
                             "测量仪器空白：测量位留空，对空气。"},
    [CEL_PATH_NEED_PACKAGING_BLANK] =
        {"packaging-blank", N_("Measure the packaging blank: an empty bag of the same kind."),
         "测量包装空白：同种空袋。"},
    [CEL_PATH_NEED_HAZARD] = {"hazard", N_("Answer: dark, black, flammable or possibly explosive?"),
                              "回答：检材是否深色、黑色、易燃或可能为爆炸物？"},
    [CEL_PATH_NEED_SPOTS] = {"spots", N_("Measure the planned spots."), "完成计划的各测点测量。"},
    [CEL_PATH_NEED_CLOSING] =
        {"closing", N_("Do the closing check, or say that it follows at the end of the series."),
         "完成结束核查，或注明在本批结束时进行。"},
    [CEL_PATH_NEED_ANSWER] = {"answer", N_("Evaluate the measurements."),
                              "对测量数据进行处理和比对。"},
    [CEL_PATH_NEED_AFTER_PHOTO] = {"after-photo", N_("Take a photo after the measurement."),
                                   "拍摄测量后的照片。"},
    [CEL_PATH_NEED_SEAL_NUMBER] = {"seal-number",
                                   N_("Pack and label it; scan the number of the new seal."),
                                   "包装、贴标签，并扫描新封签编号。"},
    [CEL_PATH_NEED_SECOND] = {"second", N_("Two persons sign."), "由两人签名。"},
};

static const CelPathShotDef shots[CEL_N_PATH_SHOTS] = {
    [CEL_PATH_SHOT_DUE] = {"due", N_("What is due"), N_("Follow the step."), "other"},
    [CEL_PATH_SHOT_CHECK] = {"check", N_("Performance check"),
                             N_("Put the quality-control sample before the instrument."), "check"},
    [CEL_PATH_SHOT_BLANK] = {"blank", N_("Instrument blank"),
                             N_("Leave the holder empty, nothing but air before the instrument."),
                             "instrument-blank"},
    [CEL_PATH_SHOT_PACKAGING] =
        {"packaging", N_("Packaging blank"),
         N_("Put an empty bag of the same kind before the instrument, nothing in it."),
         "packaging-blank"},
    [CEL_PATH_SHOT_CLEANING] = {"cleaning", N_("Cleaning check"),
                                N_("Clean holder and window, then leave the holder empty."),
                                "cleaning-blank"},
    [CEL_PATH_SHOT_SPOT] =
        {"spot", N_("Spot on the exhibit"),
         N_("Aim at a place that was not measured before; move a liquid's vial."), "replicate"},
    [CEL_PATH_SHOT_CLOSING] = {"closing", N_("Closing check"),
                               N_("Put the quality-control sample before the instrument."),
                               "check"},
};

static const CelPathStepDef steps[CEL_N_PATH_STEPS] = {
    [CEL_PATH_STEP_SCAN] =
        {.id = "scan",
         .title = N_("Scene and exhibit"),
         .todo = N_(
             "Make sure that the place is safe and photograph it. Scan the number, photograph the "
             "exhibit with a scale before it is moved, name the witness or the second officer."),
         .needs = NEED(SAFETY) | NEED(SCENE_PHOTO) | NEED(ITEM) | NEED(ITEM_PHOTO) | NEED(WITNESS),
         .moment = "item"},
    [CEL_PATH_STEP_RECEIVE] = {.id = "receive",
                               .title = N_("Receive"),
                               .todo = N_("Scan the bag, photograph it, compare its seal with the "
                                          "number and the photo on record. "
                                          "Accept it, or refuse it with the reason."),
                               .needs = NEED(ITEM) | NEED(PACKAGE_PHOTO) | NEED(RECEIPT),
                               .moment = "package"},
    [CEL_PATH_STEP_OPEN] = {.id = "open",
                            .title = N_("Open the seal"),
                            .todo = N_("Open the bag with a second person present, who signs too."),
                            .needs = NEED(OPENED),
                            .moment = "seal"},
    [CEL_PATH_STEP_EXAMINE] = {.id = "examine",
                               .title = N_("Examine"),
                               .todo = N_("Look at the exhibit, photograph it, note its condition, "
                                          "colour and amount; take a part "
                                          "(1-1, 1-2) where one is measured."),
                               .needs = NEED(ITEM_PHOTO),
                               .moment = "item"},
    [CEL_PATH_STEP_CHECK] = {.id = "check",
                             .title = N_("Instrument check"),
                             .todo = N_("Connect the instrument. Without a valid check of today, "
                                        "measure the quality-control sample."),
                             .needs = NEED(INSTRUMENT) | NEED(CHECK),
                             .shots = SHOT(CHECK),
                             .goes_on = TRUE},
    [CEL_PATH_STEP_BLANK] = {.id = "blank",
                             .title = N_("Blanks"),
                             .todo = N_("Measure the empty holder; when the exhibit stays in its "
                                        "clear bag, also an empty bag of that kind."),
                             .needs = NEED(INSTRUMENT) | NEED(THROUGH) | NEED(BLANK) |
                                      NEED(PACKAGING_BLANK),
                             .shots = SHOT(BLANK) | SHOT(PACKAGING) | SHOT(CLEANING),
                             .goes_on = TRUE},
    [CEL_PATH_STEP_MEASURE] =
        {.id = "measure",
         .title = N_("Measure"),
         .todo = N_(
             "Measure the planned spots, each at another place. Before each shot: eyewear on, beam "
             "blocked by the sample, nobody in line; press and hold."),
         .needs = NEED(HAZARD) | NEED(SPOTS),
         .shots = SHOT(SPOT) | SHOT(CLEANING),
         .moment = "before",
         .goes_on = TRUE},
    [CEL_PATH_STEP_CLOSING] = {.id = "closing",
                               .title = N_("Closing check"),
                               .todo =
                                   N_("Measure the quality-control sample again, or say that the "
                                      "closing check follows at the end of "
                                      "the series: until it has passed, no report is released."),
                               .needs = NEED(CLOSING),
                               .shots = SHOT(CLOSING)},
    [CEL_PATH_STEP_RESULT] = {.id = "result",
                              .title = N_("Result"),
                              .todo = N_("Read the result and what it does not say."),
                              .needs = NEED(ANSWER),
                              .moment = "after"},
    [CEL_PATH_STEP_PACK] = {.id = "pack",
                            .title = N_("Pack and seal"),
                            .todo = N_("Photograph the exhibit after the measurement, pack it, "
                                       "label the bag, seal it and scan the "
                                       "number of the seal."),
                            .needs = NEED(ANSWER) | NEED(AFTER_PHOTO) | NEED(SEAL_NUMBER),
                            .moment = "after"},
    [CEL_PATH_STEP_RESEAL] = {.id = "reseal",
                              .title = N_("Seal again"),
                              .todo = N_("Photograph the exhibit after the measurement, put it "
                                         "back, seal the bag with a new seal and "
                                         "scan its number."),
                              .needs = NEED(ANSWER) | NEED(AFTER_PHOTO) | NEED(SEAL_NUMBER),
                              .moment = "after"},
    [CEL_PATH_STEP_SIGN] =
        {.id = "sign",
         .title = N_("Two signatures"),
         .todo = N_(
             "Two persons sign with their keys. Then the record is sealed and never edited again."),
         .needs = NEED(ANSWER) | NEED(SECOND),
         .moment = "seal"},
    [CEL_PATH_STEP_REVIEW] = {.id = "review",
                              .title = N_("Hand to blind review"),
                              .todo = N_("Two persons sign with their keys. Then a reviewer judges "
                                         "the spectra without seeing this result."),
                              .needs = NEED(ANSWER) | NEED(SECOND),
                              .moment = "seal"},
};

static const CelPathStep field_steps[] = {
    CEL_PATH_STEP_SCAN,   CEL_PATH_STEP_CHECK, CEL_PATH_STEP_BLANK, CEL_PATH_STEP_MEASURE,
    CEL_PATH_STEP_RESULT, CEL_PATH_STEP_PACK,  CEL_PATH_STEP_SIGN,
};
static const CelPathStep lab_steps[] = {
    CEL_PATH_STEP_RECEIVE, CEL_PATH_STEP_OPEN,    CEL_PATH_STEP_EXAMINE, CEL_PATH_STEP_CHECK,
    CEL_PATH_STEP_BLANK,   CEL_PATH_STEP_MEASURE, CEL_PATH_STEP_CLOSING, CEL_PATH_STEP_RESULT,
    CEL_PATH_STEP_RESEAL,  CEL_PATH_STEP_REVIEW,
};
static const CelPathWayDef ways[CEL_N_PATH_WAYS] = {
    [CEL_PATH_FIELD] = {"field", N_("In the field"), field_steps, G_N_ELEMENTS(field_steps)},
    [CEL_PATH_LAB] = {"lab", N_("In the laboratory"), lab_steps, G_N_ELEMENTS(lab_steps)},
};

#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const CelPathAnswerDef answers[] = {
    {"safety", N_("Is the place safe to work in?"), VALUES("yes"), TRUE},
    {"through", N_("Is it measured through its clear bag?"), VALUES("yes", "no"), TRUE},
    {"hazard", N_("Is the sample dark, black, flammable or possibly explosive?"),
     VALUES("no", "yes", "unknown"), TRUE},
    {"spots", N_("How many spots are measured?"), VALUES("3", "4", "5"), TRUE},
    {"enough", N_("Go on with the good spots there are?"), VALUES("yes"), TRUE},
    {"closing", N_("When is the closing check?"), VALUES("later"), TRUE},
    {"witness", N_("Witness, holder or second officer"), NULL, FALSE},
    {"condition", N_("Condition"), NULL, FALSE},
    {"colour", N_("Colour"), NULL, FALSE},
    {"amount", N_("Amount"), NULL, FALSE},
    {"environment", N_("Temperature, humidity, light"), NULL, FALSE},
    {"place", N_("Place"), NULL, FALSE},
    {"spot", N_("Where on the exhibit the next shot is"), NULL, FALSE},
};

const CelPathNeedDef *cel_path_need_def(CelPathNeed need)
{
    g_return_val_if_fail((guint)need < CEL_N_PATH_NEEDS, NULL);
    return &needs[need];
}

const CelPathShotDef *cel_path_shot_def(CelPathShotKind kind)
{
    g_return_val_if_fail((guint)kind < CEL_N_PATH_SHOTS, NULL);
    return &shots[kind];
}

gboolean cel_path_shot_from_id(const char *id, CelPathShotKind *out_kind)
{
    for (guint i = 0; i < CEL_N_PATH_SHOTS; i++)
        if (g_strcmp0(shots[i].id, id) == 0) {
            *out_kind = i;
            return TRUE;
        }
    return FALSE;
}

const CelPathStepDef *cel_path_step_def(CelPathStep step)
{
    g_return_val_if_fail((guint)step < CEL_N_PATH_STEPS, NULL);
    return &steps[step];
}

const CelPathWayDef *cel_path_way_def(CelPathWay way)
{
    g_return_val_if_fail((guint)way < CEL_N_PATH_WAYS, NULL);
    return &ways[way];
}

gboolean cel_path_way_from_id(const char *id, CelPathWay *out_way)
{
    for (guint i = 0; i < CEL_N_PATH_WAYS; i++)
        if (g_strcmp0(ways[i].id, id) == 0) {
            *out_way = i;
            return TRUE;
        }
    return FALSE;
}

const CelPathAnswerDef *cel_path_answers(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(answers);
    return answers;
}

const CelPathAnswerDef *cel_path_answer_def(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++)
        if (g_strcmp0(answers[i].id, id) == 0)
            return &answers[i];
    return NULL;
}

/* ---- why a measurement does not count ---- */

static const CelPathReasonDef reasons[] = {
    {"moved", N_("The sample or the instrument moved")},
    {"missed", N_("The beam missed the exhibit")},
    {"light", N_("Light from outside came in")},
    {"dirty", N_("The tip or the window was dirty")},
    {"other-thing", N_("Another thing lay before the instrument")},
};

const CelPathReasonDef *cel_path_reasons(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(reasons);
    return reasons;
}
