#include "scenarios/model/worker.hpp"
