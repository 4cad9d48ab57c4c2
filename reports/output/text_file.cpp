#include "reports/output/text_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>

namespace soundcheck {

std::expected<void, std::string> write_text_file(const std::filesystem::path& path,
                                                 std::string_view text) {
  std::filesystem::path unfinished = path;
  unfinished += ".unfinished";
  std::error_code error;
  {
    std::ofstream stream(unfinished, std::ios::binary | std::ios::trunc);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    if (!stream) {
      std::filesystem::remove(unfinished, error);
      return std::unexpected(fmt::format("cannot write {}", path.string()));
    }
  }
  std::filesystem::rename(unfinished, path, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    return std::unexpected(fmt::format("cannot write {}: {}", path.string(), error.message()));
  }
  return {};
}

}  // namespace soundcheck
