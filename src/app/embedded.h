// Data embedded by the build.
#pragma once

namespace minima::app {

extern const char* const kVersion;        ///< "0.1.0"
extern const char* const kEmbeddedStudy;  ///< studies/embedded.toml, verbatim

}  // namespace minima::app
