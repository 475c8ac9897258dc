// Builds the page into ../api/web/. Same source and lock file: same bytes.
import { build } from "esbuild";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "api", "web");

rmSync(join(out, "assets"), { recursive: true, force: true });
mkdirSync(join(out, "assets"), { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx", style: "src/style.css" },
  outdir: join(out, "assets"),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  logLevel: "warning",
});

const named = (suffix) =>
  Object.entries(result.metafile.outputs)
    .filter(([path, made]) => made.entryPoint?.endsWith(suffix) && path.length > 0)
    .map(([path]) => path.split("/").pop())[0];

const page = readFileSync(join(here, "index.html"), "utf8")
  .replace("%APP%", `assets/${named("main.tsx")}`)
  .replace("%STYLE%", `assets/${named("style.css")}`);
writeFileSync(join(out, "index.html"), page);
cpSync(join(here, "NOTICE"), join(out, "NOTICE"));
cpSync(join(here, "icon.svg"), join(out, "icon.svg"));
