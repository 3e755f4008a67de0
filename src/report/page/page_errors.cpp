// The images that the named network of each dataset gets wrong.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "report/page/page_figures.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

std::string figure_html(const GalleryImage& image, std::int64_t runs) {
  const std::string caption =
      fmt::format("{} as {}", foreign(image.label), foreign(image.predicted));
  const std::string all = fmt::format("{} of {}{}{}", image.wrong, counted(runs, "run"),
                                      image.file.empty() ? "" : ", ", image.file);
  return fmt::format(
      "<li title=\"{}\"><img src=\"data:image/png;base64,{}\" alt=\"{} taken for {}\">"
      "<span>{}</span></li>\n",
      escaped(all), base64(image.png), escaped(image.label), escaped(image.predicted), caption);
}

std::string gallery_html(const ErrorGallery& gallery) {
  if (gallery.misclassified == 0) {
    return fmt::format("<p>{} classifies all {} correctly in each of {}.</p>\n",
                       foreign(gallery.architecture), counted(gallery.images, "test image"),
                       counted(gallery.runs, "run"));
  }
  std::string out = fmt::format(
      "<p>{} of {} {} misclassified by at least one of {} of {}.{}</p>\n",
      grouped(gallery.misclassified), counted(gallery.images, "test image"),
      gallery.misclassified == 1 ? "is" : "are", counted(gallery.runs, "run"),
      foreign(gallery.architecture),
      gallery.missing.empty()
          ? " Those that most runs get wrong are first; each has its class and the class that it "
            "is most often taken for."
          : fmt::format(" They are not shown: {}.", escaped(gallery.missing)));
  if (gallery.shown.empty()) return out;
  out += "<ul class=\"gallery\">\n";
  for (const GalleryImage& image : gallery.shown) out += figure_html(image, gallery.runs);
  return out + "</ul>\n";
}

}  // namespace

std::string galleries_html(const PageInput& input) {
  std::string out;
  for (const ErrorGallery& gallery : input.galleries) {
    out += fmt::format("<div{}>\n<h3>Misclassified images</h3>\n{}</div>\n",
                       scope_html({.dataset = gallery.dataset}), gallery_html(gallery));
  }
  return out;
}

}  // namespace minima::report
