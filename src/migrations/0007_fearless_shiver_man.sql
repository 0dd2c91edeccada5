CREATE TABLE `answered` (
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`hash` text NOT NULL,
	`at` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`scope`, `key`)
);
--> statement-breakpoint
CREATE INDEX `answered_at` ON `answered` (`at`);--> statement-breakpoint
CREATE TABLE `appends` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`stamp` integer NOT NULL,
	`at` integer NOT NULL,
	`since` integer,
	`whole` integer NOT NULL,
	`later` text NOT NULL,
	`keys` text NOT NULL,
	`touched` text NOT NULL
);
