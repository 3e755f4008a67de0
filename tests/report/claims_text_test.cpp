// All texts of the claims, for review by a reader: approved/claims.txt.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

#include "analysis/claims/findings.h"
#include "approved.h"
#include "study/file/study_file.h"

namespace minima::report {
namespace {

using analysis::Claim;

std::vector<std::string> sentences_of(const Claim& claim) {
  const auto& s = claim.sentences;
  if (claim.is_description) return {s.described, s.missing};
  if (claim.combination != Combination::mean) {
    return {s.supported, s.contradicted, s.undecided, s.missing};
  }
  return {s.supported, s.contradicted, s.undecided, s.differs, s.missing};
}

std::string claim_text_of(const Claim& claim) {
  const auto& s = claim.sentences;
  std::string text = fmt::format("{} ({})\n  claim         {}\n  tested on     {}\n", claim.name,
                                 claim.source, claim.statement, claim.protocol);
  const auto add = [&](const char* verdict, const std::string& sentence) {
    if (!sentence.empty()) text += fmt::format("  {:13} {}\n", verdict, sentence);
  };
  add("supported", s.supported);
  add("contradicted", s.contradicted);
  add("undecided", s.undecided);
  add("differs", s.differs);
  add("described", s.described);
  add("not tested", s.missing);
  std::string study = claim.study;
  for (std::size_t at = 0; (at = study.find('\n', at)) != std::string::npos; at += 16) {
    study.replace(at, 1, "\n                ");
  }
  return text + "  study         " + study + "\n";
}

TEST(Claims, MatchTheApprovedTexts) {
  std::string text;
  for (const Claim& claim : analysis::claims()) text += claim_text_of(claim) + "\n";
  expect_approved(text, "claims");
}

TEST(Claims, HaveACompleteSentenceForEachVerdict) {
  for (const Claim& claim : analysis::claims()) {
    for (const std::string& sentence : sentences_of(claim)) {
      ASSERT_FALSE(sentence.empty()) << claim.name;
      EXPECT_TRUE(std::isupper(static_cast<unsigned char>(sentence.front()))) << sentence;
      EXPECT_EQ(sentence.back(), '.') << sentence;
      EXPECT_EQ(sentence.find("  "), std::string::npos) << sentence;
    }
    EXPECT_FALSE(claim.study.empty()) << claim.name;
  }
}

TEST(Claims, FitOneLineOfAScreenWhenDecided) {
  for (const Claim& claim : analysis::claims()) {
    for (const auto& sentence : {claim.sentences.supported, claim.sentences.contradicted}) {
      EXPECT_LE(sentence.size(), 70U) << sentence;
    }
  }
}

/// A claim's study, completed with the sections that it omits.
std::string whole_study(const Claim& claim) {
  std::string toml = claim.study.substr(claim.study.find('\n') + 1);
  const auto has = [&](const char* section) { return toml.find(section) != std::string::npos; };
  if (has("[study]")) {
    toml.replace(toml.find("[study]"), 7, "[study]\nname = \"claim\"");
  } else {
    toml = "[study]\nname = \"claim\"\n" + toml;
  }
  if (!has("[data]")) toml += "\n[data]\ndatasets = [\"glyphs\"]\n";
  if (!has("[[design]]")) toml += "\n[[design]]\nfamily = \"dnn\"\ndepth = [1]\nwidth = [8]\n";
  return toml;
}

TEST(Claims, NameStudiesThatCanBeRun) {
  for (const Claim& claim : analysis::claims()) {
    EXPECT_NO_THROW((void)study::parse_study(whole_study(claim), "claim.toml", {}))
        << claim.name << "\n"
        << whole_study(claim);
  }
}

}  // namespace
}  // namespace minima::report
