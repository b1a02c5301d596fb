/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-answer.h"

struct _CelAnswer {
    GObject parent;
    CelWork *work;
    char *title;
};

G_DEFINE_FINAL_TYPE(CelAnswer, cel_answer, G_TYPE_OBJECT)

static void cel_answer_finalize(GObject *object)
{
    CelAnswer *answer = CEL_ANSWER(object);
    cel_work_free(answer->work);
    g_free(answer->title);
    G_OBJECT_CLASS(cel_answer_parent_class)->finalize(object);
}

static void cel_answer_class_init(CelAnswerClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_answer_finalize;
}

static void cel_answer_init(CelAnswer *answer)
{
    (void)answer;
}

CelAnswer *cel_answer_new(CelWork *work, const char *title)
{
    CelAnswer *answer = g_object_new(CEL_TYPE_ANSWER, NULL);
    answer->work = work;
    answer->title = g_strdup(title);
    return answer;
}

CelWork *cel_answer_work(CelAnswer *answer)
{
    return answer->work;
}

const CelIdentification *cel_answer_get(CelAnswer *answer)
{
    return cel_work_answer(answer->work);
}

const char *cel_answer_title(CelAnswer *answer)
{
    return answer->title;
}
