#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>

#include "fetch_fixture.h"

namespace minima::data::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(Fetch, ContinuesADroppedDownloadWhereItEnded) {
  const HttpServer server([&](const HttpRequest& r) {
    HttpReply reply = with_ranges(packed_, r);
    reply.close_after = packed_.size() / 3;
    return reply;
  });
  fetch_from({&server});
  EXPECT_EQ(read_file(file()), packed_);
  ASSERT_GE(server.requests().size(), 3U);
  EXPECT_GT(server.requests()[1].range_start, 0U);
  EXPECT_GT(server.requests()[2].range_start, server.requests()[1].range_start);
}

TEST_F(Fetch, ContinuesInALaterCall) {
  std::atomic<bool> drop = true;
  const HttpServer server([&](const HttpRequest& r) {
    if (r.range_start > 0 && drop) return HttpReply{.status = 503};
    HttpReply reply = with_ranges(packed_, r);
    if (drop) reply.close_after = 50'000;
    return reply;
  });
  EXPECT_THAT(failure({&server}), HasSubstr("503"));
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_THAT(files(), SizeIs(1));
  drop = false;
  fetch_from({&server});
  EXPECT_EQ(read_file(file()), packed_);
  EXPECT_EQ(server.requests().back().range_start, 50'000U);
  EXPECT_THAT(files(), SizeIs(1));
}

TEST_F(Fetch, StartsAgainWhereAServerIgnoresRanges) {
  std::atomic<int> calls = 0;
  const HttpServer server([&](const HttpRequest&) {
    HttpReply reply{.body = packed_};
    if (calls++ == 0) reply.close_after = 50'000;
    return reply;
  });
  fetch_from({&server});
  EXPECT_EQ(read_file(file()), packed_);
  EXPECT_THAT(server.requests(), SizeIs(2));
}

TEST_F(Fetch, StartsAgainWhenThePartialFileWasOfAnotherFile) {
  const std::string before = gzip(noise(150'000));
  std::atomic<bool> drop = true;
  const HttpServer server([&](const HttpRequest& r) {
    if (r.range_start > 0 && drop) return HttpReply{.status = 503};
    HttpReply reply = with_ranges(drop ? before : packed_, r);
    if (drop) reply.close_after = 50'000;
    return reply;
  });
  failure({&server});
  drop = false;
  fetch_from({&server});
  EXPECT_EQ(read_file(file()), packed_);
  EXPECT_THAT(troubles_, SizeIs(1));
}

TEST_F(Fetch, CompletesAPartialFileThatIsWholeAlready) {
  // The server declares one byte too many: everything arrives, but the download fails.
  std::atomic<bool> drop = true;
  const HttpServer server([&](const HttpRequest& r) {
    if (r.range_start > 0 && drop) return HttpReply{.status = 503};
    if (r.range_start > 0) return with_ranges(packed_, r);
    return HttpReply{.body = packed_ + "x", .close_after = packed_.size()};
  });
  failure({&server});
  drop = false;
  fetch_from({&server});
  EXPECT_EQ(server.requests().back().range_start, packed_.size());
  EXPECT_EQ(read_file(file()), packed_);
}

TEST_F(Fetch, ALiarThatDropsConnectionsIsGivenUp) {
  const std::string lie = gzip(noise(199'999) + "x");
  const HttpServer liar([&](const HttpRequest& r) {
    HttpReply reply = with_ranges(lie, r);
    reply.close_after = lie.size() / 2 + 1;
    return reply;
  });
  EXPECT_THAT(failure({&liar}), HasSubstr("SHA-256"));
  EXPECT_LE(liar.requests().size(), 4U);
}

TEST_F(Fetch, TruncationWithoutProgressIsReported) {
  const HttpServer server(
      [&](const HttpRequest&) { return HttpReply{.body = packed_, .close_after = 50'000}; });
  EXPECT_THAT(failure({&server}), HasSubstr("closed early, after 50,000 bytes"));
  EXPECT_THAT(server.requests(), SizeIs(2));
}

TEST_F(Fetch, ReportsProgressUpToTheWholeAlsoWhenContinued) {
  std::atomic<bool> first = true;
  const HttpServer server([&](const HttpRequest& r) {
    HttpReply reply = with_ranges(packed_, r);
    if (first.exchange(false)) reply.close_after = 50'000;
    return reply;
  });
  std::vector<FetchProgress> seen;
  options_.on_progress = [&](const FetchProgress& progress) { seen.push_back(progress); };
  fetch_from({&server});
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().file, "tiny/file.gz");
  EXPECT_EQ(seen.back().done, packed_.size());
  for (const FetchProgress& progress : seen) EXPECT_EQ(progress.total, packed_.size());
}

TEST_F(Fetch, StopsOnRequestAndKeepsWhatArrived) {
  const HttpServer stalled([&](const HttpRequest&) {
    return HttpReply{.body = packed_, .close_after = 50'000, .stall = true};
  });
  std::stop_source source;
  options_.stop = source.get_token();
  options_.stall_seconds = 60;
  options_.on_progress = [&](const FetchProgress&) { source.request_stop(); };
  try {
    fetch_from({&stalled});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::interrupted);
  }
  EXPECT_FALSE(fs::exists(file()));
  ASSERT_THAT(files(), SizeIs(1));
  EXPECT_GT(fs::file_size((folder_ / "tiny") / files()[0]), 0U);
}

TEST_F(Fetch, ASecondFetchIntoTheSameFolderIsRefused) {
  fs::create_directories(folder_ / "tiny");
  const int lock = ::open((folder_ / "tiny").c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  const HttpServer server(honest_);
  EXPECT_THAT(failure({&server}), HasSubstr("another fetch"));
  ::close(lock);
  EXPECT_NO_THROW(fetch_from({&server}));
}

}  // namespace
}  // namespace minima::data::testing
