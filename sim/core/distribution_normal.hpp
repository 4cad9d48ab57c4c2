#pragma once

namespace soundcheck {

// The standard normal distribution, with the same bits on every machine.

// The value that a normal draw stays below with probability p, 0 < p < 1; relative error about
// 1e-16 (algorithm AS 241, PPND16: Wichura, Applied Statistics 37, 1988).
double normal_quantile(double p);

// The probability of a draw below x: the inverse of normal_quantile, found by bisection. For
// set-up, not for sampling.
double normal_probability(double x);

}  // namespace soundcheck
