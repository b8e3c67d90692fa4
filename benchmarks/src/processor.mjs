// Processor time as Linux counts it, in ms, in steps of 10. Elsewhere all is 0: nothing is known, and nothing is said.
import { readFileSync } from 'node:fs';

function fieldsOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** All that the threads of a process have used. */
export function processorMs(pid) {
  const stat = fieldsOf(`/proc/${pid}/stat`);
  if (stat === null) return 0;
  // The name, in brackets, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What all programs of this machine but this process have used, and what the machine's host took away. */
export function otherProcessorMs() {
  const stat = fieldsOf('/proc/stat');
  if (stat === null) return 0;
  const [user, nice, system, , , irq, softirq, steal = 0] = stat
    .slice(0, stat.indexOf('\n'))
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * 10 - processorMs(process.pid);
}
