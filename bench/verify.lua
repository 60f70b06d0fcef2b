-- SPDX-License-Identifier: Apache-2.0
-- wrk's side of bench/durable.mjs: each request is read from a file once, before the measurement, so that the
-- generator does nothing but send.
local requests = {}
local next_request = 0
local pause = tonumber(os.getenv("BENCH_PAUSE") or "0")

function init()
  local head = "POST /v1/verify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer "
    .. os.getenv("BENCH_TOKEN") .. "\r\nContent-Length: "
  for body in io.lines(os.getenv("BENCH_BODIES")) do
    requests[#requests + 1] = head .. #body .. "\r\n\r\n" .. body
  end
end

-- Past the end it starts again, with codes that are used: bench/durable.mjs sees that and says so.
function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

-- Between nothing and twice the pause asked for, so that connections do not march in step.
if pause > 0 then
  function delay()
    return math.random(0, math.floor(2 * pause + 0.5))
  end
end
