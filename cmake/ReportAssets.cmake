# What the report page draws with, put into the program as it is: vega and its company from npm
# (web/package-lock.json), and the page's own style and script. Without node_modules the page has no
# figures and says so; docs/decisions/0011-report-page.md.
set(MINIMA_WEB ${PROJECT_SOURCE_DIR}/web)
set(MINIMA_NODE_MODULES ${MINIMA_WEB}/node_modules)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${MINIMA_WEB}/package-lock.json)

# The licenses of all packages that the bundles were made of, each text once below the names of
# those that have it.
function(minima_collect_licenses OUT)
  file(GLOB texts ${MINIMA_NODE_MODULES}/*/LICENSE* ${MINIMA_NODE_MODULES}/*/license*)
  set(hashes "")
  foreach(text IN LISTS texts)
    get_filename_component(folder ${text} DIRECTORY)
    get_filename_component(package ${folder} NAME)
    if(package MATCHES "^playwright")
      continue() # drives the browser in a test
    endif()
    file(SHA256 ${text} hash)
    list(APPEND hashes ${hash})
    list(APPEND packages_${hash} ${package})
    set(text_${hash} ${text})
  endforeach()
  list(REMOVE_DUPLICATES hashes)
  file(WRITE ${OUT} "")
  foreach(hash IN LISTS hashes)
    list(JOIN packages_${hash} ", " packages)
    file(READ ${text_${hash}} text)
    file(APPEND ${OUT} "==== ${packages}\n\n${text}\n")
  endforeach()
endfunction()

set(MINIMA_EMPTY_ASSET ${CMAKE_CURRENT_BINARY_DIR}/empty)
file(WRITE ${MINIMA_EMPTY_ASSET} "")
set(MINIMA_ASSET_VEGA ${MINIMA_NODE_MODULES}/vega/build/vega.min.js)
set(MINIMA_ASSET_VEGA_LITE ${MINIMA_NODE_MODULES}/vega-lite/build/vega-lite.min.js)
set(MINIMA_ASSET_VEGA_EMBED ${MINIMA_NODE_MODULES}/vega-embed/build/vega-embed.min.js)
set(MINIMA_ASSET_LICENSES ${CMAKE_CURRENT_BINARY_DIR}/licenses.txt)
if(EXISTS ${MINIMA_ASSET_VEGA} AND EXISTS ${MINIMA_ASSET_VEGA_LITE} AND EXISTS ${MINIMA_ASSET_VEGA_EMBED})
  minima_collect_licenses(${MINIMA_ASSET_LICENSES})
  message(STATUS "minima: the report page has figures")
else()
  foreach(asset VEGA VEGA_LITE VEGA_EMBED LICENSES)
    set(MINIMA_ASSET_${asset} ${MINIMA_EMPTY_ASSET})
  endforeach()
  message(STATUS "minima: the report page has no figures: scripts/install-deps, then configure again")
endif()
set(MINIMA_ASSET_STYLE ${CMAKE_CURRENT_SOURCE_DIR}/page/page.css)
set(MINIMA_ASSET_SCRIPT ${CMAKE_CURRENT_SOURCE_DIR}/page/page.js)
set(MINIMA_ASSET_CHART ${CMAKE_CURRENT_SOURCE_DIR}/page/chart.js)
set(MINIMA_ASSET_SVG ${CMAKE_CURRENT_SOURCE_DIR}/page/svg.js)

configure_file(${CMAKE_CURRENT_SOURCE_DIR}/assets.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/assets.cpp @ONLY)
set_source_files_properties(
  ${CMAKE_CURRENT_BINARY_DIR}/assets.cpp PROPERTIES OBJECT_DEPENDS
  "${MINIMA_ASSET_VEGA};${MINIMA_ASSET_VEGA_LITE};${MINIMA_ASSET_VEGA_EMBED};${MINIMA_ASSET_LICENSES};${MINIMA_ASSET_STYLE};${MINIMA_ASSET_SCRIPT};${MINIMA_ASSET_CHART};${MINIMA_ASSET_SVG}")
