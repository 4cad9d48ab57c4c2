# soundcheck_program(EXECUTABLE...): programs whose speed counts. They get the allocator, and the hot layers in them are
# optimised across folders at link time. Test programs take the machine code as it is: that builds faster.
# soundcheck_hot_layers(LAYER...): what every simulated event passes through. In release builds their objects carry code
# for the link-time optimiser beside the machine code, which nobody else notices (docs/decisions/0005).

# The allocator costs or saves time and never changes a result, so that a machine without it is only slower (docs/
# decisions/0002). Sanitizers bring their own.
find_library(SOUNDCHECK_MIMALLOC mimalloc)
if(NOT SOUNDCHECK_MIMALLOC)
  message(STATUS "Programs use the C library's allocator")
endif()

# Bitcode is read by clang's own lld only (clang 18 was the first to write it beside the machine code).
if(SOUNDCHECK_LLD)
  execute_process(COMMAND ${SOUNDCHECK_LLD} --version OUTPUT_VARIABLE lld_version)
  string(REGEX REPLACE "^.*LLD ([0-9]+).*$" "\\1" lld_version "${lld_version}")
endif()
string(REGEX MATCH "^[0-9]+" compiler_version "${CMAKE_CXX_COMPILER_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND compiler_version GREATER_EQUAL 18
   AND "${lld_version}" STREQUAL "${compiler_version}" AND NOT SOUNDCHECK_SANITIZE)
  set(SOUNDCHECK_LINK_TIME_OPTIMISATION ON)
endif()

function(soundcheck_program)
  foreach(executable ${ARGN})
    if(SOUNDCHECK_MIMALLOC AND NOT SOUNDCHECK_SANITIZE)
      target_link_libraries(${executable} PRIVATE ${SOUNDCHECK_MIMALLOC})  # before the program's other libraries
    endif()
    if(SOUNDCHECK_LINK_TIME_OPTIMISATION)
      target_link_options(${executable} PRIVATE
        $<$<CONFIG:Release>:LINKER:--fat-lto-objects>
        $<$<CONFIG:Release>:LINKER:-mllvm,-inline-threshold=500>)
    endif()
  endforeach()
endfunction()

function(soundcheck_hot_layers)
  if(SOUNDCHECK_LINK_TIME_OPTIMISATION)
    foreach(layer ${ARGN})
      target_compile_options(${layer} PRIVATE $<$<CONFIG:Release>:-flto=thin> $<$<CONFIG:Release>:-ffat-lto-objects>)
    endforeach()
  endif()
endfunction()
