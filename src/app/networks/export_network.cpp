#include "app/networks/export_network.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "app/analyses/changed_values.h"
#include "app/console.h"
#include "app/embedded.h"
#include "app/networks/network_formats.h"
#include "app/networks/stored_dataset.h"
#include "app/resources.h"
#include "core/error.h"
#include "core/files/file.h"
#include "core/text.h"
#include "data/source/source.h"
#include "deploy/export/network_export.h"
#include "deploy/export/write_export.h"
#include "statistics/estimates/training_noise.h"
#include "study/file/recorded_training.h"

namespace minima::app {
namespace {

using record::Variant;

constexpr const char* kBest = "best";  // instead of the id of a run
constexpr double kPrintedDigits = 1e-6;
constexpr std::size_t kMostNamed = 6;  // number of variants listed in a message

bool has_number(const std::string& option, const std::string& text, double value) {
  const std::optional<double> number = parse_number(text);
  if (!number) {
    throw input_error({option, ""},
                      fmt::format("expected a number, got \"{}\"", printable(text, 60)));
  }
  return std::abs(*number - value) < kPrintedDigits;
}

bool has_bits(const std::string& text, const Variant& variant) {
  const std::optional<double> number = parse_number(text);
  return number ? *number == variant.bits : text == variant.format.name();
}

// Matches a whole text or a part of it: `--quantization qat`.
bool has_protocol(const std::string& asked, const std::string& text) {
  if (asked == "none") return text.empty();
  return text.find(asked) != std::string::npos;
}

bool matches(const Variant& variant, const NetworkArguments& arguments) {
  if (!variant.tensor.empty()) return false;
  if (arguments.sparsity.empty() && arguments.pruning.empty() && !variant.pruning.empty()) {
    return false;
  }
  if (arguments.bits.empty() && arguments.quantization.empty() && !variant.quantization.empty()) {
    return false;
  }
  return (arguments.sparsity.empty() ||
          has_number("--sparsity", arguments.sparsity, variant.sparsity_asked)) &&
         (arguments.pruning.empty() || has_protocol(arguments.pruning, variant.pruning)) &&
         (arguments.bits.empty() || has_bits(arguments.bits, variant)) &&
         (arguments.quantization.empty() ||
          has_protocol(arguments.quantization, variant.quantization));
}

std::string description_of(const Variant& variant) {
  std::string text;
  if (!variant.pruning.empty()) {
    text = fmt::format("--sparsity {} --pruning {}", shortest(variant.sparsity_asked),
                       shell_word(variant.pruning));
  }
  if (!variant.quantization.empty()) {
    text += fmt::format("{}--bits {} --quantization {}", text.empty() ? "" : " ",
                        shell_word(variant.format.text()), shell_word(variant.quantization));
  }
  return text;
}

// The text of one protocol can be a part of another's, so exact matches take precedence.
void keep_exact(std::vector<const Variant*>& found, const NetworkArguments& arguments) {
  const auto is_exact = [&](const Variant* each) {
    return (arguments.pruning.empty() || each->pruning == arguments.pruning) &&
           (arguments.quantization.empty() || each->quantization == arguments.quantization);
  };
  if (std::ranges::none_of(found, is_exact)) return;
  std::erase_if(found, [&](const Variant* each) { return !is_exact(each); });
}

Error several(const std::vector<const Variant*>& found) {
  std::vector<std::string> names;
  for (const Variant* each : found) {
    if (names.size() == kMostNamed) break;
    names.push_back(description_of(*each));
  }
  return input_error({"export", ""}, fmt::format("{} variants match", found.size()),
                     fmt::format("choose one of: {}{}", fmt::join(names, " | "),
                                 found.size() > names.size() ? " | ..." : ""));
}

// The study from the store's text and the --set values.
study::Study study_of(const store::Reader& store, const NetworkArguments& arguments) {
  const record::StudyRecord record = store.study();
  std::vector<study::Override> overrides = study::overrides_as_recorded(record.train);
  for (const std::string& text : arguments.settings) {
    overrides.push_back(study::parse_override(text));
  }
  return study::parse_study(record.text, record.name, overrides);
}

/// The images of a run, or a stand-in of the same shape without images.
struct Images {
  std::shared_ptr<const data::Dataset> dataset;
  std::string missing;  ///< why the images are missing; empty: they are there
};

/// `needed`: why the export needs the images; empty: it does not. Data that are there but damaged
/// or changed are an error in any case.
Images images_of(const record::DatasetRecord& record, const NetworkArguments& arguments,
                 const std::string& needed) {
  try {
    return {load_dataset(record, arguments.data_dir), ""};
  } catch (const Error& error) {
    if (error.kind() != Error::Kind::input ||
        is_at_hand(data::parse_source(record.name), arguments.data_dir) || arguments.verify) {
      throw;
    }
    if (!needed.empty()) {
      throw Error(Error::Kind::input,
                  fmt::format("{} (this export needs the images: {})", error.what(), needed));
    }
    data::Dataset empty;
    empty.name = record.name;
    empty.shape = record.problem.image;
    empty.class_names = record.class_names;
    empty.class_names.resize(static_cast<std::size_t>(record.problem.classes));
    return {std::make_shared<const data::Dataset>(std::move(empty)), error.what()};
  }
}

// Whether the network was pruned with retraining, or trained with quantization.
bool is_trained_again(const Variant& variant) {
  return variant.epochs > 0;
}

/// Throws a work error if the exported network is not the recorded one; docs/decisions/0017 derives
/// the bounds.
void check_accuracy(const NetworkArguments& arguments, const deploy::Provenance& provenance) {
  const double made = provenance.variant.test_accuracy;
  const double recorded = provenance.recorded_accuracy;
  if (std::isnan(made) && std::isnan(recorded)) return;
  const std::int64_t images = provenance.test_images;
  const std::int64_t most = is_trained_again(provenance.variant) ? retrained_difference(images)
                                                                 : recomputed_difference(images);
  const double differing = std::abs(made - recorded) * static_cast<double>(images);
  if (differing <= static_cast<double>(most) + kPrintedDigits * static_cast<double>(images)) return;
  throw work_error(
      {arguments.store, "run " + provenance.run_id},
      fmt::format("the network classifies {:.4f} of {} test images correctly, the store records "
                  "{:.4f}: rounding explains at most {} images, so nothing was written",
                  made, grouped(images), recorded, grouped(most)),
      fmt::format("`minima doctor {}` checks the store", shell_word(arguments.store)));
}

std::string facts_text(const deploy::Provenance& provenance) {
  return fmt::format("{} on {}, run {}: accuracy {}\n", provenance.variant.architecture,
                     printable(provenance.dataset), provenance.run_id,
                     deploy::accuracy_text(provenance));
}

/// What the recorded accuracy is worth; empty if it was confirmed.
std::string verification_text(const deploy::Provenance& provenance, const std::string& missing) {
  if (!missing.empty()) return fmt::format("the accuracy was not verified: {}\n", missing);
  const double difference = provenance.variant.test_accuracy - provenance.recorded_accuracy;
  if (!(std::abs(difference) > kPrintedDigits)) return "";
  return fmt::format("the store records {:.4f}: rounding differs between machines\n",
                     provenance.recorded_accuracy);
}

void tell(const deploy::Provenance& provenance, const deploy::ExportedNetwork& network,
          const deploy::WrittenExport& written, const std::string& missing) {
  std::string text = facts_text(provenance);
  for (const deploy::ExportedFile& file : network.files) {
    text += fmt::format("{}  {}\n", file.path.string(), human_bytes(file.content.size()));
  }
  if (!written.card.empty()) text += fmt::format("{}\n", written.card.string());
  text += fmt::format("{}\n", written.manifest.string());
  if (!written.kept.empty()) {
    text += fmt::format("{} was kept: this export did not write it, so there is no model card\n",
                        written.kept.string());
  }
  for (const std::string& note : network.notes) text += note + "\n";
  text += verification_text(provenance, missing);
  write_log(text);
}

// Checked before the network is made, which can be slow.
void check(const NetworkArguments& arguments, const NetworkFormat& format) {
  if (!is_standard_output(arguments.output)) return format.check_output(arguments.output);
  if (format.is_text || !is_terminal(stdout)) return;
  throw input_error({"-o", ""}, "a network is not text, and standard output is a terminal",
                    "give -o PATH, or send it to a file or program");
}

/// Writes to standard output, and says on standard error what it was.
void write_piped(const NetworkArguments& arguments, const NetworkFormat& format,
                 const deploy::Provenance& provenance, const deploy::ExportedNetwork& network,
                 const std::string& missing) {
  const std::string content = deploy::piped_export(arguments.format, provenance, network,
                                                   arguments.card && format.has_card);
  (is_terminal(stdout) ? write_text : write_output)(content);
  const bool is_alone = network.files.size() == 1;
  write_log(fmt::format("{}{}\n", facts_text(provenance),
                        is_alone
                            ? format.has_card ? "the manifest and the model card need -o PATH" : ""
                            : "standard output is a tar archive of all files"));
  for (const std::string& note : network.notes) write_log(note + "\n");
  write_log(verification_text(provenance, missing));
}

// Uses the images held out for choosing, if there are any.
double choosing_accuracy(const record::RunRow& row) {
  return record::choosing_accuracy(row.result.validation_accuracy, row.result.test_accuracy);
}

// Accuracies on different datasets do not compare, so "best" needs one dataset.
std::string dataset_of_best(const store::Reader& store, const std::string& asked) {
  std::vector<std::string> names;
  for (const record::DatasetRecord& each : store.datasets()) names.push_back(each.name);
  if (!asked.empty()) return dataset_named(asked, names);
  if (names.size() < 2) return names.empty() ? "" : names.front();
  std::vector<std::string> options;
  for (const std::string& name : names) options.push_back("--dataset " + shell_word(name));
  throw input_error({kBest, ""}, fmt::format("the store has {} datasets", names.size()),
                    fmt::format("choose one: {}", fmt::join(options, " | ")));
}

record::RunRow best_of(const store::Reader& store, std::vector<record::RunRow> runs, Needs needs) {
  std::ranges::stable_sort(runs, std::ranges::greater{}, choosing_accuracy);
  if (needs == Needs::results) return std::move(runs.front());
  const std::vector<std::string> with_weights = store.runs_with_weights();
  for (record::RunRow& row : runs) {
    if (std::ranges::binary_search(with_weights, row.id)) return std::move(row);
  }
  throw input_error({kBest, ""}, "the store has no weights of these runs",
                    "train with `weights = \"all\"`");
}

}  // namespace

record::RunRow find_run(const store::Reader& store, const std::string& run,
                        const std::string& dataset, Needs needs) {
  const bool is_best = run == kBest;
  const std::string wanted = is_best ? dataset_of_best(store, dataset) : dataset;
  std::vector<record::RunRow> found;
  for (record::RunRow& row : store.runs()) {
    const bool finished = row.result.status == record::RunStatus::finished;
    const bool fits = wanted.empty() || row.dataset == wanted;
    if (finished && fits && (is_best || row.id.starts_with(run))) found.push_back(std::move(row));
  }
  if (found.empty() && is_best) {
    throw input_error({run, ""}, "no run on this dataset has finished",
                      "`minima status STORE` shows how far the study is");
  }
  if (found.empty()) {
    throw input_error({run, ""},
                      dataset.empty() ? "is not a finished run of this store"
                                      : "is not a finished run on this dataset",
                      "`minima export STORE --table runs` lists them");
  }
  if (is_best) return best_of(store, std::move(found), needs);
  if (found.size() == 1) return std::move(found.front());
  throw input_error({run, ""}, fmt::format("{} runs begin with this id", found.size()),
                    "give more characters of the id");
}

std::vector<const Variant*> matching_variants(const std::vector<record::VariantRow>& variants,
                                              const std::string& run_id,
                                              const NetworkArguments& arguments) {
  std::vector<const Variant*> found;
  for (const record::VariantRow& row : variants) {
    if (row.run_id == run_id && matches(row.variant, arguments)) found.push_back(&row.variant);
  }
  keep_exact(found, arguments);
  return found;
}

std::optional<Variant> find_variant(const std::vector<record::VariantRow>& variants,
                                    const std::string& run_id, const NetworkArguments& arguments) {
  if (!arguments.names_variant()) return std::nullopt;
  const std::vector<const Variant*> found = matching_variants(variants, run_id, arguments);
  if (found.size() > 1) throw several(found);
  if (found.empty()) {
    throw input_error({run_id, ""}, "has no such variant",
                      "`minima export STORE --table variants` lists them");
  }
  return *found.front();
}

namespace {

/// A note on a more accurate run than the exported one, which `best` leaves out because its weights
/// were not kept; empty: there is none.
std::string better_run_text(const store::Reader& store, const NetworkArguments& arguments,
                            const record::RunRow& exported) {
  const record::RunRow best = find_run(store, kBest, arguments.dataset, Needs::results);
  if (!(choosing_accuracy(best) > choosing_accuracy(exported))) return "";
  return fmt::format(
      "note: run {} ({}) is more accurate ({:.4f}{}), but the store does not have its weights; "
      "`minima run STUDY --set study.weights=all --retrain-missing` adds them\n",
      best.id, best.architecture, choosing_accuracy(best),
      std::isnan(best.result.validation_accuracy) ? "" : " on validation images");
}

}  // namespace

void export_network(const NetworkArguments& arguments) {
  const NetworkFormat& format = network_format(arguments.format);
  check(arguments, format);
  const auto store = store::open_reader(arguments.store);
  const record::RunRow row = find_run(*store, arguments.run, arguments.dataset);
  if (arguments.run == kBest) write_log(better_run_text(*store, arguments, row));
  const std::optional<Variant> variant = find_variant(store->variants(), row.id, arguments);
  run::VariantKey key;
  if (variant) {
    key = {variant->pruning, variant->sparsity_asked, variant->quantization, variant->format};
  }
  const study::Study study = study_of(*store, arguments);
  run::TrainedRun trained = run::stored_run(*store, study, row);
  const record::DatasetRecord record = dataset_record(*store, row.dataset);
  const std::string needed = format.needs_images.empty() ? run::needs_images(study, key)
                                                         : std::string(format.needs_images);
  const Images images = images_of(record, arguments, needed);
  const auto backend = engine::make_cpu_backend();
  const auto dataset = backend->prepare(images.dataset);
  const run::RemadeVariant made =
      images.missing.empty()
          ? run::remake(std::move(trained), study, key, *dataset, *backend, {})
          : run::remake_without_images(std::move(trained), study, key, *dataset, *backend);

  const deploy::Provenance provenance{
      .program_version = kVersion,
      .study = store->study().name,
      .dataset = row.dataset,
      .run_id = row.id,
      .replicate = row.replicate,
      .trained_architecture = row.architecture,
      .variant = made.evaluated.variant,
      .recorded_accuracy = variant ? variant->test_accuracy : row.result.test_accuracy,
      .test_images = record.test_count,
      .is_verified = images.missing.empty(),
      .validation_images = record.validation_count,
      .majority_share = record.majority_share,
      .training = store->study().train,
      .problem = record.problem,
      .class_names = record.class_names,
      .scaling = dataset->pixels(made.origin->run.train.scaling)};
  if (provenance.is_verified) check_accuracy(arguments, provenance);
  const std::string changed = store->changed_values();
  const bool is_piped = is_standard_output(arguments.output);
  const std::string output = is_piped ? std::string(format.piped_name) : arguments.output;
  const auto network = format.write({output, {made, provenance}, *dataset, *backend});
  if (is_piped) {
    write_piped(arguments, format, provenance, network, images.missing);
  } else {
    const auto written = deploy::write_export(arguments.format, provenance, network,
                                              arguments.card && format.has_card);
    tell(provenance, network, written, images.missing);
  }
  warn_of_changed_values(changed, arguments.store);
}

}  // namespace minima::app
