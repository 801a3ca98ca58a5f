/** Runs one group and sends its findings to the process that started this one. Argument: the group's name. */
import { groups } from '../groups/index.ts';

process.on('disconnect', () => process.exit()); // the run was stopped, or has the findings
const [name = ''] = process.argv.slice(2);
process.send?.(await groups[name]?.measure());
process.disconnect();
