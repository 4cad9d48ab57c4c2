#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace soundcheck {

// Writes a whole file or leaves what was there: under another name first, then renamed. A sentence
// when that is not possible.
std::expected<void, std::string> write_text_file(const std::filesystem::path& path,
                                                 std::string_view text);

}  // namespace soundcheck
