-- Sends the request that the environment describes, and ends with one line of JSON.
wrk.method = os.getenv("BENCH_METHOD")

local body = os.getenv("BENCH_BODY")
if body then
  local file = assert(io.open(body, "rb"))
  wrk.body = file:read("*a")
  file:close()
end

local paths = {}
for line in io.lines(os.getenv("BENCH_PATHS")) do
  paths[#paths + 1] = line
end
wrk.path = paths[1]

-- A script without `request` is faster: wrk then formats its one request once.
if #paths > 1 then
  local requests = {}
  local turn = 0
  function init()
    for i, path in ipairs(paths) do
      requests[i] = wrk.format(wrk.method, path)
    end
  end
  function request()
    turn = turn % #requests + 1
    return requests[turn]
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'BENCH {"requests":%d,"bytes":%d,"micros":%d,"p50":%d,"p99":%d,"failures":%d}\n',
    summary.requests, summary.bytes, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout
  ))
end
