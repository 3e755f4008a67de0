#include "app/analyses/changed_values.h"

#include "app/console.h"
#include "report/screens/status_text.h"

namespace minima::app {

void warn_of_changed_values(const std::string& changed, const std::string& store) {
  if (!changed.empty()) write_log(report::changed_values_text(changed, store) + "\n");
}

}  // namespace minima::app
