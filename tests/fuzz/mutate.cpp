// Runs a fuzz target without a fuzzer's compiler: every seed of a folder as it is, then changed in
// the usual ways (bytes flipped, cut out, repeated, spliced with another seed), the same each time.
//
//   fuzz_asl FOLDER [ROUNDS [SEED]]
//
// Each input stands in the file `fuzz_asl.input` of the working folder while it runs and is removed
// at the end, so that what made a target fail is there to run again (a folder may be a file).
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/entropy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestInput = 4'096;
constexpr std::uint64_t kMostChanges = 8;

// What separates things in the texts that are read here: a change with sense is worth many without.
constexpr const char* kTokens[] = {
    "{",    "}",     "[",    "]",  "\"", ":",   ",",    "$",    "$.", "$$",    "..",
    "*",    "(",     ")",    "\\", "'",  "\n",  "null", "true", "-1", "0",     "1e99",
    "\xff", "\\ud8", "\r\n", "{%", "%}", "?(@", "==",   "&&",   "{}", "[[[[[", "\xf0\x9f\x92\xa9"};

std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> read_seeds(const fs::path& root) {
  std::vector<std::string> seeds;
  if (!fs::is_directory(root)) return {read(root)};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{root}) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) seeds.push_back(read(file));
  return seeds;
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& seeds, std::uint64_t seed)
      : seeds_(seeds), entropy_(seed) {}

  std::string next() {
    std::string text = any_seed();
    for (std::uint64_t left = 1 + below(kMostChanges); left > 0; --left) change(text);
    if (text.size() > kLongestInput) text.resize(kLongestInput);
    return text;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return presso::next_below(entropy_, bound); }
  std::size_t place(const std::string& text) { return below(text.size() + 1); }
  const std::string& any_seed() { return seeds_[below(seeds_.size())]; }

  std::string piece(const std::string& of) {
    const std::size_t from = place(of);
    return of.substr(from, below(32));
  }

  void change(std::string& text) {
    const std::size_t at = place(text);
    switch (below(6)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        return;
      case 1: text.erase(at, 1 + below(16)); return;
      case 2: text.insert(at, piece(text)); return;
      case 3: text.insert(at, piece(any_seed())); return;
      case 4: text.insert(at, 1, static_cast<char>(below(256))); return;
      default: text.insert(at, kTokens[below(std::size(kTokens))]);
    }
  }

  const std::vector<std::string>& seeds_;
  presso::SeededEntropy entropy_;
};

// One file, written over and over: making one anew each time costs a flush each.
class KeptInput {
 public:
  explicit KeptInput(fs::path path)
      : path_(std::move(path)), file_(std::fopen(path_.c_str(), "w")) {}
  KeptInput(const KeptInput&) = delete;
  KeptInput& operator=(const KeptInput&) = delete;
  ~KeptInput() {
    if (file_ != nullptr) std::fclose(file_);
    fs::remove(path_);
  }

  void run(const std::string& input) {
    if (file_ != nullptr) {
      std::rewind(file_);
      std::fwrite(input.data(), 1, input.size(), file_);
      std::fflush(file_);
      fs::resize_file(path_, input.size());
    }
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  }

 private:
  fs::path path_;
  std::FILE* file_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const std::uint64_t rounds = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 0;
  const std::uint64_t seed = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 1;
  const std::vector<std::string> seeds = read_seeds(arguments[1]);
  if (seeds.empty()) {
    std::fprintf(stderr, "there are no seeds in %s\n", arguments[1]);
    return 1;
  }
  KeptInput kept{fs::path{arguments[0]}.filename().string() + ".input"};
  for (const std::string& input : seeds) kept.run(input);
  Mutator mutator{seeds, seed};
  for (std::uint64_t i = 0; i < rounds; ++i) kept.run(mutator.next());
  std::printf("%zu seeds and %llu changed ones, seed %llu\n", seeds.size(),
              static_cast<unsigned long long>(rounds), static_cast<unsigned long long>(seed));
  return 0;
}
