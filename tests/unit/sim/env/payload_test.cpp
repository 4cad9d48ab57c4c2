#include "sim/env/payload.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "sim/env/fields.hpp"
#include "tests/support/forked.hpp"

namespace soundcheck::test {
namespace {

enum class Format : std::uint8_t { kVinyl, kTape };

struct Track {
  std::string title;
  std::int64_t seconds = 0;
  friend bool operator==(const Track&, const Track&) = default;
  static constexpr auto fields() {
    return std::tuple{field("title", &Track::title), field("seconds", &Track::seconds)};
  }
};

struct Album {
  std::string title;
  bool live = false;
  double price = 0;
  Format format = Format::kVinyl;
  std::optional<std::int64_t> year;
  std::vector<Track> tracks;
  Json notes;
  friend bool operator==(const Album&, const Album&) = default;
  static constexpr auto fields() {
    return std::tuple{field("title", &Album::title), field("live", &Album::live),
                      field("price", &Album::price), field("format", &Album::format),
                      field("year", &Album::year),   field("tracks", &Album::tracks),
                      field("notes", &Album::notes)};
  }
};

Album album() {
  return {.title = "Blue",
          .live = true,
          .price = 9.5,
          .format = Format::kTape,
          .year = 1971,
          .tracks = {{"Carey", 180}, {"River", 240}},
          .notes = {{"side", "A"}}};
}

Fingerprint digest_of(const Payload& payload) {
  Fingerprint digest;
  payload.digest(digest);
  return digest;
}

struct Loan {
  std::string title;
  std::optional<std::string> due;
  Json notes = Json::object();
  static constexpr auto fields() {
    return std::tuple{field("title", &Loan::title), field_unless_empty("due", &Loan::due),
                      field_unless_empty("notes", &Loan::notes)};
  }
};

TEST(Fields, ThatAreLeftOutWhileEmptyCostNothing) {
  const Loan plain{.title = "Blue"};
  EXPECT_EQ(to_json_value(plain).dump(), R"({"title":"Blue"})");
  EXPECT_EQ(wire_size(plain), 2 + 4 + 5 + 6);  // as before there were any
  const Loan due{.title = "Blue", .due = "today", .notes = {{"side", "A"}}};
  EXPECT_EQ(to_json_value(due).dump(), R"({"due":"today","notes":{"side":"A"},"title":"Blue"})");
  EXPECT_EQ(wire_size(due), wire_size(plain) + 4 + 3 + 7 + 4 + 5 + 12);
  Loan read;
  ASSERT_TRUE(from_json_value(to_json_value(due), read));
  EXPECT_EQ(read.due, "today");
  EXPECT_NE(digest_of(Payload::of(plain)), digest_of(Payload::of(due)));
}

TEST(Fields, GoToJsonAndBack) {
  const Json json = to_json_value(album());
  EXPECT_EQ(json, Json::parse(R"({ "title": "Blue", "live": true, "price": 9.5, "format": 1,
      "year": 1971, "tracks": [ { "title": "Carey", "seconds": 180 },
                                { "title": "River", "seconds": 240 } ],
      "notes": { "side": "A" } })"));
  Album read;
  EXPECT_TRUE(from_json_value(json, read));
  EXPECT_EQ(read, album());
}

TEST(Fields, MissingAndNullMembersKeepTheirDefault) {
  Album read;
  read.price = 1.25;
  EXPECT_TRUE(from_json_value(Json::parse(R"({ "title": "Hejira", "price": null })"), read));
  EXPECT_EQ(read.title, "Hejira");
  EXPECT_EQ(read.price, 1.25);
  EXPECT_EQ(read.year, std::nullopt);
  EXPECT_EQ(to_json_value(read)["year"], nullptr);
}

TEST(Fields, AMemberOfAnotherTypeIsRefused) {
  for (const char* const text :
       {R"({ "title": 7 })", R"({ "live": "yes" })", R"({ "price": "9" })", R"({ "year": "old" })",
        R"({ "tracks": {} })", R"({ "tracks": [ { "seconds": "long" } ] })", R"([])"}) {
    Album read;
    EXPECT_FALSE(from_json_value(Json::parse(text), read)) << text;
  }
}

// On the wire a message is about as long as its compact JSON.
TEST(Fields, AreAsLongOnTheWireAsTheirJsonIsAbout) {
  const auto length = static_cast<double>(to_json_value(album()).dump().size());
  EXPECT_NEAR(static_cast<double>(wire_size(album())), length, 0.25 * length);
  Album longer = album();
  longer.title += std::string(100, 'x');
  EXPECT_EQ(wire_size(longer), wire_size(album()) + 100);
}

TEST(Fields, EachOfThemIsInTheDigest) {
  const Fingerprint same = digest_of(Payload::of(album()));
  EXPECT_EQ(digest_of(Payload::of(album())), same);
  std::vector<Album> others(8, album());
  others[0].title = "Red";
  others[1].live = false;
  others[2].price = 9.25;
  others[3].format = Format::kVinyl;
  others[4].year = 1972;
  others[5].year = std::nullopt;
  others[6].tracks[1].seconds = 241;
  others[7].notes["side"] = "B";
  for (const Album& other : others) EXPECT_NE(digest_of(Payload::of(other)), same);
}

TEST(Payload, OwnsAValueOfAnyTypeWithFields) {
  Payload payload = Payload::of(album());
  EXPECT_TRUE(payload.holds<Album>());
  EXPECT_FALSE(payload.holds<Track>());
  EXPECT_EQ(payload.get<Album>(), album());
  EXPECT_EQ(payload.wire_size(), wire_size(album()));
  EXPECT_EQ(payload.to_json(), to_json_value(album()));
  Payload moved = std::move(payload);
  EXPECT_TRUE(payload.empty());
  EXPECT_EQ(moved.take<Album>(), album());
  EXPECT_TRUE(moved.empty());
}

TEST(Payload, ACopyIsAMessageOfItsOwn) {
  Payload first = Payload::of(Track{"Carey", 180});
  const Payload second = first.copy();
  Track taken = first.take<Track>();
  taken.title = "changed";
  EXPECT_EQ(second.get<Track>(), (Track{"Carey", 180}));
  EXPECT_TRUE(Payload().copy().empty());
}

TEST(Payload, AnEmptyOneHasNoContent) {
  const Payload none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.wire_size(), 0);
  EXPECT_EQ(none.to_json(), nullptr);
  EXPECT_EQ(digest_of(none), Fingerprint());
}

TEST(Payload, TakenForAnotherTypeEndsTheProgram) {
  const Forked mistaken =
      run_forked([] { return Payload::of(Track{"Carey", 180}).take<Album>().title; });
  EXPECT_NE(mistaken.exit_code, 0);
  EXPECT_NE(mistaken.output.find("another type"), std::string::npos) << mistaken.output;
}

}  // namespace
}  // namespace soundcheck::test
