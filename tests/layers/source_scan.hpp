#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace soundcheck::layers {

// The rules of the source tree that neither compiler nor linker checks. Each problem is a line
// `file:line: sentence`.
//
// The table has lines `folder : may include : headers from outside`. A file belongs to the line
// with the longest folder that contains it. It may include its own line's files and those of the
// lines named, where `x/*` names x and everything below it and `*` every line. A header in <> that
// is not of the C++ standard library must begin with one of the line's words; so must the standard
// headers that the line `guarded` names. The line `*` allows headers to every folder.
//
// Scanned are the .hpp, .cpp and .def files below the top-level folders that the table names.
// Throws std::runtime_error for a table that cannot be read.
std::vector<std::string> include_problems(const std::filesystem::path& root,
                                          const std::filesystem::path& table);

// Folders that may include each other, directly or by way of others; one problem a circle,
// `table: a -> b -> a`. Lines that may include everything are left out.
std::vector<std::string> circle_problems(const std::filesystem::path& table);

// Words that must not be written in a folder, for what the compiler lets pass and a run's
// determinism does not: a line `never : folders : words` of the table. Comments to the end of the
// line may hold them.
std::vector<std::string> word_problems(const std::filesystem::path& root,
                                       const std::filesystem::path& table);

// Files longer than 450 lines, and lines wider than 100 columns.
std::vector<std::string> size_problems(const std::filesystem::path& root,
                                       const std::filesystem::path& table);

}  // namespace soundcheck::layers
