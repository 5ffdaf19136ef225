import { parseArgs } from 'node:util';
import { serve } from '../../electron/hosts/serve.ts';
import { errorBody } from '../../shared/contract/errors.ts';

/** A process of its own for serve.test.ts: signals, exits and hand-overs need real ones. */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '' },
    renderer: { type: 'string', default: '' },
    open: { type: 'boolean', default: false },
  },
});
try {
  await serve({
    dataFolder: values.data,
    rendererFolder: values.renderer,
    open: values.open,
    log: (line) => console.log(line),
  });
} catch (error) {
  console.error(JSON.stringify(errorBody(error)));
  process.exitCode = 1;
}
