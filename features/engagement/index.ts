/** How the two sides talk: mails, calls, chats, meetings, tasks; and how lively the record is at all. */
export * from './channels.ts';
export * from './directions.ts';
export * from './meetings.ts';
export * from './people.ts';
export * from './replies.ts';
export * from './volume.ts';
