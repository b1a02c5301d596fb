/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

/* The commands that check the file without us, as evidence-facts and tests/cli prove them. */
static const struct {
    const char *en, *zh, *commands;
} steps[] = {
    {"Take the parts out of the file.", "从文件中取出各部分。",
     "for p in record sig_sm2 sig_ed25519 cert_sm2 cert_ed25519; do\n"
     "  h5dump -d /celadon/custody/000001/$p -b LE -o $p FILE; done\n"
     "h5dump -d /celadon/manifest -b LE -o manifest FILE"},
    {"The whole file: the two digests are those printed in this paper.",
     "整个文件:两个摘要值与本件所印一致。", "openssl dgst -sha256 FILE\nopenssl dgst -sm3 FILE"},
    {"The signatures of the record.", "保管链记录的数字签名。",
     "openssl x509 -inform DER -in cert_sm2 -pubkey -noout > sm2.pem\n"
     "openssl dgst -sm3 -verify sm2.pem -sigopt distid:1234567812345678 \\\n"
     "  -signature sig_sm2 record\n"
     "openssl x509 -inform DER -in cert_ed25519 -pubkey -noout > ed.pem\n"
     "openssl pkeyutl -verify -pubin -inkey ed.pem -rawin -in record -sigfile sig_ed25519"},
    {"The manifest: its digests are those in the record under \"manifest\".",
     "内容清单:其摘要值与保管链记录中\"manifest\"一致。",
     "openssl dgst -sha256 manifest\nopenssl dgst -sm3 manifest\ncat record"},
    {"Every dataset: for each line of the manifest (algorithm, digest, path).",
     "每个数据集:对内容清单的每一行(算法、摘要值、路径)。",
     "h5dump -d PATH -b LE -o data FILE && openssl dgst -sha256 data"},
    {"Nothing else stands in the file: compare the list of objects with the manifest.",
     "文件中没有其他内容:将对象列表与内容清单比较。", "h5dump -n 1 FILE"},
};

void cel_paper_verify(CelPaper *paper)
{
    CelPage *page = &paper->page;
    cel_page_heading(page, cel_paper_word(paper, CEL_WORD_SECTION_VERIFY));
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_VERIFY_NOTE), 8.6, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        cel_page_need(page, 60.0);
        page->y += 2.0;
        cel_page_text(page, paper->chinese ? steps[i].zh : steps[i].en, 8.2, TRUE);
        cel_page_mono(page, steps[i].commands, page->right - page->left);
    }
}
