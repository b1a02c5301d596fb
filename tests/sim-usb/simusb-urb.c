/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus-private.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { SETUP_BYTES = 8, NAG_US = 5000, MAX_TRANSFER = 1 << 20, USB_DIR_IN_BIT = 0x80 };

/* One process that has the node open. */
typedef struct {
    GQueue done; /* of SimUsbUrb, to be reaped */
} SimUsbClient;

/* One transfer in flight. The memory is the client's, mirrored here by umockdev until it reaps. */
typedef struct {
    UMockdevIoctlData *urb, *buffer; /* buffer: (nullable) */
    gulong address;                  /* of the URB in the client */
    SimUsbClient *client;
    gboolean in; /* waits for bytes of a pipe */
    SimUsbRead read;
    int status, length; /* of a transfer that is only delayed */
    gint64 due_us;
} SimUsbUrb;

static void urb_free(gpointer data)
{
    SimUsbUrb *urb = data;
    g_clear_object(&urb->urb);
    g_clear_object(&urb->buffer);
    g_free(urb);
}

static void client_free(gpointer data)
{
    SimUsbClient *client = data;
    g_queue_clear_full(&client->done, urb_free);
    g_free(client);
}

void simusb_node_close_unused(SimUsbNode *node)
{
    if (!node->gone || g_hash_table_size(node->clients) > 0 || node->fifo < 0)
        return;
    close(node->fifo);
    node->fifo = -1;
}

static void drop_urbs_of(SimUsbNode *node, const SimUsbClient *client)
{
    GList *next = NULL;
    for (GList *link = node->pending.head; link != NULL; link = next) {
        next = link->next;
        if (((SimUsbUrb *)link->data)->client == client) {
            urb_free(link->data);
            g_queue_delete_link(&node->pending, link);
        }
    }
}

/* A client closed the node or died: what it had in flight is cancelled, its claim is free. umockdev
 * drops its object then and gives no other sign that comes in every case. On umockdev's thread. */
static void on_vanished(gpointer user_data, GObject *who)
{
    SimUsbNode *node = user_data;
    g_mutex_lock(&node->bus->lock);
    SimUsbClient *client = g_hash_table_lookup(node->clients, who);
    if (client != NULL) {
        drop_urbs_of(node, client);
        if (node->claimer == client)
            node->claimer = NULL;
        g_hash_table_remove(node->clients, who);
    }
    simusb_node_close_unused(node);
    simusb_bus_touched(node->bus, node->slot);
    g_mutex_unlock(&node->bus->lock);
}

static SimUsbClient *find_client(SimUsbNode *node, gpointer key)
{
    SimUsbClient *client = g_hash_table_lookup(node->clients, key);
    if (client == NULL) {
        client = g_new0(SimUsbClient, 1);
        g_queue_init(&client->done);
        g_hash_table_insert(node->clients, key, client);
        g_object_weak_ref(key, on_vanished, node);
        simusb_unit_board(node->slot->unit)->truth.opens++;
    }
    return client;
}

void simusb_node_forget_clients(SimUsbNode *node)
{
    GHashTableIter iter;
    gpointer key = NULL;
    g_hash_table_iter_init(&iter, node->clients);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_object_weak_unref(key, on_vanished, node);
    g_clear_pointer(&node->clients, g_hash_table_unref);
}

/* ---- the end of transfers ---- */

static void finish(SimUsbNode *node, SimUsbUrb *urb, int status, int length)
{
    struct usbdevfs_urb *raw = (struct usbdevfs_urb *)(gpointer)urb->urb->data;
    raw->status = status;
    raw->actual_length = length;
    g_queue_push_tail(&urb->client->done, urb);
    simusb_node_wake(node, TRUE);
}

static gboolean try_finish(SimUsbNode *node, SimUsbUrb *urb, gint64 now_us)
{
    if (!urb->in) {
        if (urb->due_us > now_us)
            return FALSE;
        finish(node, urb, urb->status, urb->length);
        return TRUE;
    }
    const int status = simusb_unit_bulk_in(node->slot->unit, &urb->read, now_us);
    if (status == -EINPROGRESS)
        return FALSE;
    finish(node, urb, status, (int)urb->read.filled);
    return TRUE;
}

void simusb_node_serve(SimUsbNode *node, gint64 now_us)
{
    GList *next = NULL;
    for (GList *link = node->pending.head; link != NULL; link = next) {
        next = link->next;
        if (try_finish(node, link->data, now_us))
            g_queue_delete_link(&node->pending, link);
    }
    if (node->nag_us <= now_us) {
        node->nag_us = G_MAXINT64;
        simusb_node_wake(node, TRUE);
    }
}

void simusb_node_kill(SimUsbNode *node, int status)
{
    SimUsbUrb *urb = NULL;
    while ((urb = g_queue_pop_head(&node->pending)) != NULL)
        finish(node, urb, status, (int)urb->read.filled);
}

gint64 simusb_node_due_us(const SimUsbNode *node)
{
    gint64 due = node->nag_us;
    for (const GList *link = node->pending.head; link != NULL; link = link->next) {
        const SimUsbUrb *urb = link->data;
        if (!urb->in)
            due = MIN(due, urb->due_us);
    }
    return due;
}

