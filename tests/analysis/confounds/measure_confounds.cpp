// Prints how often each confound misleads minima, and how often it misled earlier rules.
// Usage: measure_confounds [POPULATIONS [NAME]]; NAME is a part of a confound's name.
#include <cstdio>
#include <cstdlib>

#include "confound.h"

int main(int count, char** arguments) {
  using namespace minima::analysis;
  const int populations = count > 1 ? std::atoi(arguments[1]) : 500;
  const std::string wanted = count > 2 ? arguments[2] : "";
  bool all_agree = true;
  for (const Confound& confound : confounds()) {
    if (confound.name.find(wanted) == std::string::npos) continue;
    std::printf("%s\n  %s\n", confound.name.c_str(), confound.planted.c_str());
    for (const ConfoundResult& result : confound.simulate(populations, 1)) {
      const double percent = 100.0 / result.populations;
      const bool agrees = agrees_with_nominal(result);
      all_agree = all_agree && agrees;
      std::printf("  %-56s %5.1f %% wrong of %d, nominal %.1f %%", result.conclusion.c_str(),
                  percent * result.wrong, result.populations, 100.0 * result.nominal);
      if (result.wrong_before) std::printf(", before %.1f %%", percent * *result.wrong_before);
      std::printf("%s\n", agrees ? "" : "   TOO OFTEN");
      std::fflush(stdout);
    }
  }
  return all_agree ? 0 : 1;
}
