#pragma once

// Properties that hold for every input. RapidCheck generates random inputs and, if a property
// fails, shrinks them to smaller failing ones. Set RC_PARAMS="seed=N max_success=M" in the
// environment to change the seed and the number of inputs.
#include <rapidcheck/gtest.h>
