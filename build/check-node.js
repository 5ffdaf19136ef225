// Plain JavaScript, so that an older Node says this and not a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `Outlay needs Node 24.15 or newer; this is ${process.versions.node}. Get it from https://nodejs.org and run "npm ci" again.`,
  );
  process.exit(1);
}
