-- Prints the names of all globals that Lua files read and write, "FILE: NAME", from LuaJIT's own bytecode.

local jit_util = require("jit.util")

---The instruction that begins such a chunk, for the versions number them differently.
local function operation(code, at)
  return bit.band(jit_util.funcbc(loadstring(code), at), 0xff)
end

local READS, WRITES = operation("return x", 1), operation("x = nil", 2)

local function visit(prototype, report)
  local at = 1
  while true do
    local instruction = jit_util.funcbc(prototype, at)
    if not instruction then
      break
    end
    local kind = bit.band(instruction, 0xff)
    if kind == READS or kind == WRITES then
      report(jit_util.funck(prototype, -bit.rshift(instruction, 16) - 1))
    end
    at = at + 1
  end
  local constant = -1
  while true do
    local found = jit_util.funck(prototype, constant)
    if found == nil then
      break
    elseif type(found) == "proto" then
      visit(found, report)
    end
    constant = constant - 1
  end
end

for _, file in ipairs(_G.arg) do
  visit(assert(loadfile(file)), function(name)
    io.stdout:write(("%s: %s\n"):format(file, name))
  end)
end
