// minima: lists the commands. Every command has its own file, command_*.cpp.
#include <cxxabi.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <typeinfo>

#include "app/console.h"
#include "app/embedded.h"
#include "cli/arguments/usage.h"
#include "cli/commands/commands.h"
#include "cli/terminal/interrupt.h"
#include "core/error.h"

namespace {

using namespace minima;

constexpr const char* kDescription =
    "Finds the smallest neural network that reliably solves an image classification task.";

constexpr const char* kFooter =
    "Examples:\n"
    "  minima run embedded                 a complete small study in a few minutes\n"
    "  minima plan study.toml              estimate the cost of a study without training\n"
    "  minima run study.toml               train its runs; run again to resume\n"
    "  minima report study.minima          show the answer again\n"
    "\n"
    "`minima COMMAND --help` shows the options and examples of a command.\n"
    "Exit codes: 0 success, 1 failure, 2 bad usage or input, 130 interrupted and saved\n"
    "(143 by SIGTERM, 129 by SIGHUP).";

int exit_code_of(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::input:
      return 2;
    case Error::Kind::interrupted:
      return cli::interrupt_exit_code();
    case Error::Kind::work:
      break;
  }
  return 1;
}

/// Does not allocate memory.
void write_out_of_memory() {
  constexpr std::string_view kLine =
      "minima: out of memory; use smaller architectures, less data or fewer --jobs\n";
  static_cast<void>(!::write(STDERR_FILENO, kLine.data(), kLine.size()));
}

int fail_without_memory() {
  cli::expect_end();
  write_out_of_memory();
  return 1;
}

/// Destructors of JSON values allocate memory. An exception there terminates the program, so it is
/// reported as lack of memory, as everywhere else.
[[noreturn]] void on_terminate() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type != nullptr && *type == typeid(std::bad_alloc)) {
    write_out_of_memory();
    _exit(1);
  }
  std::abort();
}

int fail(const char* what, const char* line, int exit_code) {
  constexpr std::size_t kLongestLine = 2000;
  cli::expect_end();
  try {
    app::write_log("minima: " + printable(what + std::string(line), kLongestLine) + "\n");
  } catch (const std::bad_alloc&) {
    return fail_without_memory();
  }
  return exit_code;
}

void parse_and_carry_out(CLI::App& program, int argc, char** argv) {
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForVersion& version) {
    app::write_output(std::string("minima ") + version.what() + "\n");
  } catch (const CLI::Success&) {
    app::write_screen(program.help());
  } catch (const CLI::ParseError& error) {
    throw cli::usage_error(program, error);
  }
}

/// Kernel generation takes more than 128 KB of a thread's stack; image decoding takes less.
bool has_stack() {
  constexpr rlim_t kLeastStack = 256 * 1024;
  rlimit limit{};
  return ::getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= kLeastStack;
}

int run_program(int argc, char** argv) {
  CLI::App program(kDescription, "minima");
  program.set_version_flag("--version", app::kVersion, "Print the version and exit");
  program.footer(kFooter);
  program.require_subcommand(1);
  program.get_formatter()->column_width(26);

  cli::add_plan(program);
  cli::add_run(program);
  cli::add_status(program);
  cli::add_analyze(program);
  cli::add_report(program);
  cli::add_recommend(program);
  cli::add_export(program);
  cli::add_merge(program);
  cli::add_doctor(program);
  cli::add_data(program);
  cli::add_bench(program);

  cli::refuse_empty_values(program);
  cli::take_signals();
  parse_and_carry_out(program, argc, argv);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(on_terminate);
  std::signal(SIGPIPE, SIG_IGN);  // the write that meets a closed pipe reports it
  std::signal(SIGXFSZ, SIG_IGN);  // the write that meets a file size limit reports it
  if (!has_stack()) {
    return fail("", "the stack limit is below 256 KB; raise it with ulimit -s", 1);
  }
  try {
    return run_program(argc, argv);
  } catch (const app::OutputClosed&) {
    return 0;
  } catch (const Error& error) {
    return fail("", error.what(), exit_code_of(error.kind()));
  } catch (const std::bad_alloc&) {
    return fail_without_memory();
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::resource_unavailable_try_again) {
      return fail("unexpected: ", error.what(), 1);
    }
    return fail("",
                "the system cannot start another thread; use fewer --jobs, or raise its limits on "
                "memory and threads (ulimit -v, ulimit -u)",
                1);
  } catch (const std::exception& error) {
    return fail("unexpected: ", error.what(), 1);
  }
}
