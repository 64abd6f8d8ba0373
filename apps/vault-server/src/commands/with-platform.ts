import { SilentLog } from '#kernel';
import { openPlatform, type Platform } from '../platform.ts';
import { readSettings } from '../settings.ts';

/** What a server stands on, for one command. Says nothing on the standard output by itself: that is the command's. */
export async function withPlatform(work: (platform: Platform) => Promise<number>): Promise<number> {
  const platform = await openPlatform(readSettings().settings, new SilentLog());
  try {
    return await work(platform);
  } finally {
    await platform.close();
  }
}
