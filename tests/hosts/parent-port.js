// Loaded before the built core process: stands for the message port of Electron's utility process.
process.parentPort = {
  on: (_event, listener) => process.on('message', (data) => listener({ data })),
  postMessage: (message) => process.send(message),
};
