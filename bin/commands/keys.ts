import { Command, Option } from 'commander';
import type { Role } from '../../api/keys.ts';
import { ForesellError } from '../../src/errors.ts';
import { nothingOwn } from '../../src/own.ts';
import { formatInstant } from '../../src/time.ts';
import { type Common, table, withCommon } from '../common.ts';
import { withStore } from '../store.ts';

interface AddOptions extends Common {
  readonly role: Role;
  readonly name: string;
}

/** `foresell keys`: who may ask the server. */
export function keysCommand(): Command {
  const add = new Command('add')
    .description('Makes a key and prints it once; only its hash is kept.')
    .addOption(
      new Option('--role <role>', 'what it may do').choices(['read', 'score', 'write', 'admin']).default('read'),
    )
    .option('--name <text>', 'whose it is', '')
    .action(async (_options: unknown, self: Command) => addKey(self.optsWithGlobals<AddOptions>()));
  const list = new Command('list')
    .description('Lists the keys; never the keys themselves.')
    .action(async (_options: unknown, self: Command) => listKeys(self.optsWithGlobals<Common>()));
  const revoke = new Command('revoke')
    .description('Takes a key’s right away, at once and for good.')
    .argument('<id>', 'the id that "keys list" shows')
    .action(async (id: string, _options: unknown, self: Command) => revokeKey(id, self.optsWithGlobals<Common>()));
  return new Command('keys')
    .summary('make, list and revoke API keys')
    .description(
      'Keys of the API. As soon as there is one, every request needs one: read (answers), score (also posts records),\n' +
        'write (also facts that are kept), admin (also changes what is served).',
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell keys add --role score --name crm\n' +
        '  $ foresell keys list\n' +
        '  $ foresell keys revoke 4f1c09ab\n',
    )
    .addCommand(withCommon(add))
    .addCommand(withCommon(list))
    .addCommand(withCommon(revoke));
}

async function addKey(options: AddOptions): Promise<void> {
  const { newKey } = await import('../../api/keys.ts');
  await withStore(
    options,
    (store) => {
      const { id, key, hash } = newKey();
      store.addKey({ id, hash, role: options.role, name: options.name });
      if (options.json)
        process.stdout.write(`${JSON.stringify({ id, key, role: options.role, name: options.name })}\n`);
      else {
        process.stdout.write(`${key}\n`);
        if (!options.quiet) process.stderr.write(`key ${id}, role ${options.role}: shown this once, keep it safe\n`);
      }
    },
    nothingOwn,
  );
}

async function listKeys(options: Common): Promise<void> {
  await withStore(
    options,
    (store) => {
      const keys = store.keys().map(({ id, role, name, revokedAt }) => ({
        id,
        role,
        name,
        revokedAt: revokedAt === null ? null : formatInstant(revokedAt),
      }));
      if (options.json) process.stdout.write(`${JSON.stringify(keys)}\n`);
      else if (keys.length === 0) process.stdout.write('no keys: the server answers on this machine only\n');
      else {
        const rows = keys.map((key) => [key.id, key.role, key.name, key.revokedAt ?? '']);
        process.stdout.write(`${table([['id', 'role', 'name', 'revoked'], ...rows])}\n`);
      }
    },
    nothingOwn,
  );
}

async function revokeKey(id: string, options: Common): Promise<void> {
  await withStore(
    options,
    (store) => {
      if (!store.keys().some((key) => key.id === id)) {
        throw new ForesellError('key-unknown', `no key "${id}"; foresell keys list shows them`, { status: 404 });
      }
      store.revokeKey(id);
      if (options.json) process.stdout.write(`${JSON.stringify({ id, revoked: true })}\n`);
      else if (!options.quiet) process.stderr.write(`key ${id} is revoked\n`);
    },
    nothingOwn,
  );
}
