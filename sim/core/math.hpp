#pragma once

namespace soundcheck {

// Transcendental functions with the same bits on every machine and in every build type. glibc picks
// variants by CPU, so a run never calls std::log and its siblings; these are the deterministic
// scalar functions of SLEEF (1.0 ULP).
double deterministic_log(double x);
double deterministic_exp(double x);
double deterministic_pow(double x, double y);
double deterministic_sin(double x);
double deterministic_cos(double x);

}  // namespace soundcheck
