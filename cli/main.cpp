#include "cli/program.hpp"

int main(int argc, char** argv) {
  return soundcheck::cli::run_program(argc, argv);
}
