// minima export: exports a table of a store as CSV or JSON, or a network for other programs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "app/analyses/changed_values.h"
#include "app/console.h"
#include "app/networks/export_network.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "core/error.h"
#include "core/files/file.h"
#include "core/text.h"
#include "report/csv.h"
#include "report/json.h"
#include "store/store.h"

namespace minima::cli {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

struct ExportArguments {
  std::string store;
  std::string table;
  std::string format;  // empty: csv for a table, safetensors for a network
  std::string output = "-";
  app::NetworkArguments network;
};

using Sink = std::function<void(const std::string&)>;

void write_csv(const store::Reader& store, const std::string& table, const Sink& sink) {
  store.table(
      table, [&](const std::vector<std::string>& columns) { sink(report::csv_line(columns)); },
      [&](const std::vector<record::Cell>& cells) { sink(report::csv_line(cells)); });
}

// An array with one object per row.
void write_json(const store::Reader& store, const std::string& table, const Sink& sink) {
  std::vector<std::string> names;
  bool is_first = true;
  sink("[");
  store.table(
      table, [&](const std::vector<std::string>& columns) { names = columns; },
      [&](const std::vector<record::Cell>& cells) {
        report::Json row = report::Json::object();
        for (std::size_t i = 0; i < cells.size(); ++i) row[names[i]] = report::cell_json(cells[i]);
        sink((is_first ? "\n" : ",\n") + report::compact(row));
        is_first = false;
      });
  sink("\n]\n");
}

struct TableFormat {
  std::string_view name;
  void (*write)(const store::Reader& store, const std::string& table, const Sink& sink);
};

/// The first one is the default.
constexpr std::array kTableFormats = {TableFormat{"csv", write_csv},
                                      TableFormat{"json", write_json}};

const TableFormat& format_of(const ExportArguments& arguments) {
  if (arguments.format.empty()) return kTableFormats.front();
  return app::element_named("--format", "format", arguments.format, kTableFormats);
}

void check(const ExportArguments& arguments, const store::Reader& store) {
  const std::vector<std::string> tables = store.table_names();
  if (std::find(tables.begin(), tables.end(), arguments.table) == tables.end()) {
    throw app::unknown_name("--table", "table", arguments.table, tables);
  }
}

void export_table(const ExportArguments& arguments) {
  const auto store = store::open_reader(arguments.store);
  const TableFormat& format = format_of(arguments);
  check(arguments, *store);
  const bool to_output = app::is_standard_output(arguments.output);
  // On a terminal the output is made printable.
  const auto write_piece = app::is_terminal(stdout) ? app::write_text : app::write_output;
  std::string text;
  const auto collect = [&](const std::string& piece) {
    text += piece;
    if (to_output && text.size() >= kChunkBytes) {
      write_piece(text);
      text.clear();
    }
  };
  const std::string changed = store->changed_values();
  format.write(*store, arguments.table, collect);
  if (to_output) {
    write_piece(text);
  } else {
    write_file_atomically(arguments.output, text);
  }
  app::warn_of_changed_values(changed, arguments.store);
}

void export_what_is_asked(const ExportArguments& arguments) {
  const bool is_network = !arguments.network.run.empty();
  if (is_network != arguments.table.empty()) {
    throw input_error({"export", ""}, "expected either a run or --table",
                      "give a run (its id, or `best`) or --table NAME, not both");
  }
  if (!is_network) return export_table(arguments);
  app::NetworkArguments network = arguments.network;
  network.store = arguments.store;
  network.output = arguments.output;
  if (!arguments.format.empty()) network.format = arguments.format;
  app::export_network(network);
}

}  // namespace

void add_export(CLI::App& program) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App* command = program.add_subcommand(
      "export", "Write a table of a store, or one of its networks, to a file");
  command->add_option("STORE", arguments->store, "store written by minima run")
      ->required()
      ->type_name("");
  command
      ->add_option("RUN", arguments->network.run,
                   "export the network of this run: an id, or `best`")
      ->type_name("");
  command->add_option("--table", arguments->table, "export this table: runs, epochs, ...")
      ->type_name("NAME");
  command->add_option("--format", arguments->format, "output format, listed below")
      ->type_name("FORMAT");
  command->add_option("-o,--output", arguments->output, "file, or - for standard output [-]")
      ->type_name("PATH");
  add_variant_options(*command, arguments->network);
  command->footer(
      "Formats of a table: csv [default], json. Formats of a network: safetensors\n"
      "[default], onnx, tflite (int8), c, arduino (a folder), and csv for its\n"
      "predictions of the test images. `best` is the most accurate run before\n"
      "compression, on validation images if there are any, of those whose weights were\n"
      "kept; if the store has several datasets, --dataset names one. A manifest and a\n"
      "model card are written beside a network. Other files are not replaced. Without\n"
      "the dataset, a network that needs no images to be made is exported with its\n"
      "recorded accuracy. docs/store.md describes the tables.\n"
      "Examples:\n"
      "  minima export embedded.minima --table runs -o runs.csv\n"
      "  minima export embedded.minima --table epochs --format json | jq '.[0]'\n"
      "  minima export digits.minima best -o digits.safetensors\n"
      "  minima export digits.minima best --format c --sparsity 0.7 --bits 4 -o d.c\n"
      "  minima export digits.minima best --format arduino --bits 8 -o digits");
  command->callback([arguments] { export_what_is_asked(*arguments); });
}

}  // namespace minima::cli
