// Reference implementations of integer_products.h, straight from the definitions.
#pragma once

#include "kernels/products/integer_products.h"

namespace minima::kernels::reference {

void integer_products(const IntegerProducts& products, const std::int16_t* input,
                      std::int32_t* sums);

void scale_to_codes(const std::int32_t* first, const CodeScaling& scale_first,
                    const std::int32_t* second, const CodeScaling& scale_second, std::size_t lanes,
                    std::int16_t* codes);

}  // namespace minima::kernels::reference
