import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { darkTokens, lightTokens, type Tokens } from '../../shared/charts/palette.ts';

const css = readFileSync(new URL('../../renderer/styles/tokens.css', import.meta.url), 'utf8');

/** Light and dark value of a custom property. */
function property(name: string): [string, string] {
  const match = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  return [match?.[1] ?? 'missing', match?.[2] ?? 'missing'];
}

/** Relative luminance after WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

describe('colours', () => {
  it('are the same in the style sheet and in drawings', () => {
    const named = Object.keys(lightTokens).filter((name) => name !== 'categories');
    for (const name of named as Exclude<keyof Tokens, 'categories'>[]) {
      const [light, dark] = property(name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`));
      expect([name, light, dark]).toEqual([
        name,
        lightTokens[name].toLowerCase(),
        darkTokens[name].toLowerCase(),
      ]);
    }
    for (let colour = 1; colour <= 7; colour++) {
      expect(property(`cat-${colour}`)).toEqual([
        lightTokens.categories[colour - 1]?.toLowerCase(),
        darkTokens.categories[colour - 1]?.toLowerCase(),
      ]);
    }
  });

  it('of text are at least 4.5:1 on every ground, marks 3:1', () => {
    for (const theme of [0, 1]) {
      const of = (name: string) => property(name)[theme] ?? '';
      for (const ground of ['bg', 'surface', 'sunken', 'accent-weak']) {
        for (const text of ['text', 'muted', 'faint', 'accent', 'risk', 'save']) {
          expect(contrast(of(text), of(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(
            4.5,
          );
        }
      }
      expect(contrast(of('on-accent'), of('accent'))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of('save-mid'), of('bg'))).toBeGreaterThanOrEqual(3);
      for (let colour = 1; colour <= 7; colour++) {
        expect(contrast(of(`cat-${colour}`), of('bg'))).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
