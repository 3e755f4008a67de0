// Reads the one-line text of a protocol, the inverse of PruningProtocol::text() and
// QuantizationProtocol::text(). A text is accepted only if it is printed again unchanged.
#include <cmath>

#include "core/text.h"
#include "study/settings/compression_settings.h"

namespace minima::study {
namespace {

using Pruning = PruningProtocol;
using Quantization = QuantizationProtocol;

std::optional<double> finite_number(std::string_view text) {
  const auto number = parse_number(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

/// The words of a protocol, taken from the front one after another.
class Words {
 public:
  explicit Words(std::string_view text) {
    // The names to keep come last and may contain blanks.
    const std::size_t keep = text.find(kKeep);
    if (keep != std::string_view::npos) keep_ = split(text.substr(keep + kKeep.size()), ',');
    words_ = split(text.substr(0, keep), ' ');
  }

  [[nodiscard]] bool at_end() const { return next_ == words_.size(); }
  [[nodiscard]] const std::vector<std::string>& keep() const { return keep_; }

  /// The next word, if it is one of an enumeration.
  template <HasWords E>
  std::optional<E> take() {
    if (at_end()) return std::nullopt;
    const auto value = parse_word<E>(words_[next_]);
    if (value) ++next_;
    return value;
  }

  bool take_word(std::string_view word) {
    const bool is_next = !at_end() && words_[next_] == word;
    if (is_next) ++next_;
    return is_next;
  }

  /// The text after "key=", if that is the next word.
  std::optional<std::string> take_setting(std::string_view key) {
    if (at_end()) return std::nullopt;
    const std::string& word = words_[next_];
    if (!word.starts_with(key) || !word.substr(key.size()).starts_with("=")) return std::nullopt;
    ++next_;
    return word.substr(key.size() + 1);
  }

  /// The number after "key="; nullopt if the key is absent or its value is not a number.
  std::optional<double> take_number(std::string_view key) {
    const auto text = take_setting(key);
    return text ? finite_number(*text) : std::nullopt;
  }
  std::optional<int> take_count(std::string_view key) {
    constexpr std::int64_t kMost = 1 << 30;
    const auto text = take_setting(key);
    const auto count = text ? parse_integer(*text) : std::nullopt;
    if (!count || *count < 0 || *count > kMost) return std::nullopt;
    return static_cast<int>(*count);
  }

 private:
  static constexpr std::string_view kKeep = " keep=";

  std::vector<std::string> words_;
  std::size_t next_ = 0;
  std::vector<std::string> keep_;
};

/// Reads the schedule and its sparsities.
bool read_schedule(Pruning& protocol, Words& words) {
  if (const auto listed = words.take_setting(word_of(Pruning::Schedule::listed))) {
    protocol.schedule = Pruning::Schedule::listed;
    protocol.sparsity.clear();
    for (const std::string& each : split(*listed, ',')) {
      const auto sparsity = finite_number(each);
      if (!sparsity) return false;
      protocol.sparsity.push_back(*sparsity);
    }
    return true;
  }
  const auto schedule = words.take<Pruning::Schedule>();
  if (!schedule || *schedule == Pruning::Schedule::listed) return false;
  protocol.schedule = *schedule;
  if (*schedule == Pruning::Schedule::one_shot) return true;
  const auto last = words.take_number("to");
  const auto rounds = words.take_count("rounds");
  if (!last || !rounds || *rounds == 0) return false;
  protocol.sparsity = {*last};
  protocol.rounds = *rounds;
  return true;
}

std::optional<Clipping> read_clipping(Words& words) {
  if (const auto percentile = words.take_number(word_of(Clipping::Rule::percentile))) {
    return Clipping{.rule = Clipping::Rule::percentile, .percentile = *percentile};
  }
  const auto rule = words.take<Clipping::Rule>();
  return rule ? std::optional(Clipping{.rule = *rule}) : std::nullopt;
}

bool read_activations(Quantization& protocol, Words& words) {
  using Kind = Quantization::Activations::Kind;
  const auto activations = words.take_setting("activations");
  if (!activations) return true;
  const auto format = parse_word<NumberFormat>(*activations);
  protocol.activations.kind = format ? Kind::format : Kind::same;
  if (format) protocol.activations.format = *format;
  const auto images = words.take_count("images");
  if (!images) return false;
  protocol.calibration_images = *images;
  protocol.activation_clipping =
      read_clipping(words).value_or(Clipping{.rule = Clipping::Rule::max});
  return true;
}

template <typename Protocol>
void read_training(Protocol& protocol, Words& words) {
  if (const auto epochs = words.take_count("epochs")) protocol.epochs = *epochs;
  protocol.learning_rate = words.take_number("learning_rate");
}

/// The protocol if all words were read and it prints as `text`.
template <typename Protocol>
std::optional<Protocol> if_printed(const Protocol& protocol, const Words& words,
                                   std::string_view text) {
  if (!words.at_end() || protocol.text() != text) return std::nullopt;
  return protocol;
}

}  // namespace

std::optional<PruningProtocol> parse_pruning(std::string_view text) {
  Words words(text);
  Pruning protocol;
  if (!read_schedule(protocol, words)) return std::nullopt;
  if (const auto scope = words.take<Pruning::Scope>()) {
    protocol.scope = *scope;
  } else {
    protocol.target = words.take<Pruning::Target>().value_or(Pruning::Target::weights);
  }
  protocol.criterion = words.take<Pruning::Criterion>().value_or(Pruning::Criterion::magnitude);
  read_training(protocol, words);
  protocol.rewind = words.take_count("rewind");
  protocol.biases = words.take_word("biases");
  protocol.keep = words.keep();
  return if_printed(protocol, words, text);
}

std::optional<QuantizationProtocol> parse_quantization(std::string_view text) {
  Words words(text);
  Quantization protocol;
  const auto method = words.take<Quantization::Method>();
  if (!method) return std::nullopt;
  protocol.method = *method;
  protocol.scope = words.take<Quantization::Scope>().value_or(Quantization::Scope::network);
  protocol.granularity = words.take<Granularity>().value_or(Granularity::tensor);
  protocol.scheme = words.take<Scheme>().value_or(Scheme::symmetric);
  const auto clipping = read_clipping(words);
  if (!clipping) return std::nullopt;
  protocol.clipping = *clipping;
  if (!read_activations(protocol, words)) return std::nullopt;
  read_training(protocol, words);
  protocol.keep = words.keep();
  return if_printed(protocol, words, text);
}

}  // namespace minima::study
