#pragma once

// Properties that hold for every input: RapidCheck makes inputs at random and, where a property
// fails, smaller ones that fail too. RC_PARAMS="seed=N max_success=M" in the environment asks for
// others and more of them.
#include <rapidcheck/gtest.h>
