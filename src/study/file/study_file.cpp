#include "study/file/study_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files/file.h"
#include "core/text.h"
#include "study/options/options.h"
#include "study/options/value.h"
#include "study/plan/grid.h"
#include "study/settings/limits.h"

namespace minima::study {
namespace {

const std::vector<std::string>& section_names() {
  static const std::vector<std::string> kNames{"study",        "data",     "train", "pruning",
                                               "quantization", "analysis", "design"};
  return kNames;
}

Source source_of(const Override& override) {
  return {std::make_shared<const std::string>(
              fmt::format("--set {}={}", override.path, override.value)),
          0, 0};
}

/// Converts `value` to a table if it is not one: the choice "sgd" becomes { name = "sgd" }, so that
/// train.optimizer.momentum can be set.
Value::Table& as_table(Value& value, const Source& setter) {
  if (const auto* name = value.as<std::string>()) {
    Entry entry{"name", value.source, {.data = *name, .source = value.source}};
    value.data = Value::Table{std::move(entry)};
  }
  if (value.as<Value::Table>() == nullptr) {
    throw input_error(setter.place(), fmt::format("{} has no options of its own", value.describe()),
                      "write SECTION.KEY=VALUE, such as train.epochs=5");
  }
  return *value.as<Value::Table>();
}

Value& entry_of(Value& value, const std::string& key, const Source& source) {
  Value::Table& table = as_table(value, source);
  auto entry = std::ranges::find(table, key, &Entry::key);
  if (entry == table.end()) {
    table.push_back({key, source, {.data = Value::Table{}, .source = source}});
    entry = table.end() - 1;
  }
  return entry->value;
}

void apply(Value& root, const Override& override) {
  const Source source = source_of(override);
  const std::vector<std::string> path = split(override.path, '.');
  if (path.front() == "design") {
    throw input_error(source.place(), "designs cannot be set", "change them in the study file");
  }
  if (path.size() < 2) {
    throw input_error(source.place(), fmt::format("\"{}\" does not name an option", override.path),
                      "write SECTION.KEY=VALUE, such as train.epochs=5");
  }
  Value* value = &root;
  for (const std::string& key : path) value = &entry_of(*value, key, source);
  *value = read_toml_value(override.value, *source.file);
}

/// A section as a table; empty if the section is missing and optional.
Value section(const Value& root, const std::string& name) {
  const Value* found = root.find(name);
  if (found == nullptr) return {.data = Value::Table{}, .source = root.source};
  if (found->as<Value::Table>() == nullptr) {
    throw wrong_type(name, *found, fmt::format("a section, [{}] on a line of its own", name));
  }
  return *found;
}

/// A key of a protocol that stands in the section itself.
void refuse_misplaced(const Value& root, const std::string& name,
                      const std::vector<OptionText>& protocol) {
  const Value table = section(root, name);
  for (const Entry& entry : *table.as<Value::Table>()) {
    if (std::ranges::find(protocol, entry.key, &OptionText::key) == protocol.end()) continue;
    throw input_error(
        entry.source.place(),
        fmt::format("\"{}\" is an option of a protocol, not of [{}]", entry.key, name),
        fmt::format("write it below a line [[{}.protocol]]", name));
  }
}

/// Reads a section. Its presence alone requests one protocol with all defaults.
template <typename Settings>
void read_compression(Settings& settings, const Value& root, const std::string& name,
                      const Options<Settings>& options, const std::vector<OptionText>& protocol) {
  if (root.find(name) == nullptr) return;
  refuse_misplaced(root, name, protocol);
  settings.protocols.emplace_back();
  read_table(settings, section(root, name), options, "[" + name + "]");
}

/// Compression needs stored weights. They are kept if the study does not mention them; forbidding
/// them is an error.
void keep_what_is_compressed(Study& study, const Value& root) {
  bool all = false;
  bool any = false;
  const auto look = [&](const auto& settings) {
    if (settings.protocols.empty()) return;
    any = true;
    all = all || settings.representatives != Representatives::median;
  };
  look(study.pruning);
  look(study.quantization);
  if (!any || study.weights == KeepWeights::all) return;
  const Value table = section(root, "study");
  const Value* asked = table.find("weights");
  if (asked == nullptr) {
    if (all) study.weights = KeepWeights::all;
    return;
  }
  if (all || study.weights == KeepWeights::none) {
    throw input_error(asked->place(), "pruning and quantization need the weights of their runs",
                      all ? "write weights = \"all\", or representatives = \"median\" in [pruning] "
                            "and [quantization]"
                          : "write weights = \"representative\" or \"all\"");
  }
}

void refuse_late_rewinding(const Study& study, const Value& root) {
  for (const PruningProtocol& protocol : study.pruning.protocols) {
    if (!protocol.rewind || *protocol.rewind < study.train.epochs) continue;
    throw input_error(section(root, "pruning").place(),
                      fmt::format("rewind = {} is not before the last of {} epochs",
                                  *protocol.rewind, study.train.epochs),
                      "rewind to an earlier epoch, 0 for the initial weights");
  }
}

void refuse_late_weight_epochs(const Study& study, const Value& root) {
  const Value table = section(root, "study");
  for (const int epoch : study.weight_epochs) {
    if (epoch <= study.train.epochs) continue;
    throw input_error(
        table.find("weight_epochs")->place(),
        fmt::format("weight_epochs asks for epoch {} of {}", epoch, study.train.epochs),
        "name epochs that are trained");
  }
}

std::vector<Design> read_designs(const Value& root) {
  const Value* designs = root.find("design");
  if (designs == nullptr) {
    throw input_error(root.place(), "the study has no [[design]]",
                      "add [[design]] with family, depth and width, or with architectures");
  }
  const auto* list = designs->as<Value::List>();
  if (list == nullptr || list->empty()) {
    throw wrong_type("design", *designs, "[[design]] in two brackets, once for each design");
  }
  std::vector<Design> read;
  for (const Value& table : *list) {
    if (table.as<Value::Table>() == nullptr) {
      throw wrong_type("design", table, "[[design]] in two brackets, once for each design");
    }
    read.push_back(read_design(table));
  }
  return read;
}

}  // namespace

Override parse_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  const auto refuse = [&](const std::string& problem) {
    return input_error({"--set " + printable(text, 100), ""}, problem,
                       "write SECTION.KEY=VALUE, such as train.epochs=5");
  };
  if (equals == std::string::npos) throw refuse("has no \"=\"");
  Override override{std::string(trim(std::string_view(text).substr(0, equals))),
                    std::string(trim(std::string_view(text).substr(equals + 1)))};
  const auto keys = split(override.path, '.');
  if (std::ranges::any_of(keys, &std::string::empty) || keys.size() > 8) {
    throw refuse(fmt::format("\"{}\" does not name an option", printable(override.path, 60)));
  }
  if (override.value.empty()) throw refuse("has no value");
  return override;
}

