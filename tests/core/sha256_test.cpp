#include "core/codes/sha256.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <vector>

#include "core/error.h"

namespace minima {
namespace {

// FIPS 180-2, appendix B, and the empty message.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPiecesEqualsThatOfTheWhole) {
  const std::vector<std::uint8_t> end = {'c'};
  Sha256 pieces;
  pieces.add("a").add("").add("b").add(std::span(end));
  EXPECT_EQ(pieces.hex(), sha256("abc"));
}

// A configuration of OpenSSL that offers no algorithms.
constexpr char kNoAlgorithms[] =
    "openssl_conf = init\n[init]\nproviders = list\n[list]\nnull = null_provider\n"
    "[null_provider]\nactivate = 1\n";

[[noreturn]] void hash_without_algorithms(const std::string& configuration) {
  ::setenv("OPENSSL_CONF", configuration.c_str(), 1);
  try {
    std::_Exit(sha256("abc").empty() ? 1 : 0);
  } catch (const Error& error) {
    std::_Exit(error.kind() == Error::Kind::work ? 3 : 2);
  }
}

TEST(Sha256DeathTest, IsAWorkErrorWithoutTheAlgorithm) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // OpenSSL reads its configuration once
  const std::string file = ::testing::TempDir() + "minima_no_algorithms.cnf";
  std::ofstream(file) << kNoAlgorithms;
  EXPECT_EXIT(hash_without_algorithms(file), ::testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace minima
