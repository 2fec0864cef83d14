// The page's program → its files in the package: one script, one style, and the licences of what is in them.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../../../dist/src/explore/files",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    license: { fileName: "licenses.txt" },
    rolldownOptions: {
      input: "main.tsx",
      output: { entryFileNames: "explore.js", assetFileNames: "explore.[ext]", codeSplitting: false },
    },
  },
});
