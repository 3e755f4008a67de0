// Looks for what is suspicious in a dataset that was read from files, and says so in its notes.
// Nothing is refused: a suspicious dataset can be what its user wants.
#pragma once

#include "data/dataset.h"

namespace minima::data {

/// Removes the classes of which no split has an image, because each would cost an output that
/// nothing trains. The other classes keep their order and names. Adds a note that names the removed
/// ones. Call it before images are left out (train=N), so that a part of a set has the classes of
/// the whole.
void drop_empty_classes(Dataset& dataset);

/// Adds a note for each of these, with the thresholds in inspect/*.cpp: images that are equal,
/// blank or use few of the 256 values; grey images stored as colour; the same picture in two splits
/// or with two labels; a class that a split lacks; classes of very different sizes; class names
/// that are numbers but not those of the outputs. Notes of the reader are made
/// printable. Reads each image two or three times: 70,000
/// images of 28x28 pixels take a few hundredths of a second.
void inspect(Dataset& dataset);

}  // namespace minima::data
