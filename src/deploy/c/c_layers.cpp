#include "deploy/c/c_layers.h"

#include <fmt/format.h>

#include <algorithm>

#include "compress/quantize/activation_quantizer.h"

namespace minima::deploy {
namespace {

using compress::IntegerLayer;
using Layout = PackedWeights::Layout;

// Harvard machines read flash with instructions of their own. All constants go through this macro.
constexpr const char* kFlash =
    R"(/* Constants stay in flash. AVR reads flash by its own instructions; elsewhere it is memory. */
#ifdef __AVR__
#include <avr/pgmspace.h>
#define IN_FLASH PROGMEM
#define READ(type, at)                            \
  ((type)(sizeof(type) == 1   ? pgm_read_byte(at) \
          : sizeof(type) == 2 ? pgm_read_word(at) \
                              : pgm_read_dword(at)))
#else
#define IN_FLASH
#define READ(type, at) (*(at))
#endif

)";

constexpr const char* kTake =
    R"(/* The next `count` bits, at most 16, of a stream that begins at the lowest bit of its bytes. */
typedef struct {
  const uint8_t *next;
  uint32_t held;
  uint32_t bits;
} stream;

static uint32_t take(stream *from, uint32_t count) {
  uint32_t value;
  while (from->bits < count) {
    from->held |= (uint32_t)READ(uint8_t, from->next) << from->bits;
    from->next++;
    from->bits += 8;
  }
  value = from->held & (((uint32_t)1 << count) - 1);
  from->held >>= count;
  from->bits -= count;
  return value;
}

)";

constexpr const char* kRescale =
    R"(/* sum x multiplier / 2^shift, to nearest, ties away from zero. */
static int32_t rescale(int32_t sum, uint32_t multiplier, uint32_t shift) {
  uint64_t size = sum < 0 ? (uint64_t)(-(int64_t)sum) : (uint64_t)sum;
  size = (size * multiplier + ((uint64_t)1 << (shift - 1))) >> shift;
  if (size > 2147483647u) size = 2147483647u;
  return sum < 0 ? -(int32_t)size : (int32_t)size;
}

)";

constexpr const char* kActivate =
    R"(/* max(sum, 0) x multiplier / 2^shift, to nearest, at most `high`. */
static {type} activate(int32_t sum, uint32_t multiplier, uint32_t shift, uint32_t high) {{
  uint64_t code;
  if (sum <= 0) return 0;
  code = ((uint64_t)sum * multiplier + ((uint64_t)1 << (shift - 1))) >> shift;
  return ({type})(code < high ? code : high);
}}

)";

std::string number_type(int bytes) {
  return bytes == 1 ? "uint8_t" : bytes == 2 ? "uint16_t" : "uint32_t";
}

/// A C expression for element `index` of a constant array.
std::string element(const std::string& type, const std::string& array, const std::string& index) {
  return fmt::format("READ({}, &{}[{}])", type, array, index);
}

/// `for (name = 0; name < count; ++name)` around a body.
std::string loop(const std::string& name, int count, const std::string& body) {
  return fmt::format("for ({0} = 0; {0} < {1}; ++{0}) {{\n{2}}}\n", name, count, indented(body));
}

}  // namespace

struct CLayers::Use {
  std::string name;    // name of the arrays, with the prefix
  std::string biases;  // name of the array of biases
  std::string weight;  // expression for the next stored weight
  std::string mask;    // statement that reads the mask
  Layout layout = Layout::dense;
  bool has_whole_bytes = false;  // weights of 8 bits need no shifts, which are slow on AVR
  std::string column_type;       // index: types of the arrays
  std::string start_type;

  [[nodiscard]] std::string column() const { return element(column_type, name + "_columns", "i"); }
  /// The loop over the nonzero weights of output `o`.
  [[nodiscard]] std::string loop_over_columns() const {
    return fmt::format("for (i = {}; i < {}; ++i) {{\n", element(start_type, name + "_starts", "o"),
                       element(start_type, name + "_starts", "o + 1"));
  }
};

CLayers::CLayers(const compress::IntegerNetwork& network, std::string prefix)
    : network_(network),
      code_type_(compress::largest_activation_code(network.activations) > 255 ? "uint16_t"
                                                                              : "uint8_t"),
      arrays_(prefix, "IN_FLASH"),
      prefix_(std::move(prefix)) {}

