// Extracts error messages, for tests that pin them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/error.h"

namespace minima {

/// Returns the message of the input error that `act` throws. Fails the test and returns "" if it
/// throws none.
template <typename Act>
std::string message_of(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::input) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return "";
}

}  // namespace minima
