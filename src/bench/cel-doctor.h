/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-clock.h"
#include "device/cel-driver.h"

G_BEGIN_DECLS

/* What this machine lacks for the work, and the command that mends it. */

/** CelDoctorState: how a check came out. */
typedef enum {
    CEL_DOCTOR_OK,
    CEL_DOCTOR_WARNING, /* the work can be done */
    CEL_DOCTOR_FAILED,  /* part of it cannot */
} CelDoctorState;

/** cel_doctor_state_word: Returns: "ok", "warning", "failed". */
const char *cel_doctor_state_word(CelDoctorState state);

/** CelDoctorFinding: one check. */
typedef struct {
    const char *check; /* a word that never changes: "udev-rule" */
    CelDoctorState state;
    char *message; /* translated: what is so, and what it means */
    char *remedy;  /* (nullable): a command */
} CelDoctorFinding;

/** CelDoctorPlace: what is looked at; all borrowed. */
typedef struct {
    const CelDriverTable *table;     /* its bus is NULL when USB cannot be reached: */
    const char *usb_failure;         /* (nullable): then why */
    const char *const *rule_folders; /* NULL-ended: cel_udev_folders */
    const char *work_folder;         /* where files are to be written */
    CelClock clock;
} CelDoctorPlace;

/** cel_doctor_examine: Returns: (transfer full) (element-type CelDoctorFinding): every check, in
 * the order of the work: "usb", "udev-rule", "permission", "guard", "font", "disk", "clock". Opens
 * no instrument. */
GPtrArray *cel_doctor_examine(const CelDoctorPlace *place);

G_END_DECLS
