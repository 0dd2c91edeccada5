import { type Command, Option } from 'commander';
import type { By } from '../../api/forecast.ts';
import { groupings } from '../../models/forecast/rollup.ts';
import type { Common } from '../common.ts';

/** How a forecast is asked for on the command line, by whatever looks at it. */
export interface ForecastOptions extends Common {
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly by: By;
  readonly currency?: string;
  readonly parts?: string;
  readonly out?: string;
}

/** A period by its name, or by its ends. */
export const withPeriod = (command: Command): Command =>
  command
    .addOption(
      new Option('--period <label>', '2026, 2026-Q4, 2026-11 or 2026-W47 (default: the current fiscal quarter)').conflicts(['from', 'to']), // biome-ignore format: one option
    )
    .option('--from <time>', 'first instant of the period (a bare date: that day where the company is)')
    .option('--to <time>', 'end of the period, not included');

/** How amounts are grouped, in which currency, and what is counted. */
export const withGrouping = (command: Command): Command =>
  command
    .addOption(new Option('--by <group>', 'how to group').choices([...groupings]).default('all'))
    .option('--currency <code>', 'of the amounts, at dated rates (default: the base currency)')
    .option('--parts <list>', 'what is in it besides what is booked: open,new,renewals (default: open,new)');
