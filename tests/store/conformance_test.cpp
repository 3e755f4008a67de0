// Requirements on every implementation of a store, tested through the interfaces and a factory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <map>
#include <ostream>
#include <random>
#include <thread>

#include "example_store.h"
#include "network/families/lower.h"
#include "record/analysis.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "study/settings/kept.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Implementation {
  std::string name;
  std::function<std::unique_ptr<Writer>(const fs::path&)> open_writer;
  std::function<std::unique_ptr<Reader>(const fs::path&)> open_reader;
};

void PrintTo(const Implementation& implementation, std::ostream* out) {
  *out << implementation.name;
}

class Store : public testing::TestWithParam<Implementation> {
 protected:
  std::unique_ptr<Writer> writer() const { return GetParam().open_writer(directory_); }
  std::unique_ptr<Reader> reader() const { return GetParam().open_reader(directory_); }
  std::unique_ptr<Writer> begun_writer() const {
    auto writer = GetParam().open_writer(directory_);
    writer->begin(example_study(), example_datasets(), plan_);
    return writer;
  }

  TemporaryFolder folder_;
  fs::path directory_ = folder_ / "store";
  std::vector<study::Run> plan_ = example_plan();
};

TEST_P(Store, HoldsThePlanBeforeTheFirstResult) {
  const auto open = begun_writer();
  const auto rows = reader()->runs();
  ASSERT_THAT(rows, SizeIs(plan_.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].id, plan_[i].id);
    EXPECT_EQ(rows[i].dataset, plan_[i].dataset);
    EXPECT_EQ(rows[i].family, network::Family::dnn);
    EXPECT_EQ(rows[i].architecture, plan_[i].architecture.text());
    EXPECT_EQ(rows[i].replicate, plan_[i].replicate);
    EXPECT_EQ(rows[i].parameters,
              network::graph_of(plan_[i].architecture, example_datasets()[0].problem).parameters());
    EXPECT_EQ(rows[i].result.status, record::RunStatus::planned);
  }
}

TEST_P(Store, GivesBackStudyAndDatasetsAsTheyWereStored) {
  begun_writer();
  const record::StudyRecord study = reader()->study();
  EXPECT_EQ(study.name, example_study().name);
  EXPECT_EQ(study.text, example_study().text);
  EXPECT_EQ(study.train, example_study().train);
  EXPECT_EQ(study.program_version, "0.1.0");
  EXPECT_EQ(study.keep_weights, study::KeepWeights::all);
  const auto datasets = reader()->datasets();
  ASSERT_THAT(datasets, SizeIs(2));
  EXPECT_EQ(datasets[0].name, "mnist");
  EXPECT_EQ(datasets[0].problem, example_datasets()[0].problem);
  EXPECT_EQ(datasets[0].class_names, example_datasets()[0].class_names);
  EXPECT_EQ(datasets[1].checksum, example_datasets()[1].checksum);
  EXPECT_EQ(datasets[1].train_count, 60);
  EXPECT_EQ(datasets[1].majority_share, 0.4);
  EXPECT_EQ(datasets[0].notes, example_datasets()[0].notes);
  EXPECT_EQ(datasets[1].notes, example_datasets()[1].notes);
}

TEST_P(Store, GivesBackEveryFigureOfARecordedRun) {
  const record::RunResult expected = example_result(plan_[4]);
  record(*begun_writer(), plan_[4]);
  const record::RunResult result = reader()->runs()[4].result;
  EXPECT_EQ(result.status, record::RunStatus::finished);
  EXPECT_EQ(result.epochs, expected.epochs);
  EXPECT_EQ(result.train_loss, expected.train_loss);
  EXPECT_EQ(result.train_accuracy, expected.train_accuracy);
  EXPECT_EQ(result.test_loss, expected.test_loss);
  EXPECT_EQ(result.test_accuracy, expected.test_accuracy);
  EXPECT_EQ(result.diverged_step, std::nullopt);
  EXPECT_EQ(result.seconds, expected.seconds);
  const auto history = reader()->history(plan_[4].id);
  ASSERT_THAT(history, SizeIs(3));
  EXPECT_EQ(history[2].epoch, 3);
  EXPECT_EQ(history[2].learning_rate, 0.001);
  EXPECT_EQ(history[2].train_loss, expected.history[2].train_loss);
  EXPECT_EQ(history[2].test_accuracy, 0.75);
  EXPECT_EQ(history[2].predicted_classes, 3);
  EXPECT_EQ(history[2].top_class_share, 0.4);
  ASSERT_THAT(history[2].layers, SizeIs(2));
  EXPECT_EQ(history[2].layers[0].gradient_norm, expected.history[2].layers[0].gradient_norm);
  EXPECT_EQ(history[2].layers[0].dead_units, 1);
  EXPECT_EQ(history[2].layers[1].units, 3);
  EXPECT_TRUE(has_example_weights(*reader(), plan_[4]));
}

