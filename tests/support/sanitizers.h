// Whether the tests run under a sanitizer, which makes them several times slower.
#pragma once

namespace minima {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

/// Sanitizers reserve terabytes of address space, so tests cannot limit it.
inline constexpr bool kCanLimitMemory = !kSanitized;

}  // namespace minima
