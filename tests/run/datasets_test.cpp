#include "run/setup/datasets.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "fakes.h"

namespace minima::run {
namespace {

struct CountingLoader {
  int loads = 0;
  std::string checksum = "as first read";
  Loader loader() {
    return [this](const data::Source& source) {
      ++loads;
      data::Dataset dataset = tiny_dataset(source.text(), 30, 9, 3);
      dataset.checksum = checksum;
      return dataset;
    };
  }
};

TEST(DatasetPool, DescribesADatasetUnderItsCanonicalName) {
  CountingLoader counting;
  DatasetPool pool(counting.loader());
  EXPECT_EQ(pool.add(data::parse_source("glyphs train=30")), "glyphs train=30");
  const store::DatasetRecord& record = pool.record("glyphs train=30");
  EXPECT_EQ(record.train_count, 30);
  EXPECT_EQ(record.test_count, 9);
  EXPECT_EQ(record.problem.classes, 3);
  EXPECT_DOUBLE_EQ(record.majority_share, 1.0 / 3.0);
  EXPECT_EQ(pool.origin("glyphs train=30"), "made by the test");
}

TEST(DatasetPool, LoadsWhatIsKeptOnlyOnce) {
  CountingLoader counting;
  DatasetPool pool(counting.loader());
  const std::string name = pool.add(data::parse_source("glyphs"));
  static_cast<void>(pool.add(data::parse_source("glyphs")));
  pool.expect_users(name, 2);
  EXPECT_EQ(pool.take(name), pool.take(name));
  EXPECT_EQ(counting.loads, 1);
}

TEST(DatasetPool, ReleasesADatasetAfterTheLastUser) {
  CountingLoader counting;
  DatasetPool pool(counting.loader());
  const std::string name = pool.add(data::parse_source("glyphs"));
  pool.expect_users(name, 2);
  std::weak_ptr<const data::Dataset> watched = pool.take(name);
  pool.release(name);
  EXPECT_FALSE(watched.expired());
  pool.release(name);
  EXPECT_TRUE(watched.expired());
}

TEST(DatasetPool, ReloadsDatasetsThatDidNotFit) {
  CountingLoader counting;
  DatasetPool pool(counting.loader(), /*keep_bytes=*/100);
  const std::string name = pool.add(data::parse_source("glyphs"));
  EXPECT_EQ(pool.take(name)->train.count(), 30U);
  EXPECT_EQ(counting.loads, 2);
}

TEST(DatasetPool, RefusesDataThatChangedDuringTheStudy) {
  CountingLoader counting;
  DatasetPool pool(counting.loader(), /*keep_bytes=*/0);
  const std::string name = pool.add(data::parse_source("glyphs"));
  counting.checksum = "other";
  EXPECT_THROW(static_cast<void>(pool.take(name)), Error);
}

}  // namespace
}  // namespace minima::run