TEST_P(Store, ReadsTheHistoriesOfAllRunsAsThoseOfEach) {
  const auto open = begun_writer();
  for (const std::size_t run : {4U, 0U, 7U}) record(*open, plan_[run]);
  std::map<std::string, std::vector<record::EpochRecord>> histories;
  reader()->histories([&](const std::string& run_id, record::EpochRecord&& epoch) {
    histories[run_id].push_back(std::move(epoch));
  });
  EXPECT_THAT(histories, SizeIs(3));
  for (const auto& [run_id, history] : histories) {
    const auto expected = reader()->history(run_id);
    ASSERT_THAT(history, SizeIs(expected.size()));
    for (std::size_t i = 0; i < history.size(); ++i) {
      EXPECT_EQ(history[i].epoch, expected[i].epoch);
      EXPECT_EQ(history[i].test_loss, expected[i].test_loss);
      ASSERT_THAT(history[i].layers, SizeIs(expected[i].layers.size()));
      EXPECT_EQ(history[i].layers[1].gradient_norm, expected[i].layers[1].gradient_norm);
    }
  }
}

TEST_P(Store, GivesBackTheLastStepOfADivergedRun) {
  record::RunResult result = example_result(plan_[0], 1);
  result.status = record::RunStatus::diverged;
  result.diverged_step = 17;
  result.last_step = record::LastStep{.layer = 2, .gradient_norm = 1e9, .loss = 80.5};
  const auto open = begun_writer();
  open->record(plan_[0], result, {});
  result.last_step->gradient_norm = std::numeric_limits<double>::infinity();
  open->record(plan_[1], result, {});
  const std::vector<record::RunRow> rows = reader()->runs();
  ASSERT_TRUE(rows[0].result.last_step && rows[1].result.last_step);
  EXPECT_EQ(rows[0].result.last_step->layer, 2);
  EXPECT_EQ(rows[0].result.last_step->gradient_norm, 1e9);
  EXPECT_EQ(rows[0].result.last_step->loss, 80.5);
  EXPECT_TRUE(std::isinf(rows[1].result.last_step->gradient_norm));
}

record::AnalysisRecord example_analysis(const study::Run& labelled) {
  return {.name = "convergence",
          .settings = "bands=paper",
          .program_version = "0.1.0",
          .runs = 3,
          .tables = {{"regimes",
                      {{"dataset", "parameters", "share"},
                       {{"mnist", std::int64_t{43}, 0.5},
                        {"mnist", std::int64_t{85}, record::Cell()}}}}},
          .labels = {{labelled.id, "high", std::nullopt, "dead layer 1 from epoch 2"}}};
}

std::vector<std::vector<record::Cell>> rows_of(const Reader& reader, const std::string& table) {
  std::vector<std::vector<record::Cell>> rows;
  reader.table(
      table, [](const auto&) {}, [&](const auto& row) { rows.push_back(row); });
  return rows;
}

TEST_P(Store, KeepsTheTablesAndLabelsOfAnAnalysis) {
  begun_writer()->keep(example_analysis(plan_[2]));
  const auto open = reader();
  EXPECT_THAT(open->table_names(), Contains("regimes"));
  EXPECT_THAT(
      rows_of(*open, "regimes"),
      ElementsAre(
          ElementsAre(record::Cell("mnist"), record::Cell(std::int64_t{43}), record::Cell(0.5)),
          ElementsAre(record::Cell("mnist"), record::Cell(std::int64_t{85}), record::Cell())));
  const auto runs = rows_of(*open, "runs");
  EXPECT_EQ(runs[2][12], record::Cell("high"));
  EXPECT_EQ(runs[2][13], record::Cell());
  EXPECT_EQ(runs[2][14], record::Cell("dead layer 1 from epoch 2"));
  EXPECT_EQ(runs[1][12], record::Cell());
}

TEST_P(Store, ReplacesAnAnalysisWhole) {
  const auto open = begun_writer();
  open->keep(example_analysis(plan_[2]));
  record::AnalysisRecord again = example_analysis(plan_[0]);
  again.tables[0].name = "other_regimes";
  open->keep(again);
  EXPECT_THAT(reader()->table_names(), Not(Contains("regimes")));
  EXPECT_EQ(rows_of(*reader(), "runs")[2][12], record::Cell());
  EXPECT_EQ(rows_of(*reader(), "analyses").size(), 1U);
}

