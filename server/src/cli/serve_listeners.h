// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/service.h"
#include "cli/serve_plan.h"
#include "cli/serve_reload.h"
#include "http/listener.h"
#include "http/metrics.h"
#include "http/operator_access.h"
#include "http/operator_routes.h"
#include "http/router.h"
#include "http/tls_identity.h"
#include "log/json_log.h"

namespace countersign::cli {

/// The listeners of one server, with the routes behind them.
class ServeListeners {
  public:
    /// Listens on the operator's address, if there is one, then on the main one, and says so in the log.
    /// @param service  outlives this; it is stopped by the caller after `stop`, before this goes: replies may
    ///                 still be under way
    /// @param hooks    where what can be reloaded is added
    /// Errors: `listen.failed`, also for a file of TLS or a token that is not usable.
    [[nodiscard]] static Checked<std::unique_ptr<ServeListeners>> start(const ServePlan& plan, server::Service& service,
                                                                        const std::shared_ptr<server::Metrics>& metrics,
                                                                        const std::shared_ptr<server::Log>& log,
                                                                        ReloadHooks& hooks);

    /// Lets what is in flight be answered. @return whether all of it was
    bool stop();

  private:
    ServeListeners(const ListenerPlan& plan, server::Service& service,
                   const std::shared_ptr<server::Metrics>& metrics, const std::shared_ptr<server::Log>& log);
    void tell(server::Metrics& metrics) const;
    [[nodiscard]] Checked<void> read_files(const ListenerPlan& plan, ReloadHooks& hooks);

    std::shared_ptr<server::TlsIdentity> tls_;
    std::shared_ptr<server::OperatorAccess> access_;
    server::OperatorRoutes operator_routes_;
    server::Router router_;
    std::unique_ptr<server::Listener> operators_;  // after the routes: a listener goes before them
    std::shared_ptr<server::Listener> main_;
};

}  // namespace countersign::cli