/* ---- ioctls; each Returns: 0 or a positive errno ---- */

/* One ioctl. */
typedef struct {
    SimUsbNode *node;
    SimUsbClient *client;
    UMockdevIoctlData *arg;
    gulong request;
    gint64 now_us;
} Call;

static UMockdevIoctlData *resolve_arg(const Call *call)
{
    return umockdev_ioctl_data_resolve(call->arg, 0, _IOC_SIZE(call->request), NULL);
}

static int start_transfer(const Call *call, SimUsbUrb *urb, const struct usbdevfs_urb *raw)
{
    SimUsbUnit *unit = call->node->slot->unit;
    guint8 *data = urb->buffer != NULL ? urb->buffer->data : NULL;
    const gsize n = (gsize)raw->buffer_length;
    if (raw->type == USBDEVFS_URB_TYPE_CONTROL) {
        if (n < SETUP_BYTES)
            return EINVAL;
        const gsize wanted = (gsize)(data[6] | data[7] << 8);
        urb->status = simusb_unit_control(unit, data, data + SETUP_BYTES,
                                          MIN(wanted, n - SETUP_BYTES), call->now_us, &urb->due_us);
    } else if ((raw->endpoint & USB_DIR_IN_BIT) == 0) {
        urb->status =
            simusb_unit_bulk_out(unit, raw->endpoint, data, n, call->now_us, &urb->due_us);
    } else {
        urb->in = TRUE;
        urb->read = (SimUsbRead){.endpoint = raw->endpoint, .buffer = data, .room = n};
        return 0;
    }
    if (urb->status == SIMUSB_NEVER)
        urb->due_us = G_MAXINT64;
    urb->length = MAX(urb->status, 0);
    urb->status = MIN(urb->status, 0);
    return 0;
}

static gboolean has_endpoint(const SimUsbNode *node, guint8 endpoint)
{
    const SimUsbModel *model = simusb_unit_model(node->slot->unit);
    return endpoint != 0 && (memchr(model->in, endpoint, sizeof model->in) != NULL ||
                             memchr(model->out, endpoint, sizeof model->out) != NULL);
}

static int check_urb(const Call *call, const struct usbdevfs_urb *raw)
{
    SimUsbNode *node = call->node;
    if (raw->buffer_length < 0 || raw->buffer_length > MAX_TRANSFER)
        return EINVAL;
    if (raw->type == USBDEVFS_URB_TYPE_CONTROL)
        return 0;
    if (raw->type != USBDEVFS_URB_TYPE_BULK || !has_endpoint(node, raw->endpoint))
        return ENOENT;
    /* as the kernel: whoever uses an interface that nobody claimed claims it */
    if (node->claimer == NULL)
        node->claimer = call->client;
    return node->claimer == call->client ? 0 : EBUSY;
}

static int submit(const Call *call)
{
    g_autoptr(UMockdevIoctlData) mirror = resolve_arg(call);
    if (mirror == NULL)
        return EFAULT;
    const struct usbdevfs_urb *raw = (const struct usbdevfs_urb *)(gpointer)mirror->data;
    int failed = check_urb(call, raw);
    if (failed != 0)
        return failed;
    SimUsbUrb *urb = g_new0(SimUsbUrb, 1);
    urb->urb = g_object_ref(mirror);
    urb->address = mirror->client_addr; /* the argument itself now points to the mirror */
    urb->client = call->client;
    if (raw->buffer_length > 0) {
        urb->buffer = umockdev_ioctl_data_resolve(
            mirror, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer), (gsize)raw->buffer_length, NULL);
        failed = urb->buffer == NULL ? EFAULT : 0;
    }
    if (failed == 0 && call->node->suspended)
        urb->status = -EPROTO;
    else if (failed == 0)
        failed = start_transfer(call, urb, raw);
    if (failed != 0) {
        urb_free(urb);
        return failed;
    }
    g_queue_push_tail(&call->node->pending, urb);
    simusb_node_serve(call->node, call->now_us);
    return 0;
}

static int discard(const Call *call)
{
    SimUsbNode *node = call->node;
    const gulong address = *(gulong *)(gpointer)call->arg->data;
    for (GList *link = node->pending.head; link != NULL; link = link->next) {
        SimUsbUrb *urb = link->data;
        if (urb->address != address || urb->client != call->client)
            continue;
        g_queue_delete_link(&node->pending, link);
        simusb_unit_board(node->slot->unit)->truth.discards++;
        finish(node, urb, -ENOENT, (int)urb->read.filled);
        return 0;
    }
    return EINVAL;
}

static gboolean others_are_done(const SimUsbNode *node)
{
    GHashTableIter iter;
    gpointer client = NULL;
    g_hash_table_iter_init(&iter, node->clients);
    while (g_hash_table_iter_next(&iter, NULL, &client)) {
        if (!g_queue_is_empty(&((SimUsbClient *)client)->done))
            return TRUE;
    }
    return FALSE;
}

