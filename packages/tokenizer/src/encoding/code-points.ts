function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Whether unit `i` is the second half of a character. */
function isSecond(text: string, i: number): boolean {
  const unit = text.charCodeAt(i);
  return unit >= 0xdc00 && unit <= 0xdfff && i > 0 && isHigh(text.charCodeAt(i - 1));
}

/** Whether some character of `text` takes two UTF-16 units. */
export function astral(text: string): boolean {
  for (let i = 1; i < text.length; i++) {
    if (isHigh(text.charCodeAt(i - 1)) && isSecond(text, i)) return true;
  }
  return false;
}

/** For each UTF-16 unit of `text`, and for its end, how many characters begin before it. */
export function codePointTable(text: string): Int32Array {
  const table = new Int32Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    table[i] = count;
    if (!isSecond(text, i + 1)) count++;
  }
  table[text.length] = count;
  return table;
}

/** For each character of `text`, and for its end, the UTF-16 unit where it begins. */
export function unitTable(text: string): Int32Array {
  const table = codePointTable(text);
  const units = new Int32Array(table[text.length] + 1);
  for (let i = text.length; i >= 0; i--) units[table[i]] = i;
  return units;
}
