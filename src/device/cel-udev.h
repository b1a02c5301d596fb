/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/** CEL_UDEV_FILE: the name of the rule file that every message about permission uses. */
#define CEL_UDEV_FILE "70-celadon.rules"

/** cel_udev_rules: Returns: (transfer full): the text of the rule file that lets whoever sits at
 * the machine open the instruments of @table (tag uaccess of systemd-logind; the number 70 puts it
 * before 73-seat-late.rules, which acts on the tag). */
char *cel_udev_rules(const CelDriverTable *table);

/** CelUdevState: what is installed. */
typedef enum { CEL_UDEV_MISSING, CEL_UDEV_OTHER, CEL_UDEV_INSTALLED } CelUdevState;

/** cel_udev_folders: NULL-ended: where udev looks for rules, the strongest first. */
extern const char *const cel_udev_folders[];

/** cel_udev_look: @folders: NULL-ended: the first that has the file counts. @out_path: (transfer
 * full): that file, NULL when there is none. */
CelUdevState cel_udev_look(const CelDriverTable *table, const char *const *folders,
                           char **out_path);

G_END_DECLS