void CLayers::add_packed(const PackedWeights& packed, const std::string& name) {
  arrays_.add("uint8_t", 1, name + "_values", packed.values);
  if (packed.layout == Layout::bitmask) arrays_.add("uint8_t", 1, name + "_mask", packed.mask);
  if (packed.layout == Layout::index) {
    arrays_.add(number_type(packed.column_bytes), packed.column_bytes, name + "_columns",
                packed.columns);
    arrays_.add(number_type(packed.start_bytes), packed.start_bytes, name + "_starts",
                packed.starts);
  }
}

CLayers::Use CLayers::use_of(const IntegerLayer& layer) {
  const std::string name = c_identifier(layer.name);
  const bool affine = network_.weights.canonical().scheme == compress::Scheme::affine;
  const PackedWeights packed = packed_weights(layer, network_.weights.format, affine);
  add_packed(packed, name);
  Use use{.name = prefix_ + name,
          .layout = packed.layout,
          .has_whole_bytes = packed.bits == 8,
          .column_type = number_type(packed.column_bytes),
          .start_type = number_type(packed.start_bytes)};
  use.biases = element("int32_t", arrays_.add("int32_t", 4, name + "_biases", layer.biases), "o");
  std::string offset = fmt::format("{}", packed.offsets.front());
  if (packed.offsets.size() > 1) {
    offset = element("int32_t", arrays_.add("int32_t", 4, name + "_offsets", packed.offsets), "o");
  }
  const std::string stored = use.has_whole_bytes
                                 ? "(int32_t)READ(uint8_t, values++)"
                                 : fmt::format("(int32_t)take(&values, {})", packed.bits);
  use.weight = packed.step == 2 ? fmt::format("(2 * {} - {})", stored, offset)
                                : fmt::format("({} - {})", stored, offset);
  if (!use.has_whole_bytes || use.layout == Layout::bitmask) used_.take = true;
  return use;
}

std::string CLayers::output_of(const IntegerLayer& layer) {
  if (layer.requantization.empty()) return "sum";
  std::string multiplier = fmt::format("{}u", layer.requantization.front().multiplier);
  std::string shift = fmt::format("{}", layer.requantization.front().shift);
  if (layer.requantization.size() > 1) {
    std::vector<std::uint32_t> multipliers;
    std::vector<int> shifts;
    for (const compress::Requantization& each : layer.requantization) {
      multipliers.push_back(each.multiplier);
      shifts.push_back(each.shift);
    }
    const std::string name = c_identifier(layer.name);
    multiplier =
        element("uint32_t", arrays_.add("uint32_t", 4, name + "_multipliers", multipliers), "o");
    shift = element("uint8_t", arrays_.add("uint8_t", 1, name + "_shifts", shifts), "o");
  }
  if (layer.is_output) {
    used_.rescale = true;
    return fmt::format("rescale(sum, {}, {})", multiplier, shift);
  }
  used_.activate = true;
  return fmt::format("activate(sum, {}, {}, {})", multiplier, shift, layer.output_high);
}

std::string CLayers::code_at(const IntegerLayer& layer) {
  std::string inside =
      fmt::format("in[(c * {} + y) * {} + x]", layer.input.height, layer.input.width);
  if (layer.padding == 0) return inside;
  const auto& codes = layer.padding_codes;
  std::string outside = fmt::format("{}", codes.front());
  if (std::ranges::any_of(codes, [&](std::int16_t code) { return code != codes.front(); })) {
    outside = element("int16_t",
                      arrays_.add("int16_t", 2, c_identifier(layer.name) + "_padding", codes), "c");
  }
  return fmt::format("(y < 0 || x < 0 || y >= {} || x >= {} ? {} : {})", layer.input.height,
                     layer.input.width, outside, inside);
}

std::string CLayers::dense(const IntegerLayer& layer, const Use& use) {
  std::string sums;
  std::string variables = "  int32_t o, sum;\n";
  if (use.layout == Layout::index) {
    variables += "  uint32_t i;\n";
    sums = fmt::format("{}  sum += {} * in[{}];\n}}\n", use.loop_over_columns(), use.weight,
                       use.column());
  } else {
    variables += "  int32_t i;\n";
    const std::string condition = use.layout == Layout::bitmask ? "if (take(&mask, 1)) " : "";
    sums = loop("i", static_cast<int>(layer.weights_per_output()),
                fmt::format("{}sum += {} * in[i];\n", condition, use.weight));
  }
  const std::string body =
      loop("o", layer.output.channels,
           fmt::format("sum = {};\n{}out[o] = {};\n", use.biases, sums, output_of(layer)));
  return variables + indented(body);
}

