/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-bundle-copies.h"

#include "evidence/cel-sealed.h"
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

const char *cel_bundle_verify_text(void)
{
    return "核对本案卷包 / How to check this case bundle\n"
           "\n"
           "1. 全部文件未改动 / no file was changed:\n"
           "sha256sum -c MANIFEST.sha256\n"
           "\n"
           "2. 台账树头的签名 / signature of the ledger's head (head.json):\n"
           "openssl x509 -inform DER -in head.ed25519.cer -pubkey -noout > head.pub\n"
           "openssl pkeyutl -verify -pubin -inkey head.pub -rawin -in head.json "
           "-sigfile head.ed25519.sig\n"
           "\n"
           "3. 封存文件 / sealed files (files/*.cel.h5): h5dump, openssl:\n"
           "h5dump -d /celadon/custody/000001/record -b LE -o record files/FID.cel.h5\n"
           "h5dump -d /celadon/custody/000001/sig_ed25519 -b LE -o sig files/FID.cel.h5\n"
           "h5dump -d /celadon/custody/000001/cert_ed25519 -b LE -o cert files/FID.cel.h5\n"
           "openssl x509 -inform DER -in cert -pubkey -noout > key.pub\n"
           "openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in record -sigfile sig\n";
}
