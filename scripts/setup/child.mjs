import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A step's command ended with another code than 0. */
export class StepError extends Error {
  constructor(title, outcome, log) {
    super(`${title} failed (${outcome}); its log is ${log}`);
    this.name = 'StepError';
    this.log = log;
  }
}

/**
 * Runs a command with all its output in a log, and says on stderr what is being waited for.
 * An interrupt ends the command with everything it started, and this process with 130 (SIGINT) or 143 (SIGTERM).
 */
export async function runLogged(title, command, args, { cwd, log, env = {} }) {
  mkdirSync(path.dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  const stopTelling = tell(title);
  const windows = process.platform === 'win32';
  const child = spawn(command, args, {
    cwd,
    // A group of its own: the command's children (compilers, pnpm's workers) are ended with it.
    detached: !windows,
    shell: windows,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
  });
  const interrupts = endWithChild(child, windows);
  const outcome = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      // An interrupted command has not failed: there is nothing to report, and the exit is under way.
      if (interrupts.seen) return;
      resolve(code === 0 ? null : signal ? `ended by ${signal}` : `exit code ${code}`);
    });
  });
  closeSync(output);
  stopTelling();
  interrupts.ignore();
  if (outcome !== null) throw new StepError(title, outcome, log);
}

/** The end of a log, for a step whose failure the user has to act on. */
export function logTail(log, lines = 60) {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

/** Passes SIGINT and SIGTERM on to the child's group and exits; `ignore()` undoes it. */
function endWithChild(child, windows) {
  const signalGroup = (signal) => {
    try {
      if (windows) child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  const interrupts = { seen: false, ignore: () => {} };
  const listen = (signal, code) => {
    const handler = () => {
      if (interrupts.seen) return;
      interrupts.seen = true;
      process.stderr.write('\n');
      signalGroup('SIGTERM');
      setTimeout(() => {
        signalGroup('SIGKILL');
        process.exit(code);
      }, 300);
    };
    process.on(signal, handler);
    return () => process.removeListener(signal, handler);
  };
  const removers = [listen('SIGINT', 130), listen('SIGTERM', 143)];
  interrupts.ignore = () => {
    for (const remove of removers) remove();
  };
  return interrupts;
}

/** One line per step, with the seconds counting on a terminal; returns a function that closes the line. */
function tell(title) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const terminal = process.stderr.isTTY;
  process.stderr.write(terminal ? `${title} …` : `${title} …\n`);
  const timer = setInterval(
    () => process.stderr.write(terminal ? `\r${title} … ${seconds()}` : `${title} … still at it after ${seconds()}\n`),
    terminal ? 1000 : 30_000,
  );
  timer.unref();
  return () => {
    clearInterval(timer);
    process.stderr.write(terminal ? `\r${title} … ${seconds()}\n` : `${title}: ${seconds()}\n`);
  };
}
