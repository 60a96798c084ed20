// node format.cjs FOLDER_OF_NODE_MODULES [--write] FILE…: names the Lua files that are not in StyLua's form, or puts them into it.
const { readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const [folder, ...rest] = process.argv.slice(2);
const stylua = createRequire(`${folder}/`)("@johnnymorganz/stylua");
const write = rest[0] === "--write";

function formatted(text) {
  const config = stylua.Config.new();
  config.syntax = stylua.LuaVersion.LuaJIT;
  config.indent_type = stylua.IndentType.Spaces;
  config.indent_width = 2;
  config.column_width = 120;
  return stylua.formatCode(text, config, undefined, stylua.OutputVerification.Full);
}

for (const file of write ? rest.slice(1) : rest) {
  const text = readFileSync(file, "utf8");
  const form = formatted(text);
  if (form === text) continue;
  if (write) writeFileSync(file, form);
  console.log(file);
}
