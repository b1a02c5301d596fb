/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUS_NUMBER = 1, PIPE_BYTES = 4096 };

/* A file that even root may not open for writing: the node points there while nobody may open
 * it. */
static const char UNWRITABLE[] = "/sys/kernel/uevent_seqnum";

/* ---- descriptors ---- */

static void append_bytes(GString *hex, const guint8 *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(hex, "%02X", bytes[i]);
}

static void append_endpoint(GString *hex, guint8 endpoint, guint packet)
{
    const guint8 bytes[7] = {7, 5, endpoint, 2, (guint8)packet, (guint8)(packet >> 8), 0};
    append_bytes(hex, bytes, sizeof bytes);
}

/* Device, one configuration, one vendor interface, bulk endpoints. */
static char *descriptors(const SimUsbModel *model)
{
    GString *hex = g_string_new(NULL);
    guint n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(model->out); i++)
        n += model->out[i] != 0;
    for (gsize i = 0; i < G_N_ELEMENTS(model->in); i++)
        n += model->in[i] != 0;
    const guint8 total = (guint8)(9 + 9 + 7 * n);
    const guint8 device[18] = {18,
                               1,
                               0x00,
                               0x02,
                               0xFF,
                               0,
                               0,
                               64,
                               (guint8)model->vendor,
                               (guint8)(model->vendor >> 8),
                               (guint8)model->product,
                               (guint8)(model->product >> 8),
                               0x00,
                               0x01,
                               0,
                               0,
                               0,
                               1};
    const guint8 configuration[9] = {9, 2, total, 0, 1, 1, 0, 0x80, 250};
    const guint8 interface[9] = {9, 4, 0, 0, (guint8)n, 0xFF, 0, 0, 0};
    append_bytes(hex, device, sizeof device);
    append_bytes(hex, configuration, sizeof configuration);
    append_bytes(hex, interface, sizeof interface);
    const guint packet = model->full_speed ? 64 : 512;
    for (gsize i = 0; i < G_N_ELEMENTS(model->out); i++) {
        if (model->out[i] != 0)
            append_endpoint(hex, model->out[i], packet);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(model->in); i++) {
        if (model->in[i] != 0)
            append_endpoint(hex, model->in[i], packet);
    }
    return g_string_free(hex, FALSE);
}

/* No "N:" line: the node is our own pipe. */
static char *device_text(const SimUsbNode *node, const SimUsbModel *model)
{
    g_autofree char *hex = descriptors(model);
    return g_strdup_printf(
        "P: %s\nE: DEVNAME=%s\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: BUSNUM=%03d\n"
        "E: DEVNUM=%03u\nE: ID_VENDOR_ID=%04x\nE: ID_MODEL_ID=%04x\nE: MAJOR=189\nE: MINOR=%u\n"
        "A: dev=189:%u\nA: busnum=%d\\n\nA: devnum=%u\\n\nA: speed=%s\\n\n"
        "A: bConfigurationValue=1\\n\nA: idVendor=%04x\\n\nA: idProduct=%04x\\n\n"
        "H: descriptors=%s\n",
        node->sysfs + strlen("/sys"), node->path, BUS_NUMBER, node->address, model->vendor,
        model->product, node->address - 1, node->address - 1, BUS_NUMBER, node->address,
        model->full_speed ? "12" : "480", model->vendor, model->product, hex);
}

/* ---- the node ---- */

/* libusb waits until the node is writable. A pipe of one page that holds one byte is full; that
 * makes poll() tell the truth without anyone spinning. */
void simusb_node_wake(SimUsbNode *node, gboolean awake)
{
    char byte = 0;
    if (node->fifo < 0 || node->awake == awake)
        return;
    const gssize n = awake ? read(node->fifo, &byte, 1) : write(node->fifo, &byte, 1);
    if (n != 1)
        g_warning("%s: the pipe of the node is out of step", node->path);
    node->awake = awake;
}

