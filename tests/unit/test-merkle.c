/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-merkle.h"

#include <string.h>

/* The trees: published vectors of certificate transparency, and a naive tree that follows the words
 * of RFC 6962 section 2.1 step by step. */

enum { MOST = 70 };

typedef struct {
    CelMerkleKind kind;
    CelMerkleHash leaves[MOST];
} Leaves;

/* MTH(D[n]) as the RFC writes it. */
static CelMerkleHash naive_root(const Leaves *leaves, guint first, guint n)
{
    if (n == 1)
        return leaves->leaves[first];
    guint k = 1;
    while (2 * k < n)
        k *= 2;
    const CelMerkleHash left = naive_root(leaves, first, k);
    const CelMerkleHash right = naive_root(leaves, first + k, n - k);
    return cel_merkle_node(leaves->kind, &left, &right);
}

/* A source that has only complete subtrees, and knows which were asked for. */
static gboolean fetch(gpointer data, guint level, guint64 index, CelMerkleHash *out, GError **error)
{
    const Leaves *leaves = data;
    const guint n = 1u << level;
    (void)error;
    g_assert_cmpuint((index + 1) * n, <=, MOST);
    *out = naive_root(leaves, (guint)index * n, n);
    return TRUE;
}

static void fill(Leaves *leaves, CelMerkleKind kind)
{
    leaves->kind = kind;
    for (guint i = 0; i < MOST; i++) {
        g_autofree char *text = g_strdup_printf("event %u", i);
        g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
        leaves->leaves[i] = cel_merkle_leaf(kind, bytes);
    }
}

static void assert_same(const CelMerkleHash *found, const CelMerkleHash *wanted)
{
    g_assert_cmpint(memcmp(found->bytes, wanted->bytes, sizeof found->bytes), ==, 0);
}

static void assert_hex(const CelMerkleHash *found, const char *wanted)
{
    g_autofree char *hex = cel_merkle_hex(found);
    g_assert_cmpstr(hex, ==, wanted);
}

/* ---- published vectors ---- */

/* The eight leaves and the roots of Google's certificate-transparency merkletree tests (the same in
 * the Go, C++ and Python implementations). */
static const struct {
    const char *data;
    gsize n;
} ct_leaves[] = {
    {"", 0},
    {"\x00", 1},
    {"\x10", 1},
    {"\x20\x21", 2},
    {"\x30\x31", 2},
    {"\x40\x41\x42\x43", 4},
    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};
static const char *const ct_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void fill_ct(Leaves *leaves)
{
    leaves->kind = CEL_MERKLE_SHA256;
    for (gsize i = 0; i < G_N_ELEMENTS(ct_leaves); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(ct_leaves[i].data, ct_leaves[i].n);
        leaves->leaves[i] = cel_merkle_leaf(CEL_MERKLE_SHA256, bytes);
    }
}

static void the_roots_are_those_of_certificate_transparency(void)
{
    Leaves leaves;
    fill_ct(&leaves);
    const CelMerkleSource source = {CEL_MERKLE_SHA256, fetch, &leaves};
    for (guint size = 0; size < G_N_ELEMENTS(ct_roots); size++) {
        CelMerkleHash root;
        g_assert_true(cel_merkle_root(&source, size, &root, NULL));
        assert_hex(&root, ct_roots[size]);
    }
}

