#include "run/setup/datasets.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "fakes.h"
#include "record/study.h"

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
  const record::DatasetRecord& record = pool.record("glyphs train=30");
  EXPECT_EQ(record.train_count, 30);
  EXPECT_EQ(record.test_count, 9);
  EXPECT_EQ(record.problem.classes, 3);
  EXPECT_DOUBLE_EQ(record.majority_share, 1.0 / 3.0);
  EXPECT_EQ(pool.origin("glyphs train=30"), "made by the test");
}

TEST(DatasetPool, LoadsAndPreparesWhatIsKeptOnlyOnce) {
  CountingLoader counting;
  const FakeBackend backend;
  DatasetPool pool(counting.loader());
  const std::string name = pool.add(data::parse_source("glyphs"));
  static_cast<void>(pool.add(data::parse_source("glyphs")));
  pool.expect_users(name, 2);
  const DatasetPool::Lease first = pool.take(name, backend);
  const DatasetPool::Lease second = pool.take(name, backend);
  EXPECT_EQ(&*first, &*second);
  EXPECT_EQ(counting.loads, 1);
}

TEST(DatasetPool, PreparesADatasetAgainForAnotherBackend) {
  CountingLoader counting;
  const FakeBackend backend;
  const FakeBackend other;
  DatasetPool pool(counting.loader());
  const std::string name = pool.add(data::parse_source("glyphs"));
  pool.expect_users(name, 2);
  const DatasetPool::Lease first = pool.take(name, backend);
  const DatasetPool::Lease second = pool.take(name, other);
  EXPECT_NE(&*first, &*second);
  EXPECT_EQ(&(*first).data(), &(*second).data());
}

TEST(DatasetPool, ReleasesADatasetAfterTheLastUser) {
  CountingLoader counting;
  const FakeBackend backend;
  DatasetPool pool(counting.loader());
  const std::string name = pool.add(data::parse_source("glyphs"));
  pool.expect_users(name, 2);
  static_cast<void>(pool.take(name, backend));
  EXPECT_EQ(counting.loads, 1);
  static_cast<void>(pool.take(name, backend));
  EXPECT_EQ(counting.loads, 1) << "one user was still expected";
  static_cast<void>(pool.take(name, backend));
  EXPECT_EQ(counting.loads, 2) << "it was kept without a user";
}

TEST(DatasetPool, EndsAUseThatThrows) {
  CountingLoader counting;
  const FakeBackend backend;
  DatasetPool pool(counting.loader());
  const std::string name = pool.add(data::parse_source("glyphs"));
  pool.expect_users(name, 1);
  EXPECT_THROW(
      {
        const DatasetPool::Lease lease = pool.take(name, backend);
        throw std::runtime_error("training failed");
      },
      std::runtime_error);
  static_cast<void>(pool.take(name, backend));
  EXPECT_EQ(counting.loads, 2);
}

TEST(DatasetPool, ReloadsDatasetsThatDidNotFit) {
  CountingLoader counting;
  DatasetPool pool(counting.loader(), /*keep_bytes=*/100);
  const std::string name = pool.add(data::parse_source("glyphs"));
  EXPECT_EQ((*pool.take(name, FakeBackend())).data().train.count(), 30U);
  EXPECT_EQ(counting.loads, 2);
}

TEST(DatasetPool, RefusesDataThatChangedDuringTheStudy) {
  CountingLoader counting;
  DatasetPool pool(counting.loader(), /*keep_bytes=*/0);
  const std::string name = pool.add(data::parse_source("glyphs"));
  counting.checksum = "other";
  EXPECT_THROW(static_cast<void>(pool.take(name, FakeBackend())), Error);
}

}  // namespace
}  // namespace minima::run
