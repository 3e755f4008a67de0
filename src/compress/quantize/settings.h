// The study settings that this module uses, under its own namespace.
#pragma once

#include "study/settings/number_format.h"
#include "study/settings/quantizer_settings.h"

namespace minima::compress {

using study::Clipping;
using study::FormatInfo;
using study::FormatKind;
using study::Granularity;
using study::info;
using study::number_formats;
using study::NumberFormat;
using study::parse_number_format;
using study::QuantizerSettings;
using study::Scheme;

}  // namespace minima::compress
