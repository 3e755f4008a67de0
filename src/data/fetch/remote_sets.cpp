#include "data/fetch/remote_sets.h"

namespace minima::data {
namespace {

constexpr std::uint64_t kImageHeader = 16;
constexpr std::uint64_t kLabelHeader = 8;
constexpr std::uint64_t kCifarBatch = 10'000 * 3'073;

/// The four IDX files of a set shaped like MNIST, in this order: training images and labels, test
/// images and labels.
std::vector<RemoteFile> idx_files(const std::string& train_images, const std::string& train_labels,
                                  const std::string& test_images, const std::string& test_labels) {
  constexpr std::uint64_t kTrain = 60'000;
  constexpr std::uint64_t kTest = 10'000;
  constexpr std::uint64_t kPixels = 28 * 28;
  return {
      {"train-images-idx3-ubyte.gz", {{"", kImageHeader + kTrain * kPixels, train_images}}},
      {"train-labels-idx1-ubyte.gz", {{"", kLabelHeader + kTrain, train_labels}}},
      {"t10k-images-idx3-ubyte.gz", {{"", kImageHeader + kTest * kPixels, test_images}}},
      {"t10k-labels-idx1-ubyte.gz", {{"", kLabelHeader + kTest, test_labels}}},
  };
}

}  // namespace

namespace {

/// The files of the six sets, as NIST's archive names them.
std::vector<std::string> emnist_files() {
  std::vector<std::string> files;
  for (const std::string part : {"balanced", "byclass", "bymerge", "digits", "letters", "mnist"}) {
    const std::string begin = "gzip/emnist-" + part;
    for (const char* end :
         {"-train-images-idx3-ubyte.gz", "-train-labels-idx1-ubyte.gz",
          "-test-images-idx3-ubyte.gz", "-test-labels-idx1-ubyte.gz", "-mapping.txt"}) {
      files.push_back(begin + end);
    }
  }
  return files;
}

}  // namespace

std::vector<RemoteSet> remote_sets() {
  return {
      {.name = "mnist",
       .mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist",
                   "https://storage.googleapis.com/cvdf-datasets/mnist",
                   "http://yann.lecun.com/exdb/mnist"},
       .files = idx_files("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                          "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                          "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                          "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")},
      {.name = "fashion-mnist",
       .mirrors = {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
                   "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/"
                   "fashion",
                   "https://storage.googleapis.com/tensorflow/tf-keras-datasets"},
       .files = idx_files("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                          "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                          "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                          "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")},
      {.name = "cifar-10",
       .mirrors = {"https://www.cs.toronto.edu/~kriz",
                   "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10"},
       .files = {{"cifar-10-binary.tar.gz",
                  {{"data_batch_1.bin", kCifarBatch,
                    "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"},
                   {"data_batch_2.bin", kCifarBatch,
                    "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"},
                   {"data_batch_3.bin", kCifarBatch,
                    "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"},
                   {"data_batch_4.bin", kCifarBatch,
                    "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"},
                   {"data_batch_5.bin", kCifarBatch,
                    "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"},
                   {"test_batch.bin", kCifarBatch,
                    "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"}}}}},
      // Sizes and sums of these three sets are those of TensorFlow Datasets (url_checksums/).
      {.name = "kmnist",
       .mirrors = {"https://codh.rois.ac.jp/kmnist/dataset/kmnist",
                   "http://codh.rois.ac.jp/kmnist/dataset/kmnist"},
       .files =
           {{.name = "train-images-idx3-ubyte.gz",
             .packed_bytes = 18'165'135,
             .packed_sha256 = "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"},
            {.name = "train-labels-idx1-ubyte.gz",
             .packed_bytes = 29'497,
             .packed_sha256 = "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"},
            {.name = "t10k-images-idx3-ubyte.gz",
             .packed_bytes = 3'041'136,
             .packed_sha256 = "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"},
            {.name = "t10k-labels-idx1-ubyte.gz",
             .packed_bytes = 5'120,
             .packed_sha256 = "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"}}},
      {.name = "qmnist",
       .mirrors = {"https://raw.githubusercontent.com/facebookresearch/qmnist/master"},
       .files =
           {{.name = "qmnist-train-images-idx3-ubyte.gz",
             .packed_bytes = 9'704'059,
             .packed_sha256 = "9e26a7bf1683614e065d7b76460ccd52807165b3f22561fb782bd9f38c52b51d"},
            {.name = "qmnist-train-labels-idx2-int.gz",
             .packed_bytes = 463'024,
             .packed_sha256 = "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f"},
            {.name = "qmnist-test-images-idx3-ubyte.gz",
             .packed_bytes = 9'742'279,
             .packed_sha256 = "43fc22bf7498b8fc98de98369d72f752d0deabc280a43a7bcc364ab19e57b375"},
            {.name = "qmnist-test-labels-idx2-int.gz",
             .packed_bytes = 526'800,
             .packed_sha256 = "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06"}}},
      {.name = "emnist",
       .mirrors = {"https://biometrics.nist.gov/cs_links/EMNIST",
                   "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST"},
       .files = {{.name = "gzip.zip",
                  .packed_bytes = 561'753'746,
                  .packed_sha256 =
                      "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"}},
       .unpacked = emnist_files()},
      {.name = "cifar-100",
       .mirrors = {"https://www.cs.toronto.edu/~kriz"},
       .files = {{.name = "cifar-100-binary.tar.gz",
                  .packed_bytes = 168'513'733,
                  .packed_sha256 =
                      "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"}}},
  };
}

}  // namespace minima::data
