/** protocol/csv: comma-separated values (RFC 4180), read as a stream and strictly, written safely for spreadsheets. Pure. Level 1. */
export { type CsvLimits, type CsvParser, type CsvProblem, type CsvRow, createCsvParser } from './parse.ts';
export { csvLine, guarded, unguarded } from './write.ts';
