// SPDX-License-Identifier: Apache-2.0
// Bytes of a connection, in pieces: how they are cut does not change what is read, and what is taken from a header
// has the form it is said to have.
#include "http/client_address.h"
#include "http/request_id.h"
#include "http/request_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "require.h"

using namespace countersign;
using namespace countersign::server;

namespace {

using State = RequestReader::State;

constexpr std::size_t kHeader = 1024;
constexpr std::uint64_t kBody = 512;

struct Reading {
    std::vector<State> states;
    std::vector<std::string> requests;
};

std::string summary(const HttpRequest& request, const std::string& forwarded) {
    std::string all;
    for (const std::string* part : {&request.method, &request.path, &request.authorization, &request.content_type, &request.host,
                                    &request.origin, &request.requested_method, &request.offered_request_id,
                                    &request.traceparent, &request.body, &forwarded}) {
        all.append(*part).append(1, '\0');
    }
    return all;
}

void check(const HttpRequest& request, const std::string& forwarded) {
    require(request.body.size() <= kBody, "a body is within its limit");
    require(request.path.find_first_of(" ?\r\n") == std::string::npos, "a path has no space, query nor line's end");
    for (const std::string* value : {&request.authorization, &request.host, &request.origin, &request.content_type, &forwarded}) {
        require(value->find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a value is one line");
    }
    require(request.offered_request_id.empty() || is_request_id(request.offered_request_id), "an id is fit for a header");
    require(request.traceparent.empty() || (is_traceparent(request.traceparent) && trace_id(request.traceparent).size() == 32),
            "a trace has its id");
    static const std::array<AddressBlock, 2> kTrusted{*AddressBlock::parse("10.0.0.0/8"), *AddressBlock::parse("fd00::/8")};
    const IpAddress peer = *IpAddress::parse("10.1.2.3");
    const IpAddress client = find_client(peer, kTrusted, forwarded);
    require(IpAddress::parse(client.text()) == client, "an address is written as it is read");
    require(find_client(client, {}, forwarded) == client, "nobody is believed unless he is trusted");
}

/// As the listener does: what comes is cut into pieces of `piece` bytes.
Reading read_all(std::string_view bytes, std::size_t piece) {
    Reading reading;
    ReadBuffer buffer(kHeader + kBody);
    std::size_t sent = 0;
    while (reading.states.size() < 8) {
        RequestReader reader(kHeader, kBody);
        State state = reader.take_in(buffer);
        while (state == State::Unfinished && sent < bytes.size()) {
            const auto room = buffer.prepare();
            if (room.empty()) break;
            const std::size_t count = std::min({room.size(), piece, bytes.size() - sent});
            std::copy_n(bytes.data() + sent, count, room.data());
            buffer.commit(count);
            sent += count;
            state = reader.take_in(buffer);
            static_cast<void>(reader.must_tell_to_continue());
        }
        reading.states.push_back(state);
        if (state != State::Whole) break;
        const std::string forwarded = reader.forwarded_for();
        const HttpRequest request = reader.take_request();
        check(request, forwarded);
        reading.requests.push_back(summary(request, forwarded));
    }
    return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Exact exact(text_of(data + 1, size - 1));
    const Reading whole = read_all(exact.text(), size);
    const Reading pieces = read_all(exact.text(), 1 + data[0] % 64U);
    require(whole.requests.size() <= pieces.requests.size() + 1, "cutting finds no fewer requests");
    const std::size_t both = std::min(whole.requests.size(), pieces.requests.size());
    require(std::equal(whole.requests.begin(), whole.requests.begin() + static_cast<std::ptrdiff_t>(both), pieces.requests.begin()),
            "how the bytes are cut does not change the requests");
    // A head that has no end yet may be found wrong sooner or later; one that has ended is judged alike.
    const auto ended = [](const Reading& reading) {
        return reading.states.back() == State::Whole || reading.states.back() == State::Malformed;
    };
    if (ended(whole) && ended(pieces)) {
        require(whole.requests.size() == pieces.requests.size(), "nor how many there are");
        require(whole.states.back() == pieces.states.back(), "nor whether they are good");
    }
    return 0;
}
