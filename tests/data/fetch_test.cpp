#include "data/fetch/fetch.h"

#include <algorithm>
#include <cstdlib>

#include "data/fetch/content_check.h"
#include "data/fetch/known.h"
#include "fetch_fixture.h"

namespace minima::data::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(Fetch, PutsTheFileInItsPlaceAndLeavesNothingElse) {
  const HttpServer server(honest_);
  const auto fetched = fetch_from({&server});
  ASSERT_THAT(fetched, SizeIs(1));
  EXPECT_EQ(fetched[0].path, file());
  EXPECT_EQ(fetched[0].url, server.url() + "/file.gz");
  EXPECT_EQ(read_file(file()), packed_);
  EXPECT_THAT(files(), ElementsAre("file.gz"));
  EXPECT_THAT(troubles_, IsEmpty());
}

TEST_F(Fetch, DoesNotFetchACorrectFileAgain) {
  const HttpServer server(honest_);
  fetch_from({&server});
  EXPECT_THAT(fetch_from({&server})[0].url, IsEmpty());
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST_F(Fetch, ReplacesAWrongFileOnlyByARightOne) {
  const HttpServer server(honest_);
  const HttpServer broken([](const HttpRequest&) { return HttpReply{.status = 500}; });
  write(file(), "wrong");
  failure({&broken});
  EXPECT_EQ(read_file(file()), "wrong");
  fetch_from({&server});
  EXPECT_EQ(read_file(file()), packed_);
}

TEST_F(Fetch, AcceptsAMirrorThatCompressedTheSameContentDifferently) {
  const std::string other = gzip(content_.substr(0, 1000)) + gzip(content_.substr(1000));
  ASSERT_NE(other, packed_);
  const HttpServer server([&](const HttpRequest& r) { return with_ranges(other, r); });
  fetch_from({&server});
  EXPECT_EQ(read_file(file()), other);
}

TEST_F(Fetch, TakesTheNextMirrorWhenOneFails) {
  const HttpServer broken(
      [](const HttpRequest&) { return HttpReply{.status = 500, .body = "no"}; });
  const HttpServer server(honest_);
  EXPECT_EQ(fetch_from({&broken, &server})[0].url, server.url() + "/file.gz");
  ASSERT_THAT(troubles_, SizeIs(1));
  EXPECT_EQ(troubles_[0], broken.url() + "/file.gz: HTTP status 500");
}

TEST_F(Fetch, NamesALyingMirrorAndRemovesWhatItSent) {
  const std::string lie = gzip(noise(199'999) + "x");
  const HttpServer liar([&](const HttpRequest& r) { return with_ranges(lie, r); });
  const std::string message = failure({&liar});
  EXPECT_THAT(message, HasSubstr(liar.url()));
  EXPECT_THAT(message, HasSubstr("SHA-256"));
  EXPECT_THAT(files(), IsEmpty());
  EXPECT_THAT(liar.requests(), SizeIs(1));

  const HttpServer server(honest_);
  fetch_from({&liar, &server});
  EXPECT_EQ(read_file(file()), packed_);
}

TEST_F(Fetch, SeesThroughEveryKindOfLie) {
  const std::vector<std::pair<std::string, std::string>> lies = {
      {"<html>try later</html>", "not gzip"},
      {content_, "not gzip"},
      {packed_.substr(0, packed_.size() - 9), "truncated or corrupt"},
      {gzip(content_ + "x"), "longer than 200,000 bytes"},
      {gzip(content_.substr(1)), "SHA-256"},
      {noise(400'000), "sends more than"},
      {"", "not gzip"},
  };
  for (const auto& [lie, reason] : lies) {
    const HttpServer liar([&, &lie = lie](const HttpRequest& r) { return with_ranges(lie, r); });
    EXPECT_THAT(failure({&liar}), HasSubstr(reason));
    EXPECT_FALSE(fs::exists(file()));
  }
}

TEST_F(Fetch, AStalledMirrorIsLeft) {
  const HttpServer stalled([&](const HttpRequest&) {
    return HttpReply{.body = packed_, .close_after = 0, .stall = true};
  });
  const HttpServer server(honest_);
  fetch_from({&stalled, &server});
  EXPECT_EQ(read_file(file()), packed_);
  ASSERT_THAT(troubles_, SizeIs(1));
  EXPECT_THAT(troubles_[0], HasSubstr("stalled"));
}

TEST_F(Fetch, TheLastErrorNamesEveryMirrorInOneLine) {
  const HttpServer broken([](const HttpRequest&) { return HttpReply{.status = 404}; });
  const HttpServer liar([](const HttpRequest&) { return HttpReply{.body = "no"}; });
  std::string gone;
  {
    const HttpServer server(honest_);
    gone = server.url();
  }
  set_.mirrors = {broken.url(), liar.url(), gone};
  try {
    fetch_set(set_, options_);
    FAIL();
  } catch (const Error& error) {
    const std::string line = error.what();
    EXPECT_EQ(error.kind(), Error::Kind::work);
    EXPECT_THAT(line, HasSubstr(broken.url() + "/file.gz: HTTP status 404"));
    EXPECT_THAT(line, HasSubstr(liar.url() + "/file.gz: the file is not gzip data"));
    EXPECT_THAT(line, HasSubstr(gone + "/file.gz: "));
    EXPECT_THAT(line, HasSubstr("tiny/file.gz"));
    EXPECT_THAT(line, Not(HasSubstr("\n")));
  }
}

TEST_F(Fetch, FollowsRedirections) {
  const HttpServer server(honest_);
  const HttpServer moved([&](const HttpRequest& r) {
    return HttpReply{.status = 302, .headers = "Location: " + server.url() + r.path + "\r\n"};
  });
  fetch_from({&moved});
  EXPECT_EQ(read_file(file()), packed_);
}

TEST_F(Fetch, MirrorsOfTheUserAreLaidOutLikeADataFolder) {
  const HttpServer server(honest_);
  options_.mirrors = {server.url() + "/"};
  fetch_set(set_, options_);
  EXPECT_EQ(server.requests().at(0).path, "/tiny/file.gz");
}

TEST_F(Fetch, TheEnvironmentNamesAMirror) {
  const HttpServer server([](const HttpRequest&) { return HttpReply{.status = 404}; });
  ::setenv("MINIMA_MIRROR", server.url().c_str(), 1);
  EXPECT_THROW(fetch("mnist", options_), Error);
  ::unsetenv("MINIMA_MIRROR");
  EXPECT_EQ(server.requests().at(0).path, "/mnist/train-images-idx3-ubyte.gz");
}

TEST_F(Fetch, AnUnknownNameAndABadMirrorAreBadInput) {
  const auto message = [&](const std::string& name) -> std::string {
    try {
      fetch(name, options_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), Error::Kind::input);
      return error.what();
    }
    ADD_FAILURE();
    return "";
  };
  EXPECT_THAT(message("fashion-mnits"), HasSubstr("did you mean \"fashion-mnist\"?"));
  options_.mirrors = {"ftp://example.org"};
  EXPECT_THAT(message("mnist"), HasSubstr("ftp://example.org"));
}

TEST_F(Fetch, ChecksTheFilesInsideAnArchive) {
  const std::string a = noise(1000);
  const std::string b = noise(2000);
  set_.files = {{"set.tar.gz", {{"a.bin", 1000, sha256(a)}, {"b.bin", 2000, sha256(b)}}}};
  const auto serve = [](const std::string& archive) {
    return [packed = gzip(archive)](const HttpRequest& r) { return with_ranges(packed, r); };
  };
  const HttpServer wrong(serve(tar({{"set/a.bin", a}, {"set/b.bin", a}})));
  const HttpServer missing(serve(tar({{"set/a.bin", a}})));
  const HttpServer right(serve(tar({{"set/readme", "x"}, {"set/b.bin", b}, {"set/a.bin", a}})));
  fetch_from({&wrong, &missing, &right});
  ASSERT_THAT(troubles_, SizeIs(2));
  EXPECT_THAT(troubles_[0], HasSubstr("b.bin has SHA-256"));
  EXPECT_THAT(troubles_[1], HasSubstr("b.bin is missing"));
  EXPECT_TRUE(fs::exists((folder_ / "tiny") / "set.tar.gz"));
}

// The table agrees with the published files, if they are available.
TEST(RemoteSets, HaveTheHashesOfThePublishedFiles) {
  const char* data = std::getenv("MINIMA_DATA");
  if (data == nullptr) GTEST_SKIP() << "MINIMA_DATA is not set";
  int checked = 0;
  for (const RemoteSet& set : remote_sets()) {
    for (const RemoteFile& file : set.files) {
      const fs::path path = fs::path(data) / set.name / file.name;
      if (!fs::exists(path)) continue;
      EXPECT_EQ(content_problem(path, file), std::nullopt) << path;
      ++checked;
    }
  }
  if (checked == 0) GTEST_SKIP() << "no published set in " << data;
}

TEST_F(Fetch, ChecksTheFileItselfWhereOnlyItsSumIsPublished) {
  set_.files = {
      {.name = "file.gz", .packed_bytes = packed_.size(), .packed_sha256 = sha256(packed_)}};
  const HttpServer server(honest_);
  fetch_from({&server});
  EXPECT_EQ(read_file(file()), packed_);
  EXPECT_THAT(fetch_from({&server})[0].url, IsEmpty()) << "it is there already";
  const std::string other = gzip(noise(199'999));
  const HttpServer liar([&](const HttpRequest& r) { return with_ranges(other, r); });
  fs::remove(file());
  EXPECT_THAT(failure({&liar}), HasSubstr("the file has SHA-256 " + sha256(other) + ", not"));
  EXPECT_THAT(files(), IsEmpty());
}

// QMNIST and KMNIST have names of files of their own; known.cpp has to find them again.
TEST_F(Fetch, ANamedSetAsksForItsFilesByTheirPublishedNames) {
  std::vector<std::string> asked;
  const HttpServer server([&](const HttpRequest& r) {
    asked.push_back(r.path);
    return with_ranges(packed_, r);
  });
  options_.mirrors = {server.url()};
  EXPECT_THROW((void)fetch("qmnist", options_), Error);
  EXPECT_THAT(asked, ::testing::Each("/qmnist/qmnist-train-images-idx3-ubyte.gz"));
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("the file has SHA-256")));
}

TEST_F(Fetch, PutsTheFilesOfAnArchiveInTheirPlaceAndRemovesIt) {
  const std::string archive = zip({{"in/a.gz", content_}, {"in/b.txt", "b"}, {"../c", "no"}});
  set_.files = {
      {.name = "file.zip", .packed_bytes = archive.size(), .packed_sha256 = sha256(archive)}};
  set_.unpacked = {"in/a.gz", "in/b.txt"};
  const HttpServer server([&](const HttpRequest& r) { return with_ranges(archive, r); });
  const auto fetched = fetch_from({&server});
  ASSERT_THAT(fetched, SizeIs(2));
  EXPECT_EQ(fetched[0].path, folder_ / "tiny/in/a.gz");
  EXPECT_EQ(fetched[0].url, server.url() + "/file.zip");
  EXPECT_EQ(read_file(folder_ / "tiny/in/a.gz"), content_);
  EXPECT_EQ(read_file(folder_ / "tiny/in/b.txt"), "b");
  EXPECT_THAT(files(), ElementsAre("in"));
  EXPECT_FALSE(fs::exists(folder_ / "c"));
  // Nothing is asked for again, until a file is gone.
  EXPECT_THAT(fetch_from({&server})[0].url, IsEmpty());
  EXPECT_THAT(server.requests(), SizeIs(1));
  fs::remove(folder_ / "tiny/in/b.txt");
  fetch_from({&server});
  EXPECT_THAT(server.requests(), SizeIs(2));
}

TEST_F(Fetch, AnArchiveThatLacksAFileIsRefused) {
  const std::string archive = zip({{"in/a.gz", content_}});
  set_.files = {
      {.name = "file.zip", .packed_bytes = archive.size(), .packed_sha256 = sha256(archive)}};
  set_.unpacked = {"in/a.gz", "in/b.txt"};
  const HttpServer server([&](const HttpRequest& r) { return with_ranges(archive, r); });
  try {
    fetch_from({&server});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("lacks the file in/b.txt"));
  }
}

TEST(RemoteSets, EveryFileHasASumAndEverySetAName) {
  for (const RemoteSet& set : remote_sets()) {
    EXPECT_TRUE(std::ranges::any_of(known_sets(), [&](const KnownSet& known) {
      return known.fetched_as() == set.name;
    })) << set.name;
    EXPECT_TRUE(set.unpacked.empty() || set.files.size() == 1) << set.name;
    for (const RemoteFile& remote : set.files) {
      EXPECT_NE(remote.contents.empty(), remote.packed_sha256.empty()) << remote.name;
      EXPECT_EQ(remote.packed_sha256.empty() ? 64u : remote.packed_sha256.size(), 64u);
    }
  }
}

}  // namespace
}  // namespace minima::data::testing
