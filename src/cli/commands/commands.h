// The commands of the program. Each function adds one to the command line. The command itself runs
// after parsing.
#pragma once

#include <CLI/CLI.hpp>

namespace minima::cli {

void add_plan(CLI::App& program);
void add_run(CLI::App& program);
void add_status(CLI::App& program);
void add_analyze(CLI::App& program);
void add_report(CLI::App& program);
void add_recommend(CLI::App& program);
void add_export(CLI::App& program);
void add_merge(CLI::App& program);
void add_doctor(CLI::App& program);
void add_data(CLI::App& program);
void add_bench(CLI::App& program);

}  // namespace minima::cli
