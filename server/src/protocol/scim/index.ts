/**
 * protocol/scim: the filter language of SCIM, parsed and as a condition of SQL. Pure functions over values: it opens no connection and
 * knows no table. Level 1.
 */

export { type Column, type ConditionError, Parameters, toCondition } from './condition.ts';
export {
  type Comparison,
  type Filter,
  type FilterError,
  type FilterValue,
  OPERATORS,
  type Operator,
  parseFilter,
} from './filter.ts';
