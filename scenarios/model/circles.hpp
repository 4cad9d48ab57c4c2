#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace soundcheck {

// The shortest way from `start` along `next` back to it: "a", "b", "a"; empty if there is none.
inline std::vector<std::string> path_back(
    const std::string& start,
    const std::function<std::vector<std::string>(const std::string&)>& next) {
  std::map<std::string, std::string> came_from;
  std::vector<std::string> reached{start};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const std::string here = reached[i];
    for (const std::string& there : next(here)) {
      if (there == start) {
        std::vector<std::string> path{start};
        for (std::string at = here; at != start; at = came_from.at(at))
          path.insert(path.begin(), at);
        path.insert(path.begin(), start);
        return path;
      }
      if (came_from.emplace(there, here).second) reached.push_back(there);
    }
  }
  return {};
}

}  // namespace soundcheck