TEST_P(Store, AnAnalysisThatFailsLeavesTheEarlierOne) {
  const auto open = begun_writer();
  open->keep(example_analysis(plan_[2]));
  record::AnalysisRecord bad = example_analysis(plan_[0]);
  bad.tables.push_back({"runs", {{"a"}, {}}});  // the name of a view
  EXPECT_ANY_THROW(open->keep(bad));
  EXPECT_THAT(rows_of(*reader(), "regimes"), SizeIs(2));
  EXPECT_EQ(rows_of(*reader(), "runs")[2][12], record::Cell("high"));
}

TEST_P(Store, ReadsWeightsBackBeforeAndAfterSealing) {
  const auto open = begun_writer();
  record(*open, plan_[0]);
  record(*open, plan_[7]);
  EXPECT_TRUE(has_example_weights(*reader(), plan_[0]));
  EXPECT_THAT(reader()->weights(plan_[1].id), IsEmpty());
  open->seal();
  EXPECT_TRUE(has_example_weights(*reader(), plan_[0]));
  EXPECT_TRUE(has_example_weights(*reader(), plan_[7]));
  EXPECT_THAT(reader()->weights(plan_[1].id), IsEmpty());
}

TEST_P(Store, RecordsADivergedRunWithNaNAsNull) {
  record::RunResult result = example_result(plan_[0], 1);
  result.status = record::RunStatus::diverged;
  result.train_loss = std::numeric_limits<double>::quiet_NaN();
  result.test_loss = std::numeric_limits<double>::infinity();
  result.diverged_step = 17;
  begun_writer()->record(plan_[0], result, {});
  const record::RunRow row = reader()->runs()[0];
  EXPECT_EQ(row.result.status, record::RunStatus::diverged);
  EXPECT_EQ(row.result.diverged_step, 17);
  EXPECT_TRUE(std::isnan(row.result.train_loss));
  EXPECT_TRUE(std::isnan(row.result.test_loss));
  EXPECT_THAT(lines_of(*reader(), "runs")[1], HasSubstr("|diverged|1|NULL|"));
  EXPECT_THAT(lines_of(*reader(), "divergences"),
              ElementsAre("run_id|step|last_layer|last_gradient|last_loss",
                          plan_[0].id + "|17|NULL|NULL|NULL"));
}

TEST_P(Store, ShowsRunsAndEpochsInTheColumnsOfTheContract) {
  begun_writer();
  EXPECT_EQ(lines_of(*reader(), "runs")[0],
            "run_id|dataset|family|architecture|parameters|replicate|status|epochs|train_loss|"
            "train_accuracy|test_loss|test_accuracy|accuracy_group|regime|diagnosis");
  EXPECT_EQ(lines_of(*reader(), "runs")[1],
            plan_[0].id + "|mnist|dnn|dnn 2|19|0|planned|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL");
  EXPECT_EQ(lines_of(*reader(), "epochs")[0],
            "run_id|epoch|train_loss|train_accuracy|test_loss|test_accuracy");
}

TEST_P(Store, ChangesNothingWhenARunIsRecordedAgain) {
  const auto open = begun_writer();
  record(*open, plan_[0]);
  const auto before = lines_of(*reader(), "runs");
  record::RunResult other = example_result(plan_[0], 2);
  other.test_accuracy = 0.123;
  open->record(plan_[0], other, {});
  EXPECT_EQ(lines_of(*reader(), "runs"), before);
  EXPECT_THAT(open->recorded(), ElementsAre(plan_[0].id));
}

TEST_P(Store, LooksTheSameWhateverTheOrderAndTheInterruptions) {
  const auto views = [this] {
    std::vector<std::string> lines;
    for (const std::string view : {"runs", "epochs", "layers", "weights"}) {
      for (const auto& line : lines_of(*reader(), view)) lines.push_back(line);
    }
    return lines;
  };
  {
    const auto open = begun_writer();
    for (const study::Run& run : plan_) record(*open, run);
  }
  const auto straight = views();
  fs::remove_all(directory_);
  auto shuffled = plan_;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(7));
  for (std::size_t i = 0; i < shuffled.size(); i += 4) {
    const auto open = begun_writer();
    for (std::size_t j = i; j < std::min(i + 4, shuffled.size()); ++j) record(*open, shuffled[j]);
  }
  EXPECT_EQ(views().size(), straight.size());
  const auto without_places = [](std::vector<std::string> lines) {
    for (std::string& line : lines) {
      const auto file = line.find("|weights-");
      if (file != std::string::npos) line.resize(file);
    }
    return lines;
  };
  EXPECT_EQ(without_places(views()), without_places(straight));
}

