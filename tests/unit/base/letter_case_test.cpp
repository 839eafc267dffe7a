#include "base/letter_case.h"

#include <doctest/doctest.h>

namespace presso {

TEST_CASE("letters of all alphabets have their cases") {
  CHECK(to_upper("aé ключ σς") == "AÉ КЛЮЧ ΣΣ");
  CHECK(to_lower("AÉ КЛЮЧ Σ") == "aé ключ σ");
  CHECK(to_upper("ǆǅ") == "ǄǄ");
  CHECK(to_lower("ǅ") == "ǆ");
  CHECK(to_upper("ſ") == "S");
  CHECK(to_lower("\u212A") == "k");
  CHECK(to_lower("𐐀") == "𐐨");
  CHECK(to_upper("1 €😀日") == "1 €😀日");
}

TEST_CASE("some letters become several") {
  CHECK(to_upper("straße") == "STRASSE");
  CHECK(to_upper("ﬃ") == "FFI");
  CHECK(to_lower("İ") == "i̇");
  CHECK(to_upper("\u0390") == "\u0399\u0308\u0301");
}

}  // namespace presso
