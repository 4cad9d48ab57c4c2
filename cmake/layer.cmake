# soundcheck_layer(NAME DIR folder [NOT sub...] USES public... PRIVATE private...)
#
# One static library for one folder, with every .cpp below it (sub-folders named after NOT left out). Headers are
# included from the repository's root: "sim/core/task.hpp". A folder without sources yet is an interface library.
# With tests on, each library gets a link test: an empty main that takes the whole library and only what it declares,
# so a call that the table of layers forbids is a link error.
function(soundcheck_layer name)
  cmake_parse_arguments(LAYER "" "DIR" "NOT;USES;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${LAYER_DIR}/*.cpp)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${LAYER_DIR}/*.hpp)
  foreach(skip ${LAYER_NOT})
    list(FILTER sources EXCLUDE REGEX "^${CMAKE_SOURCE_DIR}/${LAYER_DIR}/${skip}(/|$)")
    list(FILTER headers EXCLUDE REGEX "^${CMAKE_SOURCE_DIR}/${LAYER_DIR}/${skip}(/|$)")
  endforeach()

  if(NOT sources)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${LAYER_USES} ${LAYER_PRIVATE})
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR})
    soundcheck_layer_headers(${name} INTERFACE ${headers})
    return()
  endif()

  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${LAYER_USES} PRIVATE ${LAYER_PRIVATE})
  soundcheck_layer_headers(${name} PUBLIC ${headers})

  if(SOUNDCHECK_TESTS)
    set(probe ${CMAKE_BINARY_DIR}/link_test_main.cpp)
    if(NOT EXISTS ${probe})
      file(WRITE ${probe} "int main() { return 0; }\n")
    endif()
    add_executable(link_${name} ${probe})
    set_target_properties(link_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/link_tests)
    target_link_options(link_${name} PRIVATE "LINKER:--whole-archive" $<TARGET_FILE:${name}> "LINKER:--no-whole-archive")
    target_link_libraries(link_${name} PRIVATE ${LAYER_USES} ${LAYER_PRIVATE})
    add_dependencies(link_${name} ${name})
    set_property(GLOBAL APPEND PROPERTY SOUNDCHECK_LAYERS ${name})
  endif()
endfunction()

# soundcheck_layer_headers(NAME SCOPE header...)
#
# Every header must compile alone. One that its source (same name, .cpp) includes before anything else does so when that
# is compiled; CMAKE_VERIFY_INTERFACE_HEADER_SETS compiles the others, and in unity builds, where most sources come after
# another one, all.
function(soundcheck_layer_headers name scope)
  set(own_source "")
  set(alone "")
  foreach(header ${ARGN})
    cmake_path(RELATIVE_PATH header BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE path)
    cmake_path(REPLACE_EXTENSION header LAST_ONLY .cpp OUTPUT_VARIABLE source)
    set(first "")
    if(EXISTS ${source} AND NOT CMAKE_UNITY_BUILD)
      file(STRINGS ${source} first REGEX "^#include " LIMIT_COUNT 1)
    endif()
    if(first STREQUAL "#include \"${path}\"")
      list(APPEND own_source ${header})
    else()
      list(APPEND alone ${header})
    endif()
  endforeach()
  target_sources(${name} ${scope}
                 FILE_SET headers TYPE HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${alone}
                 FILE_SET headers_of_sources TYPE HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${own_source})
  set_target_properties(${name} PROPERTIES INTERFACE_HEADER_SETS_TO_VERIFY headers)
endfunction()
