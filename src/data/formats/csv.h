// Tables of pixels: a line is an image, one column holds its label and the others its pixels, row
// by row. Kaggle's MNIST is one: "label,pixel0,pixel1,...".
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/limits.h"

namespace minima::data {

/// The tables of a set; the path of a missing table is empty.
struct CsvFiles {
  std::filesystem::path place;  ///< what was asked for: the folder or the file
  std::filesystem::path train;
  std::filesystem::path validation;
  std::filesystem::path test;
  std::vector<std::string> left_out;  ///< names of other files and folders in the folder
};

/// Finds the tables: `place` itself if it is a file .csv or .tsv (also .gz or .xz); or
/// [PREFIX]train.csv in it, with [PREFIX]test.csv and [PREFIX]val.csv (or valid, validation) if
/// they are there. A folder train/ beside them means images, so that nothing is found. Throws an
/// input error if the folder has several training tables, or folders of pictures beside them.
[[nodiscard]] std::optional<CsvFiles> find_csv(const std::filesystem::path& place);

/// How the pixels of a line form an image; 0: not set.
struct CsvLayout {
  int height = 0;
  int width = 0;
  int channels = 0;
};

/// Reads the tables as streams. The first line may name the columns. The label is in the column
/// named label, class or target, or else in the first one: whole numbers from 0, or names, which
/// are sorted. Columns that number the images are left out. Images have the height and width of
/// `layout` if its pixels match, else they are square. If three times as many columns remain and
/// `layout` has three channels, the red, green and blue of a pixel are in consecutive columns. A
/// test or validation table without labels is left out. Notes say what was left out. Throws an
/// input error with line and column: values that are not 0..255, lines of other lengths, shapes
/// that do not fit, labels that are missing or half numbers and half names.
[[nodiscard]] Dataset read_csv(const CsvFiles& files, const CsvLayout& layout = {},
                               DataMemory memory = DataMemory());

}  // namespace minima::data
