#include "cli/commands/command_preview.h"

#include <memory>
#include <string>
#include <vector>

#include "app/console.h"
#include "app/pages/misclassified_sheet.h"
#include "app/resources.h"
#include "cli/arguments/arguments.h"
#include "core/error.h"
#include "data/source/preview.h"
#include "data/source/source.h"

namespace minima::cli {
namespace {

struct PreviewArguments {
  std::vector<std::string> name;    ///< words of a dataset notation
  std::vector<std::string> errors;  ///< store and run
  std::string dataset;
  std::string data_dir;
  std::string output;
};

void preview_dataset(const PreviewArguments& arguments) {
  const data::Dataset dataset =
      data::load(data::parse_source(joined(arguments.name)), app::data_folders(arguments.data_dir),
                 app::memory_for_data(app::parse_memory("")), app::parse_jobs(""));
  const bool to_output = app::is_standard_output(arguments.output);
  data::write_contact_sheet(dataset, to_output ? "/dev/stdout" : arguments.output);
}

/// The list goes to standard output, or to standard error if the picture goes there.
void preview_errors(const PreviewArguments& arguments) {
  const app::ErrorsSheet sheet = app::errors_sheet({.store = arguments.errors.at(0),
                                                    .run = arguments.errors.at(1),
                                                    .dataset = arguments.dataset,
                                                    .data_dir = arguments.data_dir});
  app::write_named_file(arguments.output, sheet.png);
  const bool to_output = app::is_standard_output(arguments.output);
  (to_output ? app::write_log : app::write_screen)(sheet.text);
}

void preview(const PreviewArguments& arguments) {
  const bool shows_errors = !arguments.errors.empty();
  if (shows_errors != arguments.name.empty()) {
    throw input_error({"data preview", ""}, "expected either a dataset or --errors",
                      "give a dataset, or --errors STORE RUN");
  }
  if (!shows_errors && !arguments.dataset.empty()) {
    throw input_error({"--dataset", ""}, "chooses a run, and only --errors needs one",
                      "leave it out");
  }
  shows_errors ? preview_errors(arguments) : preview_dataset(arguments);
}

}  // namespace

void add_preview(CLI::App& data) {
  auto arguments = std::make_shared<PreviewArguments>();
  CLI::App* command = data.add_subcommand(
      "preview", "Write a picture of images: some of every class, or those a run gets wrong");
  command->add_option("NAME", arguments->name, "name or path of a dataset, then settings key=value")
      ->type_name("");
  command
      ->add_option("--errors", arguments->errors,
                   "show the test images that a run of a store gets wrong: an id, or `best`")
      ->expected(2)
      ->option_text("STORE RUN");
  command->add_option("--dataset", arguments->dataset, "with `best`: the best run on this dataset")
      ->type_name("NAME");
  command->add_option("--data-dir", arguments->data_dir, "folder with datasets, searched first")
      ->type_name("DIR");
  command->add_option("-o,--output", arguments->output, "PNG to write, or - for standard output")
      ->required()
      ->type_name("FILE");
  command->footer(
      "Below each misclassified image stand its class and the predicted class. Up to 96\nare "
      "shown, "
      "evenly over the classes; a list of them is printed.\n"
      "Examples:\n"
      "  minima data preview textures -o textures.png\n"
      "  minima data preview --errors mnist.minima best -o errors.png");
  command->callback([arguments] { preview(*arguments); });
}

}  // namespace minima::cli