Study parse_study(const std::string& text, const std::string& file,
                  std::span<const Override> overrides) {
  if (text.size() > kMaxStudyFileBytes) {
    throw input_error({file, ""}, fmt::format("is {} long", human_bytes(text.size())),
                      fmt::format("a study file has at most {}", human_bytes(kMaxStudyFileBytes)));
  }
  Value root = read_toml(text, file);
  for (const Override& override : overrides) apply(root, override);
  for (const Entry& entry : *root.as<Value::Table>()) {
    if (std::ranges::find(section_names(), entry.key) == section_names().end()) {
      throw unknown_key(entry, "the study file", section_names());
    }
  }
  Study study;
  study.text = text;
  study.file = file;
  read_table(study, section(root, "study"), study_options(), "[study]");
  read_table(study, section(root, "data"), data_options(), "[data]");
  read_table(study.train, section(root, "train"), train_options().all(), "[train]");
  read_compression(study.pruning, root, "pruning", pruning_options(), pruning_protocol_texts());
  read_compression(study.quantization, root, "quantization", quantization_options(),
                   quantization_protocol_texts());
  refuse_late_rewinding(study, root);
  refuse_late_weight_epochs(study, root);
  keep_what_is_compressed(study, root);
  const Value analysis = section(root, "analysis");
  read_table(study.analysis, analysis, analysis_options().all(), "[analysis]");
  if (const Value* order = analysis.find("difficulty_order")) {
    study.difficulty_place = order->place();
  }
  study.designs = read_designs(root);
  refuse_impossible(study);
  return study;
}

AnalysisSettings parse_analysis_settings(const std::string& text, const std::string& file,
                                         std::span<const Override> overrides) {
  Value root = read_toml(text, file);
  for (const Override& override : overrides) {
    if (!override.path.starts_with("analysis.")) {
      throw input_error(source_of(override).place(), "is not an analysis setting",
                        "write analysis.KEY=VALUE, such as analysis.bands=paper");
    }
    apply(root, override);
  }
  AnalysisSettings settings;
  read_table(settings, section(root, "analysis"), analysis_options().all(), "[analysis]");
  return settings;
}

std::string Study::training_text() const {
  const std::string settings = train.text();
  return fmt::format("seed={}{}{}", seed, settings.empty() ? "" : " ", settings);
}

Study read_study(const std::filesystem::path& path, std::span<const Override> overrides) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (!error && bytes > kMaxStudyFileBytes) {
    throw input_error({path.string(), ""}, fmt::format("is {} long", human_bytes(bytes)),
                      fmt::format("a study file has at most {}", human_bytes(kMaxStudyFileBytes)));
  }
  return parse_study(read_file(path, kMaxStudyFileBytes), path.string(), overrides);
}

}  // namespace minima::study
