// The tables of analyses as documented in docs/store.md.
#pragma once

#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace minima::analysis {

/// Column names by table, from headings like "### Table `sizes`".
inline std::map<std::string, std::vector<std::string>> documented_tables() {
  std::ifstream in(MINIMA_DOCS "/store.md");
  const std::regex heading(R"(### Table `(\w+)`.*)");
  const std::regex row(R"(\| `(\w+)` \|.*)");
  std::map<std::string, std::vector<std::string>> tables;
  std::string current;
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (line.starts_with("#")) current.clear();
    if (std::regex_match(line, match, heading)) current = match[1];
    if (!current.empty() && std::regex_match(line, match, row)) {
      tables[current].push_back(match[1]);
    }
  }
  return tables;
}

}  // namespace minima::analysis
