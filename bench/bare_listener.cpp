// SPDX-License-Identifier: Apache-2.0
// The server's own listener with a constant answer and nothing behind it: what HTTP alone costs, for
// bench/run to set beside durable verifications. Not part of the product.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <thread>
#include <utility>

#include "http/listener.h"

int main() {
    using namespace countersign::server;
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);

    ListenerOptions options;
    options.io_threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const auto listener = Listener::start(
        options,
        [](HttpRequest, const Respond& respond) {
            HttpResponse response;
            response.body = R"({"ok":true})";
            respond(std::move(response));
        },
        [](TransportFault) { return HttpResponse{}; });
    if (!listener) {
        std::fprintf(stderr, "bare_listener: %s\n", listener.error().c_str());
        return 1;
    }
    std::fprintf(stderr, "{\"event\":\"server.listening\",\"port\":%d}\n", int{(*listener)->port()});
    int received = 0;
    sigwait(&stop, &received);
    return (*listener)->stop() ? 0 : 1;
}
