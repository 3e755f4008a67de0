// minima doctor: checks whether a store is intact and suggests repairs.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "core/error.h"
#include "core/text.h"
#include "report/json.h"
#include "store/doctor.h"

namespace minima::cli {
namespace {

struct DoctorArguments {
  std::string store;
  bool repair = false;
  bool json = false;
};

constexpr std::size_t kMostComplaints = 20;  // number of printed complaints; --json has all

std::string checked_text(const store::Examination& found) {
  std::string text = fmt::format("checked: {}, {} of weights\n", report::counted(found.runs, "run"),
                                 report::counted(found.tensors, "tensor"));
  if (found.unverified > 0) {
    text += fmt::format(
        "{} of them could not be verified: an older version of minima recorded no checksums\n",
        grouped(found.unverified));
  }
  if (found.is_being_written)
    text += "another program is writing to the store, so stray files were not checked\n";
  return text;
}

std::string complaints_text(const store::Examination& found) {
  std::string text;
  std::size_t lines = 0;
  for (const store::Complaint& each : found.complaints) {
    if (lines++ == kMostComplaints) break;
    text += fmt::format("{}: {}{}\n", each.file, printable(each.problem),
                        each.repairable ? "" : " (cannot be repaired)");
  }
  if (found.complaints.size() > kMostComplaints) {
    text +=
        fmt::format("and {} more; --json lists them\n",
                    grouped(static_cast<std::int64_t>(found.complaints.size() - kMostComplaints)));
  }
  return text.empty() ? "no problems found\n" : text;
}

std::string repair_text(const store::Repair& repair, const std::string& store) {
  std::string text;
  for (const std::string& sentence : repair.done) text += "repaired: " + sentence + "\n";
  if (!repair.copy.empty()) {
    text += fmt::format("the old runs.sqlite is kept as {}\n", repair.copy);
  }
  if (repair.runs > 0 || repair.compressions > 0) {
    text += fmt::format("`minima run STUDY --store {}` runs them again\n", shell_word(store));
  }
  return text;
}

report::Json found_json(const store::Examination& found) {
  report::Json complaints = report::Json::array();
  for (const store::Complaint& each : found.complaints) {
    complaints.push_back(
        {{"file", each.file}, {"problem", each.problem}, {"repairable", each.repairable}});
  }
  return {{"whole", found.complaints.empty()},
          {"schema", found.schema},
          {"runs", found.runs},
          {"tensors", found.tensors},
          {"unverified", found.unverified},
          {"being_written", found.is_being_written},
          {"complaints", complaints}};
}

Error diagnosis(const store::Examination& found, const DoctorArguments& arguments) {
  const auto complaints = std::ssize(found.complaints);
  const auto repairable = std::ranges::count(found.complaints, true, &store::Complaint::repairable);
  const std::string problem =
      fmt::format("{} problem{} found", grouped(complaints), complaints == 1 ? "" : "s");
  if (repairable == 0) {
    return work_error({arguments.store, ""}, problem, "restore it from a copy");
  }
  return work_error(
      {arguments.store, ""}, problem,
      fmt::format("`minima doctor {} --repair` repairs {}", shell_word(arguments.store),
                  repairable == complaints ? "all" : grouped(repairable)));
}

void doctor(const DoctorArguments& arguments) {
  store::Repair repair;
  if (arguments.repair) {
    repair = store::repair(arguments.store);
  } else {
    repair.left = store::examine(arguments.store);
  }
  if (arguments.json) {
    report::Json document = found_json(repair.left);
    document["store"] = arguments.store;
    document["repaired"] = repair.done;
    document["copy"] = repair.copy.empty() ? report::Json(nullptr) : report::Json(repair.copy);
    app::write_output(report::document(document));
  } else {
    app::write_screen(repair_text(repair, arguments.store) + complaints_text(repair.left) +
                      checked_text(repair.left));
  }
  if (!repair.left.complaints.empty()) throw diagnosis(repair.left, arguments);
}

}  // namespace

void add_doctor(CLI::App& program) {
  auto arguments = std::make_shared<DoctorArguments>();
  CLI::App* command = program.add_subcommand("doctor", "Check a store and repair it");
  command->add_option("STORE", arguments->store, "store written by minima run")
      ->required()
      ->type_name("");
  command->add_flag("--repair", arguments->repair, "repair what can be repaired without loss");
  add_json_flag(*command, arguments->json);
  command->footer(
      "Checks the database, every value in it, and every weight against its checksum.\n"
      "--repair removes stray files and rows, and plans damaged runs again; minima run\nthen "
      "trains them. It keeps a copy of runs.sqlite in the store.\n"
      "Exit codes: 0 no problems, 1 problems found.\n"
      "Examples:\n"
      "  minima doctor embedded.minima\n"
      "  minima doctor embedded.minima --repair");
  command->callback([arguments] { doctor(*arguments); });
}

}  // namespace minima::cli
