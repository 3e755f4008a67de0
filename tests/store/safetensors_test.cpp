#include "store/files/safetensors.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <random>

#include "damage.h"
#include "example_store.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// Writes the length, the given header and this number of bytes of values.
fs::path write_raw(const fs::path& path, const std::string& header, std::size_t values) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  std::ofstream(path, std::ios::binary) << bytes << header << std::string(values, '\1');
  return path;
}

SafetensorsHeader header_of(const fs::path& path) {
  return read_safetensors_header(PosixFile(path, O_RDONLY));
}

/// Writes a file of F32 tensors.
void write_tensors(const fs::path& path, const std::vector<NamedTensor>& tensors,
                   const Metadata& metadata) {
  std::vector<network::TensorSpec> specs;
  for (const NamedTensor& tensor : tensors) specs.push_back(tensor.spec);
  std::ofstream file(path, std::ios::binary);
  file << safetensors_header(specs, metadata);
  for (const NamedTensor& tensor : tensors) {
    const auto bytes = std::as_bytes(tensor.values);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
}

/// The values of an F32 tensor.
std::vector<float> values_of(const PosixFile& file, const SafetensorsHeader& header,
                             const TensorEntry& tensor) {
  std::vector<float> values((tensor.end - tensor.begin) / sizeof(float));
  file.read_at(std::as_writable_bytes(std::span(values)), header.data_start + tensor.begin);
  return values;
}

class Safetensors : public testing::Test {
 protected:
  fs::path example() const {
    const fs::path path = folder_ / "example.safetensors";
    const std::vector<float> weight{1.5F, -2.0F, 3.25F, 0.0F, 1e-30F, -7.0F};
    const std::vector<float> bias{0.5F, 0.25F};
    write_tensors(path,
                  {{{"fc1.weight", {2, 3}}, weight},
                   {{"fc1.bias", {2}}, bias},
                   {{"quote \" and \xc3\xa4", {0}}, {}}},
                  {{"format", "pt"}, {"note", "a \"quoted\" word"}});
    return path;
  }
  TemporaryFolder folder_;
};

TEST_F(Safetensors, ReadBackAsTheyWereWritten) {
  const PosixFile file(example(), O_RDONLY);
  const SafetensorsHeader header = read_safetensors_header(file);
  ASSERT_THAT(header.tensors, SizeIs(3));
  EXPECT_EQ(header.metadata.at("note"), "a \"quoted\" word");
  EXPECT_EQ(header.tensors[0].name, "fc1.weight");
  EXPECT_THAT(header.tensors[0].shape, ElementsAre(2, 3));
  EXPECT_THAT(values_of(file, header, header.tensors[0]),
              ElementsAre(1.5F, -2.0F, 3.25F, 0.0F, 1e-30F, -7.0F));
  EXPECT_THAT(values_of(file, header, header.tensors[1]), ElementsAre(0.5F, 0.25F));
  EXPECT_EQ(header.tensors[2].name, "quote \" and \xc3\xa4");
}

TEST_F(Safetensors, StartTheirValuesAligned) {
  EXPECT_EQ(header_of(example()).data_start % 8, 0);
}

TEST_F(Safetensors, AreReadByAFewLinesOfPython) {
  const fs::path script = folder_ / "read.py";
  std::ofstream(script) << R"(import json, math, struct, sys
raw = open(sys.argv[1], "rb").read()
length = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8:8 + length])
assert header.pop("__metadata__")["format"] == "pt"
for name, entry in header.items():
    begin, end = (8 + length + offset for offset in entry["data_offsets"])
    count = math.prod(entry["shape"])
    assert entry["dtype"] == "F32" and end - begin == 4 * count
    print(name, entry["shape"], struct.unpack(f"<{count}f", raw[begin:end]))
)";
  const std::string command = fmt::format("PYTHONIOENCODING=utf-8 {} {} {}", MINIMA_PYTHON,
                                          script.string(), example().string());
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
  EXPECT_EQ(::pclose(pipe), 0);
  EXPECT_THAT(output, HasSubstr("fc1.weight [2, 3] (1.5, -2.0, 3.25, 0.0, "));
  EXPECT_THAT(output, HasSubstr("fc1.bias [2] (0.5, 0.25)"));
  EXPECT_THAT(output, HasSubstr("quote \" and \xc3\xa4 [0] ()"));
}

