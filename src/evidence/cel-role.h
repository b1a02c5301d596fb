/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelRole: what a certificate's holder is, stated by the lab in the certificate (subject OU). */
typedef enum {
    CEL_ROLE_NONE, /* self-signed: nobody vouches */
    CEL_ROLE_OFFICER,
    CEL_ROLE_TECHNICIAN,
    CEL_ROLE_REVIEWER,
    CEL_ROLE_LAB_HEAD,
    CEL_ROLE_DEVICE,
    CEL_ROLE_LEDGER,
    CEL_ROLE_LAB, /* the root itself */
    CEL_N_ROLES,
} CelRole;

/** cel_role_id: Returns: "none", "officer", "technician", "reviewer", "lab-head", "device",
 * "ledger", "lab". */
const char *cel_role_id(CelRole role);
/** cel_role_from_id: @id: (nullable). Returns: FALSE when @id is none of them. */
gboolean cel_role_from_id(const char *id, CelRole *out_role);
/** cel_role_title: Returns: the role's name for screen and paper, Chinese or English. */
const char *cel_role_title(CelRole role, gboolean chinese);
/** cel_role_is_person: Returns: TRUE for the roles that only people have. */
gboolean cel_role_is_person(CelRole role);

G_END_DECLS