/* Index and size from 0 and 1; paths of the same tests. */
static void the_paths_are_those_of_certificate_transparency(void)
{
    static const struct {
        guint index, size, n;
        const char *path[3];
    } vectors[] = {
        {0, 1, 0, {NULL}},
        {0,
         8,
         3,
         {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
        {5,
         8,
         3,
         {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
        {2, 3, 1, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
        {1,
         5,
         3,
         {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
    };
    Leaves leaves;
    fill_ct(&leaves);
    const CelMerkleSource source = {CEL_MERKLE_SHA256, fetch, &leaves};
    for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
        CelMerkleProof proof;
        g_assert_true(
            cel_merkle_inclusion(&source, vectors[i].index, vectors[i].size, &proof, NULL));
        g_assert_cmpuint(proof.n, ==, vectors[i].n);
        for (guint k = 0; k < proof.n; k++)
            assert_hex(&proof.hashes[k], vectors[i].path[k]);
    }
}

static void the_consistency_proofs_are_those_of_certificate_transparency(void)
{
    static const struct {
        guint old_size, size, n;
        const char *path[3];
    } vectors[] = {
        {1, 1, 0, {NULL}},
        {1,
         8,
         3,
         {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
        {6,
         8,
         3,
         {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
        {2,
         5,
         2,
         {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
    };
    Leaves leaves;
    fill_ct(&leaves);
    const CelMerkleSource source = {CEL_MERKLE_SHA256, fetch, &leaves};
    for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
        CelMerkleProof proof;
        g_assert_true(
            cel_merkle_consistency(&source, vectors[i].old_size, vectors[i].size, &proof, NULL));
        g_assert_cmpuint(proof.n, ==, vectors[i].n);
        for (guint k = 0; k < proof.n; k++)
            assert_hex(&proof.hashes[k], vectors[i].path[k]);
    }
}

/* RFC 6962 names SHA-256 only: the SM3 tree has its shape and another hash. GB/T 32905-2016 gives
 * the digest of "abc"; the empty one is what "openssl dgst -sm3 /dev/null" prints. */
static void the_tree_over_sm3_hashes_with_sm3(void)
{
    const CelMerkleSource source = {CEL_MERKLE_SM3, fetch, NULL};
    CelMerkleHash root;
    g_assert_true(cel_merkle_root(&source, 0, &root, NULL));
    assert_hex(&root, "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

/* ---- properties ---- */

static void roots_from_stored_subtrees_are_those_of_the_naive_tree(void)
{
    for (guint kind = 0; kind < CEL_N_MERKLE; kind++) {
        Leaves leaves;
        fill(&leaves, kind);
        const CelMerkleSource source = {kind, fetch, &leaves};
        for (guint size = 1; size <= MOST; size++) {
            CelMerkleHash root;
            g_assert_true(cel_merkle_root(&source, size, &root, NULL));
            const CelMerkleHash wanted = naive_root(&leaves, 0, size);
            assert_same(&root, &wanted);
        }
    }
}

static void every_inclusion_proof_holds_for_its_leaf_and_for_no_other(void)
{
    Leaves leaves;
    fill(&leaves, CEL_MERKLE_SHA256);
    const CelMerkleSource source = {CEL_MERKLE_SHA256, fetch, &leaves};
    for (guint size = 1; size <= MOST; size++) {
        const CelMerkleHash root = naive_root(&leaves, 0, size);
        for (guint i = 0; i < size; i++) {
            CelMerkleProof proof;
            g_assert_true(cel_merkle_inclusion(&source, i, size, &proof, NULL));
            for (guint j = 0; j < size; j++)
                g_assert_cmpint(cel_merkle_check_inclusion(CEL_MERKLE_SHA256, &leaves.leaves[i], j,
                                                           size, &proof, &root),
                                ==, i == j);
            g_assert_cmpint(cel_merkle_check_inclusion(CEL_MERKLE_SHA256,
                                                       &leaves.leaves[(i + 1) % MOST], i, size,
                                                       &proof, &root),
                            ==, FALSE);
        }
    }
}

static void every_consistency_proof_holds_for_its_two_trees(void)
{
    Leaves leaves;
    fill(&leaves, CEL_MERKLE_SM3);
    const CelMerkleSource source = {CEL_MERKLE_SM3, fetch, &leaves};
    for (guint size = 1; size <= MOST; size++)
        for (guint old = 1; old <= size; old++) {
            CelMerkleProof proof;
            CelMerkleHead before = {old, naive_root(&leaves, 0, old)};
            const CelMerkleHead after = {size, naive_root(&leaves, 0, size)};
            g_assert_true(cel_merkle_consistency(&source, old, size, &proof, NULL));
            g_assert_true(cel_merkle_check_consistency(CEL_MERKLE_SM3, &before, &after, &proof));
            before.root.bytes[7] ^= 1;
            g_assert_false(cel_merkle_check_consistency(CEL_MERKLE_SM3, &before, &after, &proof));
        }
}

static void a_tree_with_an_event_taken_away_is_not_consistent(void)
{
    Leaves leaves, other;
    fill(&leaves, CEL_MERKLE_SHA256);
    fill(&other, CEL_MERKLE_SHA256);
    memmove(&other.leaves[3], &other.leaves[4], sizeof other.leaves[0] * (MOST - 4));
    const CelMerkleSource source = {CEL_MERKLE_SHA256, fetch, &other};
    const CelMerkleHead before = {10, naive_root(&leaves, 0, 10)};
    for (guint size = 10; size < MOST; size++) {
        CelMerkleProof proof;
        const CelMerkleHead after = {size, naive_root(&other, 0, size)};
        g_assert_true(cel_merkle_consistency(&source, 10, size, &proof, NULL));
        g_assert_false(cel_merkle_check_consistency(CEL_MERKLE_SHA256, &before, &after, &proof));
    }
}

/* One bit in any hash, a hash less, a hash more: none of them passes. */
static void a_changed_proof_does_not_hold(void)
{
    Leaves leaves;
    fill(&leaves, CEL_MERKLE_SHA256);
    const CelMerkleSource source = {CEL_MERKLE_SHA256, fetch, &leaves};
    const CelMerkleHash root = naive_root(&leaves, 0, 53);
    const CelMerkleHead before = {21, naive_root(&leaves, 0, 21)}, after = {53, root};
    CelMerkleProof in, con;
    g_assert_true(cel_merkle_inclusion(&source, 17, 53, &in, NULL));
    g_assert_true(cel_merkle_consistency(&source, 21, 53, &con, NULL));
    for (guint bit = 0; bit < in.n * 256; bit++) {
        CelMerkleProof bad = in;
        bad.hashes[bit / 256].bytes[bit % 256 / 8] ^= (guint8)(1u << bit % 8);
        g_assert_false(
            cel_merkle_check_inclusion(CEL_MERKLE_SHA256, &leaves.leaves[17], 17, 53, &bad, &root));
    }
    for (guint bit = 0; bit < con.n * 256; bit++) {
        CelMerkleProof bad = con;
        bad.hashes[bit / 256].bytes[bit % 256 / 8] ^= (guint8)(1u << bit % 8);
        g_assert_false(cel_merkle_check_consistency(CEL_MERKLE_SHA256, &before, &after, &bad));
    }
    CelMerkleProof shorter = in, longer = in;
    shorter.n--;
    longer.hashes[longer.n++] = root;
    g_assert_false(
        cel_merkle_check_inclusion(CEL_MERKLE_SHA256, &leaves.leaves[17], 17, 53, &shorter, &root));
    g_assert_false(
        cel_merkle_check_inclusion(CEL_MERKLE_SHA256, &leaves.leaves[17], 17, 53, &longer, &root));
}

static void positions_outside_the_tree_are_refused(void)
{
    Leaves leaves;
    fill(&leaves, CEL_MERKLE_SHA256);
    const CelMerkleSource source = {CEL_MERKLE_SHA256, fetch, &leaves};
    const struct {
        gboolean consistency;
        guint64 a, b;
    } wrong[] = {{FALSE, 5, 5}, {FALSE, 0, 0}, {FALSE, G_MAXUINT64, 5}, {TRUE, 0, 5}, {TRUE, 6, 5}};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        CelMerkleProof proof;
        g_autoptr(GError) error = NULL;
        if (wrong[i].consistency)
            g_assert_false(cel_merkle_consistency(&source, wrong[i].a, wrong[i].b, &proof, &error));
        else
            g_assert_false(cel_merkle_inclusion(&source, wrong[i].a, wrong[i].b, &proof, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    }
}

/* A hostile proof may name any size: checking it ends, and holds nothing. */
static void a_check_ends_for_any_size_and_any_length(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(6962);
    const CelMerkleHash leaf = {{1}}, root = {{2}};
    for (guint i = 0; i < 5000; i++) {
        CelMerkleProof proof = {.n = (guint)g_rand_int_range(random, 0, 70)};
        const guint64 size = (guint64)g_rand_int(random) << g_rand_int_range(random, 0, 33);
        const guint64 index = (guint64)g_rand_int(random) << g_rand_int_range(random, 0, 33);
        const CelMerkleHead old = {index, root}, now = {size, root};
        g_assert_false(
            cel_merkle_check_inclusion(CEL_MERKLE_SHA256, &leaf, index, size, &proof, &root));
        g_assert_false(cel_merkle_check_consistency(CEL_MERKLE_SHA256, &old, &now, &proof) &&
                       index != size);
    }
}

static void hexadecimal_digits_are_read_back_and_nothing_else_is(void)
{
    static const char *const wrong[] = {"", "00", "zz",
                                        "E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991"
                                        "b7852b855",
                                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991"
                                        "b7852b855 "};
    CelMerkleHash hash;
    g_assert_true(cel_merkle_from_hex(ct_roots[0], &hash));
    assert_hex(&hash, ct_roots[0]);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(cel_merkle_from_hex(wrong[i], &hash));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/merkle/vectors/roots", the_roots_are_those_of_certificate_transparency);
    g_test_add_func("/merkle/vectors/paths", the_paths_are_those_of_certificate_transparency);
    g_test_add_func("/merkle/vectors/consistency",
                    the_consistency_proofs_are_those_of_certificate_transparency);
    g_test_add_func("/merkle/vectors/sm3", the_tree_over_sm3_hashes_with_sm3);
    g_test_add_func("/merkle/naive/roots", roots_from_stored_subtrees_are_those_of_the_naive_tree);
    g_test_add_func("/merkle/naive/inclusion",
                    every_inclusion_proof_holds_for_its_leaf_and_for_no_other);
    g_test_add_func("/merkle/naive/consistency", every_consistency_proof_holds_for_its_two_trees);
    g_test_add_func("/merkle/attack/taken-away", a_tree_with_an_event_taken_away_is_not_consistent);
    g_test_add_func("/merkle/attack/changed-proof", a_changed_proof_does_not_hold);
    g_test_add_func("/merkle/bounds/positions", positions_outside_the_tree_are_refused);
    g_test_add_func("/merkle/bounds/hostile", a_check_ends_for_any_size_and_any_length);
    g_test_add_func("/merkle/hex", hexadecimal_digits_are_read_back_and_nothing_else_is);
    return g_test_run();
}
