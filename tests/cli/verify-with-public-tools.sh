#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Checks a file sealed by Celadon with h5dump and openssl only: nothing of Celadon is used.
#   sh verify-with-public-tools.sh FILE.cel.h5
# Exit status: 0 nothing contradicts, 1 something does, 2 the tools or the file are missing.
# What it cannot prove: who holds the keys (compare the printed fingerprint with the laboratory), when
# the file was made, and that no later version exists.
# Needs h5dump 1.10 or later, OpenSSL 3 or later and the usual POSIX tools.
set -u
LC_ALL=C
export LC_ALL

if [ $# -ne 1 ] || [ ! -r "$1" ]; then
    echo "usage: $0 FILE.cel.h5" >&2
    exit 2
fi
for tool in h5dump openssl awk od; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "$tool is not installed" >&2
        exit 2
    fi
done
file=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
bad=0

say() { # state, text
    printf '%-13s %s\n' "$1" "$2"
    if [ "$1" = CONTRADICTED ]; then
        bad=1
    fi
}

check() { # text, status of the test before
    if [ "$2" -eq 0 ]; then say proven "$1"; else say CONTRADICTED "$1"; fi
}

digest() { # algorithm, file
    openssl dgst "-$1" -r "$2" | cut -d ' ' -f 1
}

# The bytes of dataset $1, as they are stored, to file $2.
dump() {
    h5dump -d "$1" -b FILE -o "$2" "$file" >/dev/null 2>&1 && [ -e "$2" ]
}

# Lines "sha256 NUMBER HEX" and "sm3 NUMBER HEX" for the files $1_1, $1_2, ...
digest_all() {
    for algorithm in sha256 sm3; do
        find "$work" -name "$1_[0-9]*" -exec openssl dgst "-$algorithm" -r {} + |
            sed "s|^\([0-9a-f]*\) .*_\([0-9]*\)\$|$algorithm \2 \1|"
    done
}

# ---- the parts of the custody record ----
custody=/celadon/custody/000001
for part in record sig_sm2 sig_ed25519 cert_sm2 cert_ed25519; do
    if ! dump "$custody/$part" "$work/$part"; then
        say CONTRADICTED "missing: $custody/$part"
        exit 1
    fi
done
if ! dump /celadon/manifest "$work/manifest"; then
    say CONTRADICTED "missing: /celadon/manifest"
    exit 1
fi

# Two digests of one member of the record, "sha256 sm3". The record is canonical JSON: no blanks, and
# a quotation mark inside a text is escaped, so these patterns match members only.
stated() {
    sed -n 's/.*"'"$1"'":{"sha256":"\([0-9a-f]*\)","sm3":"\([0-9a-f]*\)"}.*/\1 \2/p' "$work/record"
}

same_digests() { # member, file
    [ "$(stated "$1")" = "$(digest sha256 "$2") $(digest sm3 "$2")" ]
}

same_digests manifest "$work/manifest"
check "the manifest has the SHA-256 and SM3 digests that the record states" $?
same_digests cert_sm2 "$work/cert_sm2" && same_digests cert_ed25519 "$work/cert_ed25519"
check "the certificates have the digests that the record states" $?
fid=$(sed -n 's/.*"fid":"\([0-9a-f]*\)".*/\1/p' "$work/record")
printf 'celadon-genesis%s' "$fid" >"$work/genesis"
same_digests prev "$work/genesis"
check "the record is the first of the chain of file $fid" $?

# ---- signatures ----
id=$(sed -n 's/.*"distid":"\([^"]*\)".*/\1/p' "$work/record")
for kind in sm2 ed25519; do
    openssl x509 -inform DER -in "$work/cert_$kind" -pubkey -noout >"$work/pub_$kind" 2>/dev/null
done
openssl dgst -sm3 -verify "$work/pub_sm2" -sigopt "distid:$id" -signature "$work/sig_sm2" \
    "$work/record" >/dev/null 2>&1
check "the SM2 signature of the record (signer ID $id)" $?
openssl pkeyutl -verify -pubin -inkey "$work/pub_ed25519" -rawin -in "$work/record" \
    -sigfile "$work/sig_ed25519" >/dev/null 2>&1
check "the Ed25519 signature of the record" $?

# ---- every dataset ----
awk '$1 == "sha256" && $4 != "attributes" { print $3 }' "$work/manifest" >"$work/datasets"
number=0
while read -r path; do
    number=$((number + 1))
    dump "$path" "$work/dataset_$number" || : >"$work/dataset_$number"
done <"$work/datasets"
digest_all dataset >"$work/digests"
differs=$(awk 'FILENAME == ARGV[1] { path[++n] = $1; next }
    FILENAME == ARGV[2] { is[$1, path[$2]] = $3; next }
    ($1 == "sha256" || $1 == "sm3") && $4 != "attributes" && is[$1, $3] != $2 { print $3; exit }' \
    "$work/datasets" "$work/digests" "$work/manifest")
[ -z "$differs" ]
check "all $number datasets have the digests that the manifest states${differs:+; first other: $differs}" $?

# ---- every attribute ----
# h5dump cannot write attributes as bytes. /celadon/attributes repeats them in the form the digests are
# made from: first that text is checked against the manifest, then its values against h5dump -a.
# Objects without attributes are not in it; object_0 stands for them all.
: >"$work/object_0"
: >"$work/objects"
if dump /celadon/attributes "$work/attributes"; then
    awk -v folder="$work" '
        $1 == "object" && left == 0 { left = $3; n++; out = folder "/object_" n
            print $2 > (folder "/objects"); printf "" > out; next }
        left > 0 { print > out; if (--left == 0) close(out) }' "$work/attributes"
fi
digest_all object >"$work/digests"
differs=$(awk 'FILENAME == ARGV[1] { number[$1] = ++n; next }
    FILENAME == ARGV[2] { is[$1, $2] = $3; next }
    $4 == "attributes" && is[$1, number[$3] + 0] != $2 { print $3; exit }' \
    "$work/objects" "$work/digests" "$work/manifest")
[ -z "$differs" ]
check "the listed attributes of every object have their digests${differs:+; first other: $differs}" $?

# One line for each attribute: its path, then what h5dump has to show for it. Texts of plain ASCII and
# whole numbers are compared here; others h5dump shows in its own way.
number=0
while read -r path; do
    number=$((number + 1))
    awk -v path="${path%/}" '
        function whole(hex,    i, value, digit) { # lowest byte first; small numbers only
            value = 0
            for (i = 15; i > 0; i -= 2) {
                digit = 16 * (index("0123456789abcdef", substr(hex, i, 1)) - 1)
                value = 256 * value + digit + index("0123456789abcdef", substr(hex, i + 1, 1)) - 1
            }
            return value
        }
        { shown = "?" }
        $2 == "i64le" && $3 == "scalar" && substr($4, 13) == "0000" {
            shown = sprintf("%.0f", whole($4)) }
        $2 == "text" && ($3 == "scalar" || $3 == "1") { shown = $4; gsub(/%20/, " ", shown)
            shown = shown ~ /[^ -~]|%|"|\\/ ? "?" : "\"" shown "\"" }
        { print path "/" $1 "\t" shown }' "$work/object_$number"
done <"$work/objects" >"$work/expected"
cut -f 1 "$work/expected" | sed 's/^/-a/' | tr '\n' '\000' |
    xargs -0 -n 64 sh -c 'file=$1; shift; exec h5dump "$@" "$file"' sh "$file" 2>/dev/null |
    awk '/^ATTRIBUTE / { if (n++) print value; value = "" }
        /^ *\(0\): / && value == "" { value = $0; sub(/^ *\(0\): /, "", value) }
        END { if (n) print value }' >"$work/shown"
by_eye=$(grep -c '	?$' "$work/expected")
differs=$(paste "$work/expected" "$work/shown" | awk -F '\t' '$2 != "?" && $2 != $3 { print $1; exit }')
[ -z "$differs" ] && [ "$(wc -l <"$work/expected")" -eq "$(wc -l <"$work/shown")" ]
check "$(($(wc -l <"$work/expected") - by_eye)) attributes hold what is listed${differs:+; first other: $differs}" $?
if [ "$by_eye" -gt 0 ]; then
    say 'by eye' "$by_eye attributes: compare h5dump -A with /celadon/attributes"
fi

# ---- nothing else ----
h5dump -n 1 "$file" | awk '$1 == "group" || $1 == "dataset" || $1 == "attribute" ||
    $1 == "soft" || $1 == "external" || $1 == "datatype" { print $1, $NF }' | sort >"$work/there"
{
    awk '$1 == "sha256" && $4 != "attributes" { print "dataset", $3; set[$3] = 1 }
         $1 == "sha256" && $4 == "attributes" && !($3 in set) { print "group", $3 }' "$work/manifest"
    number=0
    while read -r path; do
        number=$((number + 1))
        awk -v path="${path%/}" '{ print "attribute", path "/" $1 }' "$work/object_$number"
    done <"$work/objects"
    echo "dataset /celadon/manifest"
    echo "group /celadon/custody"
    echo "group $custody"
    echo "attribute $custody/NX_class"
    for part in record sig_sm2 sig_ed25519 cert_sm2 cert_ed25519 type data; do
        echo "dataset $custody/$part"
    done
    # The place in a ledger, where one had a part; VERIFY.txt checks it.
    for part in event event_sig_sm2 event_sig_ed25519 proof head head_sig_sm2 head_sig_ed25519 \
        head_cert_sm2 head_cert_ed25519 roots tsr; do
        grep -x "dataset $custody/$part" "$work/there"
    done
} | sort >"$work/listed"
extra=$(diff "$work/listed" "$work/there" | sed -n 's/^[<>] //p' | head -n 1)
[ -z "$extra" ]
check "the file holds exactly what is listed${extra:+; first other: $extra}" $?

print=$(digest sha256 "$work/cert_sm2")
name=$(sed -n 's/.*"op":{.*},"id":"[^"]*","name":"\([^"]*\)".*/\1/p' "$work/record")
say 'not proven' "that the keys are those of $name: SM2 certificate's SHA-256 fingerprint $print"
say 'not proven' "the time of the seal: no trusted time stamp"
exit "$bad"
