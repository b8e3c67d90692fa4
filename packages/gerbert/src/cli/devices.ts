import type { DeviceReport } from '@gerbert/tensor';
import { Command } from 'commander';
import type { Surroundings } from './surroundings.js';
import { table } from './table.js';
import { write } from './terminal.js';

/** `gerbert devices`: what can compute here, and why the rest cannot. */
export function devicesCommand({ stdout }: Surroundings): Command {
  return new Command('devices')
    .description('list what can compute on this machine, and why the rest cannot')
    .option('--json', 'print a JSON document: { "devices": [{ "name", "available", … }] }')
    .addHelpText('after', '\nExample:\n  gerbert devices --json')
    .action(async ({ json }: { json?: boolean }) => {
      const { devices } = await import('@gerbert/tensor');
      const found = devices();
      const text = json ? JSON.stringify({ devices: found }) : forPeople(found).join('\n');
      await write(stdout, `${text}\n`);
    });
}

function forPeople(devices: readonly DeviceReport[]): string[] {
  const rows = devices.map((device) => [device.name, device.available ? 'available' : 'no', remarks(device)]);
  return table([['DEVICE', '', ''], ...rows]);
}

function remarks(device: DeviceReport): string {
  if (!device.available) return device.reason ?? '';
  const { name, isa, threads, fallbacks } = device;
  const parts = [isa, threads === undefined ? undefined : `${threads} ${threads === 1 ? 'thread' : 'threads'}`];
  if (name === 'js') parts.push('plain JavaScript');
  else if (fallbacks) parts.push(`${fallbacks} kernels fall back to plain JavaScript`);
  return parts.filter((part) => part !== undefined).join(', ');
}
