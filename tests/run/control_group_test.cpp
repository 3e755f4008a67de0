#include "run/setup/control_group.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace minima::run {
namespace {

/// A folder in the place of the root folder.
class FakeRoot {
 public:
  explicit FakeRoot(const std::string& groups) { write("proc/self/cgroup", groups); }

  FakeRoot& write(const std::string& file, const std::string& content) {
    const std::filesystem::path path = folder_.path() / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << content;
    return *this;
  }
  [[nodiscard]] std::uint64_t memory() const { return control_group_memory(folder_.path()); }

 private:
  TemporaryFolder folder_;
};

TEST(ControlGroup, HasTheSmallestLimitOfItsAncestors) {
  FakeRoot root("0::/batch.slice/job7.scope/step\n");
  EXPECT_EQ(root.memory(), 0U);
  root.write("sys/fs/cgroup/batch.slice/memory.max", "8000\n");
  EXPECT_EQ(root.memory(), 8000U);
  root.write("sys/fs/cgroup/batch.slice/job7.scope/memory.max", "5000\n");
  root.write("sys/fs/cgroup/batch.slice/job7.scope/step/memory.max", "max\n");
  EXPECT_EQ(root.memory(), 5000U);
  root.write("sys/fs/cgroup/batch.slice/job7.scope/step/memory.max", "3000\n");
  EXPECT_EQ(root.memory(), 3000U);
  root.write("sys/fs/cgroup/memory.max", "2000\n");
  EXPECT_EQ(root.memory(), 2000U);
  root.write("sys/fs/cgroup/other.slice/memory.max", "10\n");
  EXPECT_EQ(root.memory(), 2000U);
}

TEST(ControlGroup, OfAContainerIsTheRootOfItsMount) {
  FakeRoot root("0::/docker/0123abc\n");
  root.write("sys/fs/cgroup/memory.max", "4000\n");
  EXPECT_EQ(root.memory(), 4000U);
}

TEST(ControlGroup, OfVersion1HasAHierarchyForMemory) {
  FakeRoot root("9:name=systemd:/user\n5:cpu,cpuacct:/small\n4:hugetlb,memory:/jobs/7\n0::/\n");
  root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  root.write("sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", "6000\n");
  root.write("sys/fs/cgroup/memory/jobs/7/memory.limit_in_bytes", "7000\n");
  root.write("sys/fs/cgroup/memory/small/memory.limit_in_bytes", "10\n");
  EXPECT_EQ(root.memory(), 6000U);
}

TEST(ControlGroup, WithoutGroupsHasNoLimit) {
  EXPECT_EQ(FakeRoot("").memory(), 0U);
  EXPECT_EQ(FakeRoot("no colon\n1:memory\n").memory(), 0U);
}

}  // namespace
}  // namespace minima::run
