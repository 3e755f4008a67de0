// minima data: lists the data sets and shows their contents.
#include <fmt/format.h>

#include <memory>

#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/command_fetch.h"
#include "cli/commands/command_formats.h"
#include "cli/commands/command_preview.h"
#include "cli/commands/commands.h"
#include "core/error.h"
#include "core/text.h"
#include "data/source/source.h"
#include "report/json.h"
#include "report/screens/bench_text.h"
#include "report/text/notes_text.h"
#include "report/text/text_table.h"

namespace minima::cli {
namespace {

struct DataArguments {
  std::vector<std::string> name;  ///< words of a dataset notation
  std::string data_dir;
  std::string output;
  bool json = false;
};

data::Dataset load(const DataArguments& arguments) {
  const data::Source source = data::parse_source(joined(arguments.name));
  return data::load(source, app::data_folders(arguments.data_dir),
                    app::memory_for_data(app::parse_memory("")), app::parse_jobs(""));
}

std::string place_of(const data::KnownSource& known) {
  if (known.generated) return "generated";
  if (known.available) return known.found.string();
  return known.can_be_fetched ? fmt::format("not found (minima data fetch {})", known.name)
                              : "not found";
}

void list(const DataArguments& arguments) {
  const auto known = data::known_sources(app::data_folders(arguments.data_dir));
  if (arguments.json) {
    report::Json sets = report::Json::array();
    for (const auto& set : known) {
      sets.push_back({{"name", set.name},
                      {"description", set.description},
                      {"generated", set.generated},
                      {"available", set.available},
                      {"found", set.found.string()}});
    }
    app::write_output(report::document({{"datasets", sets}}));
    return;
  }
  const report::TextStyle style = app::output_style();
  std::string text;
  for (const auto& set : known) {
    text += fmt::format("{:<16} {}\n{:<16} {}\n", set.name, place_of(set), "",
                        report::dim(set.description, style));
  }
  app::write_screen(
      text +
      "Instead of a name, give the path of a folder or file; `minima data formats` lists "
      "the\nkinds that are read.\n");
}

report::Json split_json(const data::Split& split, int classes) {
  return {{"images", split.count()}, {"class_counts", data::class_counts(split, classes)}};
}

report::Json info_json(const data::Dataset& dataset, const data::PixelStatistics& pixels) {
  const int classes = dataset.problem().classes;
  report::Json json{{"name", dataset.name},
                    {"origin", dataset.origin},
                    {"shape", report::shape_json(dataset.shape)},
                    {"classes", dataset.class_names},
                    {"train", split_json(dataset.train, classes)},
                    {"test", split_json(dataset.test, classes)},
                    {"mean", pixels.mean},
                    {"sd", pixels.sd},
                    {"notes", dataset.notes},
                    {"checksum", dataset.checksum}};
  if (dataset.validation.count() > 0) {
    json["validation"] = split_json(dataset.validation, classes);
  }
  return json;
}

std::string counts_text(const data::Dataset& dataset) {
  const auto count = [](const data::Split& split) {
    return grouped(static_cast<std::int64_t>(split.count()));
  };
  std::string text = count(dataset.train) + " for training, ";
  if (dataset.validation.count() > 0) text += count(dataset.validation) + " for validation, ";
  return text + count(dataset.test) + " for testing";
}

std::string per_channel(const std::vector<double>& values) {
  std::string text;
  for (const double value : values)
    text += fmt::format("{}{:.4f}", text.empty() ? "" : "  ", value);
  return text;
}

std::string info_text(const data::Dataset& dataset, const data::PixelStatistics& pixels,
                      const report::TextStyle& style) {
  const ImageShape& shape = dataset.shape;
  const int classes = dataset.problem().classes;
  std::vector<report::Column> columns{{"class", report::Align::left}, {"train"}, {"test"}};
  const bool holds_out = dataset.validation.count() > 0;
  if (holds_out) columns.push_back({"validation"});
  report::TextTable table(columns);
  const auto train = data::class_counts(dataset.train, classes);
  const auto test = data::class_counts(dataset.test, classes);
  const auto validation = data::class_counts(dataset.validation, classes);
  for (std::size_t i = 0; i < train.size(); ++i) {
    std::vector<std::string> row{dataset.class_names[i], grouped(train[i]), grouped(test[i])};
    if (holds_out) row.push_back(grouped(validation[i]));
    table.add(row);
  }
  const std::string notes = report::notes_text(dataset.notes, style);
  return report::facts_text(
             {{"name", printable(dataset.name, std::string::npos)},
              {"from", printable(dataset.origin, std::string::npos)},
              {"image", fmt::format("{} channel{}, {} x {} pixels", shape.channels,
                                    shape.channels == 1 ? "" : "s", shape.height, shape.width)},
              {"images", counts_text(dataset)},
              {"mean", per_channel(pixels.mean)},
              {"sd", per_channel(pixels.sd)},
              {"checksum", dataset.checksum}},
             style) +
         "\n" + table.text(style) + (notes.empty() ? "" : "\n" + notes);
}

void info(const DataArguments& arguments) {
  const data::Dataset dataset = load(arguments);
  const data::PixelStatistics pixels = data::pixel_statistics(dataset.train, dataset.shape);
  if (arguments.json) {
    app::write_output(report::document(info_json(dataset, pixels)));
  } else {
    app::write_screen(info_text(dataset, pixels, app::output_style()));
  }
}

CLI::App* add_data_command(CLI::App& data, const std::string& name, const std::string& what,
                           DataArguments& arguments) {
  CLI::App* command = data.add_subcommand(name, what);
  command->add_option("--data-dir", arguments.data_dir, "folder with datasets, searched first")
      ->type_name("DIR");
  return command;
}

void add_name(CLI::App& command, DataArguments& arguments) {
  command.add_option("NAME", arguments.name, "name or path, then settings key=value")
      ->required()
      ->type_name("");
}

void add_list(CLI::App& data) {
  auto arguments = std::make_shared<DataArguments>();
  CLI::App* command =
      add_data_command(data, "list", "List the datasets that have a name", *arguments);
  add_json_flag(*command, arguments->json);
  command->callback([arguments] { list(*arguments); });
}

void add_info(CLI::App& data) {
  auto arguments = std::make_shared<DataArguments>();
  CLI::App* command = add_data_command(data, "info", "Describe a dataset", *arguments);
  add_name(*command, *arguments);
  add_json_flag(*command, arguments->json);
  command->footer(
      "Examples:\n"
      "  minima data info glyphs difficulty=0.8\n"
      "  minima data info my/photos size=32x32 --json");
  command->callback([arguments] { info(*arguments); });
}

}  // namespace

void add_data(CLI::App& program) {
  CLI::App* data = program.add_subcommand("data", "List, describe, fetch and show datasets");
  data->require_subcommand(1);
  data->footer(
      "Examples:\n"
      "  minima data list\n"
      "  minima data fetch mnist\n"
      "  minima data info mnist\n"
      "  minima data formats\n"
      "  minima data preview glyphs -o glyphs.png");
  add_list(*data);
  add_info(*data);
  add_fetch(*data);
  add_formats(*data);
  add_preview(*data);
}

}  // namespace minima::cli
