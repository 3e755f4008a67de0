# Every folder below src/ is one library target, minima_<folder>. The tests mirror the folders.

add_library(minima_options INTERFACE)
target_compile_features(minima_options INTERFACE cxx_std_20)
target_include_directories(minima_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
# Contraction of a*b+c is off, so that generated data sets have the same bits on every machine.
# Kernels request fused multiply-add explicitly.
target_compile_options(minima_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wno-sign-conversion $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                       -Wno-missing-field-initializers -ffp-contract=off)
if(MINIMA_SANITIZE)
  target_compile_options(minima_options INTERFACE -fsanitize=${MINIMA_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # The address sanitizer also finds what these checks find, and they make the build much slower.
  if(MINIMA_SANITIZE MATCHES undefined)
    target_compile_options(minima_options INTERFACE -fno-sanitize=vptr,null,object-size)
  endif()
  target_link_options(minima_options INTERFACE -fsanitize=${MINIMA_SANITIZE})
endif()

if(MINIMA_FUZZ)
  target_compile_options(minima_options INTERFACE -fsanitize=fuzzer-no-link -fno-omit-frame-pointer)
endif()

# Reduces optimization for targets without run-time cost, which halves the build time.
function(minima_compile_quickly TARGET)
  if(MINIMA_SANITIZE)
    target_compile_options(${TARGET} PRIVATE -O0)
  elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(${TARGET} PRIVATE -O1)
  endif()
endfunction()

# minima_room(NAME [COLD] SOURCES file... DEPENDS target...); COLD: the module has no hot loops.
function(minima_room NAME)
  cmake_parse_arguments(ROOM "COLD" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(minima_${NAME} STATIC ${ROOM_SOURCES})
  target_link_libraries(minima_${NAME} PUBLIC minima_options ${ROOM_DEPENDS})
  if(ROOM_COLD)
    minima_compile_quickly(minima_${NAME})
  endif()
endfunction()

# minima_test(NAME [HOT] SOURCES file... DEPENDS target...): one GoogleTest program per module. Its
# tests are registered one by one under the module's name, or under a sanitizer as a single test,
# NAME.unit_tests. HOT: the tests compute a lot themselves and are optimized under a sanitizer too.
function(minima_test NAME)
  cmake_parse_arguments(TEST "HOT" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(minima_${NAME}_tests ${TEST_SOURCES})
  target_link_libraries(minima_${NAME}_tests PRIVATE minima_options ${TEST_DEPENDS} GTest::gmock
                        GTest::gtest_main)
  target_include_directories(minima_${NAME}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  if(NOT (MINIMA_SANITIZE AND TEST_HOT))
    minima_compile_quickly(minima_${NAME}_tests)
  endif()
  target_precompile_headers(minima_${NAME}_tests PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  if(MINIMA_SANITIZE)
    # A sanitizer slows down process start, so all tests of a module run in one process.
    add_test(NAME ${NAME}.unit_tests COMMAND minima_${NAME}_tests)
    # Fewer inputs for each property, to save time.
    set_tests_properties(${NAME}.unit_tests PROPERTIES
                         ENVIRONMENT "RC_PARAMS=seed=1 max_success=25")
  else()
    gtest_discover_tests(minima_${NAME}_tests TEST_PREFIX "${NAME}." DISCOVERY_TIMEOUT 60
                         PROPERTIES ENVIRONMENT "RC_PARAMS=seed=1")
  endif()
endfunction()

# minima_python_test(NAME SCRIPT [ARGS...]): a test in Python (standard library only). Exit code 77
# means "skipped", and ctest shows it as such.
function(minima_python_test NAME SCRIPT)
  add_test(NAME ${NAME} COMMAND ${MINIMA_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/${SCRIPT} ${ARGN})
  set_tests_properties(${NAME} PROPERTIES SKIP_RETURN_CODE 77
                       ENVIRONMENT "PYTHONDONTWRITEBYTECODE=1;MINIMA_PROGRAM=$<TARGET_FILE:minima>;MINIMA_SOURCE=${PROJECT_SOURCE_DIR};OPENBLAS_NUM_THREADS=1;OMP_NUM_THREADS=1")
endfunction()
