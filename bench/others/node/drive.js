// winston with winston-cloudwatch: the peer for compare. The load comes as JSON
// in the first argument, the result goes to standard output, as in load.go.
'use strict';

const fs = require('fs');
const winston = require('winston');
const WinstonCloudWatch = require('winston-cloudwatch');

const message = 'order taken and handed to the printers';
const load = JSON.parse(process.argv[2]);
const traces = Array.from({ length: 4096 }, (_, i) => {
  let id = '';
  for (let k = 0; k < 4; k++) id += (Math.imul(i * 4 + k + 1, 2654435761) >>> 0).toString(16).padStart(8, '0');
  return id;
});

const transport = new WinstonCloudWatch({
  logGroupName: 'bench', logStreamName: 'bench', awsRegion: 'us-east-1', jsonMessage: true, uploadRate: 50,
  awsOptions: { endpoint: load.API, region: 'us-east-1' },
  errorHandler: (err) => console.error(err),
});
const log = winston.createLogger({ level: 'info', transports: [transport], defaultMeta: { service: 'checkout', version: 7 } });

function one(i) {
  log.info(message, { method: 'GET', status: 200 + (i % 7), took: (i % 1000003) * 1000, cached: i % 3 === 0, trace_id: traces[i % 4096] });
}

// arrived resolves when the sink has all records, or gets no more. The sink
// looks, so that it costs this process nothing.
async function arrived() {
  const c = await (await fetch(`${load.Control}/arrived?events=${load.Records}`)).json();
  return c.Events < load.Records ? `${c.Events} of ${load.Records} records arrived` : '';
}

// peakRSS is what the kernel has for this program, in bytes; getrusage's figure
// can be that of the program which started it.
function peakRSS() {
  const line = /VmHWM:\s*(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  return line ? Number(line[1]) * 1024 : 0;
}

async function main() {
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  for (let i = 0; i < load.Records; i++) {
    one(i);
    // The event loop has to turn, or nothing is ever sent.
    if (i % 1000 === 999) await new Promise((done) => setImmediate(done));
  }
  const called = process.hrtime.bigint();
  const trouble = await arrived();
  const closed = process.hrtime.bigint();
  const used = process.cpuUsage(cpu);
  process.stdout.write(JSON.stringify({
    CallSeconds: Number(called - begin) / 1e9, CloseSeconds: Number(closed - called) / 1e9,
    CPUSeconds: (used.user + used.system) / 1e6, PeakRSS: peakRSS(), Accepted: load.Records, Trouble: trouble,
  }) + '\n');
  process.exit(0);
}

main();