static int reap(const Call *call)
{
    SimUsbNode *node = call->node;
    SimUsbUrb *urb = g_queue_pop_head(&call->client->done);
    if (urb == NULL) {
        /* a node that is gone stays awake, as the kernel's does: every client shall learn of it */
        simusb_node_wake(node, node->gone);
        /* One pipe wakes all; a client that sleeps on its answer must not make the others spin. */
        node->nag_us = others_are_done(node) ? call->now_us + NAG_US : G_MAXINT64;
        return node->gone ? ENODEV : EAGAIN;
    }
    g_autoptr(UMockdevIoctlData) pointer = resolve_arg(call);
    if (pointer != NULL)
        umockdev_ioctl_data_set_ptr(pointer, 0, urb->urb);
    urb_free(urb);
    return 0;
}

static int capabilities(const Call *call)
{
    g_autoptr(UMockdevIoctlData) out = resolve_arg(call);
    if (out == NULL)
        return EFAULT;
    const guint32 all = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
                        USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_BULK_SCATTER_GATHER |
                        USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
    memcpy(out->data, &all, sizeof all);
    return 0;
}

static int claim(const Call *call)
{
    SimUsbNode *node = call->node;
    if (node->slot->busy > 0) {
        node->slot->busy--;
        return EBUSY;
    }
    if (node->claimer != NULL && node->claimer != call->client)
        return EBUSY;
    if (node->claimer == NULL)
        simusb_unit_board(node->slot->unit)->truth.claims++;
    node->claimer = call->client;
    return 0;
}

static int release(const Call *call)
{
    if (call->node->claimer != call->client)
        return EINVAL;
    call->node->claimer = NULL;
    return 0;
}

static int configure(const Call *call)
{
    if (call->node->slot->busy > 0) {
        call->node->slot->busy--;
        return EBUSY;
    }
    return call->node->claimer != NULL ? EBUSY : 0;
}

static int get_driver(const Call *call)
{
    if (call->node->claimer == NULL)
        return ENODATA;
    g_autoptr(UMockdevIoctlData) out = resolve_arg(call);
    if (out == NULL)
        return EFAULT;
    struct usbdevfs_getdriver *driver = (struct usbdevfs_getdriver *)(gpointer)out->data;
    g_strlcpy(driver->driver, "usbfs", sizeof driver->driver);
    return 0;
}

static int clear_halt(const Call *call)
{
    g_autoptr(UMockdevIoctlData) in = resolve_arg(call);
    if (in == NULL)
        return EFAULT;
    simusb_board_clear_halt(simusb_unit_board(call->node->slot->unit), in->data[0]);
    return 0;
}

/* The kernel ends what is in flight; the instrument keeps laser and frames: nothing says that a bus
 * reset changes them, so the worse is assumed. */
static int reset(const Call *call)
{
    SimUsbBoard *board = simusb_unit_board(call->node->slot->unit);
    board->truth.resets++;
    simusb_board_clear_halt(board, 0);
    simusb_node_kill(call->node, -EPROTO);
    return 0;
}

static int dispatch(const Call *call)
{
    switch (call->request) {
    case USBDEVFS_REAPURB:
    case USBDEVFS_REAPURBNDELAY:
        return reap(call);
    case USBDEVFS_DISCARDURB:
        return discard(call);
    case USBDEVFS_RELEASEINTERFACE:
        return release(call);
    default:
        break;
    }
    if (call->node->gone)
        return ENODEV;
    switch (call->request) {
    case USBDEVFS_SUBMITURB:
        return submit(call);
    case USBDEVFS_GET_CAPABILITIES:
        return capabilities(call);
    case USBDEVFS_CLAIMINTERFACE:
        return claim(call);
    case USBDEVFS_SETCONFIGURATION:
        return configure(call);
    case USBDEVFS_GETDRIVER:
        return get_driver(call);
    case USBDEVFS_CLEAR_HALT:
        return clear_halt(call);
    case USBDEVFS_RESET:
        return reset(call);
    case USBDEVFS_SETINTERFACE:
        return 0;
    case USBDEVFS_DISCONNECT_CLAIM:
        return claim(call);
    case USBDEVFS_IOCTL: /* to the kernel's driver: there is none */
        return ENODATA;
    default:
        return ENOTTY;
    }
}

/* On umockdev's thread. */
static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *who, gpointer user_data)
{
    (void)base;
    SimUsbNode *node = user_data;
    g_mutex_lock(&node->bus->lock);
    const Call call = {
        .node = node,
        .client = find_client(node, who),
        .arg = umockdev_ioctl_client_get_arg(who),
        .request = umockdev_ioctl_client_get_request(who),
        .now_us = simusb_now_us(),
    };
    const int failed = dispatch(&call);
    simusb_bus_touched(node->bus, node->slot);
    g_mutex_unlock(&node->bus->lock);
    umockdev_ioctl_client_complete(who, failed == 0 ? 0 : -1, failed);
    return TRUE;
}

void simusb_node_attach(SimUsbNode *node)
{
    node->clients = g_hash_table_new_full(NULL, NULL, NULL, client_free);
    node->io = umockdev_ioctl_base_new();
    g_signal_connect(node->io, "handle-ioctl", G_CALLBACK(on_ioctl), node);
}
