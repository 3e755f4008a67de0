// The layout follows the Arduino library specification (arduino.github.io/arduino-cli, "Library
// specification"): sources in src, sketches in examples, everything else in extras.
#include "deploy/export/arduino_export.h"

#include <fmt/format.h>

#include "compress/integer/integer_inference.h"
#include "deploy/c/c_text.h"

namespace minima::deploy {
namespace {

constexpr const char* kProperties = R"(name={file}
version=1.0.0
author=minima {version}
maintainer=minima {version}
sentence=Classifies images of {width}x{height} pixels into {classes} classes.
paragraph=The network {architecture}, run {run}, accuracy {accuracy}. Integer arithmetic, no heap.
category=Data Processing
url=
architectures=*
includes={file}.h
)";

constexpr const char* kSketch =
    R"(// Classifies a test image again and again, and prints the class and the time that it took.
// Fill `image` from a camera or a sensor instead; the header says in which order.
#include <{file}.h>

// Class {label}; the network says {predicted}.
{image_array}
static const char *const names[{guard}_CLASSES] = {guard}_CLASS_NAMES;
static uint8_t image[{guard}_PIXELS];
static {name}_memory memory;

void setup() {{
  Serial.begin(115200);
}}

void loop() {{
  for (unsigned i = 0; i < {guard}_PIXELS; ++i) image[i] = pgm_read_byte(&test_image[i]);
  const unsigned long begin = micros();
  const int found = {name}_class(image, &memory);
  const unsigned long took = micros() - begin;
  Serial.print("class ");
  Serial.print(found);
  Serial.print(" (");
  Serial.print(names[found]);
  Serial.print("), expected {predicted}, microseconds ");
  Serial.println(took);
  delay(1000);
}}
)";

// Words for the Arduino IDE to highlight; columns are separated by one tab.
std::string keywords(const CSources& sources, const std::string& guard) {
  std::string text = fmt::format("{}_memory\tKEYWORD1\n", sources.name);
  for (const char* function : {"class", "logits"}) {
    text += fmt::format("{}_{}\tKEYWORD2\n", sources.name, function);
  }
  for (const char* constant : {"CHANNELS", "HEIGHT", "WIDTH", "PIXELS", "CLASSES", "CLASS_NAMES"}) {
    text += fmt::format("{}_{}\tLITERAL1\n", guard, constant);
  }
  return text;
}

std::string properties(const NetworkToExport& network, const CSources& sources) {
  const Provenance& provenance = network.provenance;
  const ImageShape& image = provenance.problem.image;
  return fmt::format(
      fmt::runtime(kProperties), fmt::arg("file", sources.file),
      fmt::arg("version", provenance.program_version), fmt::arg("width", image.width),
      fmt::arg("height", image.height), fmt::arg("classes", provenance.problem.classes),
      fmt::arg("architecture", provenance.variant.architecture), fmt::arg("run", provenance.run_id),
      fmt::arg("accuracy", accuracy_text(provenance)));
}

std::string sketch(const NetworkToExport& network, const CSources& sources,
                   const TestImage& image) {
  CArrays arrays("", "PROGMEM");
  arrays.add("uint8_t", 1, "test_image", image.pixels);
  const auto logits = compress::integer_logits(*network.made.evaluated.integer, image.pixels);
  return fmt::format(fmt::runtime(kSketch), fmt::arg("file", sources.file),
                     fmt::arg("name", sources.name), fmt::arg("guard", sources.guard()),
                     fmt::arg("label", image.label),
                     fmt::arg("predicted", compress::predicted_class(logits)),
                     fmt::arg("image_array", arrays.text()));
}

}  // namespace

std::string arduino_name_of(const std::filesystem::path& folder) {
  const std::filesystem::path plain = folder.lexically_normal();
  return (plain.has_filename() ? plain : plain.parent_path()).filename().string();
}

ExportedNetwork arduino_files_of(const NetworkToExport& network, const TestImage& image,
                                 const std::filesystem::path& folder) {
  const CSources sources = c_sources_of(network, image, arduino_name_of(folder));
  ExportedNetwork result{.files = {{folder / "src" / (sources.file + ".c"), sources.source},
                                   {folder / "src" / (sources.file + ".h"), sources.header},
                                   {folder / "examples" / "Classify" / "Classify.ino",
                                    sketch(network, sources, image)},
                                   {folder / "library.properties", properties(network, sources)},
                                   {folder / "keywords.txt", keywords(sources, sources.guard())},
                                   {folder / "extras" / "labels.txt", sources.labels}},
                         .figures = figures_of(network, sources),
                         .folder = folder,
                         .manifest = folder / "extras" / (sources.file + ".json"),
                         .card = folder / "README.md"};
  return result;
}

}  // namespace minima::deploy
