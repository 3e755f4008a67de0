#include "report/notes_text.h"

#include "core/error.h"
#include "report/entry.h"

namespace minima::report {

std::string notes_text(std::span<const std::string> notes, const TextStyle& style) {
  std::string text;
  for (const std::string& note : notes) text += entry("note", note, style);
  return text;
}

std::string notes_text(std::span<const store::DatasetRecord> datasets, const TextStyle& style) {
  std::string text;
  for (const store::DatasetRecord& dataset : datasets) {
    for (const std::string& note : dataset.notes) {
      text += entry("note", printable(dataset.name) + ": " + note, style);
    }
  }
  return text;
}

}  // namespace minima::report
