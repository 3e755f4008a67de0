#include "report/page/page.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "record/run_result.h"
#include "report/page/assets.h"
#include "report/page/html.h"
#include "report/screens/summary_text.h"
#include "small_store.h"

namespace minima::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string page_of(const SmallStore& store) {
  return page_html({store.answer, store.headline, store.population, store.convergence,
                    store.compression, store.findings, "0.1.0", nullptr, nullptr, &store.outcomes});
}

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Html, EscapesWhatHasAMeaning) {
  EXPECT_EQ(escaped("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}

TEST(Html, JsonInAScriptHasNoTags) {
  EXPECT_EQ(json_in_script(Json{{"a", "</script><!--"}}), "{\"a\":\"\\u003c/script>\\u003c!--\"}");
}

TEST(Html, CodeInAScriptDoesNotEndIt) {
  EXPECT_EQ(code_in_script("x = '</script>' + '<!--'"), "x = '<\\/script>' + '<\\!--'");
}

// echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
TEST(Html, PolicyNamesAScriptByItsHash) {
  EXPECT_EQ(policy_hash("alert(1)"), "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
}

TEST(Page, PermitsItsOwnScriptsOnly) {
  const std::string page = page_of(small_store());
  const std::string head = page.substr(0, page.find("<title>"));
  EXPECT_THAT(head, HasSubstr("default-src 'none'"));
  EXPECT_THAT(head, Not(HasSubstr("unsafe-eval")));
  EXPECT_THAT(head, Not(HasSubstr("script-src 'unsafe-inline'")));
  const std::size_t scripts = page_assets().can_draw() ? 6 : 3;
  EXPECT_EQ(count_of(head, "'sha256-"), scripts);
  EXPECT_EQ(count_of(page, "\n<script>"), scripts);
}

TEST(Page, EscapesNamesFromUsers) {
  const std::string page = page_of(small_store(kHostile));
  EXPECT_EQ(page.find("<img src=x"), std::string::npos);
  EXPECT_NE(page.find("&lt;/script&gt;&lt;img src=x"), std::string::npos);
  EXPECT_GE(count_of(page, "<script type=\"application/json\""), count_of(page, " data-figure "));
}

TEST(Page, EveryFigureContainsItsDataAsJson) {
  const std::string page = page_of(small_store(kHostile));
  const std::string begin = "<script type=\"application/json\"";
  std::size_t figures = 0;
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at + 1)) {
    const std::size_t first = page.find(">{", at) + 1;
    const Json content = Json::parse(page.substr(first, page.find("</script>", at) - first));
    EXPECT_TRUE(content.contains("spec") && content.contains("tables"));
    ++figures;
  }
  EXPECT_GE(figures, 13U);
}

TEST(Page, ReportsTheProgressOfAnUnfinishedStudy) {
  EXPECT_THAT(page_of(small_store()), Not(HasSubstr("Unfinished")));
  SmallStore store = small_store();
  store.population.runs.back().result.status = record::RunStatus::planned;
  EXPECT_THAT(page_of(store), HasSubstr("Unfinished: 11 of 12 runs so far"));
}

TEST(Page, IsUnfinishedIfASessionHasNotEnded) {
  SmallStore store = small_store();
  store.population.sessions.push_back({.id = "a", .started = "2026-01-01T00:00:00Z"});
  EXPECT_THAT(page_of(store), HasSubstr("Unfinished: 12 of 12 runs so far, but the compression"));
  store.population.sessions.back().ended = "2026-01-01T01:00:00Z";
  store.population.sessions.back().compression_left = 7;
  EXPECT_THAT(page_of(store), HasSubstr("Unfinished"));
  store.population.sessions.back().compression_left = 0;
  EXPECT_THAT(page_of(store), Not(HasSubstr("Unfinished")));
}

TEST(Page, NamesTheMachineOfEverySession) {
  SmallStore store = small_store();
  store.population.sessions.push_back({.id = "a",
                                       .started = "2026-01-01T00:00:00Z",
                                       .ended = "2026-01-01T01:00:00Z",
                                       .jobs = 4,
                                       .processor = "Processor <X>",
                                       .cores = 8,
                                       .memory_bytes = 16'000'000'000,
                                       .system = "Debian 12",
                                       .cpu_seconds = 125.0});
  const std::string page = page_of(store);
  for (const char* fact : {"2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "4 jobs on 8 cores",
                           "Processor &lt;X&gt;", "16 GB", "Debian 12", "2 min 5 s"}) {
    EXPECT_THAT(page, HasSubstr(fact));
  }
}

TEST(Page, HasOnePlaceForTheFiguresOfAKind) {
  const std::string page = page_of(store_of(two_datasets("digits train=600")));
  EXPECT_EQ(count_of(page, "id=\"figure-curves\""), 1U);
  EXPECT_THAT(page, HasSubstr("data-dataset=\"letters\" data-family=\"cnn\">{"));
}

TEST(Page, SelectsAmongSeveralValuesOnly) {
  const std::string two = page_of(store_of(two_datasets("digits train=600")));
  EXPECT_THAT(two, HasSubstr("name=\"dataset\" value=\"letters\""));
  EXPECT_THAT(two, HasSubstr("name=\"family\" value=\"cnn\""));
  EXPECT_THAT(page_of(small_store()), Not(HasSubstr("class=\"selectors\"")));
}

TEST(Page, ListsTheAnswersOfSeveralDatasets) {
  const std::string page = page_of(store_of(two_datasets("digits train=600")));
  EXPECT_THAT(page, HasSubstr("href=\"#answer&amp;dataset=digits%20train%3D600\""));
  EXPECT_THAT(page_of(small_store()), Not(HasSubstr("class=\"overview\"")));
}

TEST(Page, BeginsWithTheAnswerOfTheScreen) {
  const SmallStore store = small_store();
  const std::string page = page_of(store);
  const auto& smallest = *store.headline.datasets.at(0).smallest;
  EXPECT_LT(page.find(escaped(with_interval(smallest.accuracy))), page.find("id=\"size\""));
  EXPECT_LT(page.find("figure-overview"), page.find("id=\"size\""));
}

TEST(Page, OpensEachSectionWithASentence) {
  const std::string page = page_of(small_store());
  for (const char* id : {"size", "training", "network", "pruning", "quantization", "trade-offs",
                         "layers", "papers"}) {
    const std::size_t section = page.find(fmt::format("<section id=\"{}\">", id));
    ASSERT_NE(section, std::string::npos) << id;
    const std::size_t sentence = page.find("<p class=\"found\">", section);
    EXPECT_LT(sentence - section, 250U) << id;
  }
}

TEST(Page, MapsThePapers) {
  const std::string page = page_of(small_store());
  const std::string map = page.substr(page.find("L, table 1"));
  for (int figure = 1; figure <= 13; ++figure) {
    EXPECT_THAT(map, HasSubstr(fmt::format("L, figure {}<", figure)));
  }
  EXPECT_THAT(map, HasSubstr("<a href=\"#figure-pruning\">"));
  EXPECT_THAT(map, HasSubstr("not in this study: needs finished runs of this family"));
  EXPECT_EQ(count_of(map, ", claim</td>"), small_store().findings.findings.size());
}

TEST(Page, FoldsSeveralNotesAboutData) {
  SmallStore store = small_store();
  store.headline.datasets[0].notes = {"one <note>"};
  EXPECT_THAT(page_of(store), HasSubstr("About these data: <bdi>one &lt;note&gt;</bdi>"));
  store.headline.datasets[0].notes = {"one", "two"};
  EXPECT_THAT(page_of(store), HasSubstr("<summary>About these data: 2 notes</summary>"));
}

TEST(Page, LinksOfTheContentsHaveTargets) {
  const std::string page = page_of(small_store());
  const std::regex link("href=\"#([^\"&]*)");
  const std::string contents = page.substr(0, page.find("<footer>"));
  int links = 0;
  for (std::sregex_iterator at(contents.begin(), contents.end(), link), end; at != end; ++at) {
    const std::string target = (*at)[1].str();
    EXPECT_NE(page.find("id=\"" + target + "\""), std::string::npos) << target;
    ++links;
  }
  EXPECT_GE(links, 3);
}

}  // namespace
}  // namespace minima::report