TEST_P(Store, ListsWhatIsRecordedInTheOrderOfThePlan) {
  {
    const auto open = begun_writer();
    EXPECT_THAT(open->recorded(), IsEmpty());
    record(*open, plan_[5]);
    record(*open, plan_[2]);
  }
  EXPECT_THAT(writer()->recorded(), ElementsAre(plan_[2].id, plan_[5].id));
}

TEST_P(Store, FollowsANewPlanAndKeepsTheRunsOfTheOldOne) {
  {
    const auto open = begun_writer();
    record(*open, plan_[1]);
  }
  const auto extended = example_plan(2, 4);  // fewer architectures, more replicates
  writer()->begin(example_study(), example_datasets(), extended);
  const auto rows = reader()->runs();
  std::vector<std::string> expected;
  for (const auto& run : extended) expected.push_back(run.id);
  for (const auto& run : plan_) {
    if (std::find(expected.begin(), expected.begin() + 16, run.id) == expected.begin() + 16) {
      expected.push_back(run.id);
    }
  }
  std::vector<std::string> ids;
  for (const record::RunRow& row : rows) ids.push_back(row.id);
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(rows[1].result.status, record::RunStatus::finished);
}

TEST_P(Store, RefusesOtherTrainingSettings) {
  begun_writer();
  record::StudyRecord other = example_study();
  other.train = "epochs=4 seed=1";
  const auto open = writer();
  const Error error = error_of([&] { open->begin(other, example_datasets(), plan_); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr("holds runs trained with \"epochs=3 seed=1\""));
  EXPECT_THAT(error.what(),
              HasSubstr("so all " + std::to_string(plan_.size()) + " runs would be trained again"));
  EXPECT_THAT(error.what(), HasSubstr("use another --store"));
  EXPECT_EQ(reader()->study().train, "epochs=3 seed=1");
}

TEST_P(Store, RefusesADatasetThatHasChanged) {
  begun_writer();
  auto changed = example_datasets();
  changed[1].checksum = "cccccccccccccccccccc";
  const auto open = writer();
  const Error error = error_of([&] { open->begin(example_study(), changed, plan_); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr("glyphs difficulty=0.7 has changed"));
}

TEST_P(Store, TakesAnEditedStudyFile) {
  begun_writer();
  record::StudyRecord edited = example_study(study::KeepWeights::none);
  edited.text += "# a comment\n";
  edited.name = "renamed";
  writer()->begin(edited, example_datasets(), plan_);
  EXPECT_EQ(reader()->study().text, edited.text);
  EXPECT_EQ(reader()->study().name, "renamed");
  EXPECT_EQ(reader()->study().keep_weights, study::KeepWeights::none);
}

TEST_P(Store, NamesTheNearestTableForAnUnknownOne) {
  begun_writer();
  const Error error = error_of([&] { lines_of(*reader(), "epoch"); });
  EXPECT_EQ(error.kind(), Error::Kind::input);
  EXPECT_THAT(error.what(), HasSubstr("has no table \"epoch\""));
  EXPECT_THAT(error.what(), HasSubstr("did you mean \"epochs\"?"));
}

TEST_P(Store, ReadsEveryTableItNames) {
  const auto open = begun_writer();
  record(*open, plan_[0]);
  const auto names = reader()->table_names();
  EXPECT_THAT(names, testing::IsSupersetOf({"runs", "epochs", "layers", "timings", "weights"}));
  for (const std::string& name : names) EXPECT_FALSE(lines_of(*reader(), name).empty()) << name;
}

TEST_P(Store, ShowsWholeRunsOnlyToAReaderBesideTwoWritingThreads) {
  plan_ = example_plan(10, 20);
  const auto open = begun_writer();
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < plan_.size(); i = next++) record(*open, plan_[i]);
  };
  std::thread first(work);
  std::thread second(work);
  std::size_t seen = 0;
  for (int round = 0; seen < plan_.size() && round < 10'000; ++round) {
    const auto beside = reader();
    const auto rows = beside->runs();
    std::size_t finished = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].result.status != record::RunStatus::finished) continue;
      ++finished;
      if (i % 40 == static_cast<std::size_t>(round) % 40) {
        EXPECT_THAT(beside->history(rows[i].id), SizeIs(3));
        EXPECT_TRUE(has_example_weights(*beside, plan_[i]));
      }
    }
    EXPECT_GE(finished, seen);  // runs that were seen never disappear
    seen = finished;
  }
  first.join();
  second.join();
  EXPECT_EQ(seen, plan_.size());
}

INSTANTIATE_TEST_SUITE_P(Sqlite, Store,
                         testing::Values(Implementation{
                             "sqlite",
                             [](const fs::path& directory) { return open_writer(directory); },
                             [](const fs::path& directory) { return open_reader(directory); }}),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace minima::store
