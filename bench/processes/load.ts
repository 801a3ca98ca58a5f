/** The load generator, a process of its own so that contenders never share its event loop: a Load in, a LoadResult out. */
import { type Load, sendLoad } from '../harness/load-client.ts';

process.on('message', async (load: Load) => {
  try {
    process.send?.({ result: await sendLoad(load) });
  } catch (error) {
    process.send?.({ failure: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit());
