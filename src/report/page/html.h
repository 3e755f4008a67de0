// Makes text from outside safe in HTML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/json.h"

namespace minima::report {

/// For content and for quoted attributes: & < > " ' as entities.
[[nodiscard]] std::string escaped(std::string_view text);

/// Escaped, and isolated so that it cannot change the direction of the surrounding text.
[[nodiscard]] std::string foreign(std::string_view text);

/// A value in the fragment of an address: letters, digits and "-._~" stay, other bytes become %XX.
[[nodiscard]] std::string fragment_value(std::string_view text);

/// JSON for a <script type="application/json">: without any "<", so that nothing ends the element
/// early.
[[nodiscard]] std::string json_in_script(const Json& json);

/// Code for a <script>: breaks up "</script" and "<!--", which only occur in JavaScript strings.
[[nodiscard]] std::string code_in_script(std::string_view code);

/// Base64 (RFC 4648).
[[nodiscard]] std::string base64(std::string_view bytes);

/// "'sha256-...'", as a content security policy names a script.
[[nodiscard]] std::string policy_hash(std::string_view code);

/// A table; cells are HTML. `numbers`: indices of the columns that are right-aligned.
[[nodiscard]] std::string html_table(const std::vector<std::string>& header,
                                     const std::vector<std::vector<std::string>>& rows,
                                     const std::vector<std::size_t>& numbers = {});

}  // namespace minima::report
