// What an error says, for tests that pin messages.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/error.h"

namespace minima {

/// The line of the input error that `act` throws; a failed expectation and "" when it throws none.
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