static gboolean make_pipe(SimUsbNode *node, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(node->backing);
    g_mkdir_with_parents(folder, 0755);
    if (mkfifo(node->backing, 0666) != 0) {
        g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno), "mkfifo %s: %s",
                    node->backing, g_strerror(errno));
        return FALSE;
    }
    g_chmod(node->backing, 0666);
    node->fifo = open(node->backing, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    fcntl(node->fifo, F_SETPIPE_SZ, PIPE_BYTES);
    node->awake = TRUE;
    simusb_node_wake(node, FALSE);
    return TRUE;
}

void simusb_node_permit(SimUsbNode *node, gboolean allowed)
{
    g_autofree char *aside = g_strconcat(node->backing, ".aside", NULL);
    const gboolean is_aside = g_file_test(aside, G_FILE_TEST_EXISTS);
    if (geteuid() != 0) {
        g_chmod(node->backing, allowed ? 0666 : 0);
    } else if (!allowed && !is_aside) {
        if (g_rename(node->backing, aside) != 0 || symlink(UNWRITABLE, node->backing) != 0)
            g_warning("%s: cannot be denied", node->path);
    } else if (allowed && is_aside) {
        g_unlink(node->backing);
        g_rename(aside, node->backing);
    }
}

static SimUsbNode *node_alloc(SimUsbBus *bus, SimUsbSlot *slot, guint address)
{
    SimUsbNode *node = g_new0(SimUsbNode, 1);
    node->bus = bus;
    node->slot = slot;
    node->number = ++bus->next_number;
    node->address = address;
    node->fifo = -1;
    node->nag_us = G_MAXINT64;
    node->path = g_strdup_printf("/dev/bus/usb/%03d/%03u", BUS_NUMBER, address);
    /* umockdev aborts on a name it has seen, so no port is used twice */
    node->sysfs = g_strdup_printf("/sys/devices/pci0000:00/0000:00:14.0/usb%d/%d-%u", BUS_NUMBER,
                                  BUS_NUMBER, node->number);
    node->backing = g_strconcat(bus->root, node->path, NULL);
    g_queue_init(&node->pending);
    return node;
}

SimUsbNode *simusb_node_new(SimUsbBus *bus, SimUsbSlot *slot, guint address, GError **error)
{
    SimUsbNode *node = node_alloc(bus, slot, address);
    g_ptr_array_add(bus->nodes, node);
    simusb_node_attach(node);
    /* handler and node before the device: adding it already tells everybody */
    if (!umockdev_testbed_attach_ioctl(bus->bed, node->path, node->io, error) ||
        !make_pipe(node, error))
        return NULL;
    if (slot->denied)
        simusb_node_permit(node, FALSE);
    g_mutex_lock(&bus->lock);
    slot->node = node;
    simusb_unit_plugged(slot->unit, TRUE, simusb_now_us());
    g_mutex_unlock(&bus->lock);
    g_autofree char *text = device_text(node, simusb_unit_model(slot->unit));
    return umockdev_testbed_add_from_string(bus->bed, text, error) ? node : NULL;
}

void simusb_node_leave(SimUsbNode *node)
{
    umockdev_testbed_uevent(node->bus->bed, node->sysfs, "remove");
    umockdev_testbed_detach_ioctl(node->bus->bed, node->path, NULL);
    umockdev_testbed_remove_device(node->bus->bed, node->sysfs);
    simusb_node_permit(node, TRUE);
    g_unlink(node->backing);
}

void simusb_node_free(gpointer data)
{
    SimUsbNode *node = data;
    simusb_node_kill(node, -ESHUTDOWN);
    simusb_node_forget_clients(node);
    g_clear_object(&node->io);
    if (node->fifo >= 0)
        close(node->fifo);
    g_free(node->path);
    g_free(node->sysfs);
    g_free(node->backing);
    g_free(node);
}
