#include "sim/core/math.hpp"

#include <sleef.h>

namespace soundcheck {

double deterministic_log(double x) {
  return Sleef_cinz_logd1_u10purec(x);
}
double deterministic_exp(double x) {
  return Sleef_cinz_expd1_u10purec(x);
}
double deterministic_pow(double x, double y) {
  return Sleef_cinz_powd1_u10purec(x, y);
}
double deterministic_sin(double x) {
  return Sleef_cinz_sind1_u10purec(x);
}
double deterministic_cos(double x) {
  return Sleef_cinz_cosd1_u10purec(x);
}

}  // namespace soundcheck
