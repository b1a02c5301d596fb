/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-doctor.h"

#include "device/cel-udev.h"
#include "report/cel-report.h"
#include "transport-libusb.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

static const double DISK_FAILED_MB = 100.0, DISK_WARNING_MB = 1000.0;
static const gint64 EARLIEST_WALL_US = G_GINT64_CONSTANT(1767225600000000); /* 2026-01-01 */

static const char mend_rule[] =
    "celadon doctor --print-udev | sudo tee /etc/udev/rules.d/" CEL_UDEV_FILE
    " && sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=usb";

const char *cel_doctor_state_word(CelDoctorState state)
{
    static const char *const words[] = {"ok", "warning", "failed"};
    return words[state];
}

static void finding_free(gpointer data)
{
    CelDoctorFinding *finding = data;
    g_free(finding->message);
    g_free(finding->remedy);
    g_free(finding);
}

/* Takes @message. */
static void add(GPtrArray *findings, const char *check, CelDoctorState state, char *message,
                const char *remedy)
{
    CelDoctorFinding *finding = g_new0(CelDoctorFinding, 1);
    *finding = (CelDoctorFinding){check, state, message, g_strdup(remedy)};
    g_ptr_array_add(findings, finding);
}

static void look_at_usb(const CelDoctorPlace *place, GPtrArray *findings)
{
    if (place->table->bus != NULL)
        add(findings, "usb", CEL_DOCTOR_OK, g_strdup(_("USB can be reached.")), NULL);
    else
        add(findings, "usb", CEL_DOCTOR_FAILED,
            g_strdup_printf(_("USB cannot be reached (%s): no instrument can be found."),
                            place->usb_failure != NULL ? place->usb_failure : "-"),
            "sudo modprobe usbcore && ls /dev/bus/usb");
}

static void look_at_rule(const CelDoctorPlace *place, GPtrArray *findings)
{
    g_autofree char *path = NULL;
    switch (cel_udev_look(place->table, place->rule_folders, &path)) {
    case CEL_UDEV_INSTALLED:
        add(findings, "udev-rule", CEL_DOCTOR_OK,
            g_strdup_printf(_("%s is that of this version."), path), NULL);
        return;
    case CEL_UDEV_OTHER:
        add(findings, "udev-rule", CEL_DOCTOR_FAILED,
            g_strdup_printf(
                _("%s is not that of this version: some instruments may not be opened."), path),
            mend_rule);
        return;
    case CEL_UDEV_MISSING:
    default:
        add(findings, "udev-rule", CEL_DOCTOR_FAILED,
            g_strdup_printf(_("The rule file %s is not installed: only root may open instruments."),
                            CEL_UDEV_FILE),
            mend_rule);
    }
}

static void look_at_permission(const CelDoctorPlace *place, GPtrArray *findings)
{
    guint n = 0, n_denied = 0;
    for (gsize i = 0; i < place->table->n; i++) {
        const CelDriver *driver = place->table->drivers[i];
        g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
        if (driver->n_usb_ids > 0)
            cel_usb_scan(driver, place->table->bus, infos);
        n += infos->len;
        for (guint k = 0; k < infos->len; k++) {
            const CelDeviceInfo *info = &g_array_index(infos, CelDeviceInfo, k);
            char node[32];
            if (info->may_open)
                continue;
            n_denied++;
            cel_bus_libusb_node(&info->usb, node, sizeof node);
            add(findings, "permission", CEL_DOCTOR_FAILED,
                g_strdup_printf(_("%s (%s) may not be opened: no permission for %s."), info->id,
                                info->instrument.model, node),
                mend_rule);
        }
    }
    if (n_denied == 0)
        add(findings, "permission", CEL_DOCTOR_OK,
            n > 0 ? g_strdup_printf(_("%u instruments are connected and may be opened."), n)
                  : g_strdup(_("No instrument is connected.")),
            NULL);
}

static void look_at_guard(const CelDoctorPlace *place, GPtrArray *findings)
{
    if (place->table->guard_program != NULL)
        add(findings, "guard", CEL_DOCTOR_OK,
            g_strdup_printf(_("The laser guard is there: %s."), place->table->guard_program), NULL);
    else
        add(findings, "guard", CEL_DOCTOR_FAILED,
            g_strdup(
                _("celadon-laserguard is not installed: lasers without a watchdog of their own "
                  "stay off.")),
            "sudo ninja -C build install");
}

static void look_at_font(GPtrArray *findings)
{
    g_autoptr(GError) error = NULL;
    if (cel_report_has_font(&error))
        add(findings, "font", CEL_DOCTOR_OK, g_strdup(_("The papers' font is there.")), NULL);
    else
        add(findings, "font", CEL_DOCTOR_FAILED, g_strdup(error->message),
            "sudo apt install fonts-wqy-microhei");
}

static void look_at_disk(const CelDoctorPlace *place, GPtrArray *findings)
{
    struct statvfs disk;
    if (statvfs(place->work_folder, &disk) != 0) {
        add(findings, "disk", CEL_DOCTOR_FAILED,
            g_strdup_printf(_("The folder %s cannot be looked at: %s."), place->work_folder,
                            g_strerror(errno)),
            "pwd; ls -ld .");
        return;
    }
    const double free_mb = (double)disk.f_bavail * (double)disk.f_frsize / 1e6;
    const CelDoctorState state = free_mb < DISK_FAILED_MB    ? CEL_DOCTOR_FAILED
                                 : free_mb < DISK_WARNING_MB ? CEL_DOCTOR_WARNING
                                                             : CEL_DOCTOR_OK;
    add(findings, "disk", state,
        g_strdup_printf(_("%.0f MB are free where files are written."), free_mb),
        state != CEL_DOCTOR_OK ? "df -h ." : NULL);
}

static void look_at_clock(const CelDoctorPlace *place, GPtrArray *findings)
{
    struct timex clock = {0};
    const gint64 now_us = cel_clock_wall_us(place->clock);
    g_autofree char *now = cel_clock_iso8601(now_us);
    if (now_us < EARLIEST_WALL_US)
        add(findings, "clock", CEL_DOCTOR_FAILED,
            g_strdup_printf(_("The clock says %s, which cannot be: records would carry it."), now),
            "sudo timedatectl set-ntp true");
    else if (adjtimex(&clock) < 0 || (clock.status & STA_UNSYNC) != 0)
        add(findings, "clock", CEL_DOCTOR_WARNING,
            g_strdup_printf(_("The clock says %s; nothing keeps it right."), now),
            "sudo timedatectl set-ntp true");
    else
        add(findings, "clock", CEL_DOCTOR_OK,
            g_strdup_printf(_("The clock says %s and is kept right."), now), NULL);
}

GPtrArray *cel_doctor_examine(const CelDoctorPlace *place)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(finding_free);
    look_at_usb(place, findings);
    look_at_rule(place, findings);
    look_at_permission(place, findings);
    look_at_guard(place, findings);
    look_at_font(findings);
    look_at_disk(place, findings);
    look_at_clock(place, findings);
    return findings;
}
