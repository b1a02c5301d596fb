/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab-profile.h"
#include "cel-desk.h"

G_BEGIN_DECLS

/* What the form of the laboratory's profile does on the lab's lane: reading and signing. */

/** CelProfileReading: a question, and what was read. */
typedef struct {
    CelDesk *desk;
    char *path; /* (nullable): a draft; else what is in force */
    /* read */
    JsonNode *from;
    GPtrArray *people; /* (element-type CelPersonCard): those with a number */
} CelProfileReading;

/** cel_profile_reading_new: @path: (nullable) as above. Returns: (transfer full). */
CelProfileReading *cel_profile_reading_new(CelDesk *desk, const char *path);
/** cel_profile_reading_free: @reading: a CelProfileReading. */
void cel_profile_reading_free(gpointer reading);
/** cel_profile_reading_run: a CelTaskRun for CEL_LANE_LAB. */
gboolean cel_profile_reading_run(gpointer reading, CelJob *job, GError **error);

/** CelProfileText: the texts of the form. */
enum {
    CEL_PROFILE_NAME_ZH,
    CEL_PROFILE_NAME_EN,
    CEL_PROFILE_ADDRESS_ZH,
    CEL_PROFILE_ADDRESS_EN,
    CEL_PROFILE_PHONE,
    CEL_PROFILE_REGISTRATION,
    CEL_PROFILE_UNTIL,
    CEL_N_PROFILE_TEXTS,
};

/** CelProfileOrder: what the head signs. */
typedef struct {
    CelDesk *desk;
    JsonNode *from;
    char *texts[CEL_N_PROFILE_TEXTS];
    GArray *persons; /* CelProfilePerson; the numbers are owned */
    char *root_path, *secret;
    CelKey *second;
} CelProfileOrder;

/** cel_profile_order_new: @from: (transfer full). Returns: (transfer full): without texts and
 * persons. */
CelProfileOrder *cel_profile_order_new(CelDesk *desk, JsonNode *from);
/** cel_profile_order_free: @order: a CelProfileOrder. */
void cel_profile_order_free(gpointer order);
/** cel_profile_order_add: somebody who was asked about. */
void cel_profile_order_add(CelProfileOrder *order, const char *person_id, gboolean may);
/** cel_profile_order_faults: Returns: (transfer full): cel_lab_profile_faults() of it. */
GPtrArray *cel_profile_order_faults(const CelProfileOrder *order);
/** cel_profile_order_run: a CelTaskRun for CEL_LANE_LAB. */
gboolean cel_profile_order_run(gpointer order, CelJob *job, GError **error);

/** cel_profile_today: Returns: (transfer full): UTC, YYYY-MM-DD, @years from now. */
char *cel_profile_today(int years);

G_END_DECLS
