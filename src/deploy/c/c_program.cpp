#include "deploy/c/c_program.h"

#include <fmt/format.h>

#include "deploy/c/c_text.h"

namespace minima::deploy {
namespace {

constexpr const char* kProgram = R"(#include <stdio.h>
#include <string.h>

{own_header}

/* A test image of class {label}; the network says {predicted}. */
{image}
{names}
static {name}_memory memory;

static void print(const uint8_t *image, int with_logits) {{
  int32_t logits[{guard}_CLASSES];
  const int best = {name}_class(image, &memory);
  int i;
  printf("{format}", best{argument});
  if (with_logits) {{
    {name}_logits(image, &memory, logits);
    for (i = 0; i < {guard}_CLASSES; ++i) printf(" %ld", (long)logits[i]);
  }}
  printf("\n");
}}

/* Images one after the other, as long as they are whole. */
static int print_all(FILE *file, int with_logits) {{
  uint8_t image[{guard}_PIXELS];
  size_t got;
  while ((got = fread(image, 1, sizeof image, file)) == sizeof image) print(image, with_logits);
  if (got == 0 && !ferror(file)) return 0;
  fprintf(stderr, "an image has %d bytes, the last one has %d\n", (int)sizeof image, (int)got);
  return 1;
}}

/* PROGRAM [--logits] [FILE]: the class of each image of {pixels} bytes; `-` is standard input.
   Without FILE: of the test image; exit code 1 unless the network says what it should. */
int main(int argc, char **argv) {{
  const int with_logits = argc > 1 && strcmp(argv[1], "--logits") == 0;
  const char *path = argc > 1 + with_logits ? argv[1 + with_logits] : NULL;
  FILE *file;
  int result;
  if (path == NULL) {{
    print(test_image, with_logits);
    return {name}_class(test_image, &memory) == {predicted} ? 0 : 1;
  }}
  if (strcmp(path, "-") == 0) return print_all(stdin, with_logits);
  file = fopen(path, "rb");
  if (file == NULL) {{
    fprintf(stderr, "%s cannot be opened\n", path);
    return 1;
  }}
  result = print_all(file, with_logits);
  fclose(file);
  return result;
}}
)";

/// Whether the class names differ from the class numbers.
bool say_more(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != fmt::format("{}", i)) return true;
  }
  return false;
}

std::string names_array(const CProgramParts& parts) {
  if (!say_more(parts.class_names)) return "";
  return fmt::format("\nstatic const char *const class_names[{0}_CLASSES] = {0}_CLASS_NAMES;\n",
                     parts.guard);
}

}  // namespace

std::string c_program(const CProgramParts& parts) {
  CArrays arrays("");
  arrays.add("uint8_t", 1, "test_image", parts.pixels);
  const bool named = say_more(parts.class_names);
  return fmt::format(fmt::runtime(kProgram), fmt::arg("name", parts.name),
                     fmt::arg("own_header", fmt::format("#include \"{}.h\"", parts.file)),
                     fmt::arg("guard", parts.guard), fmt::arg("label", parts.label),
                     fmt::arg("predicted", parts.predicted), fmt::arg("image", arrays.text()),
                     fmt::arg("names", names_array(parts)),
                     fmt::arg("format", named ? "%d %s" : "%d"),
                     fmt::arg("argument", named ? ", class_names[best]" : ""),
                     fmt::arg("pixels", parts.pixels.size()));
}

}  // namespace minima::deploy
