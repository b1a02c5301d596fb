/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-udev.h"

#include "base/cel-file.h"

#include <string.h>

enum { MAX_RULE_BYTES = 1 << 20 };

/* udev(7) */
const char *const cel_udev_folders[] = {"/etc/udev/rules.d",           "/run/udev/rules.d",
                                        "/usr/local/lib/udev/rules.d", "/usr/lib/udev/rules.d",
                                        "/lib/udev/rules.d",           NULL};

static const char head[] =
    "# Celadon's instruments may be opened by whoever sits at this machine.\n"
    "# Printed by \"celadon doctor --print-udev\" from the drivers' own tables; do not edit.\n"
    "ACTION==\"remove\", GOTO=\"celadon_end\"\n"
    "SUBSYSTEM!=\"usb\", GOTO=\"celadon_end\"\n"
    "ENV{DEVTYPE}!=\"usb_device\", GOTO=\"celadon_end\"\n";

char *cel_udev_rules(const CelDriverTable *table)
{
    GString *text = g_string_new(head);
    for (gsize i = 0; i < table->n; i++) {
        const CelDriver *driver = table->drivers[i];
        if (driver->n_usb_ids > 0)
            g_string_append_printf(text, "\n# driver %s\n", driver->id);
        for (gsize k = 0; k < driver->n_usb_ids; k++) {
            const CelUsbId *id = &driver->usb_ids[k];
            g_string_append_printf(
                text,
                "# %s\nATTR{idVendor}==\"%04x\", ATTR{idProduct}==\"%04x\", TAG+=\"uaccess\"\n",
                id->title, id->vendor, id->product);
        }
    }
    g_string_append(text, "\nLABEL=\"celadon_end\"\n");
    return g_string_free(text, FALSE);
}

CelUdevState cel_udev_look(const CelDriverTable *table, const char *const *folders, char **out_path)
{
    g_autoptr(GBytes) found = NULL;
    *out_path = NULL;
    for (gsize i = 0; folders[i] != NULL && found == NULL; i++) {
        g_free(*out_path);
        *out_path = g_build_filename(folders[i], CEL_UDEV_FILE, NULL);
        found = cel_file_read(*out_path, MAX_RULE_BYTES, NULL);
    }
    if (found == NULL) {
        g_clear_pointer(out_path, g_free);
        return CEL_UDEV_MISSING;
    }
    g_autofree char *wanted = cel_udev_rules(table);
    g_autoptr(GBytes) wanted_bytes = g_bytes_new(wanted, strlen(wanted));
    return g_bytes_equal(found, wanted_bytes) ? CEL_UDEV_INSTALLED : CEL_UDEV_OTHER;
}
