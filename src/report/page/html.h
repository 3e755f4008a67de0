// Text that comes from outside, put into HTML where it can do no harm.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/json.h"

namespace minima::report {

/// For content and for quoted attributes: & < > " ' as entities.
[[nodiscard]] std::string escaped(std::string_view text);

/// Escaped, and kept from turning the direction of the text around it.
[[nodiscard]] std::string foreign(std::string_view text);

/// JSON for a <script type="application/json">: without any "<", so that nothing ends it early.
[[nodiscard]] std::string json_in_script(const Json& json);

/// A program for a <script>: "</script" and "<!--", which JavaScript only has in texts, are broken
/// up.
[[nodiscard]] std::string code_in_script(std::string_view code);

/// "'sha256-...'", the way a content security policy names a script.
[[nodiscard]] std::string policy_hash(std::string_view code);

/// A table; cells are HTML. Columns named in `numbers` are aligned to the right.
[[nodiscard]] std::string html_table(const std::vector<std::string>& header,
                                     const std::vector<std::vector<std::string>>& rows,
                                     const std::vector<std::size_t>& numbers = {});

}  // namespace minima::report
