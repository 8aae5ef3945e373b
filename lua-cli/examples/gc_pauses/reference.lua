-- The work of gc_pauses for another Lua: `lua5.4 reference.lua MODE FORM OBJECTS ITERATIONS` prints the same line of JSON, as far as a
-- script can measure it. MODE is incremental or generational; FORM flat, chunks, stacks or weak.

local mode, form = arg[1], arg[2]
OBJECTS, CHUNK, STACKS, WEAK = tonumber(arg[3]), form == "chunks" and 1000 or 0, form == "stacks", form == "weak"
local count, clock, started = tonumber(arg[4]), os.clock, os.time()
dofile(arg[0]:gsub("reference%.lua$", "workload.lua"))
collectgarbage(mode)
prepare()
collectgarbage()

local times, bins = {}, {}
local began = clock()
local before = began
for step = 1, count do
  iterate(step)
  local now = clock()
  times[#times + 1] = (now - before) * 1e6
  before = now
end
local cpu = before - began
table.sort(times)
for _, time in ipairs(times) do
  local bin = math.ceil(math.log(math.max(time, 0.001), 2) * 2)
  bins[bin] = (bins[bin] or 0) + 1
end

local peak = 0
for line in io.lines("/proc/self/status") do
  peak = tonumber(line:match("^VmHWM:%s*(%d+)")) or peak
end
before = clock()
collectgarbage()
local full = clock() - before

local keys, histogram = {}, {}
for bin in pairs(bins) do keys[#keys + 1] = bin end
table.sort(keys)
for at, bin in ipairs(keys) do histogram[at] = ("[%.3f,%d]"):format(2 ^ (bin / 2), bins[bin]) end
local function quantile(share) return times[math.min(#times, math.floor(#times * share) + 1)] end
print(('{"collector":"reference %s","form":"%s","mutate_cpu_s":%.4f,"process_cpu_s":%.4f,"p50_us":%.4f,"p999_us":%.4f,"max_pause_ms":%.4f,\z
  "full_s":%.4f,"peak_mb":%.4f,"live_mb":%.4f,"histogram_us":[%s]}'):format(mode, form, cpu, cpu, quantile(0.5), quantile(0.999),
  times[#times] / 1e3, full, peak * 1024 / 1e6, collectgarbage("count") * 1024 / 1e6, table.concat(histogram, ",")))
