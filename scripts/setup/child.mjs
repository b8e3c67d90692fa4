import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

const WINDOWS = process.platform === 'win32';

/** A step's command ended with another code than 0. */
export class StepError extends Error {
  constructor(title, outcome, log) {
    super(`${title} failed (${outcome}); its log is ${log}`);
    this.name = 'StepError';
    this.log = log;
  }
}

/** The commands under way. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let interrupted = false;

/**
 * From now on SIGINT and SIGTERM end the commands under way with everything they started, and this process with 130 or
 * 143. Returns a function that takes that back.
 */
export function handleInterrupts() {
  const listen = (signal, code) => {
    const handler = () => {
      if (interrupted) return;
      interrupted = true;
      for (const child of running) signalGroup(child, 'SIGTERM');
      setTimeout(
        () => {
          for (const child of running) signalGroup(child, 'SIGKILL');
          process.exit(code);
        },
        running.size > 0 ? 300 : 0,
      );
    };
    process.on(signal, handler);
    return () => process.removeListener(signal, handler);
  };
  const removers = [listen('SIGINT', 130), listen('SIGTERM', 143)];
  return () => {
    for (const remove of removers) remove();
  };
}

/** Runs a command with all its output in a log, and says on stderr what is being waited for. */
export async function runLogged(title, command, args, { cwd, log, env = {} }) {
  mkdirSync(path.dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  const stopTelling = tell(title);
  const child = spawn(command, args, {
    cwd,
    // A group of its own, so that an interrupt reaches the command's children (compilers, pnpm's workers) too.
    detached: !WINDOWS,
    shell: WINDOWS,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
  });
  running.add(child);
  const outcome = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      // An interrupted command has not failed: there is nothing to report, and the exit is under way.
      if (interrupted) return;
      resolve(code === 0 ? null : signal ? `ended by ${signal}` : `exit code ${code}`);
    });
  });
  running.delete(child);
  closeSync(output);
  stopTelling();
  if (outcome !== null) throw new StepError(title, outcome, log);
}

function signalGroup(child, signal) {
  try {
    if (WINDOWS) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** The end of a log, for a step whose failure the user has to act on. */
export function logTail(log, lines = 60) {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

/** One line per step, with the seconds counting on a terminal; returns a function that closes the line. */
function tell(title) {
  const started = Date.now();
  const named = `gerbert: ${title}`;
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const terminal = process.stderr.isTTY;
  process.stderr.write(terminal ? `${named} …` : `${named} …\n`);
  const timer = setInterval(
    () => process.stderr.write(terminal ? `\r${named} … ${seconds()}` : `${named} … still at it after ${seconds()}\n`),
    terminal ? 1000 : 30_000,
  );
  timer.unref();
  return () => {
    clearInterval(timer);
    process.stderr.write(terminal ? `\r${named} … ${seconds()}\n` : `${named}: ${seconds()}\n`);
  };
}
