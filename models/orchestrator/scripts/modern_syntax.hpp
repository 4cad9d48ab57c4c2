#pragma once

#include <string>
#include <string_view>

namespace soundcheck::conductor {

// Rewrites the parts of newer JavaScript that scripts in definitions use most into ECMAScript 5:
// let and const, arrow functions, template literals, for...of over lists. Works on tokens, knows no
// grammar: what it does not understand stays as it is, and is then the engine's syntax error. Block
// scope becomes function scope. Meant for scripts that ECMAScript 5 refuses, so that it can break
// none.
std::string with_older_syntax(std::string_view script);

}  // namespace soundcheck::conductor
