/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-bundle-copies.h"

#include "evidence/cel-sealed.h"
#include "evidence/cel-verify-text.h"
#include "formats/cel-writer.h"
#include "h5/cel-nxraman.h"

static gboolean put_copy(CelBundleFiles *files, const char *name, const CelWriteItem *item,
                         GError **error)
{
    const CelWriter *writer = cel_writer_for(name);
    const CelWriteInput input = {.items = item, .n = 1};
    g_autoptr(GBytes) bytes = writer != NULL ? writer->write(&input, NULL) : NULL;
    return bytes == NULL || cel_bundle_put(files, name, bytes, error);
}

static gboolean put_spectrum(CelBundleFiles *files, const CelMeasurement *measurement,
                             const char *stem, const CelWriteItem *from, GError **error)
{
    static const char *const endings[] = {"csv", "jdx"};
    g_autoptr(CelSpectrum) spectrum = cel_measurement_spectrum(measurement, -1, NULL);
    for (gsize e = 0; spectrum != NULL && e < G_N_ELEMENTS(endings); e++) {
        CelWriteItem item = *from;
        g_autofree char *name = g_strdup_printf("copies/%s.%s", stem, endings[e]);
        item.spectrum = spectrum;
        item.measurement = measurement;
        if (!put_copy(files, name, &item, error))
            return FALSE;
    }
    return TRUE;
}

gboolean cel_bundle_put_copies(CelBundleFiles *files, const char *path, const char *fid,
                               const char *sha256, CelJob *job, GError **error)
{
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, job, error);
    if (sealed == NULL)
        return FALSE;
    g_autofree char *source = g_strconcat(fid, ".cel.h5", NULL);
    const CelWriteItem from = {.source_sha256 = sha256, .source_name = source};
    for (gsize i = 0; cel_sealed_measurement(sealed, i) != NULL; i++) {
        g_autoptr(CelMeasurement) m = cel_nxraman_read(cel_sealed_measurement(sealed, i), NULL);
        g_autofree char *stem = g_strdup_printf("%s.%" G_GSIZE_FORMAT, fid, i + 1);
        if (m != NULL && !put_spectrum(files, m, stem, &from, error))
            return FALSE;
    }
    return TRUE;
}

static const char whole_bundle[] =
    "核对本案卷包 / How to check this case bundle\n"
    "\n"
    "A. 全部文件未改动 / no file was changed:\n"
    "    sha256sum -c MANIFEST.sha256\n"
    "\n"
    "B. 台账树头的签名 / signature of the ledger's head (head.json):\n"
    "    openssl x509 -inform DER -in head.ed25519.cer -pubkey -noout > head.pub\n"
    "    openssl pkeyutl -verify -pubin -inkey head.pub -rawin -in head.json "
    "-sigfile head.ed25519.sig\n"
    "\n"
    "C. 逐一核对封存文件:在本文件夹内新建一个空文件夹并进入 /\n"
    "   every sealed file: make an empty folder in this one and go there\n"
    "\n";

char *cel_bundle_verify_text(const CelBundleFiles *files)
{
    g_autoptr(GPtrArray) names = cel_bundle_names(files);
    g_autoptr(GPtrArray) sealed = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < names->len; i++)
        if (g_str_has_prefix(g_ptr_array_index(names, i), "files/"))
            g_ptr_array_add(sealed, g_strconcat("../", g_ptr_array_index(names, i), NULL));
    g_ptr_array_add(sealed, NULL);
    g_autofree char *each = cel_verify_text((const char *const *)sealed->pdata);
    return g_strconcat(whole_bundle, each, NULL);
}
