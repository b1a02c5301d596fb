/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-verify-text.h"

#define IN_LEDGER_EN "if the file was sealed in a ledger (\"ledger\" in the record is not null)"
#define IN_LEDGER_ZH "文件在存证台账中封存时(记录中 ledger 不为 null)"

/* "openssl dgst -r" prints the digest and the name; hex() keeps the digest, states() counts whether
 * the record says so of a member. Records are canonical JSON: no blanks, quotation marks in texts
 * escaped. */
static const char take_parts[] =
    "for p in record sig_sm2 sig_ed25519 cert_sm2 cert_ed25519; do\n"
    "  h5dump -d /celadon/custody/000001/$p -b FILE -o $p \"$f\" > log; done\n"
    "h5dump -d /celadon/manifest -b FILE -o manifest \"$f\" > log\n"
    "h5dump -d /celadon/attributes -b FILE -o attributes \"$f\" > log\n"
    "hex() { openssl dgst -$1 -r $2 | cut -d ' ' -f 1; }\n"
    "states() { grep -c \"\\\"$1\\\":{\\\"sha256\\\":\\\"$(hex sha256 "
    "$2)\\\",\\\"sm3\\\":\\\"$(hex sm3 "
    "$2)\\\"}\" record; }\n"
    "echo taken\n";

static const char check_signatures[] =
    "openssl x509 -inform DER -in cert_sm2 -pubkey -noout > pub_sm2\n"
    "openssl x509 -inform DER -in cert_ed25519 -pubkey -noout > pub_ed25519\n"
    "openssl dgst -sm3 -verify pub_sm2 -sigopt distid:1234567812345678 -signature sig_sm2 record\n"
    "openssl pkeyutl -verify -pubin -inkey pub_ed25519 -rawin -in record -sigfile sig_ed25519\n";

static const char check_datasets[] =
    "awk '$1 == \"sm3\" && $4 != \"attributes\" { print $2, $3 }' manifest > datasets\n"
    "while read -r is path; do rm -f d; h5dump -d \"$path\" -b FILE -o d \"$f\" > log\n"
    "  [ \"$(hex sm3 d)\" = \"$is\" ] || echo \"differs: $path\"; done < datasets\n"
    "echo compared\n";

static const char check_attributes[] =
    "awk '$1 == \"object\" && left == 0 { left = $3; n++; print $2 > \"objects\"; next }\n"
    "  left > 0 { print > (\"object_\" n); left-- }' attributes\n"
    "n=0; while read -r path; do n=$((n + 1))\n"
    "  grep -q -F \"sm3 $(hex sm3 object_$n) $path attributes\" manifest ||\n"
    "  echo \"differs: $path\"; done < objects\n"
    "echo compared\n";

static const char check_objects[] =
    "h5dump -n \"$f\" | awk '$1 != \"HDF5\" && NF > 1 && $1 != \"FILE_CONTENTS\" { print $2 }' |\n"
    "  grep -v -x '/celadon/custody\\(/000001\\(/[a-z0-9_]*\\)\\{0,1\\}\\)\\{0,1\\}' |\n"
    "  grep -v -x /celadon/manifest | sort > there\n"
    "awk '$1 == \"sm3\" { print $3 }' manifest | sort -u > listed\n"
    "diff listed there && echo same\n";

static const char check_event[] =
    "for p in event event_sig_sm2 event_sig_ed25519 proof; do\n"
    "  h5dump -d /celadon/custody/000001/$p -b FILE -o $p \"$f\" > log; done\n"
    "states event event\n"
    "openssl dgst -sm3 -verify pub_sm2 -sigopt distid:1234567812345678 -signature event_sig_sm2 "
    "event\n";

/* RFC 9162 2.1.3.2: up from the leaf; fn and sn as there. */
static const char check_proof[] =
    "unhex() { echo \"$1\" | sed 's/../0x& /g' | tr ' ' '\\n' | while read -r b; do\n"
    "  [ -z \"$b\" ] || printf \"\\\\$(printf %03o \"$b\")\"; done; }\n"
    "number() { sed -n 's/.*\"'$1'\":\\([0-9]*\\).*/\\1/p' proof; }\n"
    "fn=$(($(number seq) - 1)); sn=$(($(number size) - 1))\n"
    "r=$({ printf '\\000'; cat event; } | openssl dgst -sha256 -r | cut -d ' ' -f 1)\n"
    "for p in $(sed 's/.*\"path\":{\"sha256\":\\[\\([^]]*\\)\\].*/\\1/' proof | tr -d '\"' | tr , "
    "' '); do\n"
    "  if [ $((fn & 1)) = 1 ] || [ $fn = $sn ]; then pair=$p$r\n"
    "    while [ $((fn & 1)) = 0 ] && [ $fn != 0 ]; do fn=$((fn >> 1)); sn=$((sn >> 1)); done\n"
    "  else pair=$r$p; fi\n"
    "  r=$({ printf '\\001'; unhex $pair; } | openssl dgst -sha256 -r | cut -d ' ' -f 1)\n"
    "  fn=$((fn >> 1)); sn=$((sn >> 1)); done\n"
    "grep -c \"\\\"root\\\":{\\\"sha256\\\":\\\"$r\\\"\" record\n";

static const char check_head[] =
    "for p in head head_sig_sm2 head_cert_sm2; do\n"
    "  h5dump -d /celadon/custody/000001/$p -b FILE -o $p \"$f\" > log; done\n"
    "openssl x509 -inform DER -in head_cert_sm2 -pubkey -noout > pub_head\n"
    "openssl dgst -sm3 -verify pub_head -sigopt distid:1234567812345678 -signature head_sig_sm2 "
    "head\n"
    "grep -c \"\\\"root\\\":{\\\"sha256\\\":\\\"$r\\\"\" head\n";

