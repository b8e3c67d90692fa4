import { describe, expect, it } from 'vitest';
import { foreignLibraries, newerSymbols, requiredGlibc } from '../packages/elf.mjs';

const dynamic = `
Dynamic section at offset 0x2df8 contains 28 entries:
  Tag        Type                         Name/Value
 0x0000000000000001 (NEEDED)             Shared library: [libm.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libstdc++.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
 0x000000000000000e (SONAME)             Library soname: [cpu.node]
`;

const symbols = `
   Num:    Value          Size Type    Bind   Vis      Ndx Name
     1: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND memcpy@GLIBC_2.14 (2)
     2: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND pthread_create@GLIBC_2.34 (3)
     3: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND expf@GLIBC_2.4 (4)
     4: 0000000000000000     0 NOTYPE  WEAK   DEFAULT  UND __gmon_start__
     5: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND napi_get_cb_info
     6: 0000000000001139    22 FUNC    GLOBAL DEFAULT   12 own@@GLIBC_2.99
`;

describe('what an addon needs', () => {
  it('lists the libraries beyond the expected ones', () => {
    expect(foreignLibraries(dynamic, /^lib(c|m)\.so/)).toEqual(['libstdc++.so.6']);
    expect(foreignLibraries(dynamic, /^lib/)).toEqual([]);
  });

  it('finds the oldest glibc that will do, comparing versions as numbers', () => {
    expect(requiredGlibc(symbols)).toBe('2.34');
    expect(newerSymbols(symbols, '2.28')).toEqual(['pthread_create (2.34)']);
    expect(newerSymbols(symbols, '2.34')).toEqual([]);
    expect(newerSymbols(symbols, '2.9')).toEqual(['memcpy (2.14)', 'pthread_create (2.34)']);
  });

  it('asks for no glibc where nothing is versioned', () => {
    expect(requiredGlibc('')).toBe('any');
  });
});