TEST_F(Safetensors, MayHaveOtherDtypesOfTheirOwnSize) {
  const fs::path path =
      write_raw(folder_ / "half", R"({"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", 4);
  EXPECT_EQ(header_of(path).tensors.at(0).dtype, "F16");
}

struct BadHeader {
  std::string header;
  std::size_t values;
  std::string message;
};

TEST_F(Safetensors, RefuseAHeaderThatDoesNotAgreeWithItself) {
  const std::vector<BadHeader> cases{
      {"not json", 0, "is not a JSON object"},
      {"[1]", 0, "is not a JSON object"},
      {R"({"a":1})", 0, "tensor \"a\": is not a JSON object"},
      {R"({"a":{"shape":[1],"data_offsets":[0,4]}})", 4, "has no dtype"},
      {R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4, "has no valid shape"},
      {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "has no valid shape"},
      {R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", 4, "has no valid shape"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "has no valid data_offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "has no valid data_offsets"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4, "do not agree"},
      {R"({"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}})", 4, "do not agree"},
      {R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", 0,
       "do not agree"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8, "leaves a gap"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
       R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       8, "leaves a gap before its values or overlaps"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4, "the file holds 4"},
      {R"({"__metadata__":{"x":1}})", 0, "holds values other than text"},
      {R"({"__metadata__":[]})", 0, "is not a JSON object"},
  };
  for (const BadHeader& bad : cases) {
    const fs::path path = write_raw(folder_ / "bad", bad.header, bad.values);
    const Error error = error_of([&] { static_cast<void>(header_of(path)); });
    EXPECT_EQ(error.kind(), Error::Kind::input) << bad.header;
    EXPECT_THAT(error.what(), HasSubstr(bad.message)) << bad.header;
    EXPECT_THAT(error.what(), HasSubstr(path.string()));
  }
}

TEST_F(Safetensors, RefuseALengthThatDoesNotFit) {
  std::ofstream(folder_ / "short") << "1234567";
  EXPECT_THAT(error_of([&] { static_cast<void>(header_of(folder_ / "short")); }).what(),
              HasSubstr("too short for a header"));
  std::ofstream(folder_ / "long", std::ios::binary) << std::string(8, '\xff') << "{}";
  EXPECT_THAT(error_of([&] { static_cast<void>(header_of(folder_ / "long")); }).what(),
              HasSubstr("does not fit"));
}

TEST_F(Safetensors, SurviveDamageAnywhereInTheFile) {
  const std::string good = bytes_of(example());
  std::mt19937 random(3);
  std::uniform_int_distribution<int> byte(0, 255);
  std::uniform_int_distribution<std::size_t> place(0, good.size() - 1);
  int refused = 0;
  for (int trial = 0; trial < 600; ++trial) {
    std::string bad = good;
    for (int change = 0; change <= trial % 3; ++change) {
      bad[place(random) % (trial % 2 == 0 ? bad.size() : 200)] = static_cast<char>(byte(random));
    }
    if (trial % 5 == 0) bad.resize(place(random));
    const fs::path path = folder_ / "bad";
    fs::remove(path);  // create a new file each time, because truncating an old one makes file
                       // systems flush
    std::ofstream(path, std::ios::binary) << bad;
    try {
      const PosixFile file(path, O_RDONLY);
      const SafetensorsHeader header = read_safetensors_header(file);
      for (const TensorEntry& tensor : header.tensors) {
        static_cast<void>(values_of(file, header, tensor));
      }
    } catch (const Error& error) {
      ++refused;
      EXPECT_EQ(error.kind(), Error::Kind::input);
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
  }
  EXPECT_GT(refused, 200);
}

TEST_F(Safetensors, SurviveADeeplyNestedHeader) {
  const fs::path path = write_raw(folder_ / "deep", std::string(1'000'000, '['), 0);
  EXPECT_THROW(static_cast<void>(header_of(path)), Error);
}

}  // namespace
}  // namespace minima::store
