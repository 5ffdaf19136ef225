#!/usr/bin/env node
// Plain JavaScript: the guard must run on any Node, and compiled code is kept between runs.
import { enableCompileCache } from 'node:module';
import './check-node.js';

enableCompileCache?.();
const { start } = await import('./outlay.ts');
process.exitCode = await start(process.argv.slice(2));