std::string CLayers::convolution(const IntegerLayer& layer, const Use& use) {
  const int side = layer.window_width;
  const int window = layer.window_height * side;
  const std::string code = code_at(layer);
  std::string variables = fmt::format(
      "  int32_t o, row, column, c, y, x, sum;\n"
      "  /* Where the weights of the filter begin: they are read again for each place. */\n"
      "  {}values_begin = values;\n",
      use.has_whole_bytes ? "const uint8_t *" : "stream ");
  std::string restart = "values = values_begin;\n";
  std::string next = "values_begin = values;\n";
  const auto corner = [&](const char* at) {
    std::string text = layer.stride == 1 ? at : fmt::format("{} * {}", at, layer.stride);
    return layer.padding == 0 ? text : fmt::format("{} - {}", text, layer.padding);
  };
  std::string sums;
  if (use.layout == Layout::index) {
    variables += "  uint32_t i, at;\n";
    sums = fmt::format(
        "{0}"
        "  at = {7};\n"
        "  c = (int32_t)(at / {1});\n"
        "  y = {2} + (int32_t)(at % {1} / {3});\n"
        "  x = {4} + (int32_t)(at % {3});\n"
        "  sum += {5} * {6};\n}}\n",
        use.loop_over_columns(), window, corner("row"), side, corner("column"), use.weight, code,
        use.column());
  } else {
    std::string term = fmt::format("sum += {} * {};\n", use.weight, code);
    if (use.layout == Layout::bitmask) {
      variables += "  stream mask_begin = mask;\n";
      restart += "mask = mask_begin;\n";
      next += "mask_begin = mask;\n";
      term = "if (take(&mask, 1)) {\n" + indented(term) + "}\n";
    }
    const auto range = [&](const char* name, const char* at, int size) {
      return fmt::format("for ({0} = {1}; {0} < {1} + {2}; ++{0}) {{\n", name, corner(at), size);
    };
    const std::string rows = range("y", "row", layer.window_height) +
                             indented(range("x", "column", side) + indented(term) + "}\n") + "}\n";
    sums = loop("c", layer.input.channels, rows);
  }
  const std::string place = restart + fmt::format("sum = {};\n", use.biases) + sums +
                            fmt::format("*out++ = {};\n", output_of(layer));
  const std::string body =
      loop("o", layer.output.channels,
           loop("row", layer.output.height, loop("column", layer.output.width, place)) + next);
  return variables + indented(body);
}

std::string CLayers::pooling(const IntegerLayer& layer) {
  const bool max = layer.kind == IntegerLayer::Kind::max_pool;
  const std::string code =
      fmt::format("in[(o * {} + row * {} + y) * {} + column * {} + x]", layer.input.height,
                  layer.stride, layer.input.width, layer.stride);
  const std::string term =
      max ? fmt::format("if ({0} > sum) sum = {0};\n", code) : fmt::format("sum += {};\n", code);
  const std::string result = max ? fmt::format("({})sum", code_type_) : output_of(layer);
  const std::string window = loop("y", layer.window_height, loop("x", layer.window_width, term));
  const std::string body =
      loop("o", layer.output.channels,
           loop("row", layer.output.height,
                loop("column", layer.output.width,
                     "sum = 0;\n" + window + fmt::format("*out++ = {};\n", result))));
  return "  int32_t o, row, column, y, x, sum;\n" + indented(body);
}

std::string CLayers::add(const IntegerLayer& layer, const std::string& input_type) {
  std::string name = prefix_ + c_identifier(layer.name);
  functions_ += fmt::format("static void {}(const {} *in, {} *out) {{\n", name, input_type,
                            layer.is_output ? "int32_t" : code_type_);
  if (!layer.has_weights()) {
    functions_ += pooling(layer) + "}\n\n";
    return name;
  }
  const Use use = use_of(layer);
  functions_ += use.has_whole_bytes
                    ? fmt::format("  const uint8_t *values = {}_values;\n", use.name)
                    : fmt::format("  stream values = {{{}_values, 0, 0}};\n", use.name);
  if (use.layout == Layout::bitmask) {
    functions_ += fmt::format("  stream mask = {{{}_mask, 0, 0}};\n", use.name);
  }
  const bool is_dense = layer.kind == IntegerLayer::Kind::dense;
  functions_ += (is_dense ? dense(layer, use) : convolution(layer, use)) + "}\n\n";
  return name;
}

std::string CLayers::flash() {
  return kFlash;
}

std::string CLayers::helpers() const {
  std::string text;
  if (used_.take) text += kTake;
  if (used_.rescale) text += kRescale;
  if (used_.activate) text += fmt::format(fmt::runtime(kActivate), fmt::arg("type", code_type_));
  return text;
}

}  // namespace minima::deploy
