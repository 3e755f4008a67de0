#include "report/text/notes_text.h"

#include "core/error.h"
#include "report/text/entry.h"

namespace minima::report {

std::string notes_text(std::span<const std::string> notes, const TextStyle& style) {
  std::string text;
  for (const std::string& note : notes) text += entry("note", note, style);
  return text;
}

std::string notes_text(std::span<const record::DatasetRecord> datasets, const TextStyle& style) {
  std::string text;
  for (const record::DatasetRecord& dataset : datasets) {
    for (const std::string& note : dataset.notes) {
      text += entry("note", printable(dataset.name) + ": " + note, style);
    }
  }
  return text;
}

}  // namespace minima::report
