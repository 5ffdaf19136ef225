/**
 * Text for a terminal in which names and cells of other people's files stand: what a terminal
 * would take as a command, or what turns the order of letters round, is spelled out instead.
 */
export function terminalText(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- control characters are what is spelled out
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
