/** protocol/csv: comma-separated values (RFC 4180), read strictly as they arrive. Writing is shared/csv.ts. Pure. Level 1. */
export { type CsvLimits, type CsvParser, type CsvProblem, type CsvRow, createCsvParser } from './parse.ts';
