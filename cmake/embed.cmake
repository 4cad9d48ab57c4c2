# soundcheck_embed(TARGET FUNCTION namespace::function HEADER header DIR folder PATTERNS *.sql ...)
#
# Compiles text files into TARGET: the FUNCTION that HEADER declares, std::string_view (std::string_view path), answers
# with the text of the file below DIR, and ends the program when there is none of that name. The same file is also the
# script that writes the source (cmake -P), so that an edited text is embedded anew by the next build.
function(soundcheck_embed target)
  cmake_parse_arguments(EMBED "" "FUNCTION;HEADER;DIR" "PATTERNS" ${ARGN})
  set(globs ${EMBED_PATTERNS})
  list(TRANSFORM globs PREPEND ${CMAKE_SOURCE_DIR}/${EMBED_DIR}/)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${globs})
  list(SORT files)
  set(source ${CMAKE_BINARY_DIR}/embedded/${target}.cpp)
  string(REPLACE ";" "|" file_list "${files}")
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} "-DFUNCTION=${EMBED_FUNCTION}" "-DHEADER=${EMBED_HEADER}"
            "-DROOT=${CMAKE_SOURCE_DIR}/${EMBED_DIR}" "-DFILES=${file_list}" "-DOUTPUT=${source}"
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding the texts of ${EMBED_DIR}"
    VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE)
  return()
endif()

string(REPLACE "|" ";" files "${FILES}")
string(REGEX MATCH "^(.*)::([^:]+)$" matched "${FUNCTION}")
set(namespace ${CMAKE_MATCH_1})
set(function ${CMAKE_MATCH_2})
set(lines "")
foreach(file ${files})
  file(RELATIVE_PATH path ${ROOT} ${file})
  file(READ ${file} text)
  string(APPEND lines "  if (path == \"${path}\") return R\"embedded_text(${text})embedded_text\";\n")
endforeach()
file(WRITE ${OUTPUT} "// Written by cmake/embed.cmake.\n#include \"${HEADER}\"\n
#include \"sim/core/assert.hpp\"\n
namespace ${namespace} {\n
std::string_view ${function}(std::string_view path) {
${lines}  SOUNDCHECK_ASSERT(false, \"no text '{}' is compiled in\", path);
  return {};\n}\n
}  // namespace ${namespace}\n")
