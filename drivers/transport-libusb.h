/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-transport.h"

G_BEGIN_DECLS

/**
 * cel_bus_libusb_new: the USB of this machine. One a program: it runs the one thread that waits for
 * the kernel. That thread delivers hot-plug events and ends transfers; it does no I/O of its own.
 *
 * Each transfer has its own deadline and is taken back from the kernel when the deadline passes or
 * the caller cancels. A kernel that does not give it back within one second keeps the buffer: the
 * call returns, memory and device stay until the kernel is done.
 *
 * What the contract leaves open: reset and clear_halt are calls into the kernel that cannot be
 * cancelled (it bounds them by 5 s); a configuration that is busy is answered by one reset; an
 * interface that another process has is waited for (1.2 s in all) but the device is not reset,
 * which would break that process's measurement.
 *
 * Returns: (transfer full): the bus, or NULL with CEL_TRANSPORT_ERROR_IO where there is no USB.
 */
CelBus *cel_bus_libusb_new(GError **error);

/** cel_bus_libusb_node: @size: at least 32. Writes the path of the node that permission is about:
 * "/dev/bus/usb/003/007". */
void cel_bus_libusb_node(const CelUsbPresent *present, char *out_path, gsize size);

G_END_DECLS
