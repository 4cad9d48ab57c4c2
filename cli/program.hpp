#pragma once

namespace soundcheck::cli {

// The whole program: what `main` was given, what it answers. Nothing escapes it.
int run_program(int argc, char** argv);

}  // namespace soundcheck::cli