static const char check_chain[] =
    "openssl x509 -inform DER -in cert_sm2 -out cert_sm2.pem\n"
    "openssl x509 -inform DER -in cert_ed25519 -out cert_ed25519.pem\n"
    "openssl verify -vfyopt distid:1234567812345678 -CAfile roots.pem cert_sm2.pem\n"
    "openssl verify -CAfile roots.pem cert_ed25519.pem\n";

static const CelVerifyStep steps[] = {
    {"Take the parts out of the file", "取出文件的各部分", NULL, NULL, take_parts, "taken\n"},
    {"The record names this manifest and these certificates", "记录载明此清单和这些证书", NULL,
     NULL, "states manifest manifest; states cert_sm2 cert_sm2; states cert_ed25519 cert_ed25519\n",
     "1\n1\n1\n"},
    {"Both signatures over the record", "记录的两个数字签名", NULL, NULL, check_signatures,
     "Verified OK\nSignature Verified Successfully\n"},
    {"Every dataset has the digest that the manifest states", "每个数据集的摘要值与清单一致", NULL,
     NULL, check_datasets, "compared\n"},
    {"Every attribute as well (compare the text with \"h5dump -A\")",
     "每个属性亦然(可与 h5dump -A 的显示对照)", NULL, NULL, check_attributes, "compared\n"},
    {"Nothing stands in the file that is not listed", "文件中没有未列出的内容", NULL, NULL,
     check_objects, "same\n"},
    {"The ledger's event is the one the record names, signed by the same person",
     "台账事件即记录所载事件,签名人相同", IN_LEDGER_EN, IN_LEDGER_ZH, check_event,
     "1\nVerified OK\n"},
    {"The event stands in the tree whose root the record names", "该事件在记录所载根值的树中",
     IN_LEDGER_EN, IN_LEDGER_ZH, check_proof, "1\n"},
    {"The head of that tree is signed by the ledger", "该树的台账头由台账签名",
     "if the file holds a head", "文件带有台账头时", check_head, "Verified OK\n1\n"},
    {"The laboratory vouches for the person", "实验室证明签名人的身份",
     "with roots.pem: the laboratory's root certificates, from elsewhere than this file",
     "需另行取得实验室根证书 roots.pem", check_chain, "cert_sm2.pem: OK\ncert_ed25519.pem: OK\n"},
    {"The time stamp is over the record's signature", "时间戳覆盖记录的签名",
     "if the file holds one, with tsa.pem: the authority's root certificates",
     "文件带有时间戳时,需另行取得颁发机构根证书 tsa.pem",
     "h5dump -d /celadon/custody/000001/tsr -b FILE -o tsr \"$f\" > log\n"
     "openssl ts -verify -data sig_sm2 -in tsr -token_in -CAfile tsa.pem 2> log\n",
     "Verification: OK\n"},
};

const CelVerifyStep *cel_verify_steps(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(steps);
    return steps;
}

static void append_lines(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
        if (*lines[i] != '\0')
            g_string_append_printf(out, "    %s\n", lines[i]);
}

static void append_step(GString *out, gsize number, const CelVerifyStep *step)
{
    g_string_append_printf(out, "\n%" G_GSIZE_FORMAT ". %s\n   %s\n", number, step->title_zh,
                           step->title_en);
    if (step->needs_en != NULL)
        g_string_append_printf(out, "   (%s / %s)\n", step->needs_zh, step->needs_en);
    append_lines(out, step->commands);
    g_auto(GStrv) shows = g_strsplit(step->shows, "\n", -1);
    for (gsize i = 0; shows[i] != NULL && *shows[i] != '\0'; i++)
        g_string_append_printf(out, "   = %s\n", shows[i]);
}

static const char introduction[] =
    "用公共工具核对封存文件 / Checking a sealed file with public tools\n"
    "\n"
    "所需工具:h5dump(HDF5 1.10 及以上)、openssl(3.0 及以上)和 POSIX 常用命令。\n"
    "在空文件夹中打开一个 shell,依次执行缩进四格的各行;“=”之后为无矛盾时的显示。\n"
    "You need h5dump (HDF5 1.10 or later), openssl (3.0 or later) and the usual tools of POSIX. "
    "Open\n"
    "a shell in an empty folder and run the lines behind four blanks in their order; behind \"=\"\n"
    "stands what they show when nothing contradicts.\n"
    "\n"
    "0. 选择文件 / Choose the file (its full path)\n";

static const char limits[] =
    "\n"
    "以上不能证明:签名人身份(须另行取得实验室根证书)、封存时间(须有时间戳)、本文件为最新版本\n"
    "(须有台账或纸质文书上的台账头)、由原始数据可得出该结果(celadon replay)。\n"
    "This does not prove: who the person is (take the roots from elsewhere), when it was sealed (a "
    "time\n"
    "stamp), that it is the latest file (the ledger, or its head on a paper), that the result "
    "follows\n"
    "from the raw data (celadon replay).\n";

char *cel_verify_text(const char *const *files)
{
    GString *out = g_string_new(introduction);
    for (gsize i = 0; files[i] != NULL; i++)
        g_string_append_printf(out, "    f=%s\n", files[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        append_step(out, i + 1, &steps[i]);
    g_string_append(out, limits);
    return g_string_free(out, FALSE);
}
