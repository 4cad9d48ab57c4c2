# soundcheck-scripts: the program that runs the scripts of definitions (models/scripts). It exports mathematical functions
# with the same bits on every processor, to which the dynamic linker binds the script libraries.
include(GNUInstallDirs)
set(math models/scripts/helper/repeatable_math.cpp)
add_executable(soundcheck-scripts models/scripts/helper/main.cpp ${math})
target_link_libraries(soundcheck-scripts PRIVATE models_scripts_helper PkgConfig::SLEEF)
# Alone, and without what the compiler knows of functions of these names: it could make one of another.
set_source_files_properties(${math} PROPERTIES COMPILE_OPTIONS -fno-builtin SKIP_UNITY_BUILD_INCLUSION ON)

file(STRINGS ${math} definitions REGEX "^(double|float|void) [a-z0-9_]+\\(")
foreach(definition ${definitions})
  string(REGEX REPLACE "^[a-z]+ ([a-z0-9_]+).*$" "\\1" function "${definition}")
  target_link_options(soundcheck-scripts PRIVATE LINKER:--export-dynamic-symbol=${function})
endforeach()
install(TARGETS soundcheck-scripts DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/soundcheck)
