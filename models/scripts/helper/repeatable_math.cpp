// The mathematical functions that SpiderMonkey and jq take from the C library, with the same bits
// on every processor. glibc picks variants of them by what the processor can do, and they differ in
// the last bits; SLEEF's plain C versions do not. The program exports them, so that the dynamic
// linker binds both libraries to these (CMakeLists.txt: --export-dynamic-symbol).
#include <sleef.h>

extern "C" {

double sin(double x) {
  return Sleef_cinz_sind1_u10purec(x);
}
double cos(double x) {
  return Sleef_cinz_cosd1_u10purec(x);
}
void sincos(double x, double* sine, double* cosine) {
  *sine = Sleef_cinz_sind1_u10purec(x);
  *cosine = Sleef_cinz_cosd1_u10purec(x);
}
double tan(double x) {
  return Sleef_cinz_tand1_u10purec(x);
}
double asin(double x) {
  return Sleef_cinz_asind1_u10purec(x);
}
double acos(double x) {
  return Sleef_cinz_acosd1_u10purec(x);
}
double atan(double x) {
  return Sleef_cinz_atand1_u10purec(x);
}
double atan2(double y, double x) {
  return Sleef_cinz_atan2d1_u10purec(y, x);
}
double sinh(double x) {
  return Sleef_cinz_sinhd1_u10purec(x);
}
double cosh(double x) {
  return Sleef_cinz_coshd1_u10purec(x);
}
double tanh(double x) {
  return Sleef_cinz_tanhd1_u10purec(x);
}
double asinh(double x) {
  return Sleef_cinz_asinhd1_u10purec(x);
}
double acosh(double x) {
  return Sleef_cinz_acoshd1_u10purec(x);
}
double atanh(double x) {
  return Sleef_cinz_atanhd1_u10purec(x);
}
double exp(double x) {
  return Sleef_cinz_expd1_u10purec(x);
}
double exp2(double x) {
  return Sleef_cinz_exp2d1_u10purec(x);
}
double exp10(double x) {
  return Sleef_cinz_exp10d1_u10purec(x);
}
double expm1(double x) {
  return Sleef_cinz_expm1d1_u10purec(x);
}
double log(double x) {
  return Sleef_cinz_logd1_u10purec(x);
}
double log2(double x) {
  return Sleef_cinz_log2d1_u10purec(x);
}
double log10(double x) {
  return Sleef_cinz_log10d1_u10purec(x);
}
double log1p(double x) {
  return Sleef_cinz_log1pd1_u10purec(x);
}
double pow(double x, double y) {
  return Sleef_cinz_powd1_u10purec(x, y);
}
double cbrt(double x) {
  return Sleef_cinz_cbrtd1_u10purec(x);
}
double hypot(double x, double y) {
  return Sleef_cinz_hypotd1_u05purec(x, y);
}
double erf(double x) {
  return Sleef_cinz_erfd1_u10purec(x);
}
double erfc(double x) {
  return Sleef_cinz_erfcd1_u15purec(x);
}
double tgamma(double x) {
  return Sleef_cinz_tgammad1_u10purec(x);
}
double lgamma(double x) {
  return Sleef_cinz_lgammad1_u10purec(x);
}
double gamma(double x) {
  return lgamma(x);
}
// The sign is that of the gamma function: negative between 0 and -1, -2 and -3, ...
double lgamma_r(double x, int* sign) {
  const double below = __builtin_floor(x);
  const double half = below / 2;
  *sign = x < 0 && x != below && half != __builtin_floor(half) ? -1 : 1;
  return lgamma(x);
}
float expf(float x) {
  return Sleef_cinz_expf1_u10purec(x);
}
float tanhf(float x) {
  return Sleef_cinz_tanhf1_u10purec(x);
}

}  // extern "C"
