import { defineConfig } from 'vitest/config';

const stories = 'test/scenarios/**/*.test.ts';

// Two projects: `fast` is what `npm run check` runs before each commit; `stories` starts the real process.
export default defineConfig({
  test: {
    // A story runs three processes of its own, and two cores are what people have at the least.
    maxWorkers: 2,
    projects: [
      { test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [stories], testTimeout: 20_000 } },
      { test: { name: 'stories', include: [stories], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
