// The pages of code that are counted as presso's memory.
#pragma once

namespace presso::server {

// Gives the pages of code and constants that have been touched so far back to the kernel, in which
// they stay cached: what is used again is mapped again, in pieces of 64 KiB at about a microsecond
// each. A start runs a lot of code once (options, files, schema, certificates), and half of the
// memory of an idle server was that. Any thread may run meanwhile; the pages are read-only and the
// file's (madvise(2), MADV_DONTNEED).
void give_back_code_pages();

}  // namespace presso::server
