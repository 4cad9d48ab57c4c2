#include "sim/core/units.hpp"

#include <gtest/gtest.h>

#include "sim/core/did_you_mean.hpp"
#include "sim/core/random.hpp"

namespace soundcheck {
namespace {

template <typename T>
std::string error_of(const Parsed<T>& parsed) {
  return parsed ? "no error" : parsed.error();
}

TEST(Units, DurationsAreReadInEveryUnit) {
  EXPECT_EQ(parse_duration("300ms"), Duration::milliseconds(300));
  EXPECT_EQ(parse_duration("7ns"), Duration::nanoseconds(7));
  EXPECT_EQ(parse_duration("5us"), Duration::microseconds(5));
  EXPECT_EQ(parse_duration("5\u00b5s"), Duration::microseconds(5));
  EXPECT_EQ(parse_duration("2h"), Duration::hours(2));
  EXPECT_EQ(parse_duration("365d"), Duration::days(365));
  EXPECT_EQ(parse_duration(" 1.5 s "), Duration::milliseconds(1500));
  EXPECT_EQ(parse_duration("0.1ms"), Duration::microseconds(100));
}

TEST(Units, DurationsMayBeCompoundAndNegative) {
  EXPECT_EQ(parse_duration("1m30s"), Duration::seconds(90));
  EXPECT_EQ(parse_duration("1d 2h 3m 4s"), Duration::seconds(86400 + 7200 + 180 + 4));
  EXPECT_EQ(parse_duration("-10m100ns"), -(Duration::minutes(10) + Duration::nanoseconds(100)));
}

TEST(Units, DurationErrorsSayWhichUnitsFit) {
  EXPECT_EQ(error_of(parse_duration("300")),
            "'300' has no unit: a duration is written like 300ms (units: ns, us, ms, s, m, h, d)");
  EXPECT_EQ(error_of(parse_duration("3 weeks")),
            "'weeks' is not a unit of a duration (units: ns, us, ms, s, m, h, d)");
  EXPECT_EQ(error_of(parse_duration("3 MS")),
            "'MS' is not a unit of a duration; did you mean 'ms'? (units: ns, us, ms, s, m, h, d)");
  EXPECT_EQ(error_of(parse_duration("30s1m")),
            "'30s1m' does not go from large units to small ones, like 1m30s");
  EXPECT_EQ(error_of(parse_duration("1m30")),
            "'1m30' has no unit: a duration is written like 300ms (units: ns, us, ms, s, m, h, d)");
  EXPECT_EQ(error_of(parse_duration("0.5ns")), "'0.5ns' is not a whole number of nanoseconds");
  EXPECT_EQ(error_of(parse_duration("400000d")), "'400000d' is too large");
  for (const char* text : {"", " ", "s", "--3s", "3.s", ".5s", "1e3s", "3s4", "3s-4ms", "\n",
                           "3,5s", "9999999999999999999999s", "1s1s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Units, SizesKnowDecimalAndBinaryPrefixes) {
  EXPECT_EQ(parse_bytes("900B"), Bytes::bytes(900));
  EXPECT_EQ(parse_bytes("64KiB"), Bytes::bytes(65536));
  EXPECT_EQ(parse_bytes("64KB"), Bytes::bytes(64000));
  EXPECT_EQ(parse_bytes("1.5MB"), Bytes::bytes(1500000));
  EXPECT_EQ(error_of(parse_bytes("1.5B")), "'1.5B' is not a whole number of bytes");
  EXPECT_EQ(
      error_of(parse_bytes("64kib")),
      "'kib' is not a unit of a size; did you mean 'KiB'? (units: B, KB, MB, GB, TB, KiB, MiB, "
      "GiB, TiB)");
}

TEST(Units, BandwidthIsInBitsUnlessItSaysBytes) {
  EXPECT_EQ(parse_bandwidth("10Gbps"), Bandwidth::gigabits_per_second(10));
  EXPECT_EQ(parse_bandwidth("500MB/s"), Bandwidth::bits_per_second(4'000'000'000));
  EXPECT_EQ(parse_bandwidth("1KiB/s"), Bandwidth::bits_per_second(8192));
  EXPECT_FALSE(parse_bandwidth("10"));
  EXPECT_FALSE(parse_bandwidth("10GB"));
}

TEST(Units, TransmissionTimeRoundsUp) {
  EXPECT_EQ(transmission_time(Bytes::bytes(125), Bandwidth::gigabits_per_second(1)),
            Duration::microseconds(1));
  EXPECT_EQ(transmission_time(Bytes::bytes(1), Bandwidth::bits_per_second(3'000'000'000)),
            Duration::nanoseconds(3));
  EXPECT_EQ(transmission_time(Bytes::bytes(1), Bandwidth()), Duration::max());
}

TEST(Units, RatesProbabilitiesAndMoney) {
  EXPECT_EQ(parse_rate("200/s"), Rate::per_second(200));
  EXPECT_EQ(parse_rate("10/h"), Rate::per_second(10.0 / 3600));
  EXPECT_EQ(parse_rate("2/ms"), Rate::per_second(2000));
  EXPECT_FALSE(parse_rate("200"));
  EXPECT_EQ(parse_probability("30%"), Probability::of(0.3));
  EXPECT_EQ(parse_probability("0.1%"), Probability::of(0.001));
  EXPECT_EQ(error_of(parse_probability("0.3")), "'0.3' has no unit: write 30%");
  EXPECT_EQ(error_of(parse_probability("130%")),
            "'130%' is no probability: it lies between 0% and 100%");
  EXPECT_FALSE(parse_probability("-3%"));
  EXPECT_EQ(parse_percentage("150%"), Percentage::of(1.5));
  EXPECT_EQ(parse_money("9.99EUR"), Money::minor_units(999));
  EXPECT_EQ(parse_money("-0.01 EUR"), Money::minor_units(-1));
  EXPECT_EQ(error_of(parse_money("0.001EUR")), "'0.001EUR' is not a whole number of cents");
}

TEST(Units, PlainNumbersAreDecimalAndNothingElse) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer("-7"), -7);
  EXPECT_EQ(parse_integer("0"), 0);
  EXPECT_EQ(error_of(parse_integer("010")),
            "'010' starts with a zero, which some programs read as octal; write 10");
  for (const char* text : {"0x1F", "1_000", "1.0", "", "+3", "1e3", "99999999999999999999"}) {
    EXPECT_FALSE(parse_integer(text)) << text;
  }
  EXPECT_EQ(parse_number("1e-3"), 1e-3);
  EXPECT_EQ(parse_number("0.5"), 0.5);
  for (const char* text : {"010", "nan", "inf", ".5", "1_0", "0x1p3", "1e999", "-", "+1"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
  EXPECT_EQ(parse_boolean("true"), true);
  EXPECT_FALSE(parse_boolean("yes"));
}

TEST(Units, CanonicalTextIsWhatAPersonWouldWrite) {
  EXPECT_EQ(to_text(Duration::milliseconds(1500)), "1.5s");
  EXPECT_EQ(to_text(Duration::seconds(90)), "1m30s");
  EXPECT_EQ(to_text(Duration::hours(36)), "1d12h");
  EXPECT_EQ(to_text(Duration()), "0s");
  EXPECT_EQ(to_text(Duration::nanoseconds(1'000'001)), "1.000001ms");
  EXPECT_EQ(to_text(Duration::minutes(1) + Duration::milliseconds(5)), "1m0.005s");
  EXPECT_EQ(to_text(-Duration::milliseconds(3)), "-3ms");
  EXPECT_EQ(to_text(Bytes::bytes(65536)), "64KiB");
  EXPECT_EQ(to_text(Bytes::bytes(64000)), "64KB");
  EXPECT_EQ(to_text(Bytes::bytes(1001)), "1001B");
  EXPECT_EQ(to_text(Bandwidth::gigabits_per_second(10)), "10Gbps");
  EXPECT_EQ(to_text(Rate::per_second(10.0 / 3600)), "10/h");
  EXPECT_EQ(to_text(Rate::per_second(0)), "0/s");
  EXPECT_EQ(to_text(Probability::of(0.001)), "0.1%");
  EXPECT_EQ(to_text(Percentage::of(1.5)), "150%");
  EXPECT_EQ(to_text(Money::minor_units(-5)), "-0.05EUR");
}

TEST(Units, CanonicalTextParsesBackToTheSameValue) {
  RandomStream random(1, "units");
  for (int i = 0; i < 20'000; ++i) {
    const auto count = static_cast<std::int64_t>(random.bits() >> (1 + random.below(62)));
    const Duration duration = Duration::nanoseconds(random.chance(0.5) ? count : -count);
    EXPECT_EQ(parse_duration(to_text(duration)), duration);
    EXPECT_EQ(parse_bytes(to_text(Bytes::bytes(count))), Bytes::bytes(count));
    const auto bandwidth = Bandwidth::bits_per_second(count);
    EXPECT_EQ(parse_bandwidth(to_text(bandwidth)), bandwidth);
    const auto probability = Probability::of(random.uniform());
    EXPECT_EQ(parse_probability(to_text(probability)), probability) << probability.value();
    const auto rate =
        Rate::per_second(random.uniform() * static_cast<double>(random.below(10'000)));
    EXPECT_EQ(parse_rate(to_text(rate)), rate) << to_text(rate);
    const auto money = Money::minor_units(count / 1'000);
    EXPECT_EQ(parse_money(to_text(money)), money);
    if (HasFailure()) break;
  }
}

TEST(DidYouMean, FindsTheNearestNameAndOnlyNearOnes) {
  const std::vector<std::string> names{"replicas", "latency", "timeout", "at", "least-requests"};
  EXPECT_EQ(nearest_name("latencey", names), "latency");
  EXPECT_EQ(nearest_name("Timeout", names), "timeout");
  EXPECT_EQ(nearest_name("timeuot", names), "timeout");
  EXPECT_EQ(nearest_name("least_requests", names), "least-requests");
  EXPECT_EQ(nearest_name("it", names), "at");
  EXPECT_EQ(nearest_name("qq", names), "");
  EXPECT_EQ(nearest_name("x", names), "");
  EXPECT_EQ(nearest_name("completely-different", names), "");
  EXPECT_EQ(nearest_name("", names), "");
}

TEST(DidYouMean, DistanceCountsASwapAsOneEdit) {
  EXPECT_EQ(edit_distance("ab", "ba"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

}  // namespace
}  // namespace soundcheck
