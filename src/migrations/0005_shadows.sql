CREATE TABLE `shadow_scores` (
	`model` text NOT NULL,
	`version` text NOT NULL,
	`id` text NOT NULL,
	`as_of` integer NOT NULL,
	`probability` real NOT NULL,
	PRIMARY KEY(`model`, `version`, `id`, `as_of`)
);
--> statement-breakpoint
CREATE TABLE `shadows` (
	`model` text PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`since` integer NOT NULL
);
