#include "deploy/c/c_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "compress/integer/activation_memory.h"
#include "compress/integer/integer_inference.h"
#include "deploy/c/c_layers.h"
#include "deploy/c/c_program.h"
#include "deploy/c/c_text.h"
#include "deploy/c/class_names.h"
#include "deploy/image_rule.h"

namespace minima::deploy {
namespace {

using compress::IntegerLayer;
using compress::IntegerNetwork;

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char each) { return static_cast<char>(std::toupper(each)); });
  return text;
}

class Library {
 public:
  Library(const IntegerNetwork& network, const CExportRequest& request)
      : network_(network),
        request_(request),
        name_(c_identifier(request.name)),
        file_(can_be_included(request.name) ? request.name : name_),
        names_(names_or_numbers(request.class_names, network.problem.classes)),
        layers_(network, name_ + "_") {
    add_layers();
  }

  [[nodiscard]] CSources sources() const {
    const std::string facts = c_comment(comment());
    CSources result{.name = name_,
                    .file = file_,
                    .header = facts + header(),
                    .source = facts + source(),
                    .program = program(),
                    .labels = labels_text(names_)};
    result.constant_bytes = layers_.arrays().bytes();
    result.memory_bytes = memory_bytes();
    return result;
  }

 private:
  void add_layers();
  [[nodiscard]] std::vector<std::string> comment() const;
  [[nodiscard]] std::string header() const;
  [[nodiscard]] std::string input_comment() const;
  [[nodiscard]] std::string source() const;
  [[nodiscard]] std::string program() const;
  [[nodiscard]] std::size_t memory_bytes() const {
    return static_cast<std::size_t>(memory_.bytes());
  }

  const IntegerNetwork& network_;
  const CExportRequest& request_;
  std::string name_;
  std::string file_;
  std::vector<std::string> names_;
  CLayers layers_;
  std::string calls_;
  compress::ActivationMemory memory_;
};

void Library::add_layers() {
  std::string from = "image";
  std::string type = "uint8_t";
  int writes_to = 0;
  std::vector<std::int64_t> outputs;
  constexpr const char* kNames[] = {"memory->even", "memory->odd"};
  for (const IntegerLayer& layer : network_.layers) {
    const std::string function = layers_.add(layer, type);
    const std::string to = layer.is_output ? "logits" : kNames[writes_to];
    calls_ += fmt::format("  {}({}, {});\n", function, from, to);
    if (layer.is_output) continue;
    outputs.push_back(layer.output.pixels());
    writes_to = 1 - writes_to;
    from = to;
    type = layers_.code_type();
  }
  memory_ = compress::activation_memory(outputs, network_.activations);
}

std::vector<std::string> Library::comment() const {
  std::vector<std::string> lines = request_.facts;
  lines.emplace_back();
  lines.push_back(
      fmt::format("Flash: {} bytes of constants, and the code.", layers_.arrays().bytes()));
  lines.push_back(fmt::format("RAM: {} bytes of activations, {} of logits, and the stack.",
                              memory_bytes(), 4 * network_.problem.classes));
  lines.emplace_back("Integer arithmetic only; no heap, no globals that are written to.");
  return lines;
}

std::string Library::input_comment() const {
  constexpr std::size_t kColumns = 96;
  std::vector<std::string> lines = {"The input:"};
  for (const std::string& sentence : request_.image_rule) {
    for (std::string& line : wrapped(sentence, kColumns)) lines.push_back(std::move(line));
  }
  return request_.image_rule.empty() ? "" : c_comment(lines) + "\n";
}

std::string Library::header() const {
  constexpr const char* kHeader = R"(#ifndef {guard}_H
#define {guard}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif

enum {{
  {guard}_CHANNELS = {channels},
  {guard}_HEIGHT = {height},
  {guard}_WIDTH = {width},
  {guard}_PIXELS = {pixels},
  {guard}_CLASSES = {classes}
}};

{input}/* The names of the classes, in the order of the logits:
   static const char *const names[{guard}_CLASSES] = {guard}_CLASS_NAMES; */
{names}
/* Lent for the length of a call; what is in it before and after means nothing. */
typedef struct {{
  {type} even[{even}];
  {type} odd[{odd}];
}} {name}_memory;

/* image: bytes 0..255, channel by channel, each row by row from the top. A logit is larger the more
   the image looks like the class. */
void {name}_logits(const uint8_t image[{guard}_PIXELS], {name}_memory *memory,
                   int32_t logits[{guard}_CLASSES]);

/* The class of the largest logit, 0..{last}; of equal ones the first. */
int {name}_class(const uint8_t image[{guard}_PIXELS], {name}_memory *memory);

#ifdef __cplusplus
}}
#endif

#endif
)";
  const ImageShape& image = network_.problem.image;
  return fmt::format(
      fmt::runtime(kHeader), fmt::arg("guard", upper(name_)), fmt::arg("name", name_),
      fmt::arg("channels", image.channels), fmt::arg("height", image.height),
      fmt::arg("width", image.width), fmt::arg("pixels", image.pixels()),
      fmt::arg("classes", network_.problem.classes), fmt::arg("last", network_.problem.classes - 1),
      fmt::arg("input", input_comment()),
      fmt::arg("names", class_table(upper(name_) + "_CLASS_NAMES", names_)),
      fmt::arg("type", layers_.code_type()), fmt::arg("even", memory_.even),
      fmt::arg("odd", memory_.odd));
}

std::string Library::source() const {
  constexpr const char* kEntry =
      R"(void {name}_logits(const uint8_t image[{guard}_PIXELS], {name}_memory *memory,
                   int32_t logits[{guard}_CLASSES]) {{
{calls}}}

int {name}_class(const uint8_t image[{guard}_PIXELS], {name}_memory *memory) {{
  int32_t logits[{guard}_CLASSES];
  int best = 0;
  int i;
  {name}_logits(image, memory, logits);
  for (i = 1; i < {guard}_CLASSES; ++i) {{
    if (logits[i] > logits[best]) best = i;
  }}
  return best;
}}
)";
  const bool lends_nothing = network_.layers.size() == 1;
  const std::string calls = (lends_nothing ? "  (void)memory;\n" : "") + calls_;
  return fmt::format("#include \"{}.h\"\n\n", file_) + CLayers::flash() + layers_.arrays().text() +
         "\n" + layers_.helpers() + layers_.functions() +
         fmt::format(fmt::runtime(kEntry), fmt::arg("name", name_), fmt::arg("guard", upper(name_)),
                     fmt::arg("calls", calls));
}

std::string Library::program() const {
  const int predicted =
      compress::predicted_class(compress::integer_logits(network_, request_.image.pixels));
  return c_program({.file = file_,
                    .name = name_,
                    .guard = upper(name_),
                    .class_names = request_.class_names,
                    .pixels = request_.image.pixels,
                    .label = request_.image.label,
                    .predicted = predicted});
}

}  // namespace

std::string CSources::guard() const {
  return upper(name);
}

bool can_be_included(const std::string& name) {
  return !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '_' || each == '-' || each == '.' || each == ' ';
  });
}

CSources c_sources(const IntegerNetwork& network, const CExportRequest& request) {
  if (request.image.pixels.size() != static_cast<std::size_t>(network.problem.image.pixels())) {
    throw std::invalid_argument("a test image does not have the size of the network's images");
  }
  return Library(network, request).sources();
}

}  // namespace minima::deploy
